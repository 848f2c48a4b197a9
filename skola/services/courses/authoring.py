"""Everything that changes a course: making it, filling it, ordering it, publishing it."""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.files.api import UNREADABLE, RefusedError, StoredFile, pieces_of, store
from skola.ground.people.api import Person
from skola.ground.tenants.api import current_id
from skola.promises.retention.api import record_event
from skola.services.courses import uploads
from skola.services.courses.models import Course, Enrolment, Lesson, Section
from skola.services.courses.queries import made_course
from skola.services.courses.questions import Question
from skola.services.courses.rules import (
    Direction,
    LessonKind,
    Missing,
    joined,
    minutes_to_read,
    moved,
    plain_letters,
    slug_of,
    swapped,
)
from skola.services.visits.api import Tally, tally

if TYPE_CHECKING:
    Upload = UploadedFile[Any]
else:
    Upload = UploadedFile


class BadUploadError(Exception):
    """A file that is not taken. ``field`` names it; the message tells its sender why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NotReadyError(Exception):
    """A course that lacks something; ``missing`` says what."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(f"The course lacks {len(missing)} things before it can be published.")
        self.missing = list(missing)


@dataclass(frozen=True)
class About:
    """What a course says about itself. ``picture`` None leaves the one that is there."""

    title: str
    summary: str
    language: str
    picture: Upload | None = None
    without_picture: bool = False
    needs_seat: bool = False
    is_shared: bool = False
    tags: tuple[str, ...] | None = None
    """None leaves those that are there."""


@dataclass(frozen=True)
class Filling:
    """What a lesson consists of. A file that is None leaves the one that is there."""

    title: str
    kind: LessonKind = LessonKind.TEXT
    text: str = ""
    description: str = ""
    is_preview: bool = False
    media: Upload | None = None
    captions: Upload | None = None
    questions: Sequence[Question] = ()


@transaction.atomic
def make_course(author: Person, about: About, *, by: str, now: datetime) -> Course:
    """Make a draft with one empty section, so that the first lesson has a place."""
    _one_at_a_time()
    taken = Course.objects.values_list("slug", flat=True)
    course = Course(
        author=author,
        slug=slug_of(about.title, taken),
        title=about.title,
        summary=about.summary,
        language=about.language,
        search_text=plain_letters(f"{about.title} {about.summary}"),
        needs_seat=about.needs_seat,
        is_shared=about.is_shared,
        created_at=now,
    )
    _tag(course, about, now)
    course.picture = _stored(about.picture, uploads.PICTURE, author.pk, by=by, now=now)
    course.save()
    Section.objects.create(course=course, title=_("Part 1"), position=1)
    audit.record("courses.course.made", target=course, subject=author.pk, by=by, at=now)
    record_event(author.pk, "account.last_action", at=now)
    return course


