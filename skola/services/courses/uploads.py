"""The kinds of file a course holds, and who may open them."""

from datetime import datetime

from django.db.models import Q

from skola.ground.files.api import Family, Kind, StoredFile, register
from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.courses.models import Course, Enrolment, Lesson

MB = 1_000_000
PICTURE = "courses.picture"
LESSON_PICTURE = "courses.lesson.picture"
LESSON_VIDEO = "courses.lesson.video"
LESSON_CAPTIONS = "courses.lesson.captions"
LESSON_FILE = "courses.lesson.file"


def register_kinds() -> None:
    """Make the kinds known to the files' room; called when the application starts."""
    register(Kind(PICTURE, frozenset({Family.PICTURE}), 10 * MB, may_open_picture))
    register(Kind(LESSON_PICTURE, frozenset({Family.PICTURE}), 20 * MB, may_open_lesson_file))
    register(Kind(LESSON_VIDEO, frozenset({Family.VIDEO}), 2000 * MB, may_open_lesson_file))
    register(Kind(LESSON_CAPTIONS, frozenset({Family.CAPTIONS}), 2 * MB, may_open_lesson_file))
    register(Kind(LESSON_FILE, frozenset({Family.DOCUMENT}), 100 * MB, may_open_lesson_file))


def _is_author(person: Person | None, stored: StoredFile) -> bool:
    return person is not None and stored.person_id == person.pk


def may_open_picture(person: Person | None, stored: StoredFile, now: datetime) -> bool:
    """The picture of a course is for whoever sees the course in the catalogue, and its author."""
    if _is_author(person, stored):
        return True
    shown = Q(state=Course.State.PUBLISHED)
    if person is not None:
        shown |= Q(state=Course.State.ARCHIVED, enrolments__person=person)
    visitor_may = person is not None or has("courses.catalogue", now=now)
    return visitor_may and Course.objects.filter(shown, picture_id=stored.pk).exists()


def may_open_lesson_file(person: Person | None, stored: StoredFile, now: datetime) -> bool:
    """A lesson's files are for those who take the course, its author, and readers of a preview."""
    if _is_author(person, stored):
        return True
    found = Lesson.objects.filter(Q(media_id=stored.pk) | Q(captions_id=stored.pk))
    visitor_may = person is not None or has("courses.catalogue", now=now)
    if visitor_may and found.filter(is_preview=True, course__state="published").exists():
        return True
    if person is None:
        return False
    there = found.exclude(course__state="draft").values("course")
    return Enrolment.objects.open_at(now).filter(person=person, course__in=there).exists()
