"""Makers of the desk for tests: plain functions with honest defaults."""

import io
import wave
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile

from skola.ground.people.models import Person
from skola.services.billing.models import Contract
from skola.services.desk import calling
from skola.services.desk.actions import Asked, Sender, receive_enquiry
from skola.services.desk.models import Call, Enquiry, Line, Recording

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RIGA = ZoneInfo("Europe/Riga")


def enquiry(
    *,
    body: str = "When does the course on bees begin?",
    topic: str = "service",
    channel: str = "web",
    email: str = "anna@example.org",
    person: Person | None = None,
    at: datetime = A_DAY,
) -> Enquiry:
    """An enquiry of somebody who told a name and an address."""
    return receive_enquiry(
        Asked(topic, channel, body, "en", "2020-08-17"),
        Sender("Anna", "Ozola", email),
        person=person,
        received_at=at,
        zone=RIGA,
        by="visitor",
        now=at,
    )


def line(
    *, announced: bool = True, callee_role: str = "consultant", number: str = "+37167000000"
) -> Line:
    """A support line that tells its callers that it records."""
    return Line.objects.create(
        name="Support", number=number, announced=announced, callee_role=callee_role
    )


def sound(seconds: float = 0.1) -> SimpleUploadedFile:
    """A short silent recording."""
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * int(8000 * seconds))
    return SimpleUploadedFile("call.wav", held.getvalue(), content_type="audio/wav")


def call(
    *,
    on: Line | None = None,
    direction: str = "incoming",
    number: str = "+371 2900 0300",
    at: datetime = A_DAY,
    recorded: bool = True,
    kind: str = Recording.Kind.QUALITY,
    contract: Contract | None = None,
) -> Call:
    """A call in the register, with its sound."""
    done = calling.import_call(
        calling.Rung(on or line(), direction, number, at, 90),
        audio=sound() if recorded else None,
        kind=kind,
        contract=contract,
        by="system",
        now=at,
    )
    assert done.call is not None
    return done.call


def contract(
    person: Person, *, at: datetime = A_DAY, closed_at: datetime | None = None
) -> Contract:
    """A contract agreed on the phone."""
    return Contract.objects.create(
        person=person,
        title="Course by phone",
        text="What was agreed.",
        offered_at=at,
        accepted_at=at,
        evidence=Contract.Evidence.ORAL,
        starts_on=at.date(),
        closed_at=closed_at,
        ending=Contract.Ending.STAFF if closed_at else "",
    )


A_DAY_LATER = A_DAY + timedelta(days=1)
