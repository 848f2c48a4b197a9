"""Makers of courses for tests."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from skola.ground.people.api import Person
from skola.ground.people.tests.make import person as make_person
from skola.services.courses.actions import answer
from skola.services.courses.models import Attempt, Course, Enrolment, Lesson, Progress, Section
from skola.services.courses.questions import questions_in
from skola.services.courses.rules import LessonKind, plain_letters, slug_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def course(
    *,
    author: Person | None = None,
    title: str = "First aid at work",
    summary: str = "What to do until help is there.",
    language: str = "en",
    state: str = Course.State.PUBLISHED,
    lessons: Sequence[int] = (2, 1),
    published_at: datetime = NOW,
) -> Course:
    """A course with as many lessons in its sections as ``lessons`` says, each with a text."""
    made = Course.objects.create(
        author=author or make_person(given_name="Anna", family_name="Autore"),
        slug=slug_of(title, Course.objects.values_list("slug", flat=True)),
        title=title,
        summary=summary,
        language=language,
        search_text=plain_letters(f"{title} {summary}"),
        state=state,
        created_at=NOW,
        published_at=None if state == Course.State.DRAFT else published_at,
        archived_at=NOW if state == Course.State.ARCHIVED else None,
    )
    for number, count in enumerate(lessons, 1):
        section = Section.objects.create(course=made, title=f"Part {number}", position=number)
        for place in range(1, count + 1):
            lesson(section, title=f"Lesson {number}.{place}", position=place)
    return made


def lesson(
    section: Section,
    *,
    title: str = "A lesson",
    kind: LessonKind = LessonKind.TEXT,
    text: str = "Press **hard**.",
    is_preview: bool = False,
    position: int = 1,
) -> Lesson:
    """A lesson of a section."""
    taken = section.course.lessons.values_list("slug", flat=True)
    return Lesson.objects.create(
        course=section.course,
        section=section,
        slug=slug_of(title, taken),
        title=title,
        kind=kind,
        text=text,
        is_preview=is_preview,
        position=position,
    )


def lessons_of(course: Course) -> list[Lesson]:
    """The lessons of a course in their order."""
    return list(course.lessons.order_by("section__position", "position"))


def enrolment(
    course: Course, person: Person, *, started_at: datetime = NOW, done: int = 0
) -> Enrolment:
    """An enrolment whose first ``done`` lessons are done."""
    made = Enrolment.objects.create(
        course=course,
        person=person,
        course_title=course.title,
        purpose="environment.run",
        started_at=started_at,
    )
    for one in lessons_of(course)[:done]:
        Progress.objects.create(
            enrolment=made, lesson=one, first_at=started_at, last_at=started_at, done_at=started_at
        )
    return made


QUESTIONS = "Whom do you call?\nNobody\n* 112\n\nWhere to?\n* Outside\nUp"


def exercise(course: Course, *, title: str = "What do you do?") -> Lesson:
    """An exercise with two questions, at the end of a course."""
    asked = [asdict(one) for one in questions_in(QUESTIONS, fewest=1, most=20)]
    section = course.sections.order_by("-position")[0]
    made = lesson(section, title=title, kind=LessonKind.EXERCISE, text="", position=90)
    Lesson.objects.filter(pk=made.pk).update(questions=asked)
    made.refresh_from_db()
    return made


def attempt(
    enrolment: Enrolment, *, answers: Mapping[int, int] | None = None, at: datetime = NOW
) -> Attempt:
    """Somebody did an exercise; all of it right where nothing else is said."""
    assert enrolment.course is not None
    chosen = {0: 1, 1: 0} if answers is None else answers
    return answer(enrolment, exercise(enrolment.course), chosen, by="learner", now=at)
