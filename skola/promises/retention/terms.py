"""From a policy to floors and ceilings: first as terms of a category, then as facts of one part.

The terms of a category follow from the policy alone. ``moments`` reads them against what is known
of one part; ``sql`` turns the same terms into an expression over whole tables.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from skola.ground.db.purposes import CLAIMS
from skola.promises.policy.canonical import policy_hash
from skola.promises.policy.periods import Period, Word, due, parse_term
from skola.promises.policy.schema import Latest, Purpose, Retention
from skola.promises.policy.schema import Policy as PolicyFile
from skola.promises.retention.rules import (
    LONG_AGO,
    NEVER,
    Action,
    Ceiling,
    Due,
    Floor,
    FloorClass,
    gone_at,
)

CREATED = "record.created"
ERASURE = "erasure"
"""The rule of a granted erasure, which stands beside those of the policy."""
GRANTED = "erasure.granted"
ALWAYS = "always"
ANY_PURPOSE = "any purpose alive"
HOLD = "hold:"
"""What the name of a floor begins with that is a legal hold."""


@dataclass(frozen=True, eq=False)
class Promises:
    """What the engine needs of a policy. Equal only to itself, so that clocks can be kept by it."""

    purposes: tuple[Purpose, ...]
    retention: tuple[Retention, ...]
    timezone: str
    calendar: str = ""
    version: str = ""
    digest: str = ""
    erasure_clauses: tuple[str, ...] = ()
    """The clauses that give the right of erasure."""
    effective: datetime = LONG_AGO
    """From when it binds."""
    lengthens_all: bool = False
    """Whether it told people that a longer promise may reach what was collected under it."""
    shortens_new_only: bool = False
    """Whether its shorter terms reach only what is collected under it."""
    earlier: tuple["Promises", ...] = ()
    """The versions before it, oldest first: what was collected under them keeps their promise."""

    @property
    def every(self) -> tuple["Promises", ...]:
        """All versions up to this one, oldest first."""
        return (*self.earlier, self)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def categories(self) -> frozenset[str]:
        """The categories for which the policy says how long."""
        return frozenset(category for rule in self.retention for category in rule.categories)


def promises_of(policy: PolicyFile, earlier: tuple[Promises, ...] = ()) -> Promises:
    """Take from a policy, under its laws, what the engine needs; ``earlier`` is oldest first."""
    return Promises(
        purposes=tuple(policy.purpose),
        retention=tuple(policy.retention),
        timezone=policy.policy.timezone,
        calendar=policy.policy.calendar,
        version=policy.policy.version,
        digest=policy_hash(policy),
        effective=policy.policy.effective,
        lengthens_all=policy.change.on_lengthen == "all-data",
        shortens_new_only=policy.change.on_shorten == "collected-after",
        earlier=earlier,
        erasure_clauses=tuple(
            clause for right in policy.right if "erasure" in right.kinds for clause in right.clause
        ),
    )


# ---- terms ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AfterEvents:
    """A period after the latest of these events; ``period`` None means at once."""

    events: tuple[str, ...]
    period: Period | None


@dataclass(frozen=True)
class AfterStates:
    """A period after the last of these states ended; one that never began ended at the start."""

    states: tuple[str, ...]
    period: Period | None


@dataclass(frozen=True)
class WhileStates:
    """For as long as one of these states is open."""

    states: tuple[str, ...]


@dataclass(frozen=True)
class WhenErased:
    """At once when the person's erasure is granted, for what was there by then."""


Term = AfterEvents | AfterStates | WhileStates | WhenErased


