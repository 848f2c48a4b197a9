"""What the law adds to a policy: shorter deadlines, longer floors, ages. It may only tighten.

One file a legal order, ``law/EU.toml``, ``law/LV.toml`` … A policy names those it stands under,
widest first. ``apply`` returns the policy as it is executed, with a list of what the law changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from skola.promises.policy import schema
from skola.promises.policy.periods import (
    Deadline,
    Period,
    Term,
    Word,
    compare,
    deadline,
    parse,
    parse_term,
)
from skola.promises.policy.problems import PolicyError, Problem
from skola.promises.policy.schema import Text
from skola.promises.policy.source import read

LAW_FOLDER = Path(__file__).parents[3] / "law"


class LawTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of an overlay; ``law`` is where it is written."""

    law: str


class RightDeadline(LawTable, frozen=True, kw_only=True):
    """``[[deadline]]``: by when requests of these kinds are answered at the latest."""

    kinds: list[str]
    period: str
    extension: str


class RightsNamed(LawTable, frozen=True, kw_only=True):
    """``[rights]``: the rights that people have, whether or not a policy names them."""

    kinds: list[str]


class Age(LawTable, frozen=True, kw_only=True):
    """``[age]``: from which age a person consents alone, and is of age."""

    consent: int
    majority: int


class LegalFloor(LawTable, frozen=True, kw_only=True):
    """``[[floor]]``: data of this category are kept at least so long."""

    category: str
    period: str
    after: str


class Breach(LawTable, frozen=True, kw_only=True):
    """``[breach]``: by when a breach is reported, from knowing of it."""

    notify_within: str


class CookieLaw(LawTable, frozen=True, kw_only=True):
    """``[cookies]``: what stands until somebody chooses, and how the choice is offered."""

    default: str
    equal_buttons: bool


