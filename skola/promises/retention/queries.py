"""Reading clocks: of one record, of a list, of a rule."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.tenants.api import current_id
from skola.promises.inventory.api import Declaration, Path, declaration_of
from skola.promises.retention import statements
from skola.promises.retention.because import Clock
from skola.promises.retention.live import (
    clockwork_of,
    clockworks,
    promises_in_force,
)
from skola.promises.retention.models import Fact, Hold, Release, StateFact, Sweep
from skola.promises.retention.report import Overdue
from skola.promises.retention.rows import of_tenant
from skola.promises.retention.rules import (
    GONE,
    NEVER,
    Due,
    Floor,
    FloorClass,
    evaluate,
    gone_at,
)
from skola.promises.retention.sql import Clockwork, literal, quoted
from skola.promises.retention.terms import (
    ERASURE,
    HOLD,
    AfterEvents,
    Known,
    ceiling_at,
    concerns,
    moments,
)


def clock_of(obj: models.Model, *, now: datetime, category: str | None = None) -> Clock | None:
    """Return when a record (or its part of one category) goes, and why; None while nothing ends it.

    A record that goes with another has the clock of that one.
    """
    return clocks_of([obj], now=now, category=category).get(obj.pk)


def clocks_of(
    objects: Iterable[models.Model], *, now: datetime, category: str | None = None
) -> dict[Any, Clock]:
    """Return the clocks of records of one model by their keys, in one query for all of them."""
    rows = list(objects)
    owners = {row.pk: _with_clock(row) for row in rows}
    if not rows:
        return {}
    promises = promises_in_force(now)
    first = next(iter(owners.values()))
    work = clockwork_of(promises, first._meta.db_table, category)
    if work is None:
        return {}
    known = known_of(work, list(owners.values()))
    names = {rule.id: rule.name for one in promises.every for rule in one.retention}
    found = {}
    for key, owner in owners.items():
        clock = _clock(work, known[owner.pk], names)
        if clock is not None:
            found[key] = clock
    return found


def _with_clock(row: models.Model) -> models.Model:
    """Follow ``goes_with`` up to the record that has a clock."""
    declaration = declaration_of(row._meta.label_lower)
    while declaration.goes_with is not None:
        column = declaration.goes_with.column
        field = next(f for f in row._meta.concrete_fields if f.column == column)
        row = getattr(row, field.name)
        declaration = declaration_of(row._meta.label_lower)
    return row


def _clock(work: Clockwork, known: Known, names: dict[str, dict[str, str]]) -> Clock | None:
    promises = work.promises
    due = gone_at(*moments(work.rules, known, promises))
    if due is None:
        return None
    rule, passed_at = _rule_behind(work, known, due)
    counted = None
    if isinstance(rule.term, AfterEvents):
        happened = [known.event(event, promises.zone) for event in rule.term.events]
        counted = max(moment for moment in happened if moment is not None)
    return Clock(
        at=due.at,
        rule=due.rule,
        clauses=work.clauses(due.rule),
        action=due.action,
        term=rule,
        passed_at=passed_at,
        counted_from=counted,
        names=names.get(due.rule, {}),
        zone=promises.zone,
    )


def _rule_behind(work: Clockwork, known: Known, due: Due) -> tuple[Any, datetime]:
    ends = [
        (ceiling_at(rule, known, work.promises), rule)
        for rule in work.ceilings
        if rule.id == due.rule and concerns(rule, known.conditions)
    ]
    end, rule = min(ends, key=lambda pair: pair[0])
    return rule, end


@reading_for(ENGINE)
def known_of(work: Clockwork, rows: Sequence[models.Model]) -> dict[Any, Known]:
    """Return what is known of the part of each row, by key."""
    declaration = work.declaration
    people = {row.pk: _value(row, declaration.subject) for row in rows}
    events, states, held = _told_about(declaration, work.part.category, people)
    holds = _floors(held, people)
    released = _released(set(people.values())) if work.changes else {}
    meeting = _conditions_met(work, rows)
    found = {}
    for row in rows:
        person = people[row.pk]
        happened = dict(events.get(person, {}))
        for event, path in declaration.anchors.items():
            happened.pop(event, None)
            if (moment := _value(row, path)) is not None:
                happened[event] = moment
        opened, ended = _states_of(row, declaration, states.get(person, {}))
        told = frozenset(word for word in opened if word in work.conditions) - frozenset(
            declaration.conditions
        )
        found[row.pk] = Known(
            events=happened,
            ended=ended,
            opened=frozenset(opened),
            conditions=told | meeting.get(row.pk, frozenset()),
            holds=tuple(holds.get(row.pk, ())),
            released=tuple(released.get(person, ())),
        )
    return found


def floors_of(
    work: Clockwork, rows: Sequence[models.Model], *, now: datetime
) -> list[tuple[UUID, frozenset[Floor]]]:
    """Return, for each row that a floor keeps at ``now`` past its ceilings, by which floors."""
    known = known_of(work, rows)
    return [
        (key, evaluate(*moments(work.rules, one, work.promises), now).floors)
        for key, one in known.items()
    ]


def people_in(state: str) -> Sequence[UUID]:
    """Return of whom a state is open by what was recorded: ``contract.open``."""
    found = StateFact.objects.filter(state=state, is_open=True)
    return list(found.values_list("person_id", flat=True))


def people_with_states() -> Sequence[UUID]:
    """Return of whom any state is open: an account, a contract, a consent."""
    found = StateFact.objects.filter(is_open=True).order_by("person_id")
    return list(found.values_list("person_id", flat=True).distinct())


def people_who_met(event: str) -> Sequence[UUID]:
    """Return to whom an event happened by what was recorded: ``ground.ended``."""
    return list(Fact.objects.filter(event=event).values_list("person_id", flat=True))


@dataclass(frozen=True)
class Kept:
    """Why one part of a record is kept: what stands for it now, and when it goes."""

    category: str
    grounds: tuple[Floor, ...]
    """The longest first; each once, though several versions of a policy promise it."""
    due: Due | None


def grounds_of(rows: Sequence[models.Model], *, now: datetime) -> dict[Any, list[Kept]]:
    """Return by what each record of one model is kept at ``now``, part by part (ilearn-20.a)."""
    found: dict[Any, list[Kept]] = {row.pk: [] for row in rows}
    if not rows:
        return found
    declaration = declaration_of(rows[0]._meta.label_lower)
    promises = promises_in_force(now)
    for part in declaration.parts:
        work = clockwork_of(promises, declaration.table, part.category)
        if work is None:
            continue
        for key, known in known_of(work, rows).items():
            floors, ceilings = moments(work.rules, known, work.promises)
            standing: dict[tuple[FloorClass, str], Floor] = {}
            for floor in sorted(floors, key=lambda one: one.until):
                if floor.stands_at(now):
                    standing[floor.cls, floor.purpose] = floor
            longest = sorted(standing.values(), key=lambda one: one.until, reverse=True)
            found[key].append(Kept(part.category, tuple(longest), gone_at(floors, ceilings)))
    return found


def _value(row: Any, path: Path | None) -> Any:
    if path is None:
        return None
    for name in path.attributes:
        row = getattr(row, name) if row is not None else None
    return row


Events = dict[UUID, dict[str, datetime]]
States = dict[UUID, dict[str, StateFact]]


def _told_about(
    declaration: Declaration, category: str, people: dict[Any, UUID | None]
) -> tuple[Events, States, list[Hold]]:
    """Return what was recorded of people, and the holds on them or on their rows, in one query."""
    persons = {one for one in people.values() if one is not None}
    mine = Q(person__in=persons, category__in=("", category))
    mine |= Q(object_table=declaration.table, object_id__in=list(people))
    mine |= Q(person=None, object_id=None, category=category)
    wanted = _row(
        Hold.objects.filter(mine), "category", "starts_at", "ends_at", "released_at", "object_id"
    )
    if persons:
        facts = _row(Fact.objects.filter(person__in=persons), "event", "first_at", "last_at")
        known = StateFact.objects.filter(person__in=persons)
        states_ = _row(known, "state", "opened_at", "ended_at", is_open="is_open")
        wanted = wanted.union(facts, states_, all=True)
    events: Events = {}
    states: States = {}
    holds = []
    for kind, pk, person, word, begun, ended, released, about, is_open in wanted:
        if kind == Fact.__name__:
            events.setdefault(person, {})[word] = ended
        elif kind == StateFact.__name__:
            states.setdefault(person, {})[word] = StateFact(
                pk=pk,
                person_id=person,
                state=word,
                is_open=is_open,
                opened_at=begun,
                ended_at=ended,
            )
        else:
            held = Hold(pk=pk, person_id=person, category=word, object_id=about, starts_at=begun)
            held.ends_at, held.released_at = ended, released
            holds.append(held)
    return events, states, holds


def _row(
    found: models.QuerySet[Any],
    word: str,
    begun: str,
    ended: str,
    released: str = "",
    about: str = "",
    is_open: str = "",
) -> models.QuerySet[Any, tuple[Any, ...]]:
    """Return rows of one shape, so that three tables can be asked at once; "" is a column of none.

    Kind, key, person, word, when it began and ended, when a hold was released, what it is about,
    and whether a state is open.
    """

    def one(name: str, kind: "models.Field[Any, Any]") -> Any:
        return F(name) if name else Cast(Value(None), kind)

    columns = {
        "kind_": Value(found.model.__name__, models.TextField()),
        "pk_": F("pk"),
        "person_": F("person_id"),
        "word_": Cast(word, models.TextField()),
        "begun_": F(begun),
        "ended_": F(ended),
        "released_": one(released, models.DateTimeField()),
        "about_": one(about, models.UUIDField()),
        "open_": one(is_open, models.BooleanField()),
    }
    rows: models.QuerySet[Any, tuple[Any, ...]] = found.annotate(**columns).values_list(*columns)
    return rows


def _released(people: set[UUID | None]) -> dict[UUID, list[tuple[datetime, datetime]]]:
    found: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for one in Release.objects.filter(person__in=people - {None}, is_free=True):
        found.setdefault(one.person_id, []).append((one.through, one.at))
    return found


def _states_of(
    row: Any, declaration: Declaration, told: dict[str, StateFact]
) -> tuple[set[str], dict[str, datetime]]:
    opened = {name for name, fact in told.items() if fact.is_open}
    ended = {
        name: fact.ended_at
        for name, fact in told.items()
        if not fact.is_open and fact.ended_at is not None
    }
    for name, path in declaration.states.items():
        opened.discard(name)
        ended.pop(name, None)
        there = _value(row, Path("", (), path.attributes[:-1])) if path.hops else row
        if there is None:
            continue
        moment = _value(row, path)
        if moment is None:
            opened.add(name)
        else:
            ended[name] = moment
    return opened, ended


def _conditions_met(work: Clockwork, rows: Sequence[models.Model]) -> dict[Any, frozenset[str]]:
    met: dict[Any, set[str]] = {}
    for word, condition in work.declaration.conditions.items():
        if word not in work.conditions:
            continue
        if isinstance(condition, Path):
            keys = [row.pk for row in rows if _value(row, condition) is not None]
        else:
            model: Any = apps.get_model(work.declaration.model)
            asked = model._base_manager.filter(condition, pk__in=[row.pk for row in rows])
            keys = list(asked.values_list("pk", flat=True))
        for key in keys:
            met.setdefault(key, set()).add(word)
    return {key: frozenset(words) for key, words in met.items()}


def _floors(holds: Iterable[Hold], people: dict[Any, UUID | None]) -> dict[Any, list[Floor]]:
    """Return the holds as floors, by the key of each row that they cover."""
    found: dict[Any, list[Floor]] = {}
    for hold in holds:
        ends = [end for end in (hold.ends_at, hold.released_at) if end is not None]
        until = min(ends, default=NEVER)
        floor = Floor(FloorClass.HARD, until, f"{HOLD}{hold.pk}", since=hold.starts_at)
        for key, person in people.items():
            if hold.covers(key, person):
                found.setdefault(key, []).append(floor)
    return found


# ---- the marks -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mark:
    """What the mark *is it true?* says of a retention rule."""

    rule: str
    covered: int
    """Parts that the rule concerns and that are there."""
    oldest: datetime | None
    """When the oldest of them was made."""
    overdue: int
    """Parts that should be gone."""
    overdue_since: datetime | None
    last_sweep: datetime | None

    @property
    def kept(self) -> bool:
        return self.overdue == 0 and self.last_sweep is not None


def overdue_now(*, now: datetime) -> tuple[Overdue, ...]:
    """Return what is due by the stored dates and still there, by rule; one query where nothing is.

    Unlike ``overdue`` it does not look at dates that wait to be computed: those go to the sweep.
    """
    from skola.promises.retention.actions.sweeps import left

    return left(clockworks(promises_in_force(now)), now)


def foreseen_today(*, now: datetime) -> dict[str, int]:
    """Return how many parts were foreseen for the local day of ``now`` before it began, by rule."""
    from skola.promises.retention.actions.breakers import allowances

    found = allowances(promises_in_force(now), now).by_rule
    return {rule: one.foreseen for rule, one in found.items()}


def last_seen(person_id: UUID) -> dict[str, datetime]:
    """Return when an account was opened and last used, by the word of the vocabulary."""
    events = ("account.created", "account.login", "account.last_action")
    found = Fact.objects.filter(person_id=person_id, event__in=events)
    return dict(found.order_by("event").values_list("event", "last_at"))


def last_sweep() -> Sweep | None:
    """Return the last sweep of the speaking tenant that was carried through."""
    return Sweep.objects.order_by("-swept_at").first()


def overdue(*, now: datetime) -> dict[str, tuple[int, datetime]]:
    """Return, per rule, how many parts should be gone by ``now`` and are not, and since when."""
    from skola.promises.retention.actions.sweeps import preview

    found: dict[str, tuple[int, datetime]] = {}
    for line in preview(now=now).lines:
        count, oldest = found.get(line.rule, (0, line.oldest))
        found[line.rule] = (count + line.count, min(oldest, line.oldest))
    return found


def facts_for_marks(rule_ids: Collection[str], *, now: datetime) -> dict[str, Mark]:
    """Return what the marks of these retention rules say, each computed from the live rows."""
    late, run, covered = overdue(now=now), last_sweep(), _covered(set(rule_ids), now)
    found = {}
    for rule in rule_ids:
        number, oldest = covered.get(rule, (0, None))
        count, since = late.get(rule, (0, None))
        found[rule] = Mark(rule, number, oldest, count, since, run.swept_at if run else None)
    return found


@reading_for(ENGINE)
def _covered(wanted: set[str], now: datetime) -> dict[str, tuple[int, datetime | None]]:
    """Return per rule how many parts it concerns and how old the oldest is; a query a table."""
    found: dict[str, tuple[int, datetime | None]] = {}
    with connection.cursor() as cursor:
        for work in clockworks(promises_in_force(now)):
            rules = sorted({rule.id for rule in work.ceilings} & wanted)
            if not rules:
                continue
            cursor.execute(statements.covered(work, current_id(), rules))
            told = cursor.fetchone() or ()
            for rule, count, first in zip(rules, told[::2], told[1::2], strict=True):
                before, oldest = found.get(rule, (0, None))
                earliest = min((one for one in (oldest, first) if one), default=None)
                found[rule] = (before + count, earliest)
    return found


@dataclass(frozen=True)
class Sealed:
    """What is kept for one purpose alone: how many parts of a category, and until when at most."""

    category: str
    purpose: str
    count: int
    until: datetime | None
    """None while nobody knows."""


@reading_for(ENGINE)
def sealed_now(*, now: datetime) -> list[Sealed]:
    """Return what is sealed at ``now``, by category and purpose, most first. One query."""
    asked = " union all ".join(
        statements.sealed(work, current_id(), now) for work in clockworks(promises_in_force(now))
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "select category, purpose, sum(number)::bigint, max(until)"
            f" from ({asked}) each group by 1, 2 order by 3 desc, 1, 2"
        )
        return [
            Sealed(category, purpose, count, until if until < NEVER else None)
            for category, purpose, count, until in cursor.fetchall()
        ]


@reading_for(ENGINE)
def uncovered(*, now: datetime) -> list[tuple[str, str]]:
    """Return (table, category) of rows that are held and for which the policy says no end."""
    promises = promises_in_force(now)
    found = []
    with connection.cursor() as cursor:
        for work in clockworks(promises):
            if all(rule.id == ERASURE for rule in work.ceilings):
                table = quoted(work.declaration.table)
                mine = of_tenant(work.declaration, current_id())
                cursor.execute(
                    f"select exists (select 1 from {table} where {mine}"
                    f" and coalesce({quoted(work.part.due)} < {literal(GONE)}, true))"
                )
                if cursor.fetchone()[0]:
                    found.append((work.declaration.table, work.part.category))
    return found
