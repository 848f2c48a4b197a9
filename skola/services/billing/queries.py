"""Reads of billing that more than one caller needs."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from skola.ground.people.api import Person
from skola.promises.policy.api import in_force
from skola.services.billing.models import Invoice, Payment, label
from skola.services.billing.rules import Posting, Seller, StatementLine, statement

SESSION_LASTS = timedelta(hours=23)
"""For how long a page of payment is given out again; providers close theirs after a day."""


def zone(now: datetime) -> ZoneInfo:
    """Return the time zone of the speaking tenant."""
    return ZoneInfo(in_force(now).policy.policy.timezone)


def today(now: datetime) -> date:
    """Return the tenant's day."""
    return now.astimezone(zone(now)).date()


def seller(now: datetime) -> Seller:
    """Return the controller of the speaking tenant as the one who issues invoices."""
    controller = in_force(now).policy.controller
    return Seller(controller.name, zone(now), controller.address, controller.reg_no)


def ledger(*, unpaid: bool = False) -> QuerySet[Invoice]:
    """Return invoices and credit notes, latest first; or only invoices not paid in full."""
    found = Invoice.objects.with_balance().order_by("-number")
    if unpaid:
        owed = found.filter(kind=Invoice.Kind.INVOICE)
        found = owed.filter(total_cents__gt=F("paid_cents") + F("credited_cents"))
        found = found.order_by("due_on", "number")
    return found


def statements_of(person: Person, zone: ZoneInfo) -> dict[str, tuple[StatementLine, ...]]:
    """Return what a person owed and paid, by currency, first to last (ilearn-11.q)."""
    postings: dict[str, list[Posting]] = defaultdict(list)
    for one in Invoice.objects.of(person):
        on = one.issued_at.astimezone(zone).date()
        postings[one.currency].append(Posting(on, one.kind, one.label, one.total_cents))
    for paid in Payment.objects.filter(invoice__person=person).select_related("invoice"):
        number = label(paid.invoice.number)
        postings[paid.invoice.currency].append(
            Posting(paid.paid_on, "payment", number, -paid.amount_cents)
        )
    return {currency: statement(found) for currency, found in sorted(postings.items())}


def open_cents(invoice: Invoice) -> int:
    """Return what is still to be paid of an invoice."""
    return Invoice.objects.with_balance().get(pk=invoice.pk).open_cents
