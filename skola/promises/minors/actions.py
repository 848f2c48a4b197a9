"""Reporting a child, and deciding on it: one function each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.people.api import Account, Person, Role, language_of, post
from skola.ground.tenants.api import site
from skola.ground.ui.api import day
from skola.promises.gate.api import Restriction, lift_restriction, restrict, restriction_of
from skola.promises.minors import rules
from skola.promises.minors.models import Report
from skola.promises.minors.queries import meant
from skola.promises.policy.api import due, in_force
from skola.promises.retention.api import record_event, record_state, withdraw_event
from skola.promises.rights.api import erase_person
from skola.promises.rights.models import Erasure

UNVERIFIED = "minor.unverified"
A_SECOND = timedelta(seconds=1)
"""A term ends as the next day begins; what is shown is its last day."""
DECIDING = ("officer", "administrator")
"""Roles that decide; all of them are written to when nobody has."""


class DecidedError(RuntimeError):
    """Somebody has decided already. Nothing changed."""


@dataclass(frozen=True)
class Told:
    """What somebody reports."""

    account: str
    words: str = ""
    name: str = ""
    email: str = ""
    language: str = "en"


@reading_for(RIGHTS)
@transaction.atomic
def report(told: Told, *, by: str, now: datetime) -> Report:
    """Take a report; where it is known whose account it is, hide what is theirs in the same second.

    Nobody but the child reads it from then on, until staff have decided. Who reports is told the
    same whether or not there is such an account. Source: learnifier-14.c.
    """
    policy = in_force(now).policy
    zone = ZoneInfo(policy.policy.timezone)
    made = Report.objects.create(
        person=meant(told.account),
        account=told.account,
        words=told.words,
        reporter_name=told.name,
        reporter_email=told.email,
        language=told.language,
        reported_at=now,
        decide_by=due(now, rules.decided_within(policy), zone, policy.policy.calendar) - A_SECOND,
    )
    audit.record("minors.child.reported", target=made, subject=made.person_id, by=by, at=now)
    _hide(made, by=by, now=now)
    return made


def _hide(made: Report, *, by: str, now: datetime) -> None:
    if made.person_id is None:
        return
    restrict(
        made.person_id,
        reason=str(made),
        ground=Restriction.Ground.REPORT,
        asked_by=Restriction.Asked.GUARDIAN,
        by=by,
        now=now,
    )
    record_event(made.person_id, rules.REPORTED, at=made.reported_at)


def _show(person_id: UUID | None, *, by: str, now: datetime) -> None:
    """What was hidden for a report is there again, unless another report waits about the same."""
    if person_id is None or Report.objects.waiting().filter(person=person_id).exists():
        return
    found = restriction_of(person_id)
    if found is not None and found.ground == Restriction.Ground.REPORT:
        lift_restriction(found, by=by, now=now)
    withdraw_event(person_id, rules.REPORTED, at=now)


def _locked(reported: Report) -> Report:
    held = Report.objects.select_for_update(of=("self",)).get(pk=reported.pk)
    if held.decided_at is not None:
        raise DecidedError(_("Somebody has decided on this already."))
    return held


@reading_for(RIGHTS)
@transaction.atomic
def name_account(reported: Report, person: Person, *, by: str, now: datetime) -> None:
    """Staff found whose account is meant: it is hidden from now on. Raises DecidedError."""
    held = _locked(reported)
    before, held.person = held.person_id, person
    held.save(update_fields=["person"])
    if before != person.pk:
        _show(before, by=by, now=now)
    audit.record("minors.child.found", target=held, subject=person.pk, by=by, at=now)
    _hide(held, by=by, now=now)


@reading_for(RIGHTS)
def confirm(reported: Report, *, by: str, now: datetime) -> Erasure:
    """It is a child: erase everything about it, and tell who reported it. Return the receipt.

    The report goes with the rest. Raises DecidedError, and what ``erase_person`` raises. Source:
    learnifier-14.c; GDPR Art. 8, 17(1)(d).
    """
    with transaction.atomic():
        held = _locked(reported)
        child = held.person_id
        if child is None:
            raise DecidedError(_("Say first whose account it is."))
        audit.record("minors.child.confirmed", target=held, subject=child, by=by, at=now)
        record_state(child, UNVERIFIED, is_open=True, at=now)
        answer = _("It was the account of a child. It is erased, with everything that was in it.")
        with translation.override(held.language):
            _answer(held, str(answer), now=now)
    return erase_person(child, reason=Erasure.Reason.MINOR, by=by, now=now)


@reading_for(RIGHTS)
@transaction.atomic
def dismiss(reported: Report, outcome: str, *, by: str, now: datetime) -> None:
    """It is no child below the age, or nobody here: what was hidden is there again.

    What was frozen for another reason stays so. Raises DecidedError.
    """
    held = _locked(reported)
    held.outcome, held.decided_at = outcome, now
    held.save(update_fields=["outcome", "decided_at"])
    detail = {"outcome": outcome}
    audit.record(
        "minors.child.dismissed", target=held, subject=held.person_id, by=by, at=now, detail=detail
    )
    _show(held.person_id, by=by, now=now)
    with translation.override(held.language):
        _answer(held, _("We looked at it, and found no child below the age."), now=now)


def _answer(held: Report, said: str, *, now: datetime) -> None:
    if not held.reporter_email:
        return
    service = in_force(now).policy.service.name
    post(
        person_id=None,
        address=held.reporter_email,
        sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=_("%(service)s: your report about a child") % {"service": service},
        text=f"{said}\n",
        now=now,
    )


@reading_for(RIGHTS)
@transaction.atomic
def escalate(*, now: datetime) -> int:
    """Write to everybody who can decide about reports that nobody decided in time; return how many.

    Each is written about once. The account stays hidden. Source: learnifier-14.c.
    """
    late = list(
        Report.objects.waiting()
        .select_for_update(of=("self",))
        .filter(decide_by__lte=now, escalated_at=None)
        .order_by("decide_by")[:500]
    )
    for one in late:
        one.escalated_at = now
        one.save(update_fields=["escalated_at"])
        audit.record(
            "minors.child.escalated", target=one, subject=one.person_id, by="system", at=now
        )
    if late:
        _write(late, now)
    return len(late)


def _write(late: list[Report], now: datetime) -> None:
    policy = in_force(now).policy
    held = Role.objects.filter(kind__in=DECIDING, scope="").held_at(now)
    people = Account.objects.filter(person__in=held.values("person")).select_related("person")
    for account in people.order_by("pk"):
        zone = ZoneInfo(policy.policy.timezone)
        with translation.override(language_of(account.person)), timezone.override(zone):
            subject = _("%(service)s: nobody has decided about a reported child") % {
                "service": policy.service.name
            }
            lines = [
                _("Reported on %(day)s, to be decided by %(last)s: %(link)s")
                % {
                    "day": day(one.reported_at),
                    "last": day(one.decide_by),
                    "link": site() + reverse("minors:one", args=[one.pk]),
                }
                for one in late
            ]
        post(
            person_id=account.person_id,
            address=account.email,
            sender=f"{policy.service.name} <{settings.DEFAULT_FROM_EMAIL}>",
            subject=subject,
            text="\n".join([*lines, ""]),
            now=now,
        )
