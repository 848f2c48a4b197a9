"""What happens to people, as far as terms are counted from it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.ids import uuid7
from skola.ground.journal import api as journal
from skola.ground.tenants.api import current_id
from skola.promises.policy.vocabulary import CONDITIONS, EVENTS, STATES
from skola.promises.retention.actions.clocks import forget_dates, settle_dates, soon_of
from skola.promises.retention.live import clockworks, promises_known
from skola.promises.retention.models import Fact, StateFact
from skola.promises.retention.sql import Clockwork
from skola.promises.retention.terms import Promises

CONSENT = "consent:"


class UnknownWordError(ValueError):
    """An event or state that the vocabulary does not have."""


@reading_for(ENGINE)
@transaction.atomic
def record_event(person_id: UUID, event: str, *, at: datetime) -> None:
    """Record that something happened to a person, from which terms are counted.

    Written at most once a local day: terms are counted in days. Only the first time can bring a due
    date forward, so only then are the person's dates computed anew; later times put them off, which
    is noticed by who looks again at dates before they pass. Raises UnknownWordError.
    """
    _check_event(event)
    known = promises_known(at)
    zone = known[0].timezone if known else "UTC"
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into retention_fact as fact (id, tenant_id, person_id, event, first_at, last_at)
            values (%s, %s, %s, %s, %s, %s)
            on conflict (tenant_id, person_id, event) do update
               set first_at = least(fact.first_at, excluded.first_at),
                   last_at = greatest(fact.last_at, excluded.last_at)
             where (excluded.last_at at time zone %s)::date > (fact.last_at at time zone %s)::date
                or excluded.first_at < fact.first_at
            returning xmax = 0
            """,
            [uuid7(), current_id(), person_id, event, at, at, zone, zone],
        )
        written = cursor.fetchone()
    if written is not None:
        is_first = written[0]
        _renew_dates_of(person_id, event, at, soon=not is_first)


@reading_for(ENGINE)
@transaction.atomic
def withdraw_event(person_id: UUID, event: str, *, at: datetime) -> bool:
    """Take back what turned out not to be so, or no longer: no term is counted from it any more.

    A registration was put right, a guardian was proven (ilearn-20.j, ilearn-20.k). Returns whether
    there was anything to take back; what is gone by ``at`` is not revived. Raises UnknownWordError.
    """
    _check_event(event)
    deleted, _ = Fact.objects.filter(person_id=person_id, event=event).delete()
    if deleted:
        _renew_dates_of(person_id, event, at)
    return bool(deleted)


@reading_for(ENGINE)
@transaction.atomic
def record_state(person_id: UUID, state: str, *, is_open: bool, at: datetime) -> None:
    """Record that something began or ceased to be true of a person: ``contract.open``.

    Nothing is written when it was so before. Conditions of the vocabulary can be told the same way.
    Raises UnknownWordError.
    """
    _check_state(state)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into retention_statefact as fact
                   (id, tenant_id, person_id, state, is_open, opened_at, ended_at, is_seen)
            values (%(id)s, %(tenant)s, %(person)s, %(state)s, %(open)s,
                    case when %(open)s then %(at)s::timestamptz end,
                    case when not %(open)s then %(at)s::timestamptz end, true)
            on conflict (tenant_id, person_id, state) do update
               set is_open = excluded.is_open,
                   opened_at = coalesce(excluded.opened_at, fact.opened_at),
                   ended_at = coalesce(excluded.ended_at, fact.ended_at)
             where fact.is_open <> excluded.is_open
            returning 1
            """,
            {
                "id": uuid7(),
                "tenant": current_id(),
                "person": person_id,
                "state": state,
                "open": is_open,
                "at": at,
            },
        )
        changed = cursor.fetchone() is not None
    if changed:
        _renew_dates_of(person_id, state, at)
        if state.startswith(CONSENT) and not is_open:
            journal.write("consent.withdrawn", subject=person_id, at=at, detail={"state": state})


@journal.replays("consent.withdrawn")
def withdraw_again(subject: UUID | None, at: datetime, detail: dict[str, str]) -> None:
    """After a restore: a consent that was withdrawn since then is dead, from the same moment on."""
    if subject is not None and "state" in detail:
        record_state(subject, detail["state"], is_open=False, at=at)


def open_states(state: str, *, before: datetime) -> list[UUID]:
    """Return the people of whom a state has been true since before a moment."""
    facts = StateFact.objects.filter(state=state, is_open=True, opened_at__lt=before)
    return list(facts.values_list("person_id", flat=True))


def _check_event(event: str) -> None:
    if event not in EVENTS:
        raise UnknownWordError(f"{event!r} is no event; skola policy words lists them.")


def _check_state(state: str) -> None:
    if state.partition(":")[0] not in STATES and state not in CONDITIONS:
        raise UnknownWordError(f"{state!r} is no state; skola policy words lists them.")


@reading_for(ENGINE)
@transaction.atomic
def record_history(
    events: Iterable[tuple[UUID, str, datetime, datetime]] = (),
    states: Iterable[tuple[UUID, str, datetime, datetime | None]] = (),
) -> None:
    """Record many facts at once: (person, event, first, last) and (person, state, opened, ended).

    What was known of the same person and word is replaced. For imports; no due date is computed
    anew, so it comes before the first clocking. Raises UnknownWordError.
    """
    facts = [Fact(person_id=p, event=e, first_at=f, last_at=last) for p, e, f, last in events]
    told = [
        StateFact(person_id=p, state=s, is_open=end is None, opened_at=begin, ended_at=end)
        for p, s, begin, end in states
    ]
    for event in {fact.event for fact in facts}:
        _check_event(event)
    for state in {fact.state for fact in told}:
        _check_state(state)
    Fact.objects.bulk_create(
        facts,
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["tenant", "person", "event"],
        update_fields=["first_at", "last_at"],
    )
    StateFact.objects.bulk_create(
        told,
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["tenant", "person", "state"],
        update_fields=["is_open", "opened_at", "ended_at"],
    )


def _renew_dates_of(person_id: UUID, word: str, now: datetime, *, soon: bool = False) -> None:
    """Compute anew the person's due dates that depend on an event or state, unless they passed.

    With ``soon`` those alone that are about to pass, where it is clear which terms are in force.
    """
    known, persons = promises_known(now), [person_id]
    works = list(_depending_on(word, known))
    if soon:
        works = soon_of(works, persons, now) if len(known) == 1 else []
    settle_dates(works, persons, now, known)


def _depending_on(word: str, known: Iterable[Promises]) -> Iterator[Clockwork]:
    for promises in known:
        for work in clockworks(promises):
            if word in (*work.person_events, *work.person_states):
                yield work


@reading_for(ENGINE)
def unseen(now: datetime) -> list[Clockwork]:
    """Return the clocks to which facts matter that a trigger has written meanwhile."""
    states = StateFact.objects.filter(is_seen=False).values_list("state", flat=True).distinct()
    return [work for state in states for work in _depending_on(state, promises_known(now))]


@reading_for(ENGINE)
def see_unseen(now: datetime) -> None:
    """Empty the due dates of people about whom a trigger has written a fact meanwhile."""
    with transaction.atomic():
        told = list(StateFact.objects.filter(is_seen=False).select_for_update())
        for state in {fact.state for fact in told}:
            people = [fact.person_id for fact in told if fact.state == state]
            for work in _depending_on(state, promises_known(now)):
                forget_dates(work, people, now)
        StateFact.objects.filter(pk__in=[fact.pk for fact in told]).update(is_seen=True)
