"""The same terms as an expression over whole tables: when is each part due, and by which rule.

``rules.gone_at`` decides for one part in Python, this for a million in PostgreSQL; a test compares
the two on random rows. Everything written into the text is either a name of ours, quoted, or a
literal made here from typed values.

The expression is built in layers, each a subquery that the planner may not fold into the next
(``offset 0``), for otherwise every date would be computed once per comparison:

* ``told``: what the row itself says (moments, conditions), its key and its person;
* ``facts``: what is known of the person;
* ``ends``: each ceiling as ``k0, k1 …`` and each floor as ``f0, f1 …``; ceilings of an earlier
  version of the policy only for what was made under it, until the person is released;
* ``judged``: the first moment at which a ceiling has passed and no tolerated floor stands, put off
  by holds, and the rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models.sql import Query
from psycopg import ClientCursor

from skola.ground.db.purposes import CLAIMS
from skola.promises.inventory.api import Declaration, Part, Path
from skola.promises.policy.periods import Period, Unit, is_working_day
from skola.promises.retention.rules import LONG_AGO, NEVER, FloorClass
from skola.promises.retention.terms import (
    ALWAYS,
    CREATED,
    GRANTED,
    AfterEvents,
    AfterStates,
    Promises,
    Rule,
    Term,
    WhenErased,
    WhileStates,
    may_read,
    rules_for,
)

_CALENDAR_YEARS = (2014, 2040)
_LONG_AGO = "'-infinity'::timestamptz"


def quoted(name: str) -> str:
    """Return a name of ours as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Any) -> str:
    """Return a typed value as an SQL literal."""
    match value:
        case datetime():
            return f"'{value.isoformat()}'::timestamptz"
        case UUID():
            return f"'{value}'::uuid"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return "'" + value.replace("'", "''") + "'"
    raise TypeError(f"no literal for {type(value).__name__}")


_NEVER = literal(NEVER)


def after(moment: str, period: Period | None, promises: Promises) -> str:
    """Return the expression of ``periods.due``: the midnight after the last local day."""
    if period is None:
        return moment
    zone = literal(promises.timezone)
    match period.unit:
        case Unit.MINUTE | Unit.HOUR:
            return f"({moment} + interval '{period.amount} {period.unit}s')"
        case Unit.DAY | Unit.WEEK:
            days = period.amount * (7 if period.unit is Unit.WEEK else 1) + 1
            return (
                f"((({moment} at time zone {zone})::date + {days})::timestamp at time zone {zone})"
            )
        case Unit.MONTH | Unit.YEAR:
            span = f"interval '{period.amount} {period.unit}s'"
            last = f"(({moment} at time zone {zone})::date + {span})"
            return f"(({last}::date + 1)::timestamp at time zone {zone})"
        case Unit.WORKING_DAY:
            return _after_working_days(moment, period.amount, promises.calendar, zone)


def _after_working_days(moment: str, amount: int, calendar: str, zone: str) -> str:
    free = ",".join(f"'{day:%Y-%m-%d}'" for day in _free_weekdays(calendar))
    first = f"({moment} at time zone {zone})::date"
    return (
        f"(select (day::date + 1)::timestamp at time zone {zone}"
        f" from generate_series({first} + 1, {first} + {amount * 2 + 30}, interval '1 day') day"
        f" where extract(isodow from day) < 6 and day::date <> all (array[{free}]::date[])"
        f" order by day offset {amount - 1} limit 1)"
    )


@cache
def _free_weekdays(calendar: str) -> tuple[date, ...]:
    first, last = date(_CALENDAR_YEARS[0], 1, 1), date(_CALENDAR_YEARS[1], 12, 31)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(d for d in days if d.weekday() < 5 and not is_working_day(d, calendar))


