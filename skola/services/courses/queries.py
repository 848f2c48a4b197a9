"""Reads of courses: each page has one function here, which asks a fixed number of times."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    F,
    FilteredRelation,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields import TextField
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _

from skola.ground.people.api import MOST_NEAR, Near, Person, Sought
from skola.services.courses.models import Attempt, Course, Enrolment, Lesson, Progress, Section
from skola.services.courses.rules import (
    LessonFacts,
    LessonKind,
    Missing,
    Seen,
    Step,
    joined,
    missing,
    step_of,
    what_next,
)
from skola.services.visits.api import Offered

OPEN_TO_LEARNERS = (Course.State.PUBLISHED, Course.State.ARCHIVED)


def catalogue(*, words: str = "", language: str = "", tag: str = "") -> QuerySet[Course]:
    """Return the published courses, newest first, with the number of their lessons and minutes."""
    found = Course.objects.published().matching(words).select_related("author")
    if language:
        found = found.filter(language=language)
    if tag:
        found = found.filter(tags__contains=joined([tag]))
    lessons = Lesson.objects.filter(course=OuterRef("pk")).order_by().values("course")
    return found.annotate(
        lesson_count=Coalesce(Subquery(lessons.annotate(n=Count("pk")).values("n")), 0),
    ).order_by("-published_at", "title")


MOST_COMPARED = 500


def offered() -> list[Offered]:
    """Return the newest published courses with the words that say what they are about."""
    found = Course.objects.published().order_by("-published_at", "title")
    rows = found.values_list("slug", "title", "summary")[:MOST_COMPARED]
    return [Offered(slug, f"{title} {summary}") for slug, title, summary in rows]


def with_first(courses: QuerySet[Course], slugs: Sequence[str]) -> QuerySet[Course]:
    """Return a catalogue with these courses before all others; without any, as it was."""
    if not slugs:
        return courses
    places = [When(slug=slug, then=Value(at)) for at, slug in enumerate(slugs)]
    first = Case(*places, default=Value(len(slugs)))
    return courses.order_by(first, "-published_at", "title")


def languages_in_catalogue() -> list[str]:
    """Return the languages in which there are published courses."""
    found = Course.objects.published().order_by("language").values_list("language", flat=True)
    return list(found.distinct())


@dataclass
class Page:
    """One lesson in the contents of a course, as one learner sees it."""

    lesson: Lesson
    step: Step
    done_at: datetime | None = None
    seconds: int = 0


@dataclass
class Contents:
    """A course with its sections and lessons in order, and how far one person is with it."""

    course: Course
    sections: list[tuple[Section, list[Page]]]
    enrolment: Enrolment | None = None
    seen: dict[UUID, Seen] = field(default_factory=dict)

    @cached_property
    def pages(self) -> list[Page]:
        """All lessons, one after another."""
        return [page for _, pages in self.sections for page in pages]

    @property
    def done(self) -> int:
        """How many lessons are done."""
        return sum(page.step is Step.DONE for page in self.pages)

    @property
    def minutes(self) -> int:
        """How long the course takes."""
        return sum(page.lesson.minutes for page in self.pages)

    @property
    def next(self) -> Page | None:
        """The lesson the learner goes on with."""
        wanted = what_next([page.lesson.pk for page in self.pages], self.seen)
        return next((page for page in self.pages if page.lesson.pk == wanted), None)

    def page(self, slug: str) -> Page | None:
        """Return the lesson with this part of an address."""
        return next((page for page in self.pages if page.lesson.slug == slug), None)

    def neighbours(self, page: Page) -> tuple[Page | None, Page | None]:
        """Return the lessons before and after this one."""
        at = self.pages.index(page)
        before = self.pages[at - 1] if at else None
        after = self.pages[at + 1] if at + 1 < len(self.pages) else None
        return before, after

    @property
    def missing(self) -> list[Missing]:
        """What the course lacks before it can be published."""
        return missing(
            self.course.summary,
            [
                (section.pk, [_facts(page.lesson) for page in pages])
                for section, pages in self.sections
            ],
        )


def _facts(lesson: Lesson) -> LessonFacts:
    return LessonFacts(
        id=lesson.pk,
        kind=LessonKind(lesson.kind),
        has_text=bool(lesson.has_text) if hasattr(lesson, "has_text") else bool(lesson.text),
        has_media=lesson.media_id is not None,
        has_captions=lesson.captions_id is not None,
        has_description=bool(lesson.description.strip()),
        has_questions=bool(lesson.questions),
    )


def contents(slug: str, *, person: Person | None = None, text_of: str = "") -> Contents | None:
    """Return a course as a learner or a visitor sees it. Asks twice, however long the course is.

    ``person`` is whose progress is shown, ``text_of`` the slug of the lesson whose text is read;
    all other texts stay in the database. Sections without lessons are left out.
    """
    found: QuerySet[Course] = Course.objects.filter(slug=slug).select_related("author", "picture")
    if person is not None:
        found = _with_enrolment(found, person)
    course = found.first()
    if course is None:
        return None
    enrolment: Enrolment | None = getattr(course, "mine", None) if person is not None else None
    lessons = _lessons_of(course, text_of).select_related("section", "media", "captions")
    in_order = list(lessons.order_by("section__position", "position"))
    sections = list({lesson.section_id: lesson.section for lesson in in_order}.values())
    return _fold(course, sections, in_order, enrolment, getattr(course, "known", ()))


def made_course(slug: str, author: Person, *, text_of: str = "") -> Contents | None:
    """Return a course as its author sees it, None where it is not theirs. Asks three times."""
    found = Course.objects.filter(slug=slug, author=author).select_related("author", "picture")
    course = found.first()
    if course is None:
        return None
    lessons = _lessons_of(course, text_of).select_related("media", "captions")
    sections = list(course.sections.order_by("position"))
    return _fold(course, sections, list(lessons.order_by("position")), None, ())


def _with_enrolment(courses: QuerySet[Course], person: Person) -> QuerySet[Course]:
    """Add a person's enrolment as ``mine`` and what is known of each lesson as ``known``."""
    name = "mine"
    relation = FilteredRelation("enrolments", condition=Q(enrolments__person=person))
    known = _known(f"{name}__pk")
    return courses.annotate(**{name: relation}).annotate(known=known).select_related(name)


