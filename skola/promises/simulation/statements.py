"""One reading of one table that judges every row under several policies, and counts by month.

Layers as in ``retention.sql``: what the rows tell and what is known of their people, then one
judgement after another, then what follows from them: when a part goes under the policy in force and
under the changed one, and while what it is stuck. The counts are made in the database.

What is known of people is read once for all tables, into ``FACTS``, a table of this transaction
alone. An account that goes closes by that: when it does is written there, too, for each side.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from skola.promises.inventory.api import Declaration
from skola.promises.policy.periods import Period, Unit
from skola.promises.retention.rows import of_tenant
from skola.promises.retention.rules import GONE, NEVER, FloorClass
from skola.promises.retention.sql import Clockwork, literal, quoted
from skola.promises.retention.terms import Rule
from skola.promises.simulation.rules import HOLD, Months

FACTS = "simulation_facts"
TOLD = "simulation_told"
ACCOUNTS = "people_account"
"""The table whose rows close something when they go: see ``retention.triggers``."""
ACCOUNT_OPEN = "account.open"
_STRENGTH = [*FloorClass]


@dataclass(frozen=True)
class Words:
    """What any of the terms looks at of people: events, states, and releases from old promises."""

    events: tuple[str, ...]
    states: tuple[str, ...]
    changes: tuple[datetime, ...] = ()

    @classmethod
    def of(cls, works: Iterable[Clockwork]) -> "Words":
        events: dict[str, None] = {}
        states: dict[str, None] = {}
        changes: dict[datetime, None] = {}
        for work in works:
            events.update(dict.fromkeys(work.person_events))
            states.update(dict.fromkeys(work.person_states))
            changes.update(dict.fromkeys(work.changes))
        return cls(tuple(events), tuple(states), tuple(changes))


def gather(words: Words) -> list[str]:
    """Return the statements that make ``FACTS``, a row a person, and ``TOLD``, empty."""
    mine = "tenant_id = (select current_setting('skola.tenant')::uuid)"
    events = "".join(
        f", max(last_at) filter (where event = {literal(word)}) as v{n}"
        for n, word in enumerate(words.events)
    )
    states = "".join(
        f", bool_or(is_open) filter (where state = {literal(word)}) as o{n}"
        f", max(ended_at) filter (where state = {literal(word)} and not is_open) as n{n}"
        for n, word in enumerate(words.states)
    )
    releases = "".join(
        f", min(greatest(at, {literal(change)}))"
        f" filter (where through >= {literal(change)} and is_free) as r{n}"
        for n, change in enumerate(words.changes)
    )
    names = [f"v{n}" for n in range(len(words.events))]
    names += [f"r{n}" for n in range(len(words.changes))]
    names += [f"{letter}{n}" for n in range(len(words.states)) for letter in "on"]
    return [
        f"create temporary table {FACTS} on commit drop as"
        f" select {', '.join(['person_id as person', *names])},"
        " null::timestamptz as gone0, null::timestamptz as gone1"
        f" from (select person_id{events} from retention_fact"
        f" where {mine} and event in ({_list(words.events)}) group by person_id) e"
        f" full join (select person_id{states} from retention_statefact"
        f" where {mine} and state in ({_list(words.states)}) group by person_id) s"
        " using (person_id)"
        f" full join (select person_id{releases} from retention_release"
        f" where {mine} and {'true' if words.changes else 'false'} group by person_id) r"
        " using (person_id)",
        f"analyze {FACTS}",
        f"create temporary table {TOLD} (person uuid primary key) on commit drop",
    ]


def _list(words: Sequence[str]) -> str:
    return ", ".join(map(literal, words)) or "null"


@dataclass(frozen=True, eq=False)
class Beside(Clockwork):
    """A clock that reads the same columns as its company, so that one reading serves them all."""

    company: tuple[Clockwork, ...] = ()
    zone: str = ""
    """The time zone of the session: days of that zone need no conversion by name."""
    side: int = 0
    """Whose account's end it looks at: 0 under the policies as they are, 1 under the changed."""
    number: int = 0
    """Which of the judgements of its reading it is."""
    ends: dict[str, str] = field(default_factory=dict)
    """The ends of terms, as expressions, and their columns: shared, so each is computed once."""
    codes: dict[str, int] = field(default_factory=lambda: {"": 0, HOLD: 1})
    """Numbers that stand for rules and purposes while rows are counted; shared, too."""

    @cached_property
    def events(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for work in self.company for word in work.events))

    @cached_property
    def states(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for work in self.company for word in work.states))

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        return tuple(sorted({word for work in self.company for word in work.conditions}))

    @cached_property
    def changes(self) -> tuple[datetime, ...]:
        return tuple(sorted({change for work in self.company for change in work.changes}))

    @property
    def follows_account(self) -> bool:
        """Whether it depends on the account's end, and the account is not what it judges."""
        return ACCOUNT_OPEN in self.person_states and self.declaration.table != ACCOUNTS

    def _open(self, word: str) -> str:
        if word == ACCOUNT_OPEN and self.follows_account:
            return f"ao{self.side}"
        return super()._open(word)

    def _ended(self, word: str) -> str:
        if word == ACCOUNT_OPEN and self.follows_account:
            return f"an{self.side}"
        return super()._ended(word)

    # ---- layers

    def known(self, tenant: str, words: Words) -> tuple[str, list[str]]:
        """Return the query of what is known of each row, and the names of its columns."""
        columns, joins = self.told()
        table = quoted(self.declaration.table)
        due = f"{table}.{quoted(self.part.due)}"
        there = f"coalesce({due} < {literal(GONE)}, true)"
        told = f"select {columns} from {table}{joins} where {tenant} and {there}"
        names = ["key", *self._told_names]
        if self.declaration.subject is None:
            return f"select {_of('told', names)} from ({told}) told", names
        names.insert(1, "person")
        facts = dict(self._person_columns(words))
        added = "".join(f", {text} as {name}" for name, text in facts.items())
        text = (
            f"select {_of('told', names)}{added} from ({told}) told"
            f" left join {FACTS} fact on fact.person = told.person offset 0"
        )
        return text, [*names, *facts]

    @property
    def _told_names(self) -> list[str]:
        one = self.declaration
        names = [f"e{n}" for n, word in enumerate(self.events) if word in one.anchors]
        for n, word in enumerate(self.states):
            if word in one.states:
                names += [f"o{n}", f"n{n}"]
        return names + [f"c{n}" for n, word in enumerate(self.conditions) if word in one.conditions]

    def _person_columns(self, words: Words) -> Iterable[tuple[str, str]]:
        for word in self.person_events:
            yield f"e{self.events.index(word)}", f"fact.v{words.events.index(word)}"
        for n, change in enumerate(self.changes):
            yield f"r{n}", f"fact.r{words.changes.index(change)}"
        for word in self.person_states:
            at = words.states.index(word)
            yield super()._open(word), f"coalesce(fact.o{at}, false)"
            yield super()._ended(word), f"fact.n{at}"
            if word == ACCOUNT_OPEN and self.follows_account:
                for side in (0, 1):
                    gone = f"fact.gone{side}"
                    closes = f"{gone} < {literal(NEVER)}"
                    yield f"ao{side}", f"coalesce(fact.o{at} and ({closes}) is not true, false)"
                    yield (
                        f"an{side}",
                        f"case when fact.o{at} and {closes} then {gone} else fact.n{at} end",
                    )

    # ---- what the expressions of a clock refer to

    def _k(self, number: int) -> str:
        return self._column(self.ceilings[number])

    def _f(self, number: int) -> str:
        return self._column(self.floors[number])

    def _column(self, rule: Rule) -> str:
        text = self._end(rule)
        return f"x.{self.ends.setdefault(text, f't{len(self.ends)}')}"

    @property
    def _due(self) -> str:
        return f"x.due{self.number}"

    def _name(self, rule: Rule | None) -> str:
        return str(self.codes.setdefault(rule.id if rule else "", len(self.codes)))

    def _after(self, moment: str, period: Period | None) -> str:
        if period is None or self.promises.timezone != self.zone:
            return super()._after(moment, period)
        match period.unit:
            case Unit.DAY | Unit.WEEK:
                days = period.amount * (7 if period.unit is Unit.WEEK else 1) + 1
                return f"(({moment})::date + {days})::timestamptz"
            case Unit.MONTH | Unit.YEAR:
                span = f"interval '{period.amount} {period.unit}s'"
                return f"((({moment})::date + {span})::date + 1)::timestamptz"
        return super()._after(moment, period)

    # ---- the judgement

    def first(self) -> str:
        """When the first ceiling passes."""
        ends = ", ".join(self._k(n) for n in range(len(self.ceilings)))
        return f"least({ends})" if ends else _NEVER

    def gone(self) -> str:
        """When the part is gone, holds apart."""
        return self._gone() if self.ceilings else _NEVER

    def put_off(self) -> str:
        """The same after holds, which are looked for only where there can be one."""
        table = literal(self.declaration.table)
        category = literal(self.part.category)
        tests = [
            f"x.key in (select object_id from retention_hold where object_table = {table})",
            "exists (select 1 from retention_hold where person_id is null and object_id is null"
            f" and category = {category})",
        ]
        if self.declaration.subject is not None:
            tests.append(
                "x.person in (select person_id from retention_hold"
                f" where person_id is not null and category in ('', {category}))"
            )
        return f"case when {' or '.join(tests)} then {self._put_off()} else {self._due} end"

    def rule(self) -> str:
        """The code of the rule by which it goes."""
        return self._rule() if self.ceilings else self._name(None)

    def behind(self, *, holds: bool) -> str:
        """The ceiling that passed first and the floor that keeps the part to the last, as one code.

        Null where the part is never stuck. Of ceilings that pass together the first by name counts;
        of floors that stand until the end, the strongest; a hold counts before all of them.
        """
        if not self.ceilings:
            return "null::int"
        number = self.number
        ceiling = " ".join(
            f"when {self._k(n)} = x.first{number} then {self._name(rule)}"
            for n, rule in enumerate(self.ceilings)
        )
        whens = []
        if holds:
            whens.append(f"when x.bare{number} <> {self._due} then {self.codes[HOLD]}")
        reasons = sorted(self._reasons(self._due, ">="), key=lambda pair: _strength(pair[0]))
        whens += [f"when {test} then {self._name(floor)}" for floor, test in reasons]
        floor_ = f"case {' '.join(whens)} else 0 end" if whens else "0"
        return (
            f"case when x.first{number} < {self._due}"
            f" then (case {ceiling} end) * {CODES} + {floor_} end"
        )


