"""Makers of exams for tests: plain functions with honest defaults."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from skola.ground.files.api import UNSEALED, next_seal
from skola.ground.files.tests import make as files
from skola.ground.people.api import Person
from skola.ground.people.tests import make as people
from skola.services.exams import queries
from skola.services.exams.actions import contesting, filming, invigilating, making, marking, sitting
from skola.services.exams.models import Attempt, Contest, Exam, Recording, Sitting, Take

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HEAD = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm"
"""How a film begins."""

QUERIES = (
    making.Query("single", "What is two and two?", 2, ["three", "four"], ["1"]),
    making.Query("multiple", "Which are even?", 2, ["one", "two", "four"], ["1", "2"]),
    making.Query("number", "What is a third, roughly?", 1, [], ["0.33", "0.01"]),
    making.Query("short", "The capital of Latvia?", 1, [], ["Rīga", "Riga"]),
    making.Query("long", "Why do bees dance?", 4),
)
RIGHT = (["1"], ["1", "2"], ["0,333"], ["riga"], ["To tell where the flowers are."])


def exam(
    *,
    title: str = "Beekeeping",
    minutes: int = 60,
    term_days: int | None = None,
    queries: Sequence[making.Query] = QUERIES,
    published: bool = True,
    at: datetime = A_DAY,
) -> Exam:
    """An exam of five questions, one of each kind, worth ten points."""
    made = making.draft_exam(
        making.Words(title, "Bring a **pen**.", minutes, 50, term_days), by="examiner", now=at
    )
    for query in queries:
        making.add_question(made, query, by="examiner", now=at)
    if published:
        making.publish_exam(made, by="examiner", now=at)
    return made


def date(
    of: Exam | None = None, *, starts_at: datetime = A_DAY, hours: int = 8, places: int = 20
) -> Sitting:
    """A sitting that is open for a working day."""
    return making.plan_sitting(
        of or exam(),
        starts_at=starts_at,
        closes_at=starts_at + timedelta(hours=hours),
        places=places,
        room="Room 3, Brīvības iela 137",
        by="examiner",
        now=starts_at,
    )


def place(
    person: Person | None = None,
    *,
    on: Sitting | None = None,
    way: str = "camera",
    let_in: bool = True,
    at: datetime = A_DAY,
) -> Attempt:
    """A place, of somebody whom an examiner has let in."""
    made = sitting.take_place(
        on or date(starts_at=at), person or people.account().person, way=way, by="candidate", now=at
    )
    if let_in:
        sitting.check_identity(
            made, outcome="confirmed", checker=people.account().person, by="examiner", now=at
        )
    return made


def flagged(*, on: Sitting | None = None, at: datetime = A_DAY) -> Attempt:
    """An attempt that was begun though it was not confirmed who sits there."""
    held = place(on=on, let_in=False, at=at)
    sitting.check_identity(
        held, outcome="refused", checker=people.account().person, by="examiner", now=at
    )
    days = queries.term_days(held.sitting.exam, at)
    return sitting.begin(held, told_days=days, camera=True, by="candidate", now=at)


def begun(
    person: Person | None = None,
    *,
    on: Sitting | None = None,
    way: str = "camera",
    at: datetime = A_DAY,
) -> Attempt:
    """An attempt that runs."""
    held = place(person, on=on, way=way, at=at)
    days = queries.term_days(held.sitting.exam, at)
    return sitting.begin(held, told_days=days, camera=True, by="candidate", now=at)


def answers(
    attempt: Attempt, given: Sequence[Sequence[str]] = RIGHT
) -> Mapping[UUID, Sequence[str]]:
    """Answers to the questions, in their order."""
    questions = attempt.sitting.exam.questions.all()
    return {one.pk: list(said) for one, said in zip(questions, given, strict=False)}


def film(
    attempt: Attempt, *, source: str = "camera", parts: int = 3, at: datetime | None = None
) -> Take:
    """A take of some seconds."""
    recording = Recording.objects.get(attempt=attempt)
    when = at or attempt.begun_at
    assert when is not None
    take = filming.open_take(recording, source=source, by="candidate", now=when)
    seal = UNSEALED
    for number in range(parts):
        seal = part(take, number, before=seal, at=when)
    take.refresh_from_db()
    return take


def bytes_of(number: int) -> bytes:
    """The bytes of a part; those of the first begin like a film."""
    return (HEAD if number == 0 else b"") + f"part {number} ".encode() * 50


def part(
    take: Take, number: int, *, before: str = UNSEALED, begins_ms: int = -1, at: datetime
) -> str:
    """One part of two seconds, and the seal it has now."""
    content = bytes_of(number)
    seal = next_seal(before, hashlib.sha256(content).hexdigest())
    begins = number * 2000 if begins_ms < 0 else begins_ms
    told = filming.Part(number, content, begins, begins + 2000, seal)
    return filming.add_part(take, told, now=at).seal


def finished(
    person: Person | None = None,
    *,
    on: Sitting | None = None,
    way: str = "camera",
    at: datetime = A_DAY,
    filmed: bool = True,
) -> Attempt:
    """An attempt with all answers and a film of six seconds, handed in after half an hour."""
    made = begun(person, on=on, way=way, at=at)
    if way == "camera" and filmed:
        film(made)
    given = answers(made)
    return sitting.hand_in(made, given, by="candidate", now=at + 30 * MINUTE)


def marks(attempt: Attempt, *, long: int = 4) -> marking.Marks:
    """Points for the long text; the others have theirs by the key."""
    found = attempt.answers.filter(question__kind="long")
    return {one.question_id: marking.Mark(Decimal(long), "Well put.") for one in found}


def marked(
    attempt: Attempt | None = None,
    *,
    marker: Person | None = None,
    long: int = 4,
    at: datetime = A_DAY,
) -> Attempt:
    """An attempt with a result."""
    held = attempt or finished(at=at)
    return marking.release_result(
        held,
        marks(held, long=long),
        marker=marker or people.account().person,
        by="examiner",
        now=at,
    )


def picture() -> SimpleUploadedFile:
    """A picture of papers."""
    return SimpleUploadedFile("papers.png", files.picture(), content_type="image/png")


def contest(attempt: Attempt, *, at: datetime = A_DAY) -> Contest:
    """A contest of a finished attempt."""
    return contesting.contest(attempt, text="The third question.", by="candidate", now=at)


def look(attempt: Attempt, viewer: Person, *, at: datetime = A_DAY) -> None:
    """Somebody of the staff opens the film."""
    recording = Recording.objects.get(attempt=attempt)
    filming.look(recording, viewer=viewer, reason="marking", by="examiner", now=at)


def watched(on: Sitting, *people: Person, at: datetime = A_DAY) -> None:
    """These watch over a date."""
    invigilating.name_invigilators(on, people, by="examiner", now=at)