def _known(enrolment: str) -> ArraySubquery:
    """What is known of each lesson of an enrolment, as one column."""
    return ArraySubquery(
        Progress.objects.filter(enrolment=OuterRef(enrolment)).values(
            known=JSONObject(lesson="lesson_id", last="last_at", done="done_at", seconds="seconds")
        )
    )


def _lessons_of(course: Course, text_of: str) -> QuerySet[Lesson]:
    wanted = When(slug=text_of, then=F("text"))
    return (
        Lesson.objects.filter(course=course)
        .defer("text")
        .annotate(
            body=Case(wanted, default=Value(""), output_field=TextField()),
            has_text=~Q(text=""),
        )
    )


def _fold(
    course: Course,
    sections: list[Section],
    lessons: list[Lesson],
    enrolment: Enrolment | None,
    known: Iterable[dict[str, Any]],
) -> Contents:
    seen, progress = _seen(known)
    by_section: dict[UUID, list[Page]] = defaultdict(list)
    for lesson in lessons:
        page = Page(lesson, step_of(seen.get(lesson.pk)))
        if lesson.pk in progress:
            page.done_at, page.seconds = progress[lesson.pk]
        by_section[lesson.section_id].append(page)
    whole = [(section, by_section[section.pk]) for section in sections]
    return Contents(course=course, sections=whole, enrolment=enrolment, seen=seen)


def _seen(
    known: Iterable[dict[str, Any]],
) -> tuple[dict[UUID, Seen], dict[UUID, tuple[datetime | None, int]]]:
    seen: dict[UUID, Seen] = {}
    progress: dict[UUID, tuple[datetime | None, int]] = {}
    for one in known:
        done = datetime.fromisoformat(one["done"]) if one["done"] else None
        lesson = UUID(one["lesson"])
        seen[lesson] = Seen(last_at=datetime.fromisoformat(one["last"]), done=done is not None)
        progress[lesson] = done, one["seconds"]
    return seen, progress