@dataclass(frozen=True)
class Rule:
    """One floor or ceiling of a category, for parts with all of ``needs`` and none of ``lacks``."""

    id: str
    clauses: tuple[str, ...]
    term: Term
    cls: FloorClass | None = None
    """Of a floor; None for a ceiling."""
    action: Action = Action.ERASE
    yields: frozenset[FloorClass] = field(default_factory=frozenset)
    pending: bool = True
    """Whether a floor stands before its event has happened."""
    needs: frozenset[str] = field(default_factory=frozenset)
    lacks: frozenset[str] = field(default_factory=frozenset)
    version: int = 0
    """Which version promises it: 0 is the newest, 1 the one before that says something else."""
    since: datetime = LONG_AGO
    """When it began to bind: nothing moves before. A ceiling ends nothing earlier."""
    till: datetime = NEVER
    """When it ceased to bind: the law of a floor was changed."""
    made_before: datetime | None = None
    """It ends only what was made before, and whose person has not accepted a later promise."""
    frees_all: bool = False
    """Whether everybody is released by the change: people were told that it may reach back."""
    made_after: datetime | None = None
    """It ends only what was made from then on, or whose person has accepted it."""

    @property
    def is_ceiling(self) -> bool:
        return self.cls is None


def rules_for(promises: Promises, category: str) -> tuple[Rule, ...]:
    """Return the floors and ceilings of a category, of every version that still has a say.

    Those of the newest version come first, as version 0. An earlier version has a say over what was
    collected under it or before, where it promised something else (``on_lengthen``), until the
    person is released from it; nothing that a later version says counts before it took effect.
    Floors that are law stand as long as the law of their time.

    A purpose is a floor while one of its states is open; ``always`` is none, for what never ends
    can end nothing: such a purpose is bounded by its ceilings. A ceiling that only restricts ends
    nothing either, and is the business of the read gate. A granted erasure is a ceiling of every
    category, and yields to ``hard`` floors only. Raises BadPeriod for a term without a number.
    """
    sayings = _sayings(promises, category)
    erasure = _erasure(promises, category)
    if len(sayings) == 1:
        return (*sayings[0].rules, erasure)
    found: list[Rule] = []
    for number, saying in enumerate(reversed(sayings)):
        later = sayings[len(sayings) - number] if number else None
        found += [
            replace(
                rule,
                version=number,
                since=saying.since,
                made_before=later.since if later else None,
                frees_all=not saying.is_kept,
                made_after=saying.made_after,
            )
            for rule in saying.rules
            if rule.is_ceiling
        ]
        found += [replace(rule, version=number) for rule in saying.rules if _is_soft(rule)]
    return (*found, *_laws(sayings), erasure)


@dataclass(frozen=True)
class _Saying:
    """What one or several successive versions say of a category, all the same."""

    rules: tuple[Rule, ...]
    since: datetime
    made_after: datetime | None
    """From when it binds what is made, where it does not reach back."""
    is_kept: bool
    """Whether what was collected under it keeps its promise after a change."""


def _sayings(promises: Promises, category: str) -> list[_Saying]:
    """Return what the versions say, oldest first; versions that say the same are one."""
    found: list[_Saying] = []
    versions = promises.every
    bounded = any(rule.is_ceiling for one in versions for rule in _of_retention(one, category))
    for number, one in enumerate(versions):
        later = versions[number + 1] if number + 1 < len(versions) else None
        kept = not one.lengthens_all or (later is not None and later.shortens_new_only)
        rules = _of_retention(one, category)
        if bounded:
            rules = tuple(dict.fromkeys([*rules, *_purpose_floors(one, category)]))
        if found and _is_same(found[-1].rules, rules):
            found[-1] = replace(found[-1], rules=rules, is_kept=kept)
            continue
        after = one.effective if one.shortens_new_only and found else None
        since = one.effective if found else LONG_AGO
        found.append(_Saying(rules, since, after, kept))
    return found


def _is_soft(rule: Rule) -> bool:
    return not rule.is_ceiling and rule.cls is not FloorClass.HARD


def _is_same(one: tuple[Rule, ...], other: tuple[Rule, ...]) -> bool:
    """Whether two versions promise the same of a category, in whatever words."""
    return _matter(one) == _matter(other)


