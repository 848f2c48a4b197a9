"""Everything that adds to the ledger, one function each. Nothing in it is ever changed."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.services.billing.models import Contract, Invoice, InvoiceLine, Numbers, Payment
from skola.services.billing.months import demand_open
from skola.services.billing.queries import open_cents
from skola.services.billing.rules import (
    Buyer,
    Line,
    Seller,
    fiscal_year_end,
    reversed_lines,
    totals,
)


class AlreadyCreditedError(Exception):
    """A credit note has taken this invoice back."""


class NotAnInvoiceError(Exception):
    """A credit note is neither paid nor credited."""


@transaction.atomic
def issue_invoice(
    buyer: Buyer,
    lines: Sequence[Line],
    *,
    seller: Seller,
    due_on: date,
    currency: str = "EUR",
    person: Person | None = None,
    contract: Contract | None = None,
    by: str,
    now: datetime,
) -> Invoice:
    """Issue an invoice under the next number of the tenant, of which none is ever missing.

    ``person`` is None where the buyer is not somebody we know. Source: ilearn-8.j.
    """
    return _issue(
        Invoice(
            person=person,
            contract=contract,
            kind=Invoice.Kind.INVOICE,
            due_on=due_on,
            currency=currency,
            seller=seller.name,
            seller_address=seller.address,
            seller_number=seller.number,
            buyer=buyer.name,
            buyer_address=buyer.address,
        ),
        lines,
        zone=seller.zone,
        by=by,
        now=now,
    )


@transaction.atomic
def credit_invoice(invoice: Invoice, *, zone: ZoneInfo, by: str, now: datetime) -> Invoice:
    """Take the whole of an invoice back by a credit note; the invoice stays as it was issued.

    Raises AlreadyCreditedError when that was done before, NotAnInvoiceError for a credit note.
    """
    held = _to_credit(invoice)
    lines = [
        Line(one.text, one.quantity, one.unit_cents, one.vat_percent) for one in held.lines.all()
    ]
    return _credit(held, reversed_lines(lines), zone=zone, by=by, now=now)


@transaction.atomic
def credit_part(
    invoice: Invoice, lines: Sequence[Line], *, zone: ZoneInfo, by: str, now: datetime
) -> Invoice:
    """Take part of an invoice back; ``lines`` are what is taken, as they were sold.

    Raises AlreadyCreditedError where a credit note took something back before, NotAnInvoiceError
    for a credit note.
    """
    held = _to_credit(invoice)
    return _credit(held, reversed_lines(lines), zone=zone, by=by, now=now)


def _to_credit(invoice: Invoice) -> Invoice:
    held = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if held.kind != Invoice.Kind.INVOICE:
        raise NotAnInvoiceError(_("A credit note cannot be taken back. Issue a new invoice."))
    if held.credit_notes.exists():
        raise AlreadyCreditedError(_("A credit note has taken this invoice back already."))
    return held


def _credit(
    held: Invoice, lines: Sequence[Line], *, zone: ZoneInfo, by: str, now: datetime
) -> Invoice:
    note = _issue(
        Invoice(
            person_id=held.person_id,
            contract_id=held.contract_id,
            kind=Invoice.Kind.CREDIT_NOTE,
            credits=held,
            credits_number=held.number,
            due_on=now.astimezone(zone).date(),
            currency=held.currency,
            seller=held.seller,
            seller_address=held.seller_address,
            seller_number=held.seller_number,
            buyer=held.buyer,
            buyer_address=held.buyer_address,
        ),
        lines,
        zone=zone,
        by=by,
        now=now,
    )
    if open_cents(held) <= 0:
        for work in _WHEN_CREDITED:
            work(held, by, now)
    return note


def _issue(
    invoice: Invoice, lines: Sequence[Line], *, zone: ZoneInfo, by: str, now: datetime
) -> Invoice:
    sums = totals(lines)
    invoice.number = _next_number()
    invoice.issued_at = now
    invoice.fiscal_year_end = fiscal_year_end(now, zone)
    invoice.net_cents, invoice.vat_cents = sums.net_cents, sums.vat_cents
    invoice.total_cents = sums.total_cents
    invoice.save(force_insert=True)
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            position=position,
            text=line.text,
            quantity=line.quantity,
            unit_cents=line.unit_cents,
            vat_percent=line.vat_percent,
            net_cents=line.net_cents,
        )
        for position, line in enumerate(lines, start=1)
    )
    audit.record(
        f"billing.{invoice.kind.replace('-', '_')}.issued",
        target=invoice,
        subject=invoice.person_id,
        by=by,
        at=now,
        detail={"number": invoice.number, "lines": len(lines)},
    )
    return invoice


def _next_number() -> int:
    Numbers.objects.get_or_create()
    numbers = Numbers.objects.select_for_update().get()
    numbers.last += 1
    numbers.save(update_fields=["last"])
    return numbers.last


@transaction.atomic
def record_payment(
    invoice: Invoice,
    *,
    amount_cents: int,
    paid_on: date,
    method: str,
    reference: str = "",
    by: str,
    now: datetime,
) -> Payment:
    """Record money that came for an invoice; below zero, money that went back (ilearn-11.q).

    Raises NotAnInvoiceError for a credit note, for what is paid back belongs to its invoice, and
    MonthClosedError where the books of that month are closed.
    """
    if invoice.kind != Invoice.Kind.INVOICE:
        raise NotAnInvoiceError(_("Record what was paid back with the invoice itself."))
    demand_open(paid_on)
    payment = Payment.objects.create(
        invoice=invoice,
        amount_cents=amount_cents,
        paid_on=paid_on,
        method=method,
        reference=reference,
        recorded_at=now,
    )
    audit.record(
        "billing.payment.recorded", target=payment, subject=invoice.person_id, by=by, at=now
    )
    if amount_cents > 0 and open_cents(invoice) <= 0:
        for work in _WHEN_PAID:
            work(invoice, by, now)
    return payment


Paid = Callable[[Invoice, str, datetime], None]
_WHEN_PAID: list[Paid] = []
_WHEN_CREDITED: list[Paid] = []


def when_credited(work: Paid) -> None:
    """Let something be done when a credit note leaves nothing open, in the same transaction."""
    _WHEN_CREDITED.append(work)


def when_paid(work: Paid) -> None:
    """Let something be done when nothing is open on an invoice any more.

    ``work`` is called in the same transaction, with the invoice, who did it, and the moment; it is
    called again when more comes, and does nothing then.
    """
    _WHEN_PAID.append(work)
