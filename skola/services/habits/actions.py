"""Counting days of use, keeping an opinion, answering a complaint; forgetting what was counted."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, language_of, post
from skola.promises.policy.api import purposes_for
from skola.promises.rights.api import may_use
from skola.services.habits.models import Complaint, Opinion, Use
from skola.services.habits.queries import CAPABILITY

CLAUSE = "ekool-3.1.4"


class AnsweredError(Exception):
    """The complaint was answered before."""


@transaction.atomic
def note_use(person: Person, service: str, *, now: datetime) -> None:
    """Count a day on which somebody used a service."""
    made, new = Use.objects.get_or_create(
        person=person, service=service, defaults={"first_at": now}
    )
    if not new:
        Use.objects.filter(pk=made.pk).update(days=F("days") + 1)


@transaction.atomic
def note_opinion(
    person: Person, service: str, *, wish: str, score: int | None, by: str, now: datetime
) -> Opinion:
    """Keep what somebody wishes of a service and how content they are; a later one replaces it."""
    told = {"wish": wish, "score": score, "told_at": now}
    made, _new = Opinion.objects.update_or_create(person=person, service=service, defaults=told)
    audit.record("habits.opinion.told", target=made, subject=person.pk, by=by, at=now)
    return made


@transaction.atomic
def complain(person: Person, service: str, words: str, *, by: str, now: datetime) -> Complaint:
    """Enter a complaint into the register."""
    made = Complaint.objects.create(person=person, service=service, words=words, told_at=now)
    audit.record(
        "habits.complaint.received",
        target=made,
        subject=person.pk,
        by=by,
        at=now,
        clause=CLAUSE,
    )
    return made


@transaction.atomic
def answer(complaint: Complaint, words: str, *, by: str, now: datetime) -> None:
    """Answer a complaint, on its page and by mail. Raises AnsweredError when it was answered."""
    held = Complaint.objects.select_for_update().select_related("person").get(pk=complaint.pk)
    if held.answered_at is not None:
        raise AnsweredError(_("This complaint has been answered already. Nothing was changed."))
    Complaint.objects.filter(pk=held.pk).update(answer=words, answered_at=now)
    audit.record("habits.complaint.answered", target=held, subject=held.person_id, by=by, at=now)
    if held.person.email:
        with translation.override(language_of(held.person)):
            subject = _("Your complaint was answered")
            text = _("You said:")
        post(
            person_id=held.person_id,
            address=held.person.email,
            sender=settings.DEFAULT_FROM_EMAIL,
            subject=subject,
            text=f"{words}\n\n{text}\n{held.words}\n",
            now=now,
        )


@transaction.atomic
def forget_uses(person: UUID, *, by: str, now: datetime) -> int:
    """Delete what was counted of somebody; return how many services it was counted for."""
    count, _rows = Use.objects.filter(person_id=person).delete()
    if count:
        detail = {"rows": count}
        audit.record(
            "habits.uses.forgotten", subject=person, by=by, at=now, detail=detail, clause=CLAUSE
        )
    return count


def forget_with_objection(person: UUID, purpose: str, at: datetime) -> None:
    """Somebody objected to the study: what was counted of them goes. Complaints stay."""
    if purpose in purposes_for([CAPABILITY], now=at) and not may_use(person, CAPABILITY, now=at):
        forget_uses(person, by="rights.objection", now=at)