def _matter(rules: tuple[Rule, ...]) -> set[Rule]:
    """What of the rules decides: ceilings, law, and floors that a ceiling gives way to."""
    yields = frozenset[FloorClass]().union(*(rule.yields for rule in rules)) | {FloorClass.HARD}
    return {
        replace(rule, id="", clauses=()) for rule in rules if rule.is_ceiling or rule.cls in yields
    }


def _laws(sayings: list[_Saying]) -> Iterator[Rule]:
    """Hard floors, each from when to when the versions had it."""
    running: dict[Rule, Rule] = {}
    for saying in sayings:
        own = {
            replace(rule, id="", clauses=()): rule
            for rule in saying.rules
            if rule.cls is FloorClass.HARD
        }
        for key in [key for key in running if key not in own]:
            yield replace(running.pop(key), till=saying.since)
        for key, rule in own.items():
            begun = running[key].since if key in running else saying.since
            running[key] = replace(rule, since=begun)
    yield from running.values()


def _of_retention(promises: Promises, category: str) -> tuple[Rule, ...]:
    """Return what the retention rules of one version say of a category."""
    found: list[Rule] = []
    for rule in promises.retention:
        if category in rule.categories:
            found += _terms(promises, rule, category)
        for other in promises.retention:
            exception = other.except_
            if exception and exception.use == rule.id and category in other.categories:
                here = frozenset({exception.linked_to})
                found += [
                    replace(term, needs=term.needs | here)
                    for term in _terms(promises, rule, category)
                ]
    return tuple(dict.fromkeys(found))


def _erasure(promises: Promises, category: str) -> Rule:
    """The ceiling of a granted erasure.

    It brings forward the mildest end that the policy gives the category: what it lets stay without
    its author stays then, too.
    """
    ends = [
        Action.of(end.action)
        for rule in promises.retention
        if category in rule.categories
        for end in (rule.at_most, rule.then)
        if end is not None and Action.of(end.action) > Action.RESTRICT
    ]
    action = min(ends, default=Action.ERASE)
    return Rule(ERASURE, promises.erasure_clauses, WhenErased(), action=action)


def _terms(promises: Promises, rule: Retention, category: str) -> Iterator[Rule]:
    """The floors and ceilings of a rule; where a setting may replace its terms, those as well.

    A record of which the setting is true ends at the moment that the setting names, and none of
    the rule's own terms but the backstop speaks of it. What is law stays as it is.
    """
    if rule.override is None:
        yield from _own_terms(promises, rule, category)
        return
    by = rule.override.by
    for term in _own_terms(promises, rule, category):
        is_law = term.cls is FloorClass.HARD
        if is_law or not isinstance(term.term, AfterEvents) or _is_backstop(rule, term):
            yield term
            continue
        yield replace(term, lacks=term.lacks | {by})
        yield replace(term, needs=term.needs | {by}, term=AfterEvents((by,), None))


def _is_backstop(rule: Retention, term: Rule) -> bool:
    """Whether a ceiling is the backstop: the only one that gives way to nothing but law."""
    if rule.backstop is None:
        return False
    after = AfterEvents(_events(rule.backstop.after), _period(rule.backstop.period))
    return term.is_ceiling and not term.yields and term.term == after


