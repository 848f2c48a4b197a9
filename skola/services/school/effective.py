"""The rules that hold for a school, each with its source: policy, law, or contract (ekool-1.8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from msgspec.structs import replace

from skola.ground.ui.formats import short_day
from skola.promises.policy.api import (
    Effective,
    Policy,
    in_force,
    parse_period,
    table,
    terms_in_words,
    wording,
)
from skola.promises.policy.schema import Ceiling, Retention, in_language
from skola.promises.policy.vocabulary import BY_CONTRACT
from skola.services.school.agreeing import BY
from skola.services.school.models import AgreedTerm, School, Year

POLICY, LAW, CONTRACT = "policy", "law", "contract"


@dataclass(frozen=True)
class Said:
    """One thing that a rule says, what says it, and for which school years if not for all."""

    words: str
    kind: str
    """``policy``, ``law`` or ``contract``."""
    source: str
    years: str = ""
    gives_way: bool = False
    """Whether a contract says something else for every year."""


@dataclass(frozen=True)
class Ruled:
    """A rule by its name, and what it says."""

    name: str
    said: tuple[Said, ...]


def terms(school: School, language: str, now: datetime) -> list[Ruled]:
    """Return how long which data of a school are kept, and where each term is from."""
    policy = in_force(now).policy
    names = {one.id: one.name[language] for one in policy.category}
    return [
        Ruled(
            rule.name.get(language) or ", ".join(names.get(one, one) for one in rule.categories),
            tuple(_said(rule, policy, school, language)),
        )
        for rule in policy.retention
    ]


def _said(rule: Retention, policy: Policy, school: School, language: str) -> Iterator[Said]:
    version = _("Principles of %(version)s") % {"version": policy.policy.version}
    bare = replace(
        rule,
        keep_while=[],
        then=None,
        at_least=None,
        at_most=None,
        backstop=None,
        override=None,
    )
    floor = rule.at_least
    if floor is not None:
        law = in_language(floor.law, language)
        kind, source = (LAW, law) if law else (POLICY, version)
        yield Said(_spoken(replace(bare, at_least=floor), language), kind, source)
    if rule.keep_while:
        kept = replace(bare, keep_while=rule.keep_while, then=rule.then)
        yield Said(_spoken(kept, language), POLICY, version)
    if rule.at_most is not None:
        words = _spoken(replace(bare, at_most=rule.at_most), language)
        if rule.override is not None and rule.override.by == BY:
            yield from _agreed(bare, rule.at_most, Said(words, POLICY, version), school, language)
        else:
            yield Said(words, POLICY, version)
    if rule.backstop is not None:
        yield Said(_spoken(replace(bare, backstop=rule.backstop), language), POLICY, version)


def _spoken(rule: Retention, language: str) -> str:
    return " ".join(terms_in_words(rule, wording(language)))


def _agreed(
    bare: Retention, own: Ceiling, by_policy: Said, school: School, language: str
) -> Iterator[Said]:
    """What contracts of the school say for which years, and for which the policy's term is left."""
    years = list(Year.objects.filter(school=school).order_by("starts_on"))
    found = [
        one
        for one in AgreedTerm.objects.filter(school=school).order_by("-agreed_at")
        if one.ended_at is None or any(year.agreed_id == one.pk for year in years)
    ]
    for one in found:
        term = replace(own, period=str(parse_period(one.period)), after=BY_CONTRACT[BY])
        reached = [year for year in years if year.agreed_id == one.pk]
        told = {"title": one.title, "day": short_day(one.concluded_at)}
        yield Said(
            _spoken(replace(bare, at_most=term), language),
            CONTRACT,
            _("Contract “%(title)s” of %(day)s") % told,
            years=_years(reached, and_later=one.ended_at is None),
        )
    left = [year for year in years if year.agreed_id is None]
    goes_on = not any(one.ended_at is None for one in found)
    gives_way = bool(found) and not left and not goes_on
    said = _years(left, and_later=goes_on) if found and not gives_way else ""
    yield Said(by_policy.words, by_policy.kind, by_policy.source, said, gives_way)


def _years(years: Sequence[Year], *, and_later: bool) -> str:
    names = ", ".join(year.name for year in years)
    if not years:
        return _("For school years entered from now on.") if and_later else ""
    told = {"years": names}
    if and_later:
        return _("For %(years)s and school years entered from now on.") % told
    return _("For %(years)s.") % told


def rights(language: str, now: datetime) -> list[Ruled]:
    """Return by when which demands are answered, and whether policy or law says so."""
    effective = in_force(now).effective
    policy = effective.policy
    version = _("Principles of %(version)s") % {"version": policy.policy.version}
    found = []
    for right, row in zip(policy.right, table(policy, "rights", language).rows, strict=True):
        laws = _laws(effective, right.kinds)
        kind, source = (LAW, "; ".join(laws)) if laws else (POLICY, version)
        found.append(Ruled(row.cells[0], (Said(row.cells[1], kind, source),)))
    return found


def _laws(effective: Effective, kinds: Sequence[str]) -> list[str]:
    """The laws that set or tightened the term of these rights."""
    title = f'[[right]] "{", ".join(kinds)}"'
    added = ("[[right]]", ", ".join(kinds))
    changed = [
        one.law
        for one in effective.changed
        if (one.table == title and one.key == "deadline") or (one.table, one.becomes) == added
    ]
    return list(dict.fromkeys(changed))