@dataclass(frozen=True, eq=False)
class Clockwork:
    """The expressions for one part of one table under one policy."""

    declaration: Declaration
    part: Part
    promises: Promises

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that can matter: ceilings that can pass, floors that one of them tolerates."""
        every = rules_for(self.promises, self.part.category)
        possible = [
            rule
            for rule in every
            if rule.needs <= self._conditions_possible
            and (self.declaration.subject or not isinstance(rule.term, WhenErased))
        ]
        ceilings = [rule for rule in possible if rule.is_ceiling and not _is_endless(rule.term)]
        yields = frozenset[FloorClass]().union(*(rule.yields for rule in ceilings))
        tolerated = yields | {FloorClass.HARD}
        floors = [rule for rule in possible if rule.cls in tolerated and ceilings]
        return (*sorted(ceilings, key=lambda rule: rule.id), *floors)

    @cached_property
    def ceilings(self) -> list[Rule]:
        return [rule for rule in self.rules if rule.is_ceiling]

    @cached_property
    def floors(self) -> list[Rule]:
        return [rule for rule in self.rules if not rule.is_ceiling]

    @cached_property
    def _conditions_possible(self) -> frozenset[str]:
        """Conditions that can hold: those of the row, and those told of the person."""
        told = self.declaration.conditions
        if self.declaration.subject is None:
            return frozenset(told)
        every = rules_for(self.promises, self.part.category)
        return frozenset(told).union(*(rule.needs | rule.lacks for rule in every))

    @cached_property
    def digest(self) -> str:
        """A digest of everything on which the due dates depend, beside the facts."""
        zone = (self.promises.timezone, self.promises.calendar)
        told = (self.declaration.anchors, self.declaration.states, self.declaration.subject)
        rules = [replace(rule, clauses=()) for rule in self.rules]
        readers = sorted(
            (floor.id, sorted(may_read(self.promises, self.part.category, floor.cls, floor.id)))
            for floor in self.floors
            if floor.cls is not None
        )
        said = (rules, zone, told, _conditions_text(self), readers)
        return sha256(repr(said).encode()).hexdigest()

    def clauses(self, rule_id: str) -> tuple[str, ...]:
        """Return the clauses that a rule executes."""
        found = dict.fromkeys(c for r in self.ceilings if r.id == rule_id for c in r.clauses)
        return tuple(found)

    # ---- what is asked of the row and of the person

    @cached_property
    def events(self) -> tuple[str, ...]:
        """The events that the rules count from."""
        named = [e for r in self.rules if isinstance(r.term, AfterEvents) for e in r.term.events]
        erased = [GRANTED for r in self.rules if isinstance(r.term, WhenErased)]
        return tuple(dict.fromkeys([CREATED, *named, *erased]))

    @cached_property
    def states(self) -> tuple[str, ...]:
        """The states that the rules look at."""
        found: list[str] = []
        for rule in self.rules:
            if isinstance(rule.term, AfterStates | WhileStates):
                found += [state for state in rule.term.states if state != ALWAYS]
        return tuple(dict.fromkeys(found))

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """The conditions that the rules depend on."""
        return tuple(sorted({word for rule in self.rules for word in rule.needs | rule.lacks}))

    @cached_property
    def changes(self) -> tuple[datetime, ...]:
        """The changes of the policy from which a person can be released."""
        moments = [(rule.made_before, rule.made_after) for rule in self.ceilings]
        return tuple(sorted({moment for pair in moments for moment in pair if moment is not None}))

    @cached_property
    def person_events(self) -> tuple[str, ...]:
        """Events that the row does not tell: they are facts about its person."""
        if self.declaration.subject is None:
            return ()
        return tuple(one for one in self.events if one not in self.declaration.anchors)

    @cached_property
    def person_states(self) -> tuple[str, ...]:
        """States and conditions that the row does not tell."""
        if self.declaration.subject is None:
            return ()
        told = {*self.declaration.states, *self.declaration.conditions}
        return tuple(one for one in (*self.states, *self.conditions) if one not in told)

    # ---- layers

    def told(self) -> tuple[str, str]:
        """Return the select list and the joins of the first layer."""
        table = quoted(self.declaration.table)
        key = f"{table}.{quoted(self.declaration.key)} as key"
        columns, joins = [f"{table}.ctid as place", key], _Joins(self.declaration)
        if self.declaration.subject is not None:
            columns.append(f"{joins.reach(self.declaration.subject)} as person")
        for number, event in enumerate(self.events):
            if event in self.declaration.anchors:
                columns.append(f"{joins.reach(self.declaration.anchors[event])} as e{number}")
        for number, state in enumerate(self.states):
            if state in self.declaration.states:
                path = self.declaration.states[state]
                end = joins.reach(path)
                there = joins.is_there(path)
                columns.append(f"({there} and {end} is null) as o{number}, {end} as n{number}")
        for number, word in enumerate(self.conditions):
            if word in self.declaration.conditions:
                said = self.declaration.conditions[word]
                is_met = (
                    f"({joins.reach(said)} is not null)"
                    if isinstance(said, Path)
                    else _condition(self.declaration, word)
                )
                columns.append(f"coalesce({is_met}, false) as c{number}")
        return ", ".join(columns), joins.text

    def judged(self, told: str, *, holds: bool, extra: str = "", seals: bool = False) -> str:
        """Return the query that adds ``due`` and ``rule`` to the rows of ``told``.

        ``extra`` names further columns of ``told`` to pass on, each led by a comma. With ``seals``
        it adds ``seal`` and ``kept``, too: from when the part is sealed, and for which purposes it
        may be read from then on, each until when.
        The text is long and always the same, so it is written once.
        """
        asked = (told, holds, extra, seals)
        if asked not in self._written:
            self._written[asked] = self._write(told, holds=holds, extra=extra, seals=seals)
        return self._written[asked]

    @cached_property
    def _written(self) -> dict[tuple[str, bool, str, bool], str]:
        return {}

    def _write(self, told: str, *, holds: bool, extra: str, seals: bool) -> str:
        base = f"told.place, told.key{extra}"
        if self.declaration.subject is not None:
            base += ", told.person"
        if not self.ceilings:
            none = ", null::timestamptz as seal, null::jsonb as kept" if seals else ""
            return f"select {base}, {_NEVER} as due, ''::text as rule{none} from {told} told"
        passed_on = base.replace("told.", "x.")
        ends = ", ".join(
            [f"{self._end(rule)} as k{n}" for n, rule in enumerate(self.ceilings)]
            + [f"{self._end(rule)} as f{n}" for n, rule in enumerate(self.floors)]
        )
        facts, joins = self.facts()
        known = f"select told.*{facts} from {told} told{joins} offset 0"
        ended = f"select {passed_on}, {ends} from ({known}) x offset 0"
        names = "".join(f", x.k{n}" for n in range(len(self.ceilings)))
        floors = range(len(self.floors)) if seals else self._new_laws
        names += "".join(f", x.f{n}" for n in floors)
        first = f"select {passed_on}{names}, {self._gone()} as due from ({ended}) x offset 0"
        if holds:
            first = f"select {passed_on}{names}, {self._put_off()} as due from ({first}) x offset 0"
        said = f"{self._rule()} as rule{self._sealed(holds=holds) if seals else ''}"
        return f"select {passed_on}, x.due, {said} from ({first}) x"

    def facts(self) -> tuple[str, str]:
        """Return what is known of the person: columns to add to ``told``, and their joins."""
        columns, joins = "", ""
        if self.person_events:
            picked = ", ".join(
                f"max(fact.last_at) filter (where fact.event = {literal(event)})"
                f" as e{self.events.index(event)}"
                for event in self.person_events
            )
            columns += ", facts.*"
            joins += self._lateral("retention_fact", "fact", picked, "facts")
        if self.person_states:
            picked = ", ".join(
                "coalesce(bool_or(fact.is_open) filter"
                f" (where fact.state = {literal(word)}), false) as {self._open(word)},"
                f" max(fact.ended_at) filter (where fact.state = {literal(word)}"
                f" and not fact.is_open) as {self._ended(word)}"
                for word in self.person_states
            )
            columns += ", states.*"
            joins += self._lateral("retention_statefact", "fact", picked, "states")
        if self.changes and self.declaration.subject is not None:
            picked = ", ".join(
                f"min(greatest(fact.at, {literal(change)}))"
                f" filter (where fact.through >= {literal(change)} and fact.is_free) as r{number}"
                for number, change in enumerate(self.changes)
            )
            columns += ", freed.*"
            joins += self._lateral("retention_release", "fact", picked, "freed")
        return columns, joins

    @staticmethod
    def _lateral(table: str, alias: str, picked: str, name: str) -> str:
        return (
            f" left join lateral (select {picked} from {table} {alias}"
            f" where {alias}.tenant_id = (select current_setting('skola.tenant')::uuid)"
            f" and {alias}.person_id = told.person) {name} on true"
        )

    def _open(self, word: str) -> str:
        if word in self.conditions:
            return f"c{self.conditions.index(word)}"
        return f"o{self.states.index(word)}"

    def _ended(self, word: str) -> str:
        if word in self.conditions:
            return f"cn{self.conditions.index(word)}"
        return f"n{self.states.index(word)}"

    # ---- names of columns between the layers

    def _k(self, number: int) -> str:
        """The end of a ceiling's term."""
        return f"x.k{number}"

    def _f(self, number: int) -> str:
        """The end of a floor's term."""
        return f"x.f{number}"

    @property
    def _due(self) -> str:
        return "x.due"

    def _name(self, rule: Rule | None) -> str:
        """How a rule is called in the answer; None is no rule."""
        return literal(rule.id if rule else "")

    # ---- the end of each term

    def _after(self, moment: str, period: Period | None) -> str:
        return after(moment, period, self.promises)

    def _event(self, name: str) -> str | None:
        """The moment of an event, with the same guesses as ``Known.event``; None if never known."""
        created = f"x.e{self.events.index(CREATED)}"
        known = name in self.declaration.anchors or name in self.person_events
        own = f"x.e{self.events.index(name)}" if known else None
        if name == "account.created":
            return f"coalesce({own}, {created})" if own else created
        if name == "fiscal_year.end":
            zone = literal(self.promises.timezone)
            year = f"date_trunc('year', {created} at time zone {zone})"
            end = f"(({year} + interval '1 year' - interval '12 hours') at time zone {zone})"
            return f"coalesce({own}, {end})" if own else end
        return own

    def _end(self, rule: Rule) -> str:
        """The end of a rule's term; never null: ``NEVER`` or long ago where it says nothing."""
        missing = _NEVER if rule.is_ceiling else _LONG_AGO
        if not rule.is_ceiling and rule.pending and isinstance(rule.term, AfterEvents):
            end = f"coalesce({self._bare_end(rule.term)}, {_NEVER})"
        else:
            end = f"coalesce({self._bare_end(rule.term)}, {missing})"
        if rule.is_ceiling and rule.since > LONG_AGO:
            end = f"greatest({end}, {literal(rule.since)})"
        if rule.made_after is not None:
            end = self._later_for_older(end, rule.made_after)
        if rule.till < NEVER:
            end = f"least({end}, {literal(rule.till)})"
        tests = [test for test in (self._concerns(rule), *self._binds(rule, end)) if test]
        return f"case when {' and '.join(tests)} then {end} else {missing} end" if tests else end

    def _binds(self, rule: Rule, end: str) -> Iterator[str]:
        """The tests whether a ceiling of an earlier version binds a row."""
        made, can_be_freed = (
            f"x.e{self.events.index(CREATED)}",
            self.declaration.subject is not None,
        )
        if rule.made_before is not None:
            yield f"{made} < {literal(rule.made_before)}"
            if rule.frees_all:
                yield f"{end} < {literal(rule.made_before)}"
            elif can_be_freed:
                freed = f"x.r{self.changes.index(rule.made_before)}"
                yield f"({freed} is null or {end} < {freed})"

    def _later_for_older(self, end: str, change: datetime) -> str:
        """The end by a ceiling that reaches what was made before it only for who accepts it."""
        freed = _NEVER
        if self.declaration.subject is not None:
            column = f"x.r{self.changes.index(change)}"
            freed = f"greatest({end}, coalesce({column}, {_NEVER}))"
        made = f"x.e{self.events.index(CREATED)}"
        return f"case when {made} >= {literal(change)} then {end} else {freed} end"

    def _concerns(self, rule: Rule) -> str:
        """The test whether a rule speaks of a row; empty where it speaks of all."""
        lacks = rule.lacks & self._conditions_possible
        tests = [f"x.c{self.conditions.index(word)}" for word in sorted(rule.needs)]
        tests += [f"not x.c{self.conditions.index(word)}" for word in sorted(lacks)]
        return " and ".join(tests)

    def concerned(self, rule_id: str) -> str:
        """Return the test whether a retention rule speaks of a row of ``facts``."""
        tests = [self._concerns(rule) for rule in self.ceilings if rule.id == rule_id]
        return " or ".join(f"({test or 'true'})" for test in tests) or "false"

    def _bare_end(self, term: Term) -> str:
        match term:
            case AfterEvents(events, period):
                known = [at for at in map(self._event, events) if at is not None]
                if not known:
                    return "null::timestamptz"
                return self._after(f"greatest({', '.join(known)})", period)
            case AfterStates(states, period):
                ends = [f"x.{self._ended(one)}" for one in states if self._is_known(one)]
                last = ", ".join([*ends, f"x.e{self.events.index(CREATED)}"])
                end = self._after(f"greatest({last})", period)
                return self._unless_open(states, end)
            case WhileStates(states):
                ends = [f"x.{self._ended(one)}" for one in states if self._is_known(one)]
                return self._unless_open(states, f"greatest({', '.join(ends)})" if ends else "null")
            case WhenErased():
                granted, created = self._event(GRANTED), f"x.e{self.events.index(CREATED)}"
                if granted is None:
                    return "null::timestamptz"
                return f"case when {granted} >= {created} then {granted} end"

    def _is_known(self, state: str) -> bool:
        return state in self.declaration.states or state in self.person_states

    def _unless_open(self, states: tuple[str, ...], end: str) -> str:
        if ALWAYS in states:
            return _NEVER
        opened = [f"x.{self._open(one)}" for one in states if self._is_known(one)]
        return f"case when {' or '.join(opened)} then {_NEVER} else {end} end" if opened else end

    # ---- the judgement

    def _gone(self) -> str:
        candidates = [self._k(n) for n in range(len(self.ceilings))]
        if len(candidates) == 1 and not self.floors:
            return candidates[0]
        candidates += [self._f(n) for n in range(len(self.floors))]
        tried = ", ".join(f"case when {self._is_gone(at)} then {at} end" for at in candidates)
        return f"coalesce(least({tried}), {_NEVER})"

    def _is_gone(self, at: str) -> str:
        """The test whether a part is gone at ``at``; what is plain of ``at`` itself is left out."""
        ends = [self._k(n) for n in range(len(self.ceilings))]
        tests = [f"{at} < {_NEVER}"]
        if at not in ends:
            tests.append("(" + " or ".join(f"{end} <= {at}" for end in ends) + ")")
        tests += [f"not ({test})" for _, test in self._reasons(at, ">") if test != "false"]
        return " and ".join(tests)

    def _reasons(self, at: str, beyond: str) -> Iterator[tuple[Rule, str]]:
        """Each reason to keep a part, and the test whether it stands at a moment.

        ``beyond`` is ``>`` for the moment itself, ``>=`` for the last one before it.
        """
        reasons: dict[tuple[FloorClass | None, str], list[int]] = {}
        for number, floor in enumerate(self.floors):
            if floor.cls is FloorClass.HARD:
                begun = ">=" if beyond == ">" else ">"
                test = self._beyond(self._f(number), at, beyond)
                if floor.since > LONG_AGO and test != "false":
                    test += f" and {at} {begun} {literal(floor.since)}"
                yield floor, test
            else:
                reasons.setdefault((floor.cls, floor.id), []).append(number)
        for numbers in reasons.values():
            yield self.floors[numbers[0]], self._justifies(numbers, at, beyond)

    def _justifies(self, numbers: list[int], at: str, beyond: str) -> str:
        """The test whether a reason to keep, given by these soft floors, keeps a part at a moment.

        It does where every version with a passed ceiling has it standing, and all of that version's
        passed ceilings tolerate it.
        """
        cls, versions = self.floors[numbers[0]].cls, {rule.version for rule in self.ceilings}
        tests = []
        for version in sorted(versions):
            ceilings = [(n, k) for n, k in enumerate(self.ceilings) if k.version == version]
            floors = [n for n in numbers if self.floors[n].version == version]
            own = [self._beyond(self._f(n), at, beyond) for n in floors]
            own = [test for test in own if test != "false"]
            quiet = [self._beyond(self._k(n), at, beyond) for n, _ in ceilings]
            stands = [f"({' or '.join(own)})"] if own else ["false"]
            stands += [
                self._beyond(self._k(n), at, beyond)
                for n, ceiling in ceilings
                if cls not in ceiling.yields
            ]
            kept = "false" if "false" in stands else " and ".join(stands)
            if len(versions) > 1 and "false" not in quiet:
                kept = f"({' and '.join(quiet)} or ({kept}))"
            if kept == "false":
                return kept
            tests.append(kept)
        return " and ".join(tests)

    @staticmethod
    def _beyond(end: str, at: str, beyond: str) -> str:
        """The test whether an end lies beyond a moment."""
        return "false" if end == at and beyond == ">" else f"{end} {beyond} {at}"

    def _sealed(self, *, holds: bool) -> str:
        """The columns ``seal`` and ``kept``, each led by a comma; null where nothing is sealed.

        A part is sealed from its first ceiling on, unless it is gone then.
        """
        first = f"least({', '.join(self._k(n) for n in range(len(self.ceilings)))})"
        ends = self._reading_ends(first, holds=holds)
        if not ends:
            return ", null::timestamptz as seal, null::jsonb as kept"
        pairs = ", ".join(
            f"{literal(word)}, case when {end} > {first} then {end} end"
            for word, end in sorted(ends.items())
        )
        kept = f"jsonb_strip_nulls(jsonb_build_object({pairs}))"
        is_sealed = f"case when {first} < {self._due} then"
        return f", {is_sealed} {first} end as seal, {is_sealed} {kept} end as kept"

    def _reading_ends(self, first: str, *, holds: bool) -> dict[str, str]:
        """Until when a sealed part may be read for each purpose."""
        found: dict[str, list[str]] = {}
        reasons: dict[tuple[FloorClass, str], list[int]] = {}
        for number, floor in enumerate(self.floors):
            assert floor.cls is not None
            reasons.setdefault((floor.cls, floor.id), []).append(number)
        for (cls, name), numbers in reasons.items():
            end = self._reason_ends(cls, numbers)
            for word in may_read(self.promises, self.part.category, cls, name):
                found.setdefault(word, []).append(end)
        if holds:
            until = f"least(h.ends_at, h.released_at, {_NEVER})"
            held = f"select max({until}) from retention_hold h where ({self._held_by()})"
            found.setdefault(CLAIMS, []).append(f"coalesce(({held}), {first})")
        return {word: f"greatest({', '.join(ends)})" for word, ends in found.items()}

    def _reason_ends(self, cls: FloorClass, numbers: list[int]) -> str:
        """When a reason ceases to keep a sealed part.

        Law keeps it to its end. Any other reason has to be given by each version with a passed
        ceiling, and to be tolerated by all of that version's passed ceilings.
        """
        if cls is FloorClass.HARD:
            return f"greatest({', '.join(self._f(n) for n in numbers)})"
        ends = []
        for version in sorted({rule.version for rule in self.ceilings}):
            ceilings = [(n, k) for n, k in enumerate(self.ceilings) if k.version == version]
            begins = f"least({', '.join(self._k(n) for n, _ in ceilings)})"
            own = [self._f(n) for n in numbers if self.floors[n].version == version]
            stops = [self._k(n) for n, ceiling in ceilings if cls not in ceiling.yields]
            if not own:
                ends.append(begins)
                continue
            last = ", ".join([f"greatest({', '.join(own)})", *stops])
            ends.append(f"greatest({begins}, least({last}))")
        return f"least({', '.join(ends)})"

    def _put_off(self) -> str:
        """The due date after holds: the first moment from it on that no hold covers."""
        due, until = self._due, f"least(h.ends_at, h.released_at, {_NEVER})"
        holds = f"from retention_hold h where ({self._held_by()})"
        laws = "".join(f" union all select {self._f(n)}" for n in self._new_laws)
        lawful = "".join(
            f" and not (c.at >= {literal(self.floors[n].since)} and {self._f(n)} > c.at)"
            for n in self._new_laws
        )
        return (
            f"case when {due} < {_NEVER} and exists (select 1 {holds} and h.starts_at <= {due}"
            f" and {until} > {due}) then (select min(c.at) from (select {until} as at {holds}{laws}"
            f") c where c.at > {due} and not exists (select 1 {holds}"
            f" and h.starts_at <= c.at and {until} > c.at){lawful}) else {due} end"
        )

    def _held_by(self) -> str:
        """The test that a hold covers the part."""
        scope = f"h.object_table = {literal(self.declaration.table)} and h.object_id = x.key"
        if self.declaration.subject is not None:
            category = literal(self.part.category)
            scope = f"(h.person_id = x.person and h.category in ('', {category})) or ({scope})"
        of_all = "h.person_id is null and h.object_id is null"
        return scope + f" or ({of_all} and h.category = {literal(self.part.category)})"

    @property
    def _new_laws(self) -> list[int]:
        """Floors that began with a change of law: what a hold kept until then, they keep on."""
        return [number for number, floor in enumerate(self.floors) if floor.since > LONG_AGO]

    def _rule(self) -> str:
        """The strongest action among the ceilings passed, of these the earliest, then by id."""
        ceilings = list(enumerate(self.ceilings))
        due, none = self._due, self._name(None)
        if len({rule.id for rule in self.ceilings}) == 1:
            return f"case when {due} < {_NEVER} then {self._name(self.ceilings[0])} else {none} end"
        whens = []
        for action in sorted({rule.action for rule in self.ceilings}, reverse=True):
            same = [number for number, rule in ceilings if rule.action == action]
            first = f"least({', '.join(self._k(n) for n in same)})"
            picks = " ".join(
                f"when {self._k(n)} = {first} then {self._name(self.ceilings[n])}" for n in same
            )
            whens.append(f"when {first} <= {due} then case {picks} end")
        return f"case when {due} >= {_NEVER} then {none} {' '.join(whens)} else {none} end"


