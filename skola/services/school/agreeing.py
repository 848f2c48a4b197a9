"""What a school's contract says instead of the policy: how long study data are kept (ekool-1.8)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.promises.policy.api import Period, compare, due, in_force, in_words, parse_period
from skola.promises.policy.schema import Retention
from skola.services.school.models import AgreedTerm, School, Year

BY = "school.contract"
"""The word by which a policy lets a school's contract override a term."""


class OutOfBoundsError(Exception):
    """The policy lets no contract set this term; the message says which it may."""


@dataclass(frozen=True)
class Agreement:
    """The contract in which something is agreed, as pages name it."""

    contract: UUID
    title: str
    concluded_at: datetime


@dataclass(frozen=True)
class Bounds:
    """Which rule of the policy a contract may override, and from which to which term."""

    rule: Retention
    shortest: Period
    longest: Period

    @property
    def own(self) -> Period:
        """The policy's own term."""
        assert self.rule.at_most is not None
        return parse_period(self.rule.at_most.period)

    def allow(self, period: Period) -> bool:
        """Whether a contract may set it."""
        no_less = compare(period, self.shortest) in (0, 1)
        return no_less and compare(period, self.longest) in (-1, 0)

    def said(self, language: str) -> str:
        """Say in words which terms a contract may set."""
        told = {
            "shortest": in_words(self.shortest, language),
            "longest": in_words(self.longest, language),
        }
        return _("At the shortest: %(shortest)s. At the longest: %(longest)s.") % told


def bounds(now: datetime) -> Bounds | None:
    """Return what a school's contract may override; None where the policy lets it override none."""
    for rule in in_force(now).policy.retention:
        said = rule.override
        if said is not None and said.by == BY:
            return Bounds(rule, parse_period(said.shortest), parse_period(said.longest))
    return None


def term_of(school: School) -> AgreedTerm | None:
    """Return the term that the school's contract sets, if any."""
    return AgreedTerm.objects.filter(school=school, ended_at=None).first()


@transaction.atomic
def agree_term(
    school: School, period: Period, agreement: Agreement, *, by: str, now: datetime
) -> AgreedTerm:
    """Let a contract say how long the school's study data are kept after each school year.

    A shorter term than held reaches every year of the school; a longer one only years that begin
    from now on, for nothing that was promised is kept longer silently. Raises OutOfBoundsError.
    """
    held = School.objects.select_for_update().get(pk=school.pk)
    bound = bounds(now)
    if bound is None or not bound.allow(period):
        raise OutOfBoundsError(_("The policy lets no contract set this term."))
    AgreedTerm.objects.filter(school=held, ended_at=None).update(ended_at=now)
    made = AgreedTerm.objects.create(
        school=held,
        period=str(period),
        contract=agreement.contract,
        title=agreement.title,
        concluded_at=agreement.concluded_at,
        agreed_at=now,
    )
    for year in Year.objects.filter(school=held):
        _set(year, made, bound, now)
    detail = {"period": str(period), "contract": str(agreement.contract)}
    audit.record("school.term.agreed", target=held, by=by, at=now, detail=detail)
    return made


@transaction.atomic
def end_terms(contract: UUID, *, by: str, now: datetime) -> None:
    """Let a contract that has ended speak of no later school year; years begun keep its term."""
    for one in AgreedTerm.objects.filter(contract=contract, ended_at=None).select_related("school"):
        AgreedTerm.objects.filter(pk=one.pk).update(ended_at=now)
        detail = {"contract": str(contract)}
        audit.record("school.term.ended", target=one.school, by=by, at=now, detail=detail)


def reach_year(year: Year, *, now: datetime) -> None:
    """Let the term of the school's contract, if any, hold for a school year that is entered."""
    found, bound = term_of(year.school), bounds(now)
    if found is not None and bound is not None:
        _set(year, found, bound, now)


def _set(year: Year, term: AgreedTerm, bound: Bounds, now: datetime) -> None:
    period = parse_period(term.period)
    zone = ZoneInfo(in_force(now).policy.policy.timezone)
    until, own = (due(year.ended_at, one, zone) for one in (period, bound.own))
    has_begun = year.starts_on <= now.astimezone(zone).date()
    if has_begun and until > (year.kept_until or own):
        return
    year.kept_until, year.agreed = until, term
    year.save(update_fields=["kept_until", "agreed"])
