"""Saying something in a live lesson."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.services.groups.api import Meeting, is_open
from skola.services.live.models import Line


class NotNowError(Exception):
    """The group does not meet now."""


@transaction.atomic
def say(
    meeting: Meeting, person: Person, words: str, *, leads: bool, by: str, now: datetime
) -> Line:
    """Keep what somebody says while the group meets. Raises NotNowError."""
    if not is_open(meeting, now):
        raise NotNowError(_("The lesson is not on now. Nothing was sent."))
    made = Line.objects.create(
        meeting=meeting, person=person, leads=leads, words=words, said_at=now
    )
    audit.record("live.line.said", target=made, subject=person.pk, by=by, at=now)
    return made
