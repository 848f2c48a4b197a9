"""A company's list of people is compared with what is known, and applied once it is confirmed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import Account, Person
from skola.promises.retention.api import record_history, record_state
from skola.services.workforce import queries
from skola.services.workforce.actions.assigning import assign
from skola.services.workforce.actions.identifying import identify
from skola.services.workforce.models import (
    Company,
    Employment,
    Position,
    Post,
    StaffNumber,
    Unit,
)
from skola.services.workforce.rules.difference import (
    BETWEEN,
    Change,
    Difference,
    Kind,
    Row,
    begun,
)
from skola.services.workforce.rules.difference import difference as compare
from skola.services.workforce.rules.identifiers import Identifier

BATCH = 2_000
WORKS = "employment.active"


class OtherDifferenceError(Exception):
    """What was confirmed is not what would be changed now; nothing was changed."""


def difference(company: Company, rows: Sequence[Row], *, complete: bool, today: date) -> Difference:
    """Return how a list differs from what is known of a company's people, and change nothing."""
    rows = _keyed(company, rows)
    taken = queries.addresses_taken(company, {row.email for row in rows if row.email})
    return compare(
        rows,
        queries.known_people(company),
        {address: person.name for address, person in taken.items()},
        complete=complete,
        today=today,
    )


def _keyed(company: Company, rows: Sequence[Row]) -> list[Row]:
    """Return the lines with what people are found by in place of what is kept sealed."""
    if company.identifier == Identifier.STAFF:
        return list(rows)
    keys = ((row, queries.key_of(company, row.number)) for row in rows)
    return [replace(row, number=key, said=row.number) for row, key in keys]


@dataclass(frozen=True)
class _Applying:
    company: Company
    language: str
    today: date
    by: str
    now: datetime


@transaction.atomic
def apply_list(
    company: Company,
    rows: Sequence[Row],
    *,
    complete: bool,
    fingerprint: str,
    language: str,
    today: date,
    by: str,
    now: datetime,
) -> Difference:
    """Apply a list whose difference was confirmed by its ``fingerprint``, and return it.

    Raises OtherDifferenceError where the difference is another one by now: the list was applied
    before, or somebody changed something meanwhile. Source: ema-2.1-name, ema-2.1-work.
    """
    held = Company.objects.select_for_update().get(pk=company.pk)
    found = difference(held, rows, complete=complete, today=today)
    if found.fingerprint != fingerprint:
        raise OtherDifferenceError(f"The list differs by {len(found.changes)} lines now.")
    work = _Applying(held, language, today, by, now)
    units, positions = _units(work, found), _positions(work, found)
    numbers = StaffNumber.objects.filter(company=held).select_related("employment__person")
    known = {one.key: one.employment for one in numbers if one.key}
    touched = [
        *_join(work, found.of(Kind.JOINED), known, units, positions),
        *_move(work, found.of(Kind.MOVED), known, units, positions),
        *_leave(work, found.of(Kind.LEFT), known),
    ]
    _correct([*found.of(Kind.MOVED), *found.of(Kind.CHANGED)], known)
    assign(held, touched, today=today, now=now)
    detail = {kind.value: len(found.of(kind)) for kind in Kind}
    audit.record("workforce.list.applied", target=held, by=by, at=now, detail=detail)
    return found


def _rows(changes: Iterable[Change]) -> list[Row]:
    return [change.row for change in changes if change.row is not None]


def _units(work: _Applying, found: Difference) -> dict[tuple[str, ...], Unit]:
    """Return the units of a list by their whole names; the new ones are made."""
    names = queries.unit_names(work.company)
    there = Unit.objects.in_bulk(list(names))
    made = {tuple(name.split(BETWEEN)): there[key] for key, name in names.items()}
    top = there[next(iter(names))]
    rows = _rows([*found.of(Kind.JOINED), *found.of(Kind.MOVED)])
    for whole in sorted({row.unit for row in rows}):
        for depth in range(1, len(whole) + 1):
            if whole[:depth] not in made:
                above = made[whole[: depth - 1]] if depth > 1 else top
                made[whole[:depth]] = add_unit(work.company, whole[depth - 1], above)
    return made


def add_unit(company: Company, name: str, parent: Unit | None) -> Unit:
    """Put a new unit into the tree."""
    unit = Unit(company=company, name=name, parent=parent)
    unit.path = f"{parent.path if parent else ''}{unit.pk.hex}."
    unit.save(force_insert=True)
    return unit


def _positions(work: _Applying, found: Difference) -> dict[str, Position]:
    there = {one.name: one for one in Position.objects.filter(company=work.company)}
    rows = _rows([*found.of(Kind.JOINED), *found.of(Kind.MOVED)])
    fresh = [
        Position(company=work.company, name=name)
        for name in sorted({row.position for row in rows} - set(there))
    ]
    Position.objects.bulk_create(fresh)
    return there | {one.name: one for one in fresh}