@dataclass
class Taken:
    """One course of a learner, as it stands on their page."""

    enrolment: Enrolment
    next: Lesson | None
    total: int
    done: int
    last_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether the page of the course is still there."""
        course = self.enrolment.course
        return course is not None and course.state in OPEN_TO_LEARNERS

    def is_open(self, now: datetime) -> bool:
        """Whether its lessons can still be read."""
        return self.open and not self.enrolment.is_locked(now)


def taken_by(person: Person, *, limit: int | None = None) -> list[Taken]:
    """Return what a person takes, the latest first, with the lesson each goes on with.

    Asks twice, however many courses there are.
    """
    found = (
        Enrolment.objects.filter(person=person)
        .select_related("course", "course__picture")
        .annotate(known=_known("pk"))
        .order_by("-started_at")
    )
    enrolments = list(found[:limit] if limit else found)
    courses = [enrolment.course_id for enrolment in enrolments if enrolment.course_id]
    lessons: dict[UUID, list[Lesson]] = defaultdict(list)
    for lesson in (
        Lesson.objects.filter(course__in=courses)
        .only("pk", "course_id", "slug", "title", "kind", "minutes")
        .order_by("section__position", "position")
    ):
        lessons[lesson.course_id].append(lesson)
    taken = [
        _taken(enrolment, lessons[enrolment.course_id] if enrolment.course_id else [])
        for enrolment in enrolments
    ]
    return sorted(taken, key=lambda one: one.last_at or one.enrolment.started_at, reverse=True)


def _taken(enrolment: Enrolment, lessons: list[Lesson]) -> Taken:
    seen, _ = _seen(getattr(enrolment, "known", ()))
    wanted = what_next([lesson.pk for lesson in lessons], seen)
    return Taken(
        enrolment=enrolment,
        next=next((lesson for lesson in lessons if lesson.pk == wanted), None),
        total=len(lessons),
        done=sum(lesson.pk in seen and seen[lesson.pk].done for lesson in lessons),
        last_at=max((one.last_at for one in seen.values()), default=None),
    )


def made_by(person: Person) -> QuerySet[Course]:
    """Return the courses a person makes, with the number of their lessons and learners."""
    lessons = Lesson.objects.filter(course=OuterRef("pk")).order_by().values("course")
    learners = Enrolment.objects.filter(course=OuterRef("pk")).order_by().values("course")
    finished = learners.filter(finished_at__isnull=False)
    return (
        Course.objects.filter(author=person)
        .annotate(
            lesson_count=Coalesce(Subquery(lessons.annotate(n=Count("pk")).values("n")), 0),
            learner_count=Coalesce(Subquery(learners.annotate(n=Count("pk")).values("n")), 0),
            finished_count=Coalesce(Subquery(finished.annotate(n=Count("pk")).values("n")), 0),
        )
        .order_by("-created_at")
    )


def how_far(of: QuerySet[Any], course_id: UUID | None, *, person: str = "person") -> QuerySet[Any]:
    """Add to rows about people how far each is with a course, without asking once a person.

    ``person`` is the path to the person. Adds ``done``, the number of lessons done; ``last_at``,
    when they last opened one; ``finished_at``.
    """
    own = Progress.objects.filter(
        enrolment__course=course_id, enrolment__person=OuterRef(person)
    ).order_by()
    by_course = own.values("enrolment__course")
    done = by_course.filter(done_at__isnull=False).annotate(n=Count("pk")).values("n")
    last = by_course.annotate(last=Max("last_at")).values("last")
    taken = Enrolment.objects.filter(course=course_id, person=OuterRef(person))
    found: QuerySet[Any] = of.annotate(
        done=Coalesce(Subquery(done), 0),
        last_at=Subquery(last),
        finished_at=Subquery(taken.values("finished_at")[:1]),
    )
    return found


@dataclass(frozen=True)
class UnderWay:
    """How far somebody is in a course that they have begun and not finished."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        """Lessons that are done, in whole percent."""
        return 100 * self.done // self.total if self.total else 0


def under_way(courses: Iterable[UUID], people: Iterable[UUID]) -> dict[tuple[UUID, UUID], UnderWay]:
    """Return by person and course how far people are in what they have begun, in one query."""
    lessons = Lesson.objects.filter(course=OuterRef("course")).order_by().values("course")
    begun = (
        Enrolment.objects.filter(course__in=list(courses), person__in=list(people))
        .filter(finished_at=None)
        .annotate(
            total=Coalesce(Subquery(lessons.annotate(n=Count("pk")).values("n")), 0),
            done=Count("progress", filter=Q(progress__done_at__isnull=False)),
        )
    )
    return {
        (person, course): UnderWay(done, total)
        for person, course, done, total in begun.values_list("person", "course", "done", "total")
        if course is not None
    }


def attempts_of(person: Person) -> QuerySet[Attempt]:
    """Return the exercises that somebody did, latest first, with course and lesson."""
    mine = Attempt.objects.filter(enrolment__person=person)
    return mine.select_related("enrolment__course", "lesson").order_by("-at", "-pk")


def latest_attempt(enrolment: Enrolment, lesson: Lesson) -> Attempt | None:
    """Return how somebody did an exercise the last time."""
    return Attempt.objects.filter(enrolment=enrolment, lesson=lesson).order_by("-at").first()


def people_around(person: Person, now: datetime, sought: Sought) -> Iterator[Near]:
    """Yield who made the courses that ``person`` takes, and who takes those that they made.

    As long as a course is open to the learner: who left it, or whose seat ended, is not told of.
    """
    learns = Q(sought.among("course__author"), person=person)
    teaches = Q(sought.among("person"), course__author=person)
    found = Enrolment.objects.open_at(now).filter(learns | teaches)
    for one in found.select_related("course__author", "person").order_by("-started_at")[:MOST_NEAR]:
        course = one.course
        if course is None or course.author is None or course.author_id == one.person_id:
            continue
        if one.person_id == person.pk:
            yield Near(course.author, _("made the course %(title)s") % {"title": course.title})
        else:
            yield Near(one.person, _("takes the course %(title)s") % {"title": course.title})


def library(person: Person, words: str = "") -> QuerySet[Lesson]:
    """Return the lessons that this author may copy: their own, and those of shared courses."""
    found = Lesson.objects.filter(Q(course__author=person) | Q(course__is_shared=True))
    for word in words.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(course__title__icontains=word))
    return found.select_related("course").order_by("course__title", "title", "pk")


def sections_of(person: Person) -> QuerySet[Section]:
    """Return the parts of the courses that this author makes."""
    found = Section.objects.filter(course__author=person).exclude(course__state="archived")
    return found.select_related("course").order_by("course__title", "position")
