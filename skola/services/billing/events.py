"""What a payment provider tells: events with a signature, in the shape of Stripe's Checkout.

Source: https://docs.stripe.com/webhooks (signatures) and https://docs.stripe.com/api/checkout.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

TOLERANCE = timedelta(minutes=5)
"""An event signed longer ago, or so much ahead, is somebody's copy of an old one."""
PAID = frozenset({"checkout.session.completed", "checkout.session.async_payment_succeeded"})


class BadEventError(Exception):
    """The signature does not fit, is too old, or the event cannot be read."""


@dataclass(frozen=True)
class Happened:
    """A payment that the provider confirms. There is no card number in it, and none is read."""

    session: str
    payment: str
    amount_cents: int
    currency: str


def signature(body: bytes, secret: str, at: datetime) -> str:
    """Return the header ``Stripe-Signature`` that goes with a body."""
    moment = int(at.timestamp())
    made = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},v1={made.hexdigest()}"


def read(body: bytes, header: str, secret: str, now: datetime) -> Happened | None:
    """Return the payment that an event confirms; None for an event about something else.

    Raises BadEventError: nothing of what it says is looked at before the signature fits.
    """
    _check(body, header, secret, now)
    try:
        event = json.loads(body)
        about = event["data"]["object"]
        if event["type"] not in PAID or about["payment_status"] != "paid":
            return None
        return _happened(about)
    except (KeyError, TypeError, ValueError) as error:
        raise BadEventError("The event cannot be read.") from error


def _check(body: bytes, header: str, secret: str, now: datetime) -> None:
    parts = [part.partition("=") for part in header.split(",")]
    moments = [value for name, _is, value in parts if name.strip() == "t" and value.isdecimal()]
    said = [value for name, _is, value in parts if name.strip() == "v1"]
    if not moments or not said:
        raise BadEventError("The event has no signature.")
    if abs(now.timestamp() - int(moments[0][:12])) > TOLERANCE.total_seconds():
        raise BadEventError("The event was signed at another time.")
    signed = f"{moments[0]}.".encode() + body
    right = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode()
    if not any(hmac.compare_digest(right, one.encode()) for one in said):
        raise BadEventError("The signature does not fit.")


def _happened(about: dict[str, Any]) -> Happened:
    return Happened(
        session=str(about["id"]),
        payment=str(about["payment_intent"]),
        amount_cents=int(about["amount_total"]),
        currency=str(about["currency"]).upper(),
    )
