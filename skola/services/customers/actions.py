"""Everything that changes the catalogue and what customers have of it, one function each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.policy.api import Period
from skola.services.billing import api as billing
from skola.services.customers import fees, queries, words
from skola.services.customers.models import Rate, Service, Subscription
from skola.services.customers.rules import Step
from skola.services.school import api as school_room
from skola.services.school.api import School


class NotOnSaleError(Exception):
    """The service cannot be ordered, or not by this customer; the message says why."""


class TwiceError(Exception):
    """The customer has this service already."""


class OverError(Exception):
    """The contract does not run any more."""


@dataclass(frozen=True)
class Offered:
    """A service as it is put into the catalogue."""

    audience: str
    name: str
    about: str
    function: str
    months: int
    vat_percent: Decimal
    currency: str
    steps: Sequence[Step]


@transaction.atomic
def offer_service(what: Offered, *, by: str, now: datetime) -> Service:
    """Put a service into the catalogue; from now on its function is an extra (ekool-1.6)."""
    made = Service.objects.create(
        audience=what.audience,
        name=what.name,
        about=what.about,
        function=what.function,
        months=what.months,
        vat_percent=what.vat_percent,
        currency=what.currency,
        offered_at=now,
    )
    Rate.objects.bulk_create(
        Rate(service=made, from_pupils=step.from_pupils, unit_cents=step.unit_cents)
        for step in what.steps
    )
    audit.record("customers.service.offered", target=made, by=by, at=now)
    return made


@transaction.atomic
def withdraw_service(service: Service, *, by: str, now: datetime) -> None:
    """Sell it no more; who has it keeps it until their contract ends. Twice changes nothing."""
    if Service.objects.filter(pk=service.pk, ended_at=None).update(ended_at=now):
        audit.record("customers.service.withdrawn", target=service, by=by, at=now)


@transaction.atomic
def order(
    service: Service, person: Person, *, school: School | None = None, by: str, now: datetime
) -> Subscription:
    """Conclude the contract about a service by a click, and charge its first period.

    Raises NotOnSaleError, TwiceError, and ``billing.NotIdentifiedError``; nothing changes then.
    """
    held = Service.objects.select_for_update().get(pk=service.pk)
    problem = why_not(held, person, school, now)
    if problem:
        raise NotOnSaleError(problem)
    day = queries.today(now)
    if has_it(held, person, school, day):
        raise TwiceError(_("There is a contract about this already."))
    contract = billing.offer_contract(
        person,
        title=held.name,
        text=words.contract_text(held, school, now),
        starts_on=day,
        ends_on=None,
        by=by,
        now=now,
    )
    made = Subscription.objects.create(contract=contract, service=held, school=school)
    billing.accept_contract(contract, by=by, now=now)
    fees.bill(made, by=by, now=now)
    return made


def why_not(service: Service, person: Person, school: School | None, now: datetime) -> str:
    """Return why somebody cannot order a service; empty where they can."""
    if service.ended_at is not None:
        return _("This service is not offered any more.")
    if service.is_for_schools != (school is not None):
        return _("This service is not for you.")
    if queries.is_pupil(person, now):
        return _("Pupils conclude no contracts. A parent orders this.")
    if billing.credit_of(person.pk) == billing.Credit.STOP:
        return _("Nothing more is sold until what is overdue is paid.")
    return ""


def has_it(service: Service, person: Person, school: School | None, day: date) -> bool:
    """Whether a contract about a service runs for the customer already."""
    running = Subscription.objects.running(day).filter(service=service)
    whose = running.filter(school=school) if school else running.filter(contract__person=person)
    return whose.exists()


@transaction.atomic
def give_notice(held: Subscription, *, by: str, now: datetime) -> date:
    """Let it end with the period that is paid, and return that day. Raises OverError."""
    found = _running(held, now)
    last_on = fees.paid_until(found, now)
    Subscription.objects.filter(pk=found.pk).update(last_on=last_on)
    _tell("customers.notice.given", found, by, now)
    return last_on


@transaction.atomic
def take_back_notice(held: Subscription, *, by: str, now: datetime) -> None:
    """Go on after all. Raises OverError where it has ended meanwhile."""
    found = _running(held, now)
    if Subscription.objects.filter(pk=found.pk, last_on__isnull=False).update(last_on=None):
        _tell("customers.notice.taken_back", found, by, now)


def _running(held: Subscription, now: datetime) -> Subscription:
    running = Subscription.objects.running(queries.today(now)).select_for_update(of=("self",))
    found = running.select_related("contract", "service", "school").filter(pk=held.pk).first()
    if found is None:
        raise OverError(_("This contract does not run any more."))
    return found


def _tell(kind: str, held: Subscription, by: str, now: datetime) -> None:
    audit.record(kind, target=held, subject=held.contract.person_id, by=by, at=now)


@transaction.atomic
def agree_term(held: Subscription, period: Period, *, by: str, now: datetime) -> None:
    """Let the contract say how long the school's study data are kept (ekool-1.8).

    Raises OverError, and ``school.OutOfBoundsError`` where the policy lets no contract say so.
    """
    found = _running(held, now)
    assert found.school is not None
    assert found.contract.accepted_at is not None
    contract = found.contract
    agreement = school_room.Agreement(contract.pk, contract.title, found.contract.accepted_at)
    school_room.agree_term(found.school, period, agreement, by=by, now=now)


def end_terms(contract: billing.Contract, by: str, now: datetime) -> None:
    """Let a contract that ends say nothing of later school years. Called when it ends."""
    school_room.end_terms(contract.pk, by=by, now=now)


def end_those_given_notice(*, by: str, now: datetime) -> int:
    """End the contracts whose last day has passed, and return how many. Safe to repeat."""
    day, zone = queries.today(now), billing.zone(now)
    over = Subscription.objects.filter(last_on__lt=day, contract__closed_at=None)
    found = list(over.select_related("contract__course", "contract__person"))
    for one in found:
        assert one.last_on is not None
        at = clock.last_second(one.last_on, zone) + timedelta(seconds=1)
        end = billing.Contract.Ending.NOTICE
        billing.end_contract(one.contract, ending=end, by=by, now=now, ended_at=at)
    return len(found)
