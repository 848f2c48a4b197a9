from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.models import TenantModel
from skola.services.courses.questions import Question
from skola.services.courses.rules import LessonKind, plain_letters


def _file(**options: Any) -> Any:
    """A file that this row alone holds; it goes with the row, see migration 0002."""
    return models.ForeignKey(
        "files.StoredFile",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        **options,
    )


class CourseQuerySet(models.QuerySet["Course"]):
    def published(self) -> Self:
        """Courses that stand in the catalogue."""
        return self.filter(state=Course.State.PUBLISHED)

    def matching(self, words: str) -> Self:
        """Courses whose title or summary has every word, whatever its capitals and marks."""
        found = self
        for word in plain_letters(words).split()[:8]:
            found = found.filter(search_text__contains=word)
        return found


class Course(TenantModel):
    """A course as its author made it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        ARCHIVED = "archived", _("archived")

    author = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    """None when the course stays without the person who made it."""
    slug = models.SlugField(max_length=70, db_index=False)
    title = models.CharField(_("title"), max_length=120)
    summary = models.TextField(_("summary"), max_length=600, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    picture = _file()
    search_text = models.TextField(editable=False, default="")
    """Title and summary in plain letters, see ``rules.plain_letters``."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    needs_seat = models.BooleanField(default=False)
    """Whether it is taken only with a seat of a licence; nobody enrols themselves (ema-1.1.3)."""
    tags = models.CharField(_("tags"), max_length=220, blank=True, default="")
    """What it is about, in words of its author: ``|safety|first aid|``, see ``rules.joined``."""
    is_shared = models.BooleanField(default=False)
    """Whether its lessons stand in the library, from which other authors copy them."""
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = CourseQuerySet.as_manager()

    class PersonalData:
        subject = "author_id"
        relations = {"author_id": "author"}
        fields = {
            "author": "authored",
            "slug": "authored",
            "title": "authored",
            "summary": "authored",
            "language": "authored",
            "picture": "authored",
            "search_text": "authored",
            "tags": "authored",
        }
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "state": "goes with the row",
            "needs_seat": "a setting",
            "is_shared": "a setting",
            "created_at": "goes with the row",
            "published_at": "goes with the row",
            "archived_at": "goes with the row",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "created_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "author"], name="courses_by_author"),
            models.Index(fields=["tenant", "state", "-published_at"], name="courses_catalogue"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "slug"], name="course_slug_once"),
            models.CheckConstraint(
                name="course_published_when",
                condition=~Q(state="published") | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="course_archived_when",
                condition=Q(state="archived", archived_at__isnull=False)
                | (~Q(state="archived") & Q(archived_at=None)),
            ),
        ]

    @property
    def tag_words(self) -> list[str]:
        """The tags, in the order of the author."""
        return [one for one in self.tags.split("|") if one]

    def __str__(self) -> str:
        return f"course {self.pk}"


class Section(TenantModel):
    """A part of a course, with lessons in it."""

    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="sections", db_index=False
    )
    title = models.CharField(_("title"), max_length=120)
    position = models.PositiveSmallIntegerField()

    class PersonalData:
        subject = "course__author_id"
        fields = {"title": "authored"}
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "course": "goes with the course",
            "position": "an order",
        }
        goes_with = "course"

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "course", "position"],
                name="section_place_once",
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"section {self.pk}"


