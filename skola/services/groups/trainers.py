"""Cooperation contracts and the trainers they let in, one function each."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import Person, Role, end_role, grant_role
from skola.services.groups import rules
from skola.services.groups.models import (
    SCOPE,
    Cooperation,
    Disclosure,
    Participant,
    Run,
)


class UnfitError(Exception):
    """This trainer is not let in; ``why`` says what is missing."""

    def __init__(self, why: rules.Unfit) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class CooperationFacts:
    """A cooperation contract as it was concluded. Days are days of the tenant's zone."""

    partner: str
    reference: str
    starts_on: date
    ends_on: date


def works_here(person: Person, now: datetime) -> bool:
    """Whether somebody has a role in the whole service: then they are no external trainer."""
    return Role.objects.filter(person=person, scope="").held_at(now).exists()


@transaction.atomic
def record_cooperation(
    person: Person, facts: CooperationFacts, *, by: str, now: datetime
) -> Cooperation:
    """Record a contract with a partner. Nothing is open to them before they are evaluated."""
    made = Cooperation.objects.create(person=person, recorded_at=now, **asdict(facts))
    audit.record("groups.cooperation.recorded", target=made, subject=person.pk, by=by, at=now)
    return made


@transaction.atomic
def evaluate(
    cooperation: Cooperation,
    *,
    verdict: str,
    findings: str,
    again_on: date,
    today: date,
    by: str,
    now: datetime,
) -> None:
    """Record how a partner was evaluated, and when that is done again (kic-security-partners).

    Who is found unfit loses the access that this contract gave at once.
    """
    cooperation.verdict, cooperation.findings = verdict, findings
    cooperation.evaluated_on, cooperation.evaluate_again_on = today, again_on
    cooperation.save(update_fields=["verdict", "findings", "evaluated_on", "evaluate_again_on"])
    audit.record(
        "groups.cooperation.evaluated",
        target=cooperation,
        subject=cooperation.person_id,
        by=by,
        at=now,
        clause="kic-security-partners",
        detail={"verdict": str(verdict)},
    )
    if verdict != Cooperation.Verdict.FIT:
        _end_access(cooperation.person, by=by, now=now)


@transaction.atomic
def end_cooperation(
    cooperation: Cooperation, *, by: str, now: datetime, ended_at: datetime | None = None
) -> None:
    """End a cooperation contract, and with it all access that it gave; twice changes nothing."""
    held = Cooperation.objects.select_for_update().get(pk=cooperation.pk)
    if held.ended_at is not None:
        return
    cooperation.ended_at = ended_at or now
    cooperation.save(update_fields=["ended_at"])
    _end_access(cooperation.person, by=by, now=now)
    audit.record(
        "groups.cooperation.ended",
        target=cooperation,
        subject=cooperation.person_id,
        by=by,
        at=now,
    )


def end_cooperations_that_are_over(*, zone: ZoneInfo, by: str, now: datetime) -> int:
    """End every contract whose last day has passed, and return how many. Safe to repeat.

    Each ends with its last day, however late this runs. The access ended then, too.
    """
    today = now.astimezone(zone).date()
    over = Cooperation.objects.filter(ended_at=None, ends_on__lt=today).select_related("person")
    found = list(over)
    for one in found:
        end_cooperation(one, by=by, now=now, ended_at=clock.last_second(one.ends_on, zone))
    return len(found)


def _end_access(person: Person, *, by: str, now: datetime) -> None:
    held = Role.objects.filter(person=person, kind=Role.Kind.INSTRUCTOR, scope=SCOPE)
    for role in held.held_at(now):
        end_role(role, by=by, now=now)


@transaction.atomic
def let_in(run: Run, person: Person, *, zone: ZoneInfo, by: str, now: datetime) -> Role:
    """Let a trainer lead a run, until its last day or that of their contract.

    Raises UnfitError for who does not work here and has no running contract, was not evaluated, or
    not well, or not lately (kic-recipient-trainers, kic-security-partners).
    """
    today = now.astimezone(zone).date()
    ends_on = run.ends_on
    if not works_here(person, now):
        ends_on = rules.access_ends_on(run.ends_on, _contract_of(person, today).ends_on)
    held = Role.objects.filter(
        person=person, kind=Role.Kind.INSTRUCTOR, scope=SCOPE, scope_id=run.pk
    )
    there = held.held_at(now).first()
    if there is not None:
        return there
    return grant_role(
        person,
        Role.Kind.INSTRUCTOR,
        scope=SCOPE,
        scope_id=run.pk,
        ends_at=max(clock.last_second(ends_on, zone), now),
        by=by,
        now=now,
    )


def follow(run: Run, *, zone: ZoneInfo, now: datetime) -> None:
    """Let the access of a run's trainers end with its new last day, or with their contract."""
    held = Role.objects.filter(kind=Role.Kind.INSTRUCTOR, scope=SCOPE, scope_id=run.pk)
    for role in held.held_at(now).select_related("person"):
        contracts = Cooperation.objects.filter(person=role.person, ended_at=None)
        contract = contracts.order_by("-ends_on").first()
        is_staff = contract is None or works_here(role.person, now)
        ends_on = run.ends_on
        if contract is not None and not is_staff:
            ends_on = rules.access_ends_on(run.ends_on, contract.ends_on)
        ends_at = max(clock.last_second(ends_on, zone), now)
        Role.objects.filter(pk=role.pk).update(ends_at=ends_at)


def _contract_of(person: Person, today: date) -> Cooperation:
    found = Cooperation.objects.running_on(today).filter(person=person)
    contract = found.order_by("-ends_on").first()
    if contract is None:
        raise UnfitError(rules.Unfit.NO_CONTRACT)
    why = rules.unfit(
        verdict=contract.verdict, evaluate_again_on=contract.evaluate_again_on, today=today
    )
    if why:
        raise UnfitError(why)
    return contract


def disclose(
    run: Run,
    seats: Sequence[Participant],
    to: Person,
    *,
    what: str,
    today: date,
    by: str,
    now: datetime,
) -> int:
    """Record that an external trainer gets data of these participants; once a day for each way.

    Who works here is no recipient, and nothing is recorded. Return of how many it was.
    """
    works_here = Role.objects.filter(person=to, scope="").held_at(now)
    contracts = Cooperation.objects.filter(~Exists(works_here), person=to, ended_at=None)
    contract = contracts.order_by("-ends_on").first()
    if contract is None:
        return 0
    given = [
        Disclosure(
            participant=seat,
            recipient=contract.partner,
            reference=contract.reference,
            what=what,
            on=today,
            first_at=now,
        )
        for seat in seats
    ]
    if what == Disclosure.What.SHOWN:
        Disclosure.objects.bulk_create(given, ignore_conflicts=True)
        return len(given)
    with transaction.atomic():
        Disclosure.objects.bulk_create(given, ignore_conflicts=True)
        audit.record(
            "groups.list.given",
            target=run,
            by=by,
            at=now,
            clause="kic-recipient-trainers",
            detail={"participants": len(given), "contract": str(contract.pk)},
        )
    return len(given)