def _is_endless(term: Term) -> bool:
    return isinstance(term, AfterStates) and ALWAYS in term.states


def _condition(declaration: Declaration, word: str) -> str:
    """A condition of the row as SQL, made by Django from its ``Q``."""
    model = apps.get_model(declaration.model)
    query = Query(model)
    compiler = query.get_compiler(connection=connection)
    text, values = compiler.compile(query.build_where(declaration.conditions[word]))
    connection.ensure_connection()
    return f"({ClientCursor(connection.connection).mogrify(text, values)})"


def _conditions_text(clockwork: Clockwork) -> str:
    said = clockwork.declaration.conditions
    return repr(sorted((word, repr(said[word])) for word in clockwork.conditions if word in said))


class _Joins:
    """The left joins that reach what lies along foreign keys, each made once."""

    def __init__(self, declaration: Declaration) -> None:
        self._table = quoted(declaration.table)
        self._made: dict[tuple[object, ...], str] = {}
        self.text = ""

    def reach(self, path: Path) -> str:
        """Return the expression of what a path leads to."""
        return f"{self._walk(path)}.{quoted(path.column)}"

    def is_there(self, path: Path) -> str:
        """Return the test whether the row at the end of a path exists."""
        alias = self._walk(path)
        return f"{alias}.{quoted(path.hops[-1].key)} is not null" if path.hops else "true"

    def _walk(self, path: Path) -> str:
        alias = self._table
        for depth in range(len(path.hops)):
            steps: tuple[object, ...] = path.hops[: depth + 1]
            if steps not in self._made:
                hop, name = path.hops[depth], f"hop{len(self._made)}"
                self.text += (
                    f" left join {quoted(hop.table)} {name}"
                    f" on {name}.{quoted(hop.key)} = {alias}.{quoted(hop.column)}"
                    f" and {name}.tenant_id = {self._table}.tenant_id"
                )
                self._made[steps] = name
            alias = self._made[steps]
        return alias