class LegalAuthority(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[[authority]]``: the supervisory authority of the country."""

    id: str
    name: Text
    address: str
    email: str
    website: str


class Act(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[[act]]``: the name of a law."""

    id: str
    name: Text


class Overlay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one legal order demands."""

    schema: str
    code: str
    name: Text
    confirmed: bool
    """Whether counsel has confirmed these data."""
    deadline: list[RightDeadline] = []
    rights: RightsNamed | None = None
    age: Age | None = None
    floor: list[LegalFloor] = []
    breach: Breach | None = None
    cookies: CookieLaw | None = None
    authority: list[LegalAuthority] = []
    act: list[Act] = []


@dataclass(frozen=True, slots=True)
class Tightened:
    """One thing that the law changed: where, from what, to what, and which law."""

    table: str
    key: str
    was: str
    becomes: str
    law: str


@dataclass(frozen=True, slots=True)
class Effective:
    """A policy as it is executed under its laws."""

    policy: schema.Policy
    laws: tuple[Overlay, ...]
    changed: tuple[Tightened, ...]

    @property
    def consent_age(self) -> int:
        """From how many years on a person consents alone (GDPR Art. 8)."""
        return _age(self.laws).consent

    @property
    def majority(self) -> int:
        """From how many years on a person is of age."""
        return _age(self.laws).majority

    @property
    def breach_notice(self) -> Period:
        """Within what time the authority is told of a breach, from knowing of it."""
        terms = [parse(law.breach.notify_within) for law in self.laws if law.breach]
        return min(terms, key=lambda term: term.longest_days)

    @property
    def rights(self) -> frozenset[str]:
        """What a person may ask for: what the policy grants, and what the law gives besides."""
        granted = {kind for right in self.policy.right for kind in right.kinds}
        return frozenset(granted.union(*(law.rights.kinds for law in self.laws if law.rights)))

    def answer_terms(self, kind: str) -> tuple[Term, ...]:
        """The terms within which a request of a kind is answered; the earliest end binds.

        There may be two, because "30 days" and "1 month" are shorter by turns.
        """
        promised = [
            parse_right(right.deadline) for right in self.policy.right if kind in right.kinds
        ]
        legal = [
            parse(each.period) for law in self.laws for each in law.deadline if kind in each.kinds
        ]
        return _shortest([*promised, *legal])

    def answer_by(self, kind: str, received: datetime) -> Deadline:
        """By when a request of ``kind`` is answered that came at ``received``.

        "At once" aims at the moment of receipt itself and is late when the law's term has ended.
        Raises LookupError when neither policy nor law sets a term for this kind.
        """
        zone = ZoneInfo(self.policy.policy.timezone)
        terms = self.answer_terms(kind)
        ends = [
            deadline(received, term, zone, self.policy.policy.calendar)
            for term in terms
            if isinstance(term, Period)
        ]
        if not ends:
            raise LookupError(f'neither policy nor law says by when "{kind}" is answered')
        first = min(ends, key=lambda end: end.limit)
        target = min(ends, key=lambda end: end.target)
        if Word.AT_ONCE in terms:
            on = received.astimezone(zone).date()
            return Deadline(on, first.limit_on, received, first.limit)
        return Deadline(target.target_on, first.limit_on, target.target, first.limit)

    def extension(self, kind: str) -> Period | None:
        """How much longer an answer may take once, with reasons; None when not at all."""
        for right in self.policy.right:
            if kind in right.kinds:
                return parse(right.extendable) if right.extendable else None
        return None


def parse_right(text: str) -> Term:
    """The term of a right: a period, "at once" or "law"."""
    return parse_term(text, words=frozenset({Word.AT_ONCE, Word.LAW}))


def _shortest(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Without "law", and without terms that are never shorter than another."""
    kept: list[Term] = []
    for term in terms:
        if term is Word.LAW or any(
            compare(one, term) in (0, -1) for one in kept if one != Word.AT_ONCE
        ):
            continue
        kept = [one for one in kept if compare(one, term) != 1]
        kept.append(term)
    return tuple(kept)


@cache
def _load(path: Path, changed_at: int) -> Overlay:
    source = read(path)
    try:
        return msgspec.convert(source.raw, Overlay)
    except msgspec.ValidationError as error:
        problem = Problem(
            str(path), "", "", str(error), "The structs of overlays.py say what fits."
        )
        raise PolicyError([problem]) from None


def load_overlays(codes: Sequence[str], folder: Path = LAW_FOLDER) -> tuple[Overlay, ...]:
    """The overlays a policy names, in its order. Raises PolicyError when one is missing or bad."""
    found = []
    for code in codes:
        path = folder / f"{code}.toml"
        found.append(_load(path, path.stat().st_mtime_ns if path.exists() else 0))
    return tuple(found)


def apply(policy: schema.Policy, overlays: Sequence[Overlay]) -> Effective:
    """The policy as it is executed. Applying twice changes nothing more.

    Raises PolicyError when the policy refers to a term of the law that no overlay sets.
    """
    changed: list[Tightened] = []
    policy = _rights(policy, overlays, changed)
    policy = _decisions(policy, overlays, changed)
    policy = _ages(policy, overlays, changed)
    policy = _floors(policy, overlays, changed)
    policy = _cookies(policy, overlays, changed)
    policy = _authorities(policy, overlays, changed)
    return Effective(policy, tuple(overlays), tuple(changed))


def _age(overlays: Sequence[Overlay]) -> Age:
    """The ages that hold: those of the narrowest law that sets any, which may go below the EU's."""
    own = [law.age for law in overlays if law.age]
    return own[-1] if own else Age(consent=16, majority=18, law="GDPR Art. 8(1)")


def _legal_term(kinds: Sequence[str], overlays: Sequence[Overlay]) -> RightDeadline | None:
    found = [
        each for law in overlays for each in law.deadline if set(each.kinds).intersection(kinds)
    ]
    return min(found, key=lambda each: parse(each.period).longest_days, default=None)


def _rights(
    policy: schema.Policy, overlays: Sequence[Overlay], changed: list[Tightened]
) -> schema.Policy:
    rights = []
    for right in policy.right:
        title = f'[[right]] "{", ".join(right.kinds)}"'
        legal = _legal_term(right.kinds, overlays)
        if legal is not None:
            right = _right(right, legal, title, changed)
        rights.append(right)
    named = {kind for right in rights for kind in right.kinds}
    for law in overlays:
        missing = [kind for kind in law.rights.kinds if kind not in named] if law.rights else []
        legal = _legal_term(missing, overlays)
        if law.rights and missing and legal:
            added = schema.Right(kinds=missing, deadline=legal.period, extendable=legal.extension)
            rights.append(added)
            named.update(missing)
            changed.append(
                Tightened("[[right]]", "kinds", "not named", ", ".join(missing), law.rights.law)
            )
    return replace(policy, right=rights)


def _right(
    right: schema.Right, legal: RightDeadline, title: str, changed: list[Tightened]
) -> schema.Right:
    longest = parse(legal.period)
    promised = parse_right(right.deadline)
    if promised is Word.LAW or compare(promised, longest) == 1:
        changed.append(Tightened(title, "deadline", right.deadline, legal.period, legal.law))
        right = replace(right, deadline=legal.period)
    if right.extendable:
        extension = parse_term(right.extendable, words=frozenset({Word.LAW}))
        if extension is Word.LAW or compare(extension, parse(legal.extension)) == 1:
            changed.append(
                Tightened(title, "extendable", right.extendable, legal.extension, legal.law)
            )
            right = replace(right, extendable=legal.extension)
    return right


def _decisions(
    policy: schema.Policy, overlays: Sequence[Overlay], changed: list[Tightened]
) -> schema.Policy:
    legal = _legal_term(["review"], overlays)
    decisions = []
    for decision in policy.automated:
        term = parse_right(decision.review_deadline)
        if legal and (term is Word.LAW or compare(term, parse(legal.period)) == 1):
            changed.append(
                Tightened(
                    f'[[automated]] "{decision.id}"',
                    "review_deadline",
                    decision.review_deadline,
                    legal.period,
                    legal.law,
                )
            )
            decision = replace(decision, review_deadline=legal.period)
        decisions.append(decision)
    return replace(policy, automated=decisions)


def _ages(
    policy: schema.Policy, overlays: Sequence[Overlay], changed: list[Tightened]
) -> schema.Policy:
    legal = _age(overlays)
    own = policy.minors.age
    if isinstance(own, int) and own >= legal.consent:
        return policy
    changed.append(Tightened("[minors]", "age", str(own), str(legal.consent), legal.law))
    return replace(policy, minors=replace(policy.minors, age=legal.consent))


def _floors(
    policy: schema.Policy, overlays: Sequence[Overlay], changed: list[Tightened]
) -> schema.Policy:
    floors = [(law.code, floor) for law in overlays for floor in law.floor]
    rules = [_resolved(rule, [floor for _, floor in floors], changed) for rule in policy.retention]
    held = {category.id for category in policy.category}
    for code, floor in floors:
        if floor.category not in held or any(_keeps(rule, floor) for rule in rules):
            continue
        rules.append(
            schema.Retention(
                id=f"law.{code.lower()}.{floor.category}",
                categories=[floor.category],
                at_least=schema.Floor(
                    period=floor.period, after=floor.after, class_="hard", law=floor.law
                ),
            )
        )
        changed.append(
            Tightened(
                f'[[category]] "{floor.category}"',
                "at_least",
                _own_floor(policy, floor),
                f"{floor.period} after {floor.after}",
                floor.law,
            )
        )
    return replace(policy, retention=rules)


def _resolved(
    rule: schema.Retention, floors: Sequence[LegalFloor], changed: list[Tightened]
) -> schema.Retention:
    """A rule whose floor is "law", with the term that the law sets."""
    if rule.at_least is None or rule.at_least.period != "law":
        return rule
    title = f'[[retention]] "{rule.id}"'
    legal = next((floor for floor in floors if floor.category in rule.categories), None)
    if legal is None:
        raise PolicyError(
            [
                Problem(
                    "",
                    title,
                    "at_least.period",
                    f'no law sets a term for {", ".join(rule.categories)}, so "law" has no number',
                    "Write the period.",
                )
            ]
        )
    changed.append(
        Tightened(title, "at_least", "law", f"{legal.period} after {legal.after}", legal.law)
    )
    own = replace(
        rule.at_least, period=legal.period, after=legal.after, class_="hard", law=legal.law
    )
    return replace(rule, at_least=own)


def _keeps(rule: schema.Retention, floor: LegalFloor) -> bool:
    own = rule.at_least
    return (
        own is not None
        and floor.category in rule.categories
        and own.class_ == "hard"
        and own.after == floor.after
        and not rule.only_if
        and rule.except_ is None
        and bool(own.period)
        and compare(parse(own.period), parse(floor.period)) in (0, 1)
    )


def _own_floor(policy: schema.Policy, floor: LegalFloor) -> str:
    own = [
        f"{rule.at_least.period} after {rule.at_least.after}"
        for rule in policy.retention
        if rule.at_least
        and rule.at_least.period
        and isinstance(rule.at_least.after, str)
        and floor.category in rule.categories
    ]
    return ", ".join(own) or "none"


def _cookies(
    policy: schema.Policy, overlays: Sequence[Overlay], changed: list[Tightened]
) -> schema.Policy:
    cookies = policy.cookies
    for law in overlays:
        if law.cookies is None:
            continue
        if cookies.default != law.cookies.default:
            changed.append(
                Tightened(
                    "[cookies]", "default", cookies.default, law.cookies.default, law.cookies.law
                )
            )
            cookies = replace(cookies, default=law.cookies.default)
        if law.cookies.equal_buttons and not cookies.equal_buttons:
            changed.append(
                Tightened("[cookies]", "equal_buttons", "false", "true", law.cookies.law)
            )
            cookies = replace(cookies, equal_buttons=True)
    return replace(policy, cookies=cookies)


def _authorities(
    policy: schema.Policy, overlays: Sequence[Overlay], changed: list[Tightened]
) -> schema.Policy:
    if any("complaint" in authority.for_ for authority in policy.authority):
        return policy
    taken = {authority.id for authority in policy.authority}
    added = [
        schema.Authority(
            id=each.id,
            name={code: each.name[code] for code in policy.policy.languages},
            address=each.address,
            email=each.email,
            website=each.website,
        )
        for law in overlays
        for each in law.authority
        if each.id not in taken
    ]
    changed.extend(
        Tightened("[[authority]]", each.id, "not named", each.website, "GDPR Art. 13(2)(d)")
        for each in added
    )
    return replace(policy, authority=[*policy.authority, *added])
