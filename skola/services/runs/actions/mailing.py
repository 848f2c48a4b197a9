"""Mails of runs, by rule: each goes to each person once."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import language_of, post
from skola.promises.policy.api import has, in_force
from skola.services.runs import queries
from skola.services.runs.models import MailRule, Participant, Run, RunMail
from skola.services.runs.rules import reminder_due


class TwiceError(Exception):
    """There is such a rule already."""


@transaction.atomic
def add_rule(run: Run, *, days: int, words: str, now: datetime) -> MailRule:
    """Add a reminder so many days before the end. Raises TwiceError."""
    kind = MailRule.Kind.REMINDER
    if MailRule.objects.filter(run=run, kind=kind, days=days).exists():
        raise TwiceError(f"There is a reminder {days} days before the end.")
    return MailRule.objects.create(run=run, kind=kind, days=days, words=words, since_at=now)


def send_due(*, now: datetime) -> int:
    """Write every mail that is due in the runs that are not over; return how many.

    Each in a transaction of its own with the note that it was sent, so that whatever interrupts
    this, nobody is mailed twice and nobody is left out.
    """
    if not has("runs.hold", now=now):
        return 0
    day = queries.today(now)
    sent = 0
    for rule in MailRule.objects.filter(run__ends_on__gte=day).select_related("run__course"):
        if is_due(rule, day):
            sent += _send(rule, now=now)
    return sent


def is_due(rule: MailRule, day: date) -> bool:
    """Whether the mails of a rule go out on a day, to whoever has not had them."""
    if rule.run.course is None:
        return False
    if rule.kind == MailRule.Kind.INVITATION:
        return True
    return reminder_due(rule.run.ends_on, rule.days, day)


def waiting(rule: MailRule) -> list[Participant]:
    """Return who gets the mail of a rule when it is due: not who had it, not who has finished."""
    had = RunMail.objects.filter(kind=rule.kind, days=rule.days).values("participant")
    found: QuerySet[Any] = queries.in_run(rule.run)
    return list(found.filter(finished_at=None).exclude(pk__in=had).exclude(person__email=""))


def _send(rule: MailRule, *, now: datetime) -> int:
    sent = sum(_send_one(rule, one, now=now) for one in waiting(rule))
    if sent:
        detail = {"kind": rule.kind, "days": rule.days, "count": sent}
        audit.record("runs.mails.sent", target=rule, by="system", at=now, detail=detail)
    return sent


@transaction.atomic
def _send_one(rule: MailRule, one: Participant, *, now: datetime) -> bool:
    _note, fresh = RunMail.objects.get_or_create(
        participant=one, kind=rule.kind, days=rule.days, defaults={"at": now}
    )
    if not fresh:
        return False
    service = in_force(now).policy.service.name
    with translation.override(language_of(one.person)):
        subject, text = words_of(rule, one, service)
    post(
        person_id=one.person_id,
        address=one.person.email,
        sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=text,
        now=now,
    )
    return True


def words_of(rule: MailRule, one: Participant, service: str) -> tuple[str, str]:
    """Return subject and text in the active language."""
    told = {
        "course": rule.run.title,
        "day": date_format(rule.run.ends_on, "DATE_FORMAT"),
        "service": service,
    }
    if rule.kind == MailRule.Kind.INVITATION:
        subject = _("You are invited to %(course)s") % told
    else:
        subject = _("%(course)s is open until %(day)s") % told
    return subject, "\n\n".join(_parts(rule, one, told)) + "\n"


def _parts(rule: MailRule, one: Participant, told: dict[str, str]) -> Iterator[str]:
    yield _("Hello %(name)s,") % {"name": one.person.given_name}
    if rule.words:
        yield rule.words
    if rule.kind == MailRule.Kind.INVITATION:
        yield (
            _("%(service)s has put you down for %(course)s. You can take it until %(day)s.") % told
        )
    else:
        yield _("%(course)s is waiting for you. You can take it until %(day)s.") % told
    slug = rule.run.course.slug
    yield f"{rule.run.site}{reverse('courses:course', args=[slug])}"
    yield _("To come in, ask there for a code: it is mailed to this address.")
    yield _("What happens with your data: %(link)s") % {
        "link": f"{rule.run.site}{reverse('notices:notice')}"
    }
