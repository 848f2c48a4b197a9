"""Opening somebody's data in an emergency, and looking at it afterwards."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, language_of, post
from skola.ground.ui import formats
from skola.promises.emergency.models import Emergency
from skola.promises.policy.api import in_force

CLAUSE = "ema-1.5.4"


class ReviewedError(Exception):
    """Somebody has reviewed it already; nothing changed."""


@transaction.atomic
def break_glass(person: Person, reason: str, *, by: str, now: datetime) -> Emergency:
    """Open somebody's contact data for a quarter of an hour, and tell them (ema-1.5.4)."""
    made = Emergency.objects.create(person=person, reason=reason, opened_by=by, opened_at=now)
    audit.record(
        "emergency.data.opened", target=made, subject=person.pk, by=by, at=now, clause=CLAUSE
    )
    _tell(made, now)
    return made


@transaction.atomic
def review(held: Emergency, *, justified: bool, words: str, by: str, now: datetime) -> None:
    """An officer says whether it was right. Raises ReviewedError when somebody has."""
    found = Emergency.objects.select_for_update(of=("self",)).get(pk=held.pk)
    if found.reviewed_at is not None:
        raise ReviewedError(_("Somebody has reviewed this already."))
    found.reviewed_at, found.reviewed_by, found.justified, found.words = now, by, justified, words
    found.save(update_fields=["reviewed_at", "reviewed_by", "justified", "words"])
    audit.record(
        "emergency.data.reviewed",
        target=found,
        subject=found.person_id,
        by=by,
        at=now,
        clause=CLAUSE,
        detail={"justified": justified},
    )


def _tell(made: Emergency, now: datetime) -> None:
    person, service = made.person, in_force(now).policy.service.name
    if not person.email:
        return
    with translation.override(language_of(person)):
        subject = _("Your contact data were opened in an emergency")
        text = _(
            "On %(when)s somebody of our staff opened your name and contact data to protect life"
            " or health. The reason that they gave: %(reason)s\n\nAn officer reviews it. If you"
            " have a question, answer this message."
        ) % {"when": formats.moment(now, "medium"), "reason": made.reason}
    post(
        person_id=person.pk,
        address=person.email,
        sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{text}\n",
        now=now,
    )
