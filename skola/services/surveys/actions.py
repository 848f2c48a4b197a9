"""Asking, answering, and noting what becomes better, one function each."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, language_of, post
from skola.ground.tenants.api import site
from skola.promises.consents import api as consents
from skola.promises.origins import api as origins
from skola.promises.policy.api import has
from skola.promises.rights.api import may_use
from skola.services.campaigns.api import may_be_asked
from skola.services.courses.api import Course, Enrolment
from skola.services.groups.api import Run
from skola.services.surveys import queries
from skola.services.surveys.links import address_of
from skola.services.surveys.models import Answer, FollowUp, Improvement, Invitation

TOGETHER = 500
"""How many are asked in one run; the others wait for the next one."""

SITE_FORM = "site-form"
"""How the policies call a consent that is given on a form of the site."""


class AnsweredError(Exception):
    """The survey was answered before."""


def ask_about_course(enrolment: Enrolment, by: str, now: datetime) -> None:
    """Somebody finished a course: ask how it was, once."""
    if has(queries.CAPABILITY, now=now) and enrolment.course is not None:
        _ask(enrolment.person, course=enrolment.course, by=by, now=now)


def ask_about_groups(*, by: str, now: datetime) -> int:
    """Ask everybody whose group is over, and return how many. Safe to repeat."""
    if not has(queries.CAPABILITY, now=now):
        return 0
    found = list(queries.to_ask(now)[:TOGETHER])
    return sum(_ask(seat.person, run=seat.run, by=by, now=now) for seat in found)


@transaction.atomic
def _ask(
    person: Person,
    *,
    course: Course | None = None,
    run: Run | None = None,
    by: str,
    now: datetime,
) -> bool:
    if not may_use(person.pk, queries.CAPABILITY, now=now) or not may_be_asked(person, now=now):
        return False
    invitation, fresh = Invitation.objects.get_or_create(
        person=person, course=course, run=run, defaults={"asked_at": now}
    )
    if not fresh:
        return False
    audit.record("surveys.person.asked", target=invitation, subject=person.pk, by=by, at=now)
    if person.email:
        title = course.title if course else run.programme.title if run else ""
        with translation.override(language_of(person)):
            subject = _("How was it? %(title)s") % {"title": title}
            text = _(
                "Two questions, half a minute. Your answer is kept without your name, and nobody"
                " can tell it from the others:"
            )
        post(
            person_id=person.pk,
            address=person.email,
            sender=settings.DEFAULT_FROM_EMAIL,
            subject=subject,
            text=f"{text}\n{site()}{address_of(invitation)}\n",
            now=now,
        )
    return True


@dataclass(frozen=True, slots=True)
class Contact:
    """Where somebody may be contacted about their answer, and what else they say of it."""

    email: str = ""
    phone: str = ""
    words: str = ""


@transaction.atomic
def answer_and_be_contacted(
    invitation: Invitation,
    contact: Contact,
    *,
    score: int,
    trainer_score: int | None,
    by: str,
    now: datetime,
) -> FollowUp:
    """Keep the answer as everybody's, and besides it where to contact who gave it (ilearn-36).

    Leaving the address is the consent to be contacted about this answer, and about nothing else.
    Raises AnsweredError, TooYoungError of the consents; then nothing is kept.
    """
    answer(invitation, score=score, trainer_score=trainer_score, now=now)
    made = FollowUp.objects.create(
        person_id=invitation.person_id,
        course_id=invitation.course_id,
        run_id=invitation.run_id,
        score=score,
        words=contact.words,
        email=contact.email,
        phone=contact.phone,
        told_at=now,
    )
    consents.give(
        made.person,
        queries.follow_up_purpose(now),
        consents.Shown(SITE_FORM),
        scope=str(made.pk),
        by=by,
        now=now,
    )
    audit.record("surveys.followup.asked", target=made, subject=made.person_id, by=by, at=now)
    return made


@transaction.atomic
def write_about(follow_up: FollowUp, text: str, *, by: str, now: datetime) -> bool:
    """Write to the address that was left, about the answer; False where no consent stands."""
    purpose = queries.follow_up_purpose(now)
    if not consents.may_use(
        follow_up.person_id, purpose, scope=str(follow_up.pk), use="survey", by=by, now=now
    ):
        return False
    with translation.override(language_of(follow_up.person)):
        subject = _("About your answer: %(title)s") % {"title": queries.title_of(follow_up)}
        foot = _(
            "You left this address beside your answer. We use it for this only, and forget it when"
            " the matter is closed."
        )
    post(
        person_id=follow_up.person_id,
        address=follow_up.email,
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=subject,
        text=f"{text}\n\n-- \n{foot}\n",
        now=now,
    )
    FollowUp.objects.filter(pk=follow_up.pk).update(written_at=now)
    audit.record(
        "surveys.followup.written", target=follow_up, subject=follow_up.person_id, by=by, at=now
    )
    return True


@transaction.atomic
def close(follow_up: FollowUp, *, by: str, now: datetime) -> None:
    """The matter is settled: the consent is fulfilled, and address and words go with it, now."""
    purpose = queries.follow_up_purpose(now)
    audit.record(
        "surveys.followup.closed",
        target=follow_up,
        subject=follow_up.person_id,
        by=by,
        at=now,
        clause="ilearn-36",
    )
    consents.fulfil(follow_up.person_id, purpose, scope=str(follow_up.pk), by=by, now=now)


def forget(person: UUID, purpose: str, scope: str, at: datetime) -> None:
    """A consent has ended, by whatever way: the address that was left with it goes."""
    if purpose not in queries.follow_up_purposes(at):
        return
    for one in FollowUp.objects.filter(person_id=person):
        if str(one.pk) == scope:
            audit.record(
                "surveys.followup.removed", target=one, subject=person, by="consent", at=at
            )
            one.delete()


@transaction.atomic
def answer(invitation: Invitation, *, score: int, trainer_score: int | None, now: datetime) -> None:
    """Keep what somebody thought, and that they have answered; nothing joins the two.

    Raises AnsweredError when they had. The audit is not told: its moment would join them; where it
    is noted that the person answered, the day is.
    """
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if held.answered:
        raise AnsweredError(_("You have answered already. Thank you."))
    Invitation.objects.filter(pk=held.pk).update(answered=True)
    Answer.objects.create(
        course_id=held.course_id, run_id=held.run_id, score=score, trainer_score=trainer_score
    )
    origins.note(
        held.person_id,
        origins.Origin.Kind.SURVEY_ANSWER,
        about=held.pk,
        name=held.course.title if held.course else held.run.programme.title if held.run else "",
        now=queries.morning_of(now),
    )


@transaction.atomic
def note_improvement(text: str, due_on: date, *, by: str, now: datetime) -> Improvement:
    """Note what is to become better, and by when."""
    made = Improvement.objects.create(text=text, due_on=due_on, noted_at=now)
    audit.record("surveys.improvement.noted", target=made, by=by, at=now)
    return made


@transaction.atomic
def finish_improvement(improvement: Improvement, *, by: str, now: datetime) -> None:
    """It has become better; twice is as once."""
    if Improvement.objects.filter(pk=improvement.pk, done_at=None).update(done_at=now):
        audit.record("surveys.improvement.done", target=improvement, by=by, at=now)