CODES = 1024
"""More than a policy has rules and purposes."""
MONTHS = 256
"""More than a simulation has months."""
_NEVER = literal(NEVER)


def _strength(floor: Rule) -> int:
    return _STRENGTH.index(floor.cls or FloorClass.PURPOSE)


def _of(alias: str, names: Iterable[str]) -> str:
    return ", ".join(f"{alias}.{name}" for name in names)


@dataclass(frozen=True)
class Span:
    """From when to when a judgement counts, under one of the sides."""

    judgement: int
    since: datetime
    until: datetime


Side = tuple[Span, ...]


@dataclass(frozen=True, eq=False)
class Reading:
    """One reading of one part of one table: its judgements, and for each side, which counts when.

    With one side the change says nothing of this part.
    """

    works: tuple[Beside, ...]
    sides: tuple[Side, ...]
    words: Words
    months: Months
    holds: bool

    @property
    def declaration(self) -> Declaration:
        return self.works[0].declaration

    @property
    def names(self) -> list[str]:
        """What the codes stand for."""
        return list(self.works[0].codes)

    @property
    def has_person(self) -> bool:
        return self.declaration.subject is not None

    def _judged(self, tenant: UUID) -> tuple[str, list[str]]:
        """Return the query of ``due0``, ``first0`` and ``behind0`` of each judgement of each row.

        And the names of its columns: those, the ends of terms, and the person.
        """
        first = self.works[0]
        text, _ = first.known(of_tenant(self.declaration, tenant), self.words)
        names = ["person"] if self.has_person else ["key"]
        names += ["key"] if self.has_person and self.holds else []
        gone = "".join(
            f", {work.first()} as first{n}, {work.gone()} as due{n}"
            for n, work in enumerate(self.works)
        )
        for work in self.works:  # every end that is asked for later has its column by then
            work.rule(), work.behind(holds=self.holds)
        ends = "".join(f", {end} as {name}" for end, name in first.ends.items())
        text = f"select {_of('x', names)}{ends} from ({text}) x offset 0"
        names += first.ends.values()
        text = f"select {_of('x', names)}{gone} from ({text}) x offset 0"
        names += [f"first{n}" for n in range(len(self.works))]
        dues = [f"due{n}" for n in range(len(self.works))]
        if self.holds:
            put_off = "".join(
                f", x.due{n} as bare{n}, {work.put_off()} as due{n}"
                for n, work in enumerate(self.works)
            )
            text = f"select {_of('x', names)}{put_off} from ({text}) x offset 0"
            names += [f"bare{n}" for n in range(len(self.works))]
        return text, [*names, *dues]

    def outcome(self, tenant: UUID) -> str:
        """Return the query of what becomes of each row under each side: when it goes."""
        text, _ = self._judged(tenant)
        goes = "".join(
            f", {self._first(side, self._goes)} as goes{n}" for n, side in enumerate(self.sides)
        )
        return f"select x.person{goes} from ({text}) x offset 0"

    def _first(self, side: Side, value: Callable[[Span], str]) -> str:
        """What is said by the first span in which the part goes, else by the last."""
        *earlier, last = side
        whens = " ".join(
            f"when x.due{span.judgement} < {literal(span.until)} then {value(span)}"
            for span in earlier
        )
        return f"case {whens} else {value(last)} end" if whens else value(last)

    def _goes(self, span: Span) -> str:
        return f"greatest(x.due{span.judgement}, {literal(self._begin(span))})"

    def _by(self, span: Span) -> str:
        return self.works[span.judgement].rule()

    def _held(self, span: Span) -> str:
        return f"x.bare{span.judgement} <> x.due{span.judgement}" if self.holds else "false"

    def _begin(self, span: Span) -> datetime:
        return max(span.since, self.months.now)

    # ---- counting

    @property
    def _edges(self) -> str:
        moments = [*self.months.starts, self.months.until, NEVER]
        return "'{" + ",".join(at.isoformat() for at in moments) + "}'::timestamptz[]"

    def _month(self, moment: str) -> str:
        """The number of a month from 1; one more than there are is later, two more is never."""
        return f"width_bucket({moment}, {self._edges})"

    @cached_property
    def _stays(self) -> list[tuple[int, str, Span]]:
        """Every span in which a part can be stuck: its side, the column of its code, itself."""
        return [
            (number, f"s{number}_{at}", span)
            for number, side in enumerate(self.sides)
            for at, span in enumerate(side)
        ]

    def _keys(self) -> dict[str, str]:
        """The columns by which rows are counted, each several small numbers in one."""
        found = {}
        for n, side in enumerate(self.sides):
            rule = f"({self._first(side, self._by)})::bigint"
            held = f"case when {self._first(side, self._held)} then 1 else 0 end"
            month = self._month(f"x.goes{n}")
            found[f"g{n}"] = f"({rule} * 2 + {held}) * {MONTHS} + {month}"
        if len(self.sides) > 1:
            found["moved"] = (
                "case when x.goes1 < x.goes0 then -1 when x.goes1 > x.goes0 then 1 else 0 end"
            )
        before: Span | None = None
        for side_number, name, span in self._stays:
            test, begin, end = self._stuck(side_number, span)
            goes_on = "0"
            if before is not None and before.until == span.since:
                same = f"x.behind{before.judgement} = x.behind{span.judgement}"
                test_before = self._stuck(side_number, before)[0]
                goes_on = f"case when {test_before} and {same} then 1 else 0 end"
            before = span
            code = f"(x.behind{span.judgement}::bigint * 2 + {goes_on}) * {MONTHS}"
            code = f"({code} + {self._month(begin)}) * {MONTHS} + {self._month(end)}"
            found[name] = f"case when {test} then {code} end"
        return found

    def _stuck(self, side: int, span: Span) -> tuple[str, str, str]:
        """The test whether a part is stuck in a span, and from when to when it is."""
        number = span.judgement
        begin = f"greatest(x.first{number}, {literal(self._begin(span))})"
        end = f"least(x.goes{side}, {literal(span.until)})"
        return f"x.behind{number} is not null and {begin} < {end}", begin, end

    def counted(self, tenant: UUID) -> str:
        """Return the statement that counts the rows.

        It returns (kind, side, code, month, count, three further counts, moment), and adds to
        ``TOLD`` the people of whom a part goes at another moment.
        """
        text, names = self._judged(tenant)
        both = range(len(self.sides))
        goes = "".join(f", {self._first(self.sides[n], self._goes)} as goes{n}" for n in both)
        behind = "".join(
            f", {work.behind(holds=self.holds)} as behind{n}" for n, work in enumerate(self.works)
        )
        text = f"select {_of('x', names)}{goes}{behind} from ({text}) x offset 0"
        keys = self._keys()
        columns = [f"{value} as {name}" for name, value in keys.items()]
        columns += [f"x.goes{n}" for n in both]
        told = ""
        if len(self.sides) > 1 and self.has_person:
            columns.append("x.person")
            told = (
                f" told as (insert into {TOLD} select distinct person from o"
                " where moved <> 0 and person is not null on conflict do nothing),"
            )
        latest = ", ".join(f"max(goes{n}) as latest{n}" for n in both)
        return (
            f"with o as {'' if told else 'not '}materialized"
            f" (select {', '.join(columns)} from ({text}) x),{told}"
            f" g as materialized (select {', '.join(keys)}, count(*) as n, {latest} from o"
            f" group by {', '.join(keys)}) {' union all '.join(self._sums())}"
        )

    def _sums(self) -> Iterator[str]:
        never = len(self.months) + 2
        no, nothing = "null::numeric", "null::numeric"
        before, after = f"(g0 % {MONTHS})", f"(g1 % {MONTHS})"
        if len(self.sides) == 1:
            yield (
                f"select 'goes', 0, g0 / {2 * MONTHS}, {before}, sum(n), {no}, {no}, {no},"
                f" {nothing} from g group by 3, 4"
            )
        else:
            yield (
                f"select 'goes', 0, g0 / {2 * MONTHS}, {before}, sum(n),"
                " sum(n) filter (where moved < 0),"
                f" sum(n) filter (where moved > 0 and {after} < {never}),"
                f" sum(n) filter (where moved > 0 and {after} = {never}), {nothing}"
                " from g group by 3, 4"
            )
            yield (
                f"select 'goes', 1, g1 / {2 * MONTHS}, {after}, sum(n),"
                f" sum(n) filter (where moved < 0 and {before} = {never}), {no}, {no}, {nothing}"
                " from g group by 3, 4"
            )
        for side in range(len(self.sides)):
            yield (
                f"select 'held', {side}, 0, 0, sum(n), {no}, {no}, {no}, {nothing}"
                f" from g where g{side} / {MONTHS} % 2 = 1 having sum(n) > 0"
            )
        for side, name, _ in self._stays:
            pair, goes_on = f"{name} / {2 * MONTHS * MONTHS}", f"{name} / {MONTHS * MONTHS} % 2 = 1"
            for kind, month in (
                ("begin", f"{name} / {MONTHS} % {MONTHS}"),
                ("end", f"{name} % {MONTHS}"),
            ):
                yield (
                    f"select '{kind}', {side}, {pair}, {month}, sum(n),"
                    f" sum(n) filter (where {goes_on}), {no}, {no},"
                    f" extract(epoch from max(latest{side})) from g where {name} is not null"
                    " group by 3, 4"
                )


def close_accounts(reading: Reading, tenant: UUID) -> str:
    """Return the statement that writes into ``FACTS`` when each account goes, for each side."""
    second = f"o.goes{len(reading.sides) - 1}"
    return (
        f"update {FACTS} fact set gone0 = o.goes0, gone1 = {second}"
        f" from ({reading.outcome(tenant)}) o where o.person = fact.person"
    )