class Lesson(TenantModel):
    """One page of a course: a text, a picture, a video with captions, or a file to take home."""

    class Kind(models.TextChoices):
        TEXT = LessonKind.TEXT, _("Text")
        PICTURE = LessonKind.PICTURE, _("Picture")
        VIDEO = LessonKind.VIDEO, _("Video")
        FILE = LessonKind.FILE, _("File")
        EXERCISE = LessonKind.EXERCISE, _("Exercise")

    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="lessons", db_index=False
    )
    section = models.ForeignKey(
        Section, on_delete=models.CASCADE, related_name="lessons", db_index=False
    )
    slug = models.SlugField(max_length=70, db_index=False)
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TEXT)
    text = models.TextField(_("text"), max_length=60_000, blank=True)
    """Markdown."""
    media = _file()
    captions = _file()
    description = models.CharField(max_length=400, blank=True)
    """What a picture shows, for those who do not see it."""
    questions = models.JSONField(default=list, blank=True)
    """Of an exercise: ``text``, ``options``, and the place of the ``right`` one."""
    minutes = models.PositiveSmallIntegerField(default=1)
    is_preview = models.BooleanField(default=False)
    """Whether it may be read by everybody who sees the course."""
    position = models.PositiveSmallIntegerField()

    class PersonalData:
        subject = "course__author_id"
        fields = {
            "slug": "authored",
            "title": "authored",
            "text": "authored",
            "media": "authored",
            "captions": "authored",
            "description": "authored",
            "questions": "authored",
        }
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "course": "goes with the course",
            "section": "a place in the course",
            "kind": "closed list",
            "minutes": "a length of time",
            "is_preview": "a setting",
            "position": "an order",
        }
        goes_with = "course"

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["tenant", "course", "slug"], name="lesson_slug_once"),
            models.UniqueConstraint(
                fields=["tenant", "section", "position"],
                name="lesson_place_once",
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions of an exercise."""
        return tuple(
            Question(one["text"], tuple(one["options"]), one["right"]) for one in self.questions
        )

    def __str__(self) -> str:
        return f"lesson {self.pk}"


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def under_way(self) -> Self:
        """Enrolments that are not finished and whose course is still there to be taken."""
        states = (Course.State.PUBLISHED, Course.State.ARCHIVED)
        return self.filter(finished_at=None, course__state__in=states)

    def open_at(self, now: datetime) -> Self:
        """Enrolments whose lessons are open at a moment."""
        return self.filter(Q(until_at=None) | Q(until_at__gt=now))


class Enrolment(TenantModel):
    """A person takes a course. What was learned stays known when the course itself is gone."""

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    course = models.ForeignKey(
        Course, on_delete=models.SET_NULL, null=True, related_name="enrolments", db_index=False
    )
    course_title = models.CharField(max_length=120)
    """The title when the person enrolled."""
    purpose = models.CharField(max_length=60)
    """The purpose of the policy under which the course is taken (ilearn-8.c)."""
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    until_at = models.DateTimeField(null=True, blank=True)
    """From when on the lessons are locked; what was done stays readable. None: open for good."""
    due_at = models.DateTimeField(null=True, editable=False)

    objects = EnrolmentQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = {
            "person": "learning",
            "course": "learning",
            "course_title": "learning",
            "started_at": "learning",
            "finished_at": "learning",
            "until_at": "learning",
        }
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "purpose": "identifier of a rule",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "started_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "course"], name="enrolment_by_course")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "course"], name="enrolment_once"),
            models.CheckConstraint(
                name="enrolment_ends_after_start",
                condition=Q(finished_at=None) | Q(finished_at__gte=models.F("started_at")),
            ),
        ]

    def is_locked(self, now: datetime) -> bool:
        """Whether the time for which the course was opened to this person is over."""
        return self.until_at is not None and self.until_at <= now

    def __str__(self) -> str:
        return f"enrolment {self.pk}"


class Progress(TenantModel):
    """How far a person is with one lesson."""

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.CASCADE, related_name="progress", db_index=False
    )
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="+", db_index=False)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    seconds = models.PositiveIntegerField(default=0)
    """Where the video was stopped, from its beginning."""

    class PersonalData:
        subject = "enrolment__person_id"
        fields = {
            "first_at": "learning",
            "last_at": "learning",
            "done_at": "learning",
            "seconds": "learning",
        }
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "enrolment": "goes with the enrolment",
            "lesson": "a page of a course",
        }
        goes_with = "enrolment"

    class Meta:
        verbose_name_plural = "progress"
        indexes = [models.Index(fields=["tenant", "lesson"], name="progress_by_lesson")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "enrolment", "lesson"], name="progress_once"),
        ]

    def __str__(self) -> str:
        return f"progress {self.pk}"


class Attempt(TenantModel):
    """Somebody did an exercise: what they answered, and how much of it was right (ema-1.1.4).

    It is for the learner alone: no employer sees answers or results.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attempts")
    lesson = models.ForeignKey(
        Lesson, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    title = models.CharField(max_length=120)
    answers = models.JSONField()
    """Of each question the place of the answer that was chosen."""
    right = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    app_may = "select, insert, delete, update (lesson_id)"
    """An attempt is never changed; it goes with the enrolment, and outlives its lesson."""

    class PersonalData:
        subject = "enrolment__person_id"
        fields = {
            "title": "learning",
            "answers": "learning",
            "right": "learning",
            "total": "learning",
            "at": "learning",
        }
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "enrolment": "goes with the enrolment",
            "lesson": "a page of a course",
        }
        goes_with = "enrolment"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attempt_right_of_all", condition=Q(right__lte=models.F("total"))
            )
        ]

    @property
    def is_all_right(self) -> bool:
        """Whether every question was answered right."""
        return self.right == self.total

    def __str__(self) -> str:
        return f"attempt {self.pk}"
