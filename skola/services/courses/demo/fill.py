"""Filling a tenant of the demo with courses and with what its people did in them."""

import mimetypes
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from skola.ground.files.api import StoredFile, store
from skola.ground.people.api import Person, Role
from skola.promises.policy.api import has, in_force
from skola.services.courses import uploads
from skola.services.courses.demo.drawings import DRAWINGS, cover
from skola.services.courses.demo.history import Known, enrol_everybody
from skola.services.courses.demo.texts import CONTENT, CourseText, LessonText, courses_of
from skola.services.courses.models import Course, Lesson, Section
from skola.services.courses.questions import questions_in
from skola.services.courses.rules import LessonKind, minutes_to_read, plain_letters, slug_of

BY = "demo"


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Make the courses of a tenant and let its people take them. ``people``: personas first.

    Does nothing where the policy in force enables no courses.
    """
    if not has("courses.take", now=now) or not people:
        return
    authors = _authors(people, now)
    known = []
    for number, text in enumerate(courses_of(tenant_slug)):
        author = people[0] if text.by_first else authors[number % len(authors)]
        drawn = cover(tenant_slug, number, random)
        made = make_course(text, author=author, drawn=drawn, now=now)
        if not text.needs_seat:
            known.append(made)
    enrol_everybody(known, people, random, now, purpose=_purpose(now))


def _purpose(now: datetime) -> str:
    purposes = in_force(now).policy.purpose
    return next(purpose.id for purpose in purposes if "courses.take" in purpose.enables)


def _authors(people: Sequence[Person], now: datetime) -> list[Person]:
    """Those with the author role; without any, the two who came first."""
    roles = Role.objects.filter(kind="author").held_at(now).values_list("person", flat=True)
    holders = set(roles)
    found = [person for person in people if person.pk in holders]
    return found or sorted(people, key=lambda person: person.created_at)[:2]


def make_course(text: CourseText, *, author: Person, drawn: bytes, now: datetime) -> Known:
    """Make one published course from its text, with its cover, pictures and files."""
    published = now - timedelta(days=text.age)
    made = published - timedelta(days=9)
    course = Course.objects.create(
        author=author,
        slug=slug_of(text.title, Course.objects.values_list("slug", flat=True)),
        title=text.title,
        summary=text.summary,
        needs_seat=text.needs_seat,
        language=text.language,
        search_text=plain_letters(f"{text.title} {text.summary}"),
        picture=_keep(f"{text.name}.png", drawn, uploads.PICTURE, author, made),
        state=Course.State.PUBLISHED,
        created_at=made,
        published_at=published,
    )
    sections = [
        Section(course=course, title=title, position=place)
        for place, (title, _) in enumerate(text.parts, 1)
    ]
    Section.objects.bulk_create(sections)
    lessons: list[Lesson] = []
    for section, (_, texts) in zip(sections, text.parts, strict=True):
        for place, one in enumerate(texts, 1):
            taken = [lesson.slug for lesson in lessons]
            lessons.append(_lesson(course, section, one, place, taken, author, made))
    Lesson.objects.bulk_create(lessons)
    return Known(course, lessons)


def _lesson(
    course: Course,
    section: Section,
    text: LessonText,
    place: int,
    taken: Sequence[str],
    author: Person,
    made: datetime,
) -> Lesson:
    lesson = Lesson(
        course=course,
        section=section,
        slug=slug_of(text.title, taken),
        title=text.title,
        kind=text.kind,
        text=text.text,
        description=text.description,
        is_preview=text.is_preview,
        minutes=minutes_to_read(text.text),
        position=place,
    )
    if text.kind is LessonKind.EXERCISE:
        asked = questions_in(text.text, fewest=1, most=20)
        lesson.text, lesson.questions = "", [asdict(one) for one in asked]
    if text.kind is LessonKind.PICTURE:
        drawn = DRAWINGS[text.name]()
        lesson.media = _keep(f"{text.name}.png", drawn, uploads.LESSON_PICTURE, author, made)
    elif text.kind is LessonKind.VIDEO:
        captions = f"{text.name}.{course.language}.vtt"
        lesson.media = _keep_file(f"{text.name}.webm", uploads.LESSON_VIDEO, author, made)
        lesson.captions = _keep_file(captions, uploads.LESSON_CAPTIONS, author, made)
    elif text.kind is LessonKind.FILE:
        lesson.media = _keep_file(text.name, uploads.LESSON_FILE, author, made)
    return lesson


def _keep_file(name: str, kind: str, author: Person, made: datetime) -> StoredFile:
    return _keep(name, (CONTENT / name).read_bytes(), kind, author, made)


def _keep(name: str, content: bytes, kind: str, author: Person, made: datetime) -> StoredFile:
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    upload = SimpleUploadedFile(name, content, content_type=guessed)
    return store(upload, kind=kind, person_id=author.pk, by=BY, now=made)
