"""Invoices and payments as tables that a bookkeeper opens: what is taken along when one leaves."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Max

from skola.services.billing.models import Invoice, InvoiceLine, Payment, label
from skola.services.billing.queries import ledger


def last_booked() -> datetime | None:
    """Return when an invoice was issued or a payment noted last; None where there is none."""
    issued = Invoice.objects.aggregate(at=Max("issued_at"))["at"]
    noted = Payment.objects.aggregate(at=Max("recorded_at"))["at"]
    return max((one for one in (issued, noted) if one is not None), default=None)


def books(zone: ZoneInfo) -> Iterator[tuple[str, bytes]]:
    """Return name and content of each table (CSV, UTF-8), first to last, amounts as 12.34.

    Invoices and credit notes with what was paid and credited, their lines, and payments.
    """
    invoices = ledger().order_by("number")
    yield (
        "invoices.csv",
        _table(
            "number kind issued due buyer buyer_address seller seller_number net vat total currency"
            " credits paid credited",
            (
                (
                    one.label,
                    one.kind,
                    one.issued_at.astimezone(zone).date(),
                    one.due_on,
                    one.buyer,
                    one.buyer_address,
                    one.seller,
                    one.seller_number,
                    _money(one.net_cents),
                    _money(one.vat_cents),
                    _money(one.total_cents),
                    one.currency,
                    label(one.credits_number) if one.credits_number else "",
                    _money(one.paid_cents),
                    _money(one.credited_cents),
                )
                for one in invoices
            ),
        ),
    )
    lines = InvoiceLine.objects.select_related("invoice").order_by("invoice__number", "position")
    yield (
        "invoice-lines.csv",
        _table(
            "invoice position text quantity unit vat_percent net",
            (
                (
                    label(one.invoice.number),
                    one.position,
                    one.text,
                    one.quantity,
                    _money(one.unit_cents),
                    one.vat_percent,
                    _money(one.net_cents),
                )
                for one in lines
            ),
        ),
    )
    payments = Payment.objects.select_related("invoice").order_by("paid_on", "recorded_at")
    yield (
        "payments.csv",
        _table(
            "invoice paid_on amount currency method reference",
            (
                (
                    label(one.invoice.number),
                    one.paid_on,
                    _money(one.amount_cents),
                    one.invoice.currency,
                    one.method,
                    one.reference,
                )
                for one in payments
            ),
        ),
    )


def _money(cents: int) -> str:
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02}"


def _table(heads: str, rows: Iterator[Sequence[object]]) -> bytes:
    """Return a table; an apostrophe leads what a spreadsheet would take for a formula."""
    made = io.StringIO()
    written = csv.writer(made)
    written.writerow(heads.split())
    for row in rows:
        written.writerow([_plain(one) if isinstance(one, str) else one for one in row])
    return made.getvalue().encode()


def _plain(text: str) -> str:
    is_amount = text.removeprefix("-").replace(".", "", 1).isdecimal()
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") and not is_amount else text
