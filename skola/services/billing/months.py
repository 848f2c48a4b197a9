"""Months of the books: what is exported of one, and that it is closed (ilearn-9.b)."""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.services.billing.models import ClosedMonth, Invoice, Numbers, Payment, label

HEAD = (
    "kind",
    "number",
    "day",
    "due",
    "buyer",
    "address",
    "net",
    "vat",
    "total",
    "currency",
    "of",
    "method",
    "reference",
)


class MonthOpenError(Exception):
    """The month has not ended yet, so it cannot be closed."""


class MonthClosedError(Exception):
    """The month is closed: nothing is entered into it any more."""


@dataclass(frozen=True)
class Export:
    """What the books say of a month, as CSV; the same records always give the same bytes."""

    content: bytes
    records: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def first_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def after(month: date) -> date:
    """Return the first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def demand_open(day: date) -> None:
    """Raise MonthClosedError where the month of a day is closed.

    Whoever enters something holds the books until it is entered, and whoever closes does, too.
    """
    _hold()
    if ClosedMonth.objects.filter(month=first_of(day)).exists():
        raise MonthClosedError(
            _("The month of %(day)s is closed. Enter it in a month that is open.")
            % {"day": day.isoformat()}
        )


def _hold() -> None:
    Numbers.objects.get_or_create()
    Numbers.objects.select_for_update().get()


@transaction.atomic
def close_month(month: date, *, zone: ZoneInfo, by: str, now: datetime) -> ClosedMonth:
    """Close a month that has ended; closing it again changes nothing. Raises MonthOpenError."""
    month = first_of(month)
    if now.astimezone(zone).date() < after(month):
        raise MonthOpenError(_("This month has not ended yet."))
    _hold()
    there = ClosedMonth.objects.filter(month=month).first()
    if there is not None:
        return there
    found = export(month, zone=zone)
    made = ClosedMonth.objects.create(
        month=month, records=found.records, digest=found.digest, closed_at=now
    )
    audit.record(
        "billing.month.closed",
        target=made,
        clause="ilearn-9.b",
        by=by,
        at=now,
        detail={"records": found.records, "digest": found.digest},
    )
    return made


@transaction.atomic
def export_month(month: date, *, zone: ZoneInfo, by: str, now: datetime) -> Export:
    """Return what the books say of a month; that somebody took it is in the audit."""
    found = export(month, zone=zone)
    audit.record(
        "billing.month.exported",
        clause="ilearn-9.b",
        by=by,
        at=now,
        detail={"month": f"{month:%Y-%m}", "records": found.records, "digest": found.digest},
    )
    return found


def export(month: date, *, zone: ZoneInfo) -> Export:
    """Return invoices, credit notes and payments of a month: UTF-8, lines as in RFC 4180."""
    rows = [*_documents(month, zone), *_payments(month)]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEAD)
    writer.writerows([_safe(value) for value in row] for row in rows)
    return Export(b"\xef\xbb\xbf" + text.getvalue().encode(), len(rows))


def _safe(value: str) -> str:
    """No cell begins a formula; amounts are numbers, which may be below zero."""
    is_formula = value.startswith(("=", "+", "@")) or (
        value.startswith("-") and not value[1:].replace(".", "").isdigit()
    )
    return f"'{value}" if is_formula else value


def _documents(month: date, zone: ZoneInfo) -> Iterator[tuple[str, ...]]:
    begin, end = (datetime.combine(day, time.min, zone) for day in (month, after(month)))
    found = Invoice.objects.filter(issued_at__gte=begin, issued_at__lt=end).order_by("number")
    for one in found.iterator():
        yield (
            one.kind,
            one.label,
            one.issued_at.astimezone(zone).date().isoformat(),
            one.due_on.isoformat(),
            one.buyer,
            one.buyer_address,
            *(_money(cents) for cents in (one.net_cents, one.vat_cents, one.total_cents)),
            one.currency,
            label(one.credits_number) if one.credits_number is not None else "",
            "",
            "",
        )


def _payments(month: date) -> Iterator[tuple[str, ...]]:
    found = Payment.objects.filter(paid_on__gte=month, paid_on__lt=after(month))
    found = found.select_related("invoice").order_by("paid_on", "recorded_at", "pk")
    for one in found.iterator():
        total = _money(one.amount_cents)
        day, of = one.paid_on.isoformat(), one.invoice
        yield (
            *("payment", "", day, "", of.buyer, "", "", "", total, of.currency),
            *(of.label, one.method, one.reference),
        )


def _money(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"
