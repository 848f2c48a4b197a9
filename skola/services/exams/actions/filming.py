"""The film: takes, their parts as they arrive, and who looks at it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.files import api as files
from skola.ground.people.api import Person
from skola.services.exams import rules
from skola.services.exams.actions import RefusedError
from skola.services.exams.models import Recording, Take, Viewing

FILM = "exams.film"
"""The kind of file that a take is."""
LARGEST_PART = 2_000_000
"""Bytes of one part: some seconds of film."""
MOST_TAKES = 200
"""Takes of one attempt; whoever reloads more often than that is not filmed any more."""


@dataclass(frozen=True)
class Part:
    """A part of a take as a browser sends it."""

    number: int
    content: bytes
    begins_ms: int
    """Where it begins, in milliseconds from the beginning of the take."""
    ends_ms: int
    seal: str
    """The seal that the browser computed; it has to be ours."""


@transaction.atomic
def open_take(recording: Recording, *, source: str, by: str, now: datetime) -> Take:
    """Begin a take of the camera or the screen. Raises RefusedError once the attempt is over."""
    held = (
        Recording.objects.select_for_update(of=("self",))
        .select_related("attempt")
        .get(pk=recording.pk)
    )
    ends_at = held.attempt.ends_at
    if held.finished_at is not None or ends_at is None or now > ends_at:
        raise RefusedError(_("This exam is over; nothing is filmed any more."))
    if held.takes.count() >= MOST_TAKES:
        raise RefusedError(_("The film was begun anew too often. Speak to the examiner."))
    stored = files.begin(kind=FILM, name=f"{source}.webm", by=by, now=now)
    take = Take.objects.create(recording=held, source=source, file=stored, begun_at=now)
    audit.record(
        "exams.film.begun",
        target=held,
        subject=held.attempt.person_id,
        by=by,
        at=now,
        clause="ilearn-40.d",
    )
    return take


@transaction.atomic
def add_part(take: Take, part: Part, *, now: datetime) -> files.Appended:
    """Keep the next part of a take; one that came before is taken as told again.

    Parts are no entries of the audit: the seal binds each to all before it. Raises RefusedError
    when film is not taken any more or the seal is not ours, files.OutOfTurnError, and
    files.DifferentPartError; nothing is kept then.
    """
    held = (
        Take.objects.select_for_update(of=("self",))
        .select_related("recording__attempt", "file")
        .get(pk=take.pk)
    )
    ends_at = held.recording.attempt.ends_at
    if ends_at is None or not rules.film_may_arrive(ends_at, now):
        raise RefusedError(_("Film of this attempt is not taken any more."))
    if not 0 < len(part.content) <= LARGEST_PART:
        raise RefusedError(_("A part of the film has at most 2 MB."))
    added = files.append(held.file, part.content, number=part.number, now=now)
    if not added.is_new:
        return added
    if added.seal != part.seal:
        raise RefusedError(_("This part does not follow from the one before it."))
    pause = rules.pause_before(held.length_ms, begins_ms=part.begins_ms)
    if pause is not None:
        held.pauses = [*held.pauses, list(pause)]
    held.length_ms = max(held.length_ms, part.ends_ms)
    held.save(update_fields=["length_ms", "pauses"])
    _seal_recording(held, len(part.content), now)
    return added


def _seal_recording(take: Take, size: int, now: datetime) -> None:
    """Bind the seals of all takes, so that one number stands for the whole film."""
    of_takes = Take.objects.filter(recording=take.recording_id).order_by("begun_at", "pk")
    seals = "".join(of_takes.values_list("file__sha256", flat=True))
    Recording.objects.filter(pk=take.recording_id).update(
        parts=F("parts") + 1,
        size=F("size") + size,
        seal=sha256(seals.encode()).hexdigest(),
        arrived_at=now,
    )


@transaction.atomic
def look(recording: Recording, *, viewer: Person, reason: str, by: str, now: datetime) -> Viewing:
    """Open a film for an hour to somebody of the staff; the candidate sees who and why.

    Raises RefusedError while the attempt runs. Clause: ilearn-40.a.
    """
    if recording.finished_at is None:
        raise RefusedError(_("The film can be seen once the attempt is finished."))
    made = Viewing.objects.create(recording=recording, viewer=viewer, reason=reason, at=now)
    audit.record(
        "exams.film.seen",
        target=recording,
        subject=recording.attempt.person_id,
        by=by,
        at=now,
        clause="ilearn-40.a",
        detail={"reason": str(reason)},
    )
    return made
