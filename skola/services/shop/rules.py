"""Decisions of the shop: what an order comes to, and how it stands."""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

PAY_BY_CARD_WITHIN = timedelta(hours=24)
"""An order by card that is not paid by then is cancelled: the provider's page is closed as well."""
CONCLUDE_WITHIN = timedelta(days=14)
"""An order whose contract is not concluded by then is cancelled, too."""


class OrderState(StrEnum):
    """How an order stands."""

    TO_CONCLUDE = "to-conclude"
    """Its contract waits until it is made sure who the customer is (ilearn-11.c)."""
    TO_PAY = "to-pay"
    OPEN = "open"
    """Its seats can be taken, and it is paid later."""
    PAID = "paid"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


def order_state(
    *,
    invoiced: bool,
    paid_at: datetime | None,
    opened_at: datetime | None,
    ended_at: datetime | None,
) -> OrderState:
    """Say how an order stands. One that ended after it was paid was refunded."""
    if ended_at is not None:
        return OrderState.REFUNDED if paid_at is not None else OrderState.CANCELLED
    if paid_at is not None:
        return OrderState.PAID
    if opened_at is not None:
        return OrderState.OPEN
    return OrderState.TO_PAY if invoiced else OrderState.TO_CONCLUDE


def with_tax(cents: int, vat_percent: Decimal) -> int:
    """Return a price with tax in whole cents, half a cent up."""
    whole = Decimal(cents) * (100 + vat_percent) / 100
    return int(whole.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def less(cents: int, percent_off: int) -> int:
    """Return a price in whole cents with a coupon's percentage taken off, half a cent up."""
    rest = Decimal(cents) * (100 - percent_off) / 100
    return int(rest.quantize(Decimal(1), rounding=ROUND_HALF_UP))


_VAT = re.compile(r"(?P<country>[A-Z]{2})(?P<number>(?=[A-Z+*]*[0-9])[0-9A-Z+*]{2,12})")


def vat_parts(written: str) -> tuple[str, str] | None:
    """Return country and number of a VAT number; None for what cannot be one."""
    found = _VAT.fullmatch("".join(sign for sign in written.upper() if sign not in " .-"))
    return (found["country"], found["number"]) if found else None
