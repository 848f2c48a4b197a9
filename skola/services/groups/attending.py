"""Signing attendance, one function each: by the participant, or by whoever leads the meeting."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.services.groups import codes, rules
from skola.services.groups.models import Attendance, Meeting, Participant


class CodeError(Exception):
    """The code is not on the wall of this meeting, or no longer."""


class NotNowError(Exception):
    """The meeting is not signed now, or the participant has left."""


@transaction.atomic
def sign(
    participant: Participant,
    meeting: Meeting,
    code: str,
    *,
    way: str,
    zone: ZoneInfo,
    by: str,
    now: datetime,
) -> Attendance:
    """The participant signs with the code on the wall; a second time changes nothing.

    Raises NotNowError outside of the meeting, or for somebody else's group, and CodeError for a
    code that is older than a minute and a half, or of another meeting or day.
    """
    begins, ends = meeting.spans(zone)
    is_theirs = participant.run_id == meeting.run_id and participant.left_at is None
    if not is_theirs or not rules.can_sign(begins, ends, now):
        raise NotNowError(_("This meeting cannot be signed now."))
    if not codes.is_current(meeting.pk, code, now):
        raise CodeError(_("This code has expired. Take the one that is on the wall now."))
    return _attended(participant, meeting, way, by, now)


@transaction.atomic
def note(
    participant: Participant,
    meeting: Meeting,
    *,
    present: bool,
    zone: ZoneInfo,
    by: str,
    now: datetime,
) -> None:
    """Whoever leads the meeting notes that somebody was there, or takes it back.

    Raises NotNowError before the day of the meeting, and for somebody else's group.
    """
    before = now.astimezone(zone).date() < meeting.on
    if before or participant.run_id != meeting.run_id or participant.left_at is not None:
        raise NotNowError(_("Attendance is noted from the day of the meeting on."))
    if present:
        _attended(participant, meeting, Attendance.Way.STAFF, by, now)
        return
    gone, _kinds = Attendance.objects.filter(participant=participant, meeting=meeting).delete()
    if gone:
        audit.record(
            "groups.attendance.removed",
            target=meeting,
            subject=participant.person_id,
            by=by,
            at=now,
        )


def _attended(
    participant: Participant, meeting: Meeting, way: str, by: str, now: datetime
) -> Attendance:
    found, made = Attendance.objects.get_or_create(
        participant=participant, meeting=meeting, defaults={"way": way, "signed_at": now}
    )
    if made:
        audit.record(
            "groups.attendance.signed",
            target=meeting,
            subject=participant.person_id,
            by=by,
            at=now,
            detail={"way": str(way)},
        )
    return found