def _one_at_a_time() -> None:
    """Let nobody else of this tenant begin a course until the transaction ends.

    Two who send the same title at once would otherwise be given the same address.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"course:{current_id()}"]
        )


def _stored(
    upload: Upload | None, kind: str, person: UUID | None, *, by: str, now: datetime
) -> StoredFile | None:
    if not upload:
        return None
    try:
        return store(upload, kind=kind, person_id=person, by=by, now=now)
    except RefusedError as problem:
        field = {uploads.PICTURE: "picture", uploads.LESSON_CAPTIONS: "captions"}
        raise BadUploadError(field.get(kind, "upload"), str(problem)) from problem


@transaction.atomic
def describe_course(course: Course, about: About, *, by: str, now: datetime) -> None:
    """Change what a course says about itself. Its address stays."""
    course.title, course.summary, course.language = about.title, about.summary, about.language
    course.search_text = plain_letters(f"{about.title} {about.summary}")
    course.needs_seat, course.is_shared = about.needs_seat, about.is_shared
    _tag(course, about, now)
    if about.picture:
        course.picture = _stored(about.picture, uploads.PICTURE, course.author_id, by=by, now=now)
    elif about.without_picture:
        course.picture = None
    course.save()
    _changed(course, "courses.course.changed", by=by, now=now)


def _tag(course: Course, about: About, now: datetime) -> None:
    """Take over the tags, and count those that are new (learnifier-5.n)."""
    if about.tags is None:
        return
    for tag in set(about.tags).difference(course.tag_words):
        tally(Tally.Kind.TAG, tag, now=now)
    course.tags = joined(about.tags)


def _changed(course: Course, kind: str, *, by: str, now: datetime) -> None:
    audit.record(kind, target=course, subject=course.author_id, by=by, at=now)
    if course.author_id is not None:
        record_event(course.author_id, "account.last_action", at=now)


@transaction.atomic
def add_section(course: Course, title: str, *, by: str, now: datetime) -> Section:
    """Add an empty section at the end."""
    last = course.sections.aggregate(last=Max("position"))["last"] or 0
    section = Section.objects.create(course=course, title=title, position=last + 1)
    _changed(course, "courses.course.changed", by=by, now=now)
    return section


@transaction.atomic
def rename_section(section: Section, title: str, *, by: str, now: datetime) -> None:
    """Give a section another title."""
    section.title = title
    section.save(update_fields=["title"])
    _changed(section.course, "courses.course.changed", by=by, now=now)


@transaction.atomic
def remove_section(section: Section, *, by: str, now: datetime) -> None:
    """Remove a section with its lessons, and what learners did in them."""
    section.delete()
    _changed(section.course, "courses.course.changed", by=by, now=now)


@transaction.atomic
def move_section(section: Section, direction: Direction, *, by: str, now: datetime) -> None:
    """Move a section by one place."""
    order = list(section.course.sections.order_by("position").values_list("pk", flat=True))
    _number(Section, swapped(order, section.pk, direction))
    _changed(section.course, "courses.course.changed", by=by, now=now)


def _number(model: Any, order: Sequence[UUID], section: UUID | None = None) -> None:
    rows = [model(pk=pk, position=place) for place, pk in enumerate(order, 1)]
    fields = ["position"]
    if section is not None:
        fields.append("section_id")
        for row in rows:
            row.section_id = section
    model.objects.bulk_update(rows, fields)


@transaction.atomic
def add_lesson(section: Section, filling: Filling, *, by: str, now: datetime) -> Lesson:
    """Add a lesson at the end of a section. Raises BadUploadError."""
    course = section.course
    last = section.lessons.aggregate(last=Max("position"))["last"] or 0
    taken = course.lessons.values_list("slug", flat=True)
    lesson = Lesson(
        course=course,
        section=section,
        slug=slug_of(filling.title, taken),
        kind=filling.kind,
        position=last + 1,
    )
    _fill(lesson, filling, by=by, now=now)
    _changed(course, "courses.course.changed", by=by, now=now)
    return lesson


@transaction.atomic
def change_lesson(lesson: Lesson, filling: Filling, *, by: str, now: datetime) -> None:
    """Change what a lesson consists of; its address and kind stay. Raises BadUploadError."""
    _fill(lesson, filling, by=by, now=now)
    _changed(lesson.course, "courses.course.changed", by=by, now=now)


_MEDIA = {
    LessonKind.PICTURE: uploads.LESSON_PICTURE,
    LessonKind.VIDEO: uploads.LESSON_VIDEO,
    LessonKind.FILE: uploads.LESSON_FILE,
}


def _fill(lesson: Lesson, filling: Filling, *, by: str, now: datetime) -> None:
    author, kind = lesson.course.author_id, LessonKind(lesson.kind)
    lesson.title, lesson.text = filling.title, filling.text
    lesson.description, lesson.is_preview = filling.description, filling.is_preview
    lesson.minutes = minutes_to_read(filling.text) + len(filling.questions) // 2
    if kind is LessonKind.EXERCISE:
        lesson.questions = [asdict(one) for one in filling.questions]
    if filling.media and kind in _MEDIA:
        lesson.media = _stored(filling.media, _MEDIA[kind], author, by=by, now=now)
    if filling.captions and kind is LessonKind.VIDEO:
        lesson.captions = _stored(filling.captions, uploads.LESSON_CAPTIONS, author, by=by, now=now)
    lesson.save()


@transaction.atomic
def copy_lesson(lesson: Lesson, section: Section, *, by: str, now: datetime) -> Lesson:
    """Copy a lesson of the library to the end of a section, with files of its own.

    What changes in the one afterwards does not change the other. Raises BadUploadError where a
    file cannot be read any more.
    """
    course = section.course
    last = section.lessons.aggregate(last=Max("position"))["last"] or 0
    made = Lesson.objects.create(
        course=course,
        section=section,
        slug=slug_of(lesson.title, course.lessons.values_list("slug", flat=True)),
        title=lesson.title,
        kind=lesson.kind,
        text=lesson.text,
        description=lesson.description,
        questions=lesson.questions,
        minutes=lesson.minutes,
        media=_copied(lesson.media, course.author_id, by=by, now=now),
        captions=_copied(lesson.captions, course.author_id, by=by, now=now),
        position=last + 1,
    )
    _changed(course, "courses.lesson.copied", by=by, now=now)
    return made


def _copied(
    stored: StoredFile | None, person: UUID | None, *, by: str, now: datetime
) -> StoredFile | None:
    if stored is None:
        return None
    with tempfile.TemporaryFile() as content:
        try:
            content.writelines(pieces_of(stored))
        except UNREADABLE as problem:
            raise BadUploadError(
                "lesson", _("The file of this lesson cannot be read.")
            ) from problem
        content.seek(0)
        upload = UploadedFile(content, stored.name, size=stored.size)
        return _stored(upload, stored.kind, person, by=by, now=now)


@transaction.atomic
def remove_lesson(lesson: Lesson, *, by: str, now: datetime) -> None:
    """Remove a lesson with its files, and what learners did in it."""
    course = lesson.course
    lesson.delete()
    _changed(course, "courses.course.changed", by=by, now=now)


@transaction.atomic
def move_lesson(lesson: Lesson, direction: Direction, *, by: str, now: datetime) -> None:
    """Move a lesson by one place, over to the neighbouring section where its own ends."""
    sections = lesson.course.sections.order_by("position").prefetch_related("lessons")
    order = [(one.pk, [each.pk for each in one.lessons.all()]) for one in sections]
    for (section, before), (_same, after) in zip(
        order, moved(order, lesson.pk, direction), strict=True
    ):
        if list(before) != after:
            _number(Lesson, after, section)
    _changed(lesson.course, "courses.course.changed", by=by, now=now)


@transaction.atomic
def publish(course: Course, *, by: str, now: datetime) -> None:
    """Put a course into the catalogue. Raises NotReadyError, which says what it lacks."""
    whole = made_course(course.slug, course.author) if course.author else None
    lacks = whole.missing if whole else []
    if lacks:
        raise NotReadyError(lacks)
    course.state, course.archived_at = Course.State.PUBLISHED, None
    course.published_at = now
    course.save(update_fields=["state", "published_at", "archived_at"])
    _changed(course, "courses.course.published", by=by, now=now)


@transaction.atomic
def unpublish(course: Course, *, by: str, now: datetime) -> None:
    """Make a course a draft again: only its author sees it until it is published the next time."""
    course.state, course.archived_at = Course.State.DRAFT, None
    course.save(update_fields=["state", "archived_at"])
    _changed(course, "courses.course.unpublished", by=by, now=now)


@transaction.atomic
def archive(course: Course, *, by: str, now: datetime) -> None:
    """Take a course out of the catalogue; those who take it can go on."""
    course.state, course.archived_at = Course.State.ARCHIVED, now
    course.save(update_fields=["state", "archived_at"])
    _changed(course, "courses.course.archived", by=by, now=now)


@transaction.atomic
def delete_course(course: Course, *, by: str, now: datetime) -> None:
    """Delete a course with its lessons and files; learners keep the fact that they took it."""
    audit.record(
        "courses.course.deleted",
        target=course,
        subject=course.author_id,
        by=by,
        at=now,
        detail={"learners": Enrolment.objects.filter(course=course).count()},
    )
    course.delete()
    if course.author_id is not None:
        record_event(course.author_id, "account.last_action", at=now)
