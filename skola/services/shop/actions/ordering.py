"""An order from its placing to its end: contract, invoice, payment, seats."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, language_of, post, register_person
from skola.promises.connectors.api import note_contact
from skola.promises.retention.api import record_event, record_state
from skola.services.billing.api import (
    PAY_WITHIN,
    AlreadyCreditedError,
    Buyer,
    Contract,
    Credit,
    Invoice,
    Line,
    NotIdentifiedError,
    NotOnOfferError,
    NotRunningError,
    accept_contract,
    assess_credit,
    credit_invoice,
    end_contract,
    end_offer,
    issue_invoice,
    offer_contract,
    offers_to_pay_later,
    seller,
)
from skola.services.shop import queries, rules
from skola.services.shop.actions.joint import share
from skola.services.shop.actions.licensing import give_licence
from skola.services.shop.actions.seating import lock_seats, take_seat
from skola.services.shop.models import Coupon, Document, Numbers, Order, Product
from skola.services.workforce.api import Company


class ChangedError(Exception):
    """Other terms than those that were accepted are in force by now, or the offer has ended."""


@dataclass(frozen=True)
class Payer:
    """Who orders, where nobody is signed in; a data subject without an account (ilearn-4.a)."""

    given_name: str
    family_name: str
    email: str
    language: str


@dataclass(frozen=True)
class Wanted:
    """What is ordered, and what was told with it."""

    seats: int
    way: str
    buyer: Buyer
    terms_version: int
    refunds_version: int
    company: Company | None = None
    vat_number: str = ""
    revenue: str = ""
    employees: int | None = None
    industry: str = ""
    coupon: Coupon | None = None


@transaction.atomic
def place(
    product: Product,
    wanted: Wanted,
    *,
    person: Person | None,
    payer: Payer | None = None,
    here: str,
    by: str,
    now: datetime,
) -> Order:
    """Order seats: the terms are accepted as they stand, and the contract is concluded.

    Raises ChangedError, and makes nothing, where they, the offer or the coupon do not stand any
    more. Where the policy wants
    to know first who the customer is, the contract waits for that (ilearn-11.c). Partners of a
    joint offer are told (learnifier-7.e). ``here`` is the site's address, for the mail.
    """
    offered = Product.objects.offered().select_for_update(of=("self",)).filter(pk=product.pk)
    documents = queries.documents()
    accepted = (wanted.terms_version, wanted.refunds_version)
    if queries.closed_at() is not None:
        raise ChangedError(_("Nothing new can be ordered here. What was ordered goes on."))
    if not offered.exists() or tuple(one.version for one in documents) != accepted:
        raise ChangedError(
            _("The terms or the offer changed meanwhile. Read and accept them anew.")
        )
    coupon = _held(wanted.coupon, product, now)
    who = person or _register(payer, by=by, now=now)
    made = Order.objects.create(
        person=who,
        product=product,
        company=wanted.company,
        contract=_offer(product, documents, who, by=by, now=now),
        coupon=coupon,
        percent_off=coupon.percent if coupon else 0,
        number=_next_number(),
        title=product.title,
        seats=wanted.seats,
        months=product.months,
        way=wanted.way,
        buyer=wanted.buyer.name,
        buyer_address=wanted.buyer.address,
        vat_number=wanted.vat_number,
        revenue=wanted.revenue,
        employees=wanted.employees,
        industry=wanted.industry,
        terms_version=wanted.terms_version,
        refunds_version=wanted.refunds_version,
        placed_at=now,
    )
    audit.record("shop.order.placed", target=made, subject=who.pk, by=by, at=now)
    record_event(who.pk, "any_action", at=now)
    record_state(who.pk, PREPARED, is_open=True, at=now)
    share(product, who, made, by=by, now=now)
    if made.company_id is not None or made.vat_number:
        note_contact(who.pk, [who, made], now=now)  # of businesses alone (ema-2.4)
    with suppress(NotIdentifiedError):
        conclude(made, by=by, now=now)
    _write(made, here, now=now)
    return made


PREPARED = "contract.open"
"""What is needed to prepare a contract lives as what is needed to fulfil it (GDPR Art. 6(1)(b))."""


@transaction.atomic
def conclude(order: Order, *, by: str, now: datetime) -> None:
    """Conclude the contract of an order and bill it; concluded once, it is concluded.

    Paid later, where nothing speaks against it, its seats can be taken at once. Who is sold nothing
    more until a debt is paid has the order cancelled (ilearn-8.k). Raises NotIdentifiedError.
    """
    held = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if held.invoice_id is not None or held.ended_at is not None or held.contract is None:
        return
    accept_contract(held.contract, by=by, now=now)
    held.invoice = order.invoice = _bill(held, by=by, now=now)
    held.save(update_fields=["invoice"])
    if held.way != Order.Way.INVOICE or not queries.assesses_credit(now):
        return
    found = Credit(assess_credit(held.contract, by=by, now=now).result)
    if found is Credit.LATER and offers_to_pay_later(held.person_id):
        _open(held, by=by, now=now)
        order.opened_at = held.opened_at
    elif found is Credit.STOP:
        end(order, by=by, now=now)


def _held(coupon: Coupon | None, product: Product, now: datetime) -> Coupon | None:
    """The coupon of an order, locked, so that no two orders share its last use."""
    if coupon is None:
        return None
    locked = Coupon.objects.select_for_update(of=("self",)).get(pk=coupon.pk)
    if queries.coupon(locked.code, product, now) is None:
        raise ChangedError(_("The coupon cannot be used any more. Order without it."))
    return locked


def _register(payer: Payer | None, *, by: str, now: datetime) -> Person:
    assert payer is not None
    return register_person(
        given_name=payer.given_name,
        family_name=payer.family_name,
        email=payer.email,
        language=payer.language,
        source="order",
        by=by,
        now=now,
    )


def _offer(
    product: Product,
    documents: tuple[Document, ...],
    who: Person,
    *,
    by: str,
    now: datetime,
) -> Contract:
    today = queries.today(now)
    text = "\n\n".join(one.text for one in documents)
    return offer_contract(
        who,
        title=product.title,
        text=text[:50_000],
        starts_on=today,
        ends_on=queries.last_day(today, product.months),
        by=by,
        now=now,
    )


def _bill(order: Order, *, by: str, now: datetime) -> Invoice:
    product = order.product
    assert product is not None
    price = rules.less(product.unit_cents, order.percent_off)
    title = f"{order.title} (−{order.percent_off} %)" if order.percent_off else order.title
    line = Line(title, Decimal(order.seats), price, product.vat_percent)
    return issue_invoice(
        Buyer(order.buyer, order.buyer_address),
        [line],
        seller=seller(now),
        due_on=queries.today(now) + PAY_WITHIN,
        currency=product.currency,
        person=order.person,
        contract=order.contract,
        by=by,
        now=now,
    )


def _next_number() -> int:
    Numbers.objects.get_or_create()
    Numbers.objects.update(last=F("last") + 1)
    return int(Numbers.objects.values_list("last", flat=True).get())


def _open(order: Order, *, by: str, now: datetime) -> None:
    """Let its seats be taken. Who bought one for themselves has it; a company gets its licence."""
    order.opened_at = now
    order.save(update_fields=["opened_at"])
    if order.company_id is not None:
        give_licence(order, by=by, now=now)
    elif order.seats == 1 and hasattr(order.person, "account"):
        take_seat(order, order.person, by=by, now=now)


def note_paid(invoice: Invoice, by: str, now: datetime) -> None:
    """The invoice of an order is paid: its seats can be taken, once (ema-11.2-stripe).

    Called when an invoice is paid in full, also where it is nobody's order. An order that was
    cancelled meanwhile stays so: the ledger shows what is owed back.
    """
    order = Order.objects.select_for_update(of=("self",)).filter(invoice=invoice).first()
    if order is None or order.paid_at is not None or order.ended_at is not None:
        return
    was_open = order.opened_at is not None
    order.paid_at = now
    if was_open:
        order.save(update_fields=["paid_at"])
    else:
        order.opened_at = now
        order.save(update_fields=["paid_at", "opened_at"])
        _open(order, by=by, now=now)
    audit.record("shop.order.paid", target=order, subject=order.person_id, by=by, at=now)


def _write(order: Order, here: str, *, now: datetime) -> None:
    if not order.person.email:
        return
    with translation.override(language_of(order.person)):
        subject = _("Your order %(number)s") % {"number": order.label}
        text = _(
            "You ordered: %(title)s.\n\nWhere your order stands, how it is paid, and the link for "
            "those who take its seats:\n%(address)s\n"
        ) % {"title": order.title, "address": f"{here}{queries.address_of(order)}"}
    post(
        person_id=order.person_id,
        address=order.person.email,
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=subject,
        text=text,
        now=now,
    )


@transaction.atomic
def end(
    order: Order, *, by: str, now: datetime, ended_at: datetime | None = None
) -> Invoice | None:
    """End an order: its invoice is credited, its contract ends, its lessons are locked.

    It ends now, or ended at ``ended_at`` already. Return the credit note; None where the order
    ended before.
    """
    at = ended_at or now
    held = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if held.ended_at is not None:
        return None
    held.ended_at = order.ended_at = at
    held.save(update_fields=["ended_at"])
    note = None
    if held.invoice is not None:
        try:
            note = credit_invoice(held.invoice, zone=queries.zone(now), by=by, now=now)
        except AlreadyCreditedError:
            note = held.invoice.credit_notes.first()
    if held.contract is not None:
        _end_contract(held.contract, by=by, now=now, at=at)
    lock_seats(held, now=now)
    audit.record("shop.order.ended", target=held, subject=held.person_id, by=by, at=now)
    return note


def _end_contract(contract: Contract, *, by: str, now: datetime, at: datetime) -> None:
    """End it, or withdraw what was not concluded; nothing where its term is over."""
    if contract.accepted_at is not None:
        with suppress(NotRunningError):
            end_contract(contract, ending=Contract.Ending.STAFF, by=by, now=now, ended_at=at)
        return
    with suppress(NotOnOfferError):
        end_offer(contract, ending=Contract.Ending.WITHDRAWN, by=by, now=now)
    if not Contract.objects.running().filter(person=contract.person_id).exists():
        record_state(contract.person_id, PREPARED, is_open=False, at=at)
        record_event(contract.person_id, "contract.closed", at=at)


def cancel_unpaid(*, by: str, now: datetime) -> int:
    """Cancel orders by card not paid within a day, and those not concluded; return how many.

    Each ends with that day, however late this runs: nothing is kept longer for that.
    """
    waiting = Order.objects.filter(ended_at=None, opened_at=None)
    unpaid = waiting.filter(
        way=Order.Way.CARD, contract__accepted_at__lte=now - rules.PAY_BY_CARD_WITHIN
    )
    unconcluded = waiting.filter(
        contract__accepted_at=None, placed_at__lte=now - rules.CONCLUDE_WITHIN
    )
    found = list((unpaid | unconcluded).select_related("invoice", "contract", "person"))
    for order in found:
        assert order.contract is not None
        concluded = order.contract.accepted_at
        over = (
            concluded + rules.PAY_BY_CARD_WITHIN
            if concluded
            else order.placed_at + rules.CONCLUDE_WITHIN
        )
        end(order, by=by, now=now, ended_at=over)
    return len(found)
