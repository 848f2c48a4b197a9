"""Reads of training groups that more than one caller needs."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from skola.ground.people.api import Person, Role
from skola.promises.disclosures.api import Given
from skola.promises.policy.api import has, in_force
from skola.services.groups.models import (
    SCOPE,
    Application,
    Attendance,
    Disclosure,
    Meeting,
    Participant,
    ParticipantCode,
    Programme,
    Run,
)
from skola.services.groups.rules import can_sign

CAPABILITY = "groups.training"


def zone(now: datetime) -> ZoneInfo:
    """Return the time zone of the speaking tenant."""
    return ZoneInfo(in_force(now).policy.policy.timezone)


def today(now: datetime) -> date:
    """Return the tenant's day."""
    return now.astimezone(zone(now)).date()


def notice_version(now: datetime) -> str:
    """Return the version of the policy that binds now."""
    return in_force(now).version.name


def holds_codes(now: datetime) -> bool:
    """Whether the policy has national codes among what it holds."""
    held = (what for one in in_force(now).policy.category for what in one.holds)
    return any(what.rstrip("?") == "personal_code" for what in held)


def asks_code(programme: Programme, now: datetime) -> bool:
    """Whether participants of a programme are asked for a national code (kic-cat-identity)."""
    return bool(programme.code_reason) and holds_codes(now)


def with_code(seats: QuerySet[Participant]) -> QuerySet[Participant]:
    """Add ``has_code``: whether a national code is held of a participant."""
    held = ParticipantCode.objects.filter(participant=OuterRef("pk"))
    return seats.annotate(has_code=Exists(held))


def to_apply(day: date) -> QuerySet[Run]:
    """Return the runs one can apply for, the next to begin on top."""
    found = Run.objects.to_apply(day).with_counts().select_related("programme")
    return found.order_by("starts_on", "code")


def applications_of(run: Run) -> QuerySet[Application]:
    """Return what is to be decided, the waiting list in its order."""
    found = Application.objects.filter(run=run, stage__in=("received", "waiting"))
    return found.select_related("person").order_by("applied_at")


def participants_of(run: Run) -> QuerySet[Participant]:
    """Return who has or had a seat, by name; who left stands last."""
    found = Participant.objects.filter(run=run).select_related("person", "contract")
    return with_code(found).order_by(
        F("left_at").asc(nulls_first=True), "person__family_name", "person__given_name"
    )


def seats_of(run: Run) -> QuerySet[Participant]:
    """Return who has a seat, by name, each with ``attended``, how many meetings they signed."""
    found = Participant.objects.filter(run=run, left_at=None).select_related("person")
    return found.annotate(attended=Count("attendances")).order_by(
        "person__family_name", "person__given_name"
    )


def meetings_of(run: Run) -> QuerySet[Meeting]:
    """Return the meetings of a run, first to last, each with ``signed``, how many signed it."""
    has_seat = Q(attendances__participant__left_at=None)
    found = run.meetings.annotate(signed=Count("attendances", filter=has_seat))
    return found.order_by("on", "begins")


def open_among(meetings: Iterable[Meeting], now: datetime) -> Meeting | None:
    """Return the meeting that is signed now."""
    where = zone(now)
    return next((one for one in meetings if can_sign(*one.spans(where), now)), None)


def attendance_at(meeting: Meeting) -> dict[object, Attendance]:
    """Return who signed a meeting, by the key of the participant."""
    return {one.participant_id: one for one in Attendance.objects.filter(meeting=meeting)}


def trainers_of(run: Run) -> QuerySet[Role]:
    """Return the roles of those who lead a run, or led it, latest first."""
    found = Role.objects.filter(kind=Role.Kind.INSTRUCTOR, scope=SCOPE, scope_id=run.pk)
    return found.select_related("person").order_by("-starts_at")


def is_open(meeting: Meeting, now: datetime) -> bool:
    """Whether a group meets now: from half an hour before a meeting until half an hour after."""
    return can_sign(*meeting.spans(zone(now)), now)


def meetings_today(now: datetime) -> list[Meeting]:
    """Return the meetings of the local day, of groups that are not cancelled."""
    found = Meeting.objects.filter(on=today(now), run__cancelled_at=None)
    return list(found.select_related("run__programme").order_by("begins"))


def seat_of(person: Person, run: Run) -> Participant | None:
    """Return the seat that a person has in a run."""
    return Participant.objects.filter(person=person, run=run, left_at=None).first()


def without_document(run: Run) -> QuerySet[Participant]:
    """Return who completed a run and has no document of it yet, by name."""
    done = Participant.objects.filter(run=run, result=Participant.Result.PASSED, document=None)
    return done.select_related("person").order_by("person__family_name", "person__given_name")


def documents_of(run: Run) -> QuerySet[Participant]:
    """Return who has a document of a run, by its number."""
    found = Participant.objects.filter(run=run, document__isnull=False)
    return found.select_related("document").order_by("document__series", "document__number")


def given_to_trainers(person_id: UUID, since: datetime, now: datetime) -> Iterator[Given]:
    """Return what trainers from outside were shown about a participant, for their account."""
    if not has(CAPABILITY, now=now):
        return
    found = Disclosure.objects.filter(participant__person_id=person_id, first_at__gte=since)
    for one in found.select_related("participant__run__programme"):
        yield Given(
            at=one.first_at,
            recipient=one.recipient,
            where="",
            third=False,
            why=one.participant.run.programme.title,
            ground=_("Cooperation contract %(number)s") % {"number": one.reference},
            reference="",
            fields=(),
            what=str(one.get_what_display()),
        )
