"""Registering a report, reading it, removing it. Whatever the policy refuses is audited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.db.purposes import reading_for_these
from skola.promises.inventory.api import declaration_of
from skola.promises.policy.api import Policy, before, in_force
from skola.promises.reports import queries, rules
from skola.promises.reports.fields import categories_of, sources
from skola.promises.reports.models import Report
from skola.promises.reports.offering import PERSON, Listing, listing_of
from skola.promises.reports.queries import Scope
from skola.promises.reports.roles import ANALYST, OFFICE
from skola.promises.reports.rules import Asked, Figures, Form, Why
from skola.promises.statistics.api import (
    PublishedTable,
    keep_table,
    public_words,
    published_since,
)

APART = timedelta(days=28)
"""So far apart figures of a report are published: what changed in a day tells of single people."""


def source_of(report: Report, *, publicly: bool) -> str:
    """Return the name under which figures of a report are kept, or published."""
    return f"reports.{'public' if publicly else 'kept'}:{report.pk}"


class RefusedError(Exception):
    """What was asked is refused, and the refusal is in the audit; ``why`` says why."""

    def __init__(self, why: Why) -> None:
        super().__init__(str(why))
        self.why = why


class NotKeptError(Exception):
    """There is no number, or others were published too lately. The message says what now."""


@dataclass(frozen=True)
class Wanted:
    """A report that somebody wants to register."""

    title: str
    purpose: str
    form: Form
    model: str = ""
    columns: Sequence[str] = ()
    measure: str = ""
    listing: str = ""

    def report(self, held: frozenset[str], now: datetime) -> Report:
        """Return it as a row that is not saved."""
        offered = listing_of(self.listing) if self.listing else None
        roles = offered.roles if offered else OFFICE | {ANALYST}
        return Report(
            title=self.title,
            purpose=self.purpose,
            form=self.form,
            model=offered.model if offered else self.model,
            columns=list(offered.columns if offered else self.columns),
            measure=self.measure,
            listing=self.listing,
            owner=min(held & roles, default=""),
            created_at=now,
        )


def refusal(report: Report, policy: Policy, held: frozenset[str]) -> Why | None:
    """Return why somebody with these roles may not read a report; None where they may."""
    offered = listing_of(report.listing)
    found = rules.refusal(policy, asked_by(report, offered))
    if found is not None:
        return found
    if offered is not None:
        return None if held & offered.roles else Why.ROLE
    purpose = rules.purpose_of(policy, report.purpose)
    if held & OFFICE or (ANALYST in held and purpose and rules.is_for_analysts(purpose)):
        return None
    return Why.ROLE


def lets(wanted: Wanted, *, held: frozenset[str], now: datetime) -> bool:
    """Whether somebody with these roles may register a report; asking is not audited."""
    return refusal(wanted.report(held, now), in_force(now).policy, held) is None


def asked_by(report: Report, offered: Listing | None) -> Asked:
    """Return what the policy is asked about a report."""
    own = [one for one in report.columns if not one.startswith(f"{PERSON}.")]
    read = (*own, report.measure) if report.measure else tuple(own)
    found = set(categories_of(sources()[report.model], tuple(read)))
    of_people = declaration_of("people.person").columns
    for one in offered.columns if offered else ():
        if one.startswith(f"{PERSON}."):
            found.add(of_people[one.removeprefix(f"{PERSON}.")])
    return Asked(report.purpose, frozenset(found), Form(report.form))


def register(wanted: Wanted, *, held: frozenset[str], by: str, now: datetime) -> Report:
    """Enter a report into the register. Raises RefusedError, and audits it, where it may not be.

    ``held`` are the roles of who asks. Clauses: ema-1.2, kic-purpose-related, ekool-4.4.
    """
    policy = in_force(now).policy
    report = wanted.report(held, now)
    _demand(report, policy, held, by=by, now=now)
    with transaction.atomic():
        report.save()
        audit.record(
            "reports.report.registered",
            target=report,
            clause=_clause(policy, report.purpose),
            by=by,
            at=now,
            detail={"purpose": report.purpose, "form": report.form},
        )
    return report


def read(report: Report, *, held: frozenset[str], by: str, now: datetime) -> Figures:
    """Read a report, for its purpose and nothing else.

    The policy in force is asked anew: what it no longer lists is refused. Records, under pseudonyms
    or with names, leave who, when, which purpose and how many rows in the audit (ilearn-9.f).
    Raises RefusedError and TooMuchError.
    """
    policy = in_force(now).policy
    _demand(report, policy, held, by=by, now=now)
    with transaction.atomic(), reading_for_these({report.purpose}):
        found = _figures(report, _scope(report, policy, now))
        if report.form != Form.NUMBERS:
            audit.record(
                "reports.report.read",
                target=report,
                clause=_clause(policy, report.purpose),
                by=by,
                at=now,
                detail={"purpose": report.purpose, "form": report.form, "rows": found.records},
            )
    return found


def _scope(report: Report, policy: Policy, now: datetime) -> Scope:
    asked = asked_by(report, listing_of(report.listing))
    earlier = [one.effective.policy for one in before(policy)]
    since = rules.began(report.purpose, asked.categories, policy, earlier)
    return Scope(policy, report.purpose, now, since)


def keep(
    report: Report, *, publicly: bool, held: frozenset[str], by: str, now: datetime
) -> PublishedTable:
    """Keep the numbers of a report as they stand on this day, for whoever reads them later.

    Nobody stands in them, so they stay when people are erased (ema-1.4). Publicly they stand on the
    page of figures (ilearn-11.a). Raises RefusedError, TooMuchError and NotKeptError.
    """
    policy = in_force(now).policy
    _demand(report, policy, held, by=by, now=now)
    if not may_keep(report, policy, held, publicly=publicly):
        raise _refused(report, policy, Why.ROLE, by=by, now=now)
    scope = _scope(report, policy, now)
    authentic = translation.override(policy.policy.authentic)
    with transaction.atomic(), reading_for_these({report.purpose}), authentic:
        found = queries.table(report, scope)
        if found is None:
            raise NotKeptError(_("There is no number to be kept."))
        on = now.astimezone(scope.zone).date()
        source = source_of(report, publicly=publicly)
        if publicly and published_since(source, on - APART, before=on):
            raise NotKeptError(
                _("Figures of this report were published less than four weeks ago. Wait so long.")
            )
        return keep_table(
            found,
            title=report.title,
            source=source,
            on=on,
            purpose=report.purpose,
            recipients=sorted(public_words(policy)) if publicly else [],
            clause=_clause(policy, report.purpose),
            by=by,
            now=now,
        )


def may_keep(report: Report, policy: Policy, held: frozenset[str], *, publicly: bool) -> bool:
    """Whether the numbers of a report may be kept, and by whom; the public's by the office."""
    purpose = rules.purpose_of(policy, report.purpose)
    counts = report.form == Form.NUMBERS and not report.measure
    if not counts or purpose is None or not rules.gives_numbers(purpose):
        return False
    return bool(held & OFFICE and public_words(policy)) if publicly else True