def _own_terms(promises: Promises, rule: Retention, category: str) -> Iterator[Rule]:
    base = Rule(
        id=rule.id,
        clauses=tuple(rule.clause),
        term=WhileStates(()),
        needs=frozenset({rule.only_if} - {""}),
        lacks=frozenset({rule.except_.linked_to} if rule.except_ else set()),
    )
    if rule.keep_while:
        every = rule.keep_while == ANY_PURPOSE
        states = _states_of(promises, category) if every else tuple(rule.keep_while)
        within = _period(rule.then.within) if rule.then else _period("1 day")
        action = Action.of(rule.then.action) if rule.then else Action.ERASE
        yield replace(base, term=AfterStates(states, within), action=action)
        ending = tuple(state for state in states if state != ALWAYS)
        if not every and ending:
            yield replace(base, term=WhileStates(ending), cls=FloorClass.PURPOSE)
    if rule.at_least and rule.at_least.while_:
        kept = WhileStates((rule.at_least.while_,))
        yield replace(base, term=kept, cls=FloorClass(rule.at_least.class_))
    elif rule.at_least and rule.at_least.after:
        yield replace(
            base,
            term=AfterEvents(_events(rule.at_least.after), _period(rule.at_least.period)),
            cls=FloorClass(rule.at_least.class_),
            pending=rule.at_least.pending,
        )
    if rule.at_most and Action.of(rule.at_most.action) > Action.RESTRICT:
        yield replace(
            base,
            term=AfterEvents(_events(rule.at_most.after), _period(rule.at_most.period)),
            action=Action.of(rule.at_most.action),
            yields=frozenset(FloorClass(word) for word in rule.at_most.yields_to),
        )
    if rule.backstop:
        yield replace(
            base,
            term=AfterEvents(_events(rule.backstop.after), _period(rule.backstop.period)),
        )


def _events(after: str | Latest) -> tuple[str, ...]:
    return tuple(after.latest) if isinstance(after, Latest) else (after,)


def _period(text: str) -> Period | None:
    found = parse_term(text, words=frozenset({Word.AT_ONCE}))
    return found if isinstance(found, Period) else None


def _states_of(promises: Promises, category: str) -> tuple[str, ...]:
    purposes = (one for one in promises.purposes if category in one.categories)
    return tuple(dict.fromkeys(state for one in purposes for state in one.alive_while))


def _purpose_floors(promises: Promises, category: str) -> Iterator[Rule]:
    for purpose in promises.purposes:
        states = tuple(state for state in purpose.alive_while if state != ALWAYS)
        if category in purpose.categories and states:
            yield Rule(
                id=purpose.id,
                clauses=tuple(purpose.clause),
                term=WhileStates(states),
                cls=usual_class(purpose),
            )


def usual_class(purpose: Purpose) -> FloorClass:
    """Return how strong a reason to keep a purpose is: as it says, or by its legal basis."""
    usual = {"legal-obligation": FloorClass.HARD, "contract": FloorClass.CONTRACT}
    if purpose.class_:
        return FloorClass(purpose.class_)
    return usual.get(purpose.basis.kind, FloorClass.PURPOSE)


def may_read(promises: Promises, category: str, cls: FloorClass, name: str) -> frozenset[str]:
    """Return the purposes for which a part may be read while this reason alone keeps it.

    A purpose keeps it for itself. A rule's term and a legal hold name no purpose: a term stands for
    the purposes of the category that are as strong, and a hold, like whatever is kept for claims,
    for raising or answering one.
    """
    if name.startswith(HOLD):
        return frozenset({CLAIMS})
    purposes = [one for one in promises.purposes if category in one.categories]
    found = {name}
    if all(one.id != name for one in purposes):
        found |= {one.id for one in purposes if usual_class(one) is cls}
    if cls is FloorClass.CLAIM:
        found.add(CLAIMS)
    return frozenset(found)


