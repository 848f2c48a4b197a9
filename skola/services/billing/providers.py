"""Who takes cards: a hosted page of the provider's, so that no card number ever comes here.

``stripe`` speaks the API of Stripe Checkout; ``local`` is a till of our own for demo and tests,
which takes no money. Both confirm by the same signed event (``events``). A tenant's keys are those
that its office entered, else those of the settings. Clauses: ema-11.2-stripe, learnifier-3.2.a,
learnifier-7.h.
"""

import json
from dataclasses import dataclass
from typing import Protocol
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import UUID

from django.conf import settings
from django.core.signing import Signer
from django.urls import reverse
from django.utils.crypto import salted_hmac

from skola.ground.files.api import open_text
from skola.ground.tenants.api import Tenant, current_id
from skola.services.billing.models import CardKeys

SECONDS = 10
"""How long a provider may take to answer."""
TILL = Signer(salt="billing.till")


class ProviderError(Exception):
    """The provider did not answer, or refused. Nothing was charged."""


@dataclass(frozen=True)
class Asked:
    """What is to be paid. It says nothing of who pays, nor for what: the number is enough."""

    charge: UUID
    words: str
    amount_cents: int
    currency: str
    done_url: str
    back_url: str


@dataclass(frozen=True)
class Opened:
    """A page of the provider's on which a card can be entered."""

    session: str
    url: str


class Provider(Protocol):
    """What the rest of billing knows of a provider."""

    @property
    def name(self) -> str:
        """How it is written down."""

    @property
    def secret(self) -> str:
        """With which its events are signed."""

    def open(self, asked: Asked) -> Opened:
        """Open a page of payment. Raises ProviderError."""

    def pay_back(self, payment: str, amount_cents: int) -> None:
        """Send money back to the card; twice is as once. Raises ProviderError."""


@dataclass(frozen=True)
class Stripe:
    """Stripe Checkout by HTTP. Source: https://docs.stripe.com/api/checkout/sessions/create."""

    key: str
    secret: str
    address: str
    name: str = "stripe"

    def open(self, asked: Asked) -> Opened:
        """Open a session for one line; a repeated call gives the same one."""
        price = "line_items[0][price_data]"
        found = self._post(
            "/v1/checkout/sessions",
            {
                "mode": "payment",
                "client_reference_id": str(asked.charge),
                "success_url": asked.done_url,
                "cancel_url": asked.back_url,
                "line_items[0][quantity]": "1",
                f"{price}[currency]": asked.currency.lower(),
                f"{price}[unit_amount]": str(asked.amount_cents),
                f"{price}[product_data][name]": asked.words,
            },
            once=f"open-{asked.charge}",
        )
        return Opened(str(found["id"]), str(found["url"]))

    def pay_back(self, payment: str, amount_cents: int) -> None:
        """Refund a payment intent."""
        told = {"payment_intent": payment, "amount": str(amount_cents)}
        self._post("/v1/refunds", told, once=f"back-{payment}-{amount_cents}")

    def _post(self, path: str, told: dict[str, str], *, once: str) -> dict[str, object]:
        request = Request(  # noqa: S310 - the address is a setting, and checked there
            f"{self.address}{path}",
            urlencode(told).encode(),
            {"Authorization": f"Bearer {self.key}", "Idempotency-Key": once},
        )
        try:
            with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                found = json.load(answer)
        except (URLError, TimeoutError, ValueError) as error:
            raise ProviderError(str(error)) from error
        if not isinstance(found, dict):
            raise ProviderError("The answer is no object.")
        return found


@dataclass(frozen=True)
class Local:
    """A till without money, for demo and tests: its page is ours, its events as a provider's."""

    secret: str
    name: str = "local"

    def open(self, asked: Asked) -> Opened:
        """Open the page of the till."""
        session = f"local_{asked.charge.hex}"
        return Opened(session, reverse("billing:till", args=[TILL.sign(session)]))

    def pay_back(self, payment: str, amount_cents: int) -> None:
        """Nothing was taken, so nothing goes back."""


def provider() -> Provider | None:
    """Return who takes cards for the speaking tenant; None where nobody does."""
    if own := _own():
        return own
    if settings.PAYMENTS == "local":
        return Local(salted_hmac("billing.till", str(current_id())).hexdigest())
    keys = settings.STRIPE_KEYS
    if not keys:
        return None
    slug = Tenant.objects.values_list("slug", flat=True).get(pk=current_id())
    if slug not in keys:
        return None
    key, secret = keys[slug]
    return Stripe(key, secret, settings.STRIPE_URL)


def _own() -> Stripe | None:
    """The account that the tenant's office entered the keys of."""
    held = CardKeys.objects.first()
    if held is None:
        return None
    tenant = current_id()
    key, secret = (
        open_text(bytes(sealed), tenant=tenant, row=held.pk)
        for sealed in (held.key_sealed, held.secret_sealed)
    )
    return Stripe(key, secret, settings.STRIPE_URL)