def _join(
    work: _Applying,
    changes: Sequence[Change],
    known: Mapping[str, Employment],
    units: Mapping[tuple[str, ...], Unit],
    positions: Mapping[str, Position],
) -> list[Employment]:
    rows = _rows(changes)
    back = [known[row.number] for row in rows if row.number in known]
    fresh = [row for row in rows if row.number not in known]
    taken = queries.addresses_taken(work.company, {row.email for row in fresh if row.email})
    people = _register(work, [row for row in fresh if row.email not in taken])
    people |= {row.number: taken[row.email] for row in fresh if row.email in taken}
    before = _known_by_address(work, [one.pk for one in taken.values()])
    again = {
        row.number: before[people[row.number].pk]
        for row in fresh
        if people[row.number].pk in before
    }
    came = {
        row.number: Employment(
            company=work.company,
            person=people[row.number],
            started_on=begun(row, work.today),
            created_at=work.now,
        )
        for row in fresh
        if row.number not in again
    }
    Employment.objects.bulk_create(came.values(), batch_size=BATCH)
    said = {row.number: row.said or row.number for row in fresh}
    StaffNumber.objects.bulk_create(
        [
            identify(StaffNumber(employment=one, company=work.company), said[number])
            for number, one in came.items()
        ],
        batch_size=BATCH,
    )
    for number, one in again.items():
        identify(StaffNumber.objects.get(employment=one), said[number]).save()
    back += again.values()
    Employment.objects.filter(pk__in=[one.pk for one in back]).update(ended_on=None)
    elsewhere = [one for one in came.values() if one.person.email in taken]
    for one in [*back, *elsewhere]:
        record_state(one.person_id, WORKS, is_open=True, at=work.now)
    all_ = dict(known) | came | again
    _take_posts(work, rows, all_, units, positions)
    return [all_[row.number] for row in rows]


def _known_by_address(work: _Applying, people: Sequence[UUID]) -> dict[UUID, Employment]:
    """Return who of these left the company when it knew its people by another identifier."""
    left = Employment.objects.filter(company=work.company, person__in=people)
    return {one.person_id: one for one in left}


def _register(work: _Applying, rows: Sequence[Row]) -> dict[str, Person]:
    """Make the people of these lines, and an account for who has an address (ema-2.1-contact)."""
    people = {
        row.number: Person(
            given_name=row.given_name,
            family_name=row.family_name,
            email=row.email,
            phone=row.phone,
            language=work.language,
            source=queries.OURS,
            status=Person.Status.ACTIVE if row.email else Person.Status.LEAD,
            created_at=work.now,
        )
        for row in rows
    }
    Person.objects.bulk_create(people.values(), batch_size=BATCH)
    nobody_knows = make_password(None)
    accounts = [
        Account(person=one, email=one.email, password=nobody_knows, created_at=work.now)
        for one in people.values()
        if one.email
    ]
    Account.objects.bulk_create(accounts, batch_size=BATCH)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=one, email=one.email, primary=True, verified=False) for one in accounts],
        batch_size=BATCH,
    )
    record_history(states=[(one.pk, WORKS, work.now, None) for one in people.values()])
    return people


def _take_posts(
    work: _Applying,
    rows: Sequence[Row],
    employments: Mapping[str, Employment],
    units: Mapping[tuple[str, ...], Unit],
    positions: Mapping[str, Position],
) -> None:
    Post.objects.bulk_create(
        [
            Post(
                employment=employments[row.number],
                unit=units[row.unit],
                position=positions[row.position],
                starts_on=begun(row, work.today),
            )
            for row in rows
        ],
        batch_size=BATCH,
    )


def _move(
    work: _Applying,
    changes: Sequence[Change],
    known: Mapping[str, Employment],
    units: Mapping[tuple[str, ...], Unit],
    positions: Mapping[str, Position],
) -> list[Employment]:
    """End the places that were held and begin the new ones; the history stays (ema-2.1.7)."""
    rows = _rows(changes)
    moved = [known[row.number] for row in rows]
    _end_posts([one.pk for one in moved], work.today)
    _take_posts(work, rows, known, units, positions)
    return moved


def _leave(
    work: _Applying, changes: Sequence[Change], known: Mapping[str, Employment]
) -> list[Employment]:
    left = [known[change.number] for change in changes]
    _end_posts([one.pk for one in left], work.today)
    Employment.objects.filter(pk__in=[one.pk for one in left]).update(ended_on=work.today)
    people = [one.person_id for one in left]
    elsewhere = set(
        Employment.objects.filter(person__in=people, ended_on=None).values_list(
            "person_id", flat=True
        )
    )
    for person in people:
        if person not in elsewhere:
            record_state(person, WORKS, is_open=False, at=work.now)
    return left


def _end_posts(employments: Sequence[UUID], day: date) -> None:
    Post.objects.held().filter(employment__in=employments).update(ends_on=day)


def _correct(changes: Sequence[Change], known: Mapping[str, Employment]) -> None:
    people = []
    for row in _rows(changes):
        person = known[row.number].person
        if person.source != queries.OURS:
            continue
        person.given_name, person.family_name = row.given_name, row.family_name
        person.phone, person.email = row.phone, row.email or person.email
        people.append(person)
    Person.objects.bulk_update(
        people, ["given_name", "family_name", "phone", "email"], batch_size=BATCH
    )