def _figures(report: Report, scope: Scope) -> Figures:
    match Form(report.form):
        case Form.NUMBERS:
            return queries.numbers(report, scope)
        case Form.PSEUDONYMS:
            return queries.pseudonyms(report, scope)
    offered = listing_of(report.listing)
    assert offered is not None, "a list that is gone was refused before"
    return queries.names(offered, scope)


@transaction.atomic
def remove(report: Report, *, by: str, now: datetime) -> None:
    """Take a report out of the register; nothing that was read is in it."""
    audit.record("reports.report.removed", target=report, by=by, at=now)
    report.delete()


def _demand(
    report: Report, policy: Policy, held: frozenset[str], *, by: str, now: datetime
) -> None:
    why = refusal(report, policy, held)
    if why is not None:
        raise _refused(report, policy, why, by=by, now=now)


def _refused(report: Report, policy: Policy, why: Why, *, by: str, now: datetime) -> RefusedError:
    """Write the refusal down; return what to raise."""
    audit.record(
        "reports.report.refused",
        target=None if report._state.adding else report,
        clause=_clause(policy, report.purpose),
        by=by,
        at=now,
        detail={
            "why": why,
            "purpose": report.purpose,
            "form": report.form,
            "model": report.model,
        },
    )
    return RefusedError(why)


def _clause(policy: Policy, wanted: str) -> str:
    purpose = rules.purpose_of(policy, wanted)
    return purpose.clause[0] if purpose and purpose.clause else ""
