"""A mark is said to be wrong, and its teacher answers (ekool-7.3, ekool-8.5-liability)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, language_of, post
from skola.promises.policy.api import in_force
from skola.services.diary.actions import AnsweredError, give_mark
from skola.services.diary.models import Doubt, Mark


@transaction.atomic
def doubt_mark(mark: Mark, *, sender: Person, words: str, by: str, now: datetime) -> Doubt:
    """Report that a mark is wrong; it waits for who teaches the group.

    While a report of the same sender waits, another one changes its words.
    """
    made, is_new = Doubt.objects.get_or_create(
        mark=mark, sender=sender, answered_at=None, defaults={"words": words, "sent_at": now}
    )
    if not is_new:
        made.words = words
        made.save(update_fields=["words"])
    audit.record("diary.mark.doubted", target=made, subject=mark.pupil.person_id, by=by, at=now)
    return made


@transaction.atomic
def answer_doubt(
    doubt: Doubt,
    *,
    value: str,
    answer: str,
    author: Person,
    link: str,
    by: str,
    now: datetime,
) -> Doubt:
    """Say that the mark stands, or change it to ``value``; the sender gets the outcome.

    Raises AnsweredError when somebody was quicker, NoMarkError for what is no mark of the scale.
    """
    held = Doubt.objects.select_for_update(of=("self",)).open().filter(pk=doubt.pk).first()
    if held is None:
        raise AnsweredError(_("Somebody has answered this report already."))
    mark = held.mark
    is_right = bool(value) and value.strip().upper() != mark.value
    if is_right:
        give_mark(mark.assessment, mark.pupil, value, author=author, reason=answer, by=by, now=now)
    held.answer, held.answered_at, held.is_right = answer, now, is_right
    held.save(update_fields=["answer", "answered_at", "is_right"])
    audit.record(
        "diary.doubt.answered",
        target=held,
        subject=mark.pupil.person_id,
        by=by,
        at=now,
        detail={"is_right": is_right},
    )
    if held.sender is not None:
        _tell(held.sender, link, now)
    return held


def _tell(sender: Person, link: str, now: datetime) -> None:
    """Mail that there is an answer, and where; the mark itself does not leave the diary."""
    if not sender.email:
        return
    service = in_force(now).policy.service.name
    with translation.override(language_of(sender)):
        subject = _("Your report of a wrong mark was answered")
        text = _("The teacher has answered. Sign in to read it:")
    post(
        person_id=sender.pk,
        address=sender.email,
        sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{text}\n{link}\n",
        now=now,
    )
