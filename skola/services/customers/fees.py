"""Fees: each period that has begun is charged once by the tariff, and settled to the day.

What is charged becomes an invoice of ``billing``; when a contract ends within a period that was
charged, the rest is taken back by a credit note. Clause: ekool-4.2.2-perform.
"""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.people.api import language_of
from skola.ground.ui import formats
from skola.services.billing import api as billing
from skola.services.customers import queries, rules
from skola.services.customers.models import Fee, Subscription
from skola.services.customers.rules import Period


def bill_due(*, by: str, now: datetime) -> int:
    """Charge every period that has begun and was not charged; return how many. Safe to repeat."""
    running = Subscription.objects.running(queries.today(now)).order_by("pk")
    return sum(len(bill(one, by=by, now=now)) for one in running)


@transaction.atomic
def bill(held: Subscription, *, by: str, now: datetime) -> list[Fee]:
    """Charge the periods of a contract that have begun; a school without pupils owes nothing."""
    found = Subscription.objects.select_for_update(of=("self",))
    one = found.select_related("contract__person", "service", "school").get(pk=held.pk)
    day = queries.today(now)
    charged = set(one.fees.values_list("from_on", flat=True))
    waiting = [
        period
        for period in rules.periods(begins_on(one, now), one.service.months, _last(one, day))
        if period.from_on not in charged
    ]
    price = queries.price(one.service, one.school, now) if waiting else None
    if price is None or not price.cents:
        return []
    return [_charge(one, period, price, by=by, now=now) for period in waiting]


def _last(one: Subscription, day: date) -> date:
    ends = [end for end in (one.last_on, one.contract.ends_on) if end is not None]
    return min([day, *ends])


def begins_on(held: Subscription, now: datetime) -> date:
    """Return the day from which a contract is paid: its first, or that of its conclusion."""
    accepted_at = held.contract.accepted_at
    assert accepted_at is not None
    return max(held.contract.starts_on, accepted_at.astimezone(billing.zone(now)).date())


def paid_until(held: Subscription, now: datetime) -> date:
    """Return the last day of the period that runs today."""
    first, day = begins_on(held, now), queries.today(now)
    *_before, current = rules.periods(first, held.service.months, max(day, first))
    return current.until_on


def _charge(
    one: Subscription, period: Period, price: queries.Price, *, by: str, now: datetime
) -> Fee:
    person = one.contract.person
    buyer = billing.Buyer(person.name, person.address)
    if one.school is not None:
        buyer = billing.Buyer(one.school.name, one.school.municipality)
    with translation.override(language_of(person)):
        line = billing.Line(
            _line(one, period), Decimal(price.quantity), price.unit_cents, one.service.vat_percent
        )
    invoice = billing.issue_invoice(
        buyer,
        [line],
        seller=billing.seller(now),
        due_on=queries.today(now) + billing.PAY_WITHIN,
        currency=one.service.currency,
        person=person,
        contract=one.contract,
        by=by,
        now=now,
    )
    return Fee.objects.create(
        subscription=one,
        invoice=invoice,
        from_on=period.from_on,
        until_on=period.until_on,
        quantity=price.quantity,
        unit_cents=price.unit_cents,
    )


def _line(one: Subscription, period: Period) -> str:
    told = {
        "service": one.service.name,
        "begin": formats.short_day(period.from_on),
        "end": formats.short_day(period.until_on),
    }
    if one.school is not None:
        return _("%(service)s, %(begin)s to %(end)s, for each pupil") % told
    return _("%(service)s, %(begin)s to %(end)s") % told


def settle(contract: billing.Contract, by: str, now: datetime) -> None:
    """Take back, day by day, what was charged for after the last day of a contract.

    Called when it ends, however it ends. What a credit note took back before stays as it is.
    """
    held = Subscription.objects.select_related("service").filter(contract=contract).first()
    if held is None or contract.closed_at is None:
        return
    last_on = _last_day(contract, now)
    for fee in held.fees.filter(until_on__gt=last_on).select_related("invoice"):
        period = Period(fee.from_on, fee.until_on)
        cents = rules.unused_cents(fee.quantity * fee.unit_cents, period, last_on)
        if not cents or fee.invoice.credit_notes.exists():
            continue
        with translation.override(language_of(contract.person)):
            first = max(last_on + rules.A_DAY, fee.from_on)
            line = _("Not used: %(what)s") % {"what": _line(held, Period(first, fee.until_on))}
        billing.credit_part(
            fee.invoice,
            [billing.Line(line, Decimal(1), cents, held.service.vat_percent)],
            zone=billing.zone(now),
            by=by,
            now=now,
        )


def _last_day(contract: billing.Contract, now: datetime) -> date:
    """The day in whose course it ended; of one that ended with a midnight, the day before."""
    assert contract.closed_at is not None
    ended = contract.closed_at - rules.AN_INSTANT
    return ended.astimezone(billing.zone(now)).date()