# ---- facts of one part ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """What is known of one part."""

    events: Mapping[str, datetime]
    """The latest moment of each event that has happened, ``record.created`` among them."""
    ended: Mapping[str, datetime] = field(default_factory=dict)
    """States that were open and are not: when they ended."""
    opened: frozenset[str] = frozenset()
    """States that are open."""
    conditions: frozenset[str] = frozenset()
    holds: tuple[Floor, ...] = ()
    released: tuple[tuple[datetime, datetime], ...] = ()
    """Versions whose longer promise holds for the person: when each took effect, and since when."""

    def released_from(self, changed_at: datetime) -> datetime | None:
        """Return since when the person is released from the promise that ended at ``changed_at``.

        Never earlier than the change itself. None while they are not.
        """
        moments = [max(at, changed_at) for through, at in self.released if through >= changed_at]
        return min(moments, default=None)

    def event(self, name: str, zone: ZoneInfo) -> datetime | None:
        """Return when this happened last, as far as it is known.

        Where nothing tells: of a person without an account, the account is as old as the record; a
        financial year ends with the calendar year.
        """
        if name in self.events:
            return self.events[name]
        created = self.events[CREATED]
        if name == "account.created":
            return created
        if name == "fiscal_year.end":
            year = created.astimezone(zone).year
            return datetime(year, 12, 31, 12, tzinfo=zone).astimezone(UTC)
        return None


def ceiling_at(rule: Rule, known: Known, promises: Promises) -> datetime:
    """Return when a ceiling passes for a part; ``NEVER`` while it does not run or does not bind.

    What was kept for a floor when its person was released stays under the promise that sealed it.
    """
    at = max(end_of(rule.term, known, promises) or NEVER, rule.since)
    created = known.events[CREATED]
    if rule.made_after is not None and created < rule.made_after:
        at = max(at, known.released_from(rule.made_after) or NEVER)
    if rule.made_before is not None:
        freed = rule.made_before if rule.frees_all else known.released_from(rule.made_before)
        if created >= rule.made_before or (freed is not None and at >= freed):
            return NEVER
    return at


def concerns(rule: Rule, conditions: frozenset[str]) -> bool:
    """Whether a rule speaks of a part for which these conditions hold."""
    return rule.needs <= conditions and not rule.lacks & conditions


def end_of(term: Term, known: Known, promises: Promises) -> datetime | None:
    """Return when a term ends: ``NEVER`` while a state is open, None where it has not begun."""
    match term:
        case AfterEvents(events, period):
            moments = [known.event(event, promises.zone) for event in events]
            happened = [moment for moment in moments if moment is not None]
            return _add(max(happened), period, promises) if happened else None
        case AfterStates(states, period):
            if _any_open(states, known):
                return NEVER
            last = max((known.ended.get(one, LONG_AGO) for one in states), default=LONG_AGO)
            return _add(max(last, known.events[CREATED]), period, promises)
        case WhileStates(states):
            if _any_open(states, known):
                return NEVER
            return max((known.ended[one] for one in states if one in known.ended), default=None)
        case WhenErased():
            granted = known.events.get(GRANTED)
            return granted if granted and granted >= known.events[CREATED] else None


def _any_open(states: Iterable[str], known: Known) -> bool:
    return any(state == ALWAYS or state in known.opened for state in states)


def _add(anchor: datetime, period: Period | None, promises: Promises) -> datetime:
    if period is None:
        return anchor
    return due(anchor, period, promises.zone, promises.calendar)


def moments(
    rules: Iterable[Rule], known: Known, promises: Promises
) -> tuple[list[Floor], list[Ceiling]]:
    """Return the floors and ceilings of one part."""
    floors, ceilings = list(known.holds), []
    for rule in rules:
        if not concerns(rule, known.conditions):
            continue
        if rule.cls is None:
            at = ceiling_at(rule, known, promises)
            ceilings.append(Ceiling(at, rule.action, rule.yields, rule.id, rule.version))
            continue
        end = end_of(rule.term, known, promises)
        if end is None and rule.pending and isinstance(rule.term, AfterEvents):
            end = NEVER
        if end is not None:
            until = min(end, rule.till)
            floors.append(Floor(rule.cls, until, rule.id, rule.since, rule.version))
    return floors, ceilings


def due_of(rules: Iterable[Rule], known: Known, promises: Promises) -> Due | None:
    """Return when a part of which this is known has to be gone, or None for never."""
    return gone_at(*moments(rules, known, promises))
