"""Tables of the diary. What is about a pupil goes with the pupil's year in a class."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Lesson(TenantModel):
    """What was done in one lesson of one day, and what is to be done at home. Nobody is named."""

    slot = models.ForeignKey("school.Slot", on_delete=models.CASCADE, related_name="lessons")
    on = models.DateField(_("day"))
    topic = models.CharField(_("topic"), max_length=300, blank=True)
    homework = models.TextField(_("homework"), max_length=2_000, blank=True)
    due_on = models.DateField(_("homework for"), null=True, blank=True)
    entered_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "slot": "a lesson of the timetable",
            "on": "a day",
            "topic": "what a class was taught",
            "homework": "what a class is to do",
            "due_on": "a day",
            "entered_at": "a moment",
        }

    class Meta:
        indexes = [models.Index(fields=["tenant", "due_on"], name="homework_by_day")]
        constraints = [models.UniqueConstraint(fields=["tenant", "slot", "on"], name="entry_once")]

    def __str__(self) -> str:
        return f"lesson {self.pk}"


class Absence(TenantModel):
    """A pupil was not there, or came late. Who is not here was present."""

    class Kind(models.TextChoices):
        ABSENT = "absent", _("absent")
        LATE = "late", _("late")

    pupil = models.ForeignKey("school.Pupil", on_delete=models.CASCADE, related_name="absences")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="absences")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    minutes = models.PositiveSmallIntegerField(_("minutes late"), default=0)
    noted_at = models.DateTimeField()

    class PersonalData:
        subject = "pupil__person_id"
        fields = dict.fromkeys(("pupil", "lesson", "kind", "minutes", "noted_at"), "study")
        not_personal = _KEY
        goes_with = "pupil"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "lesson", "pupil"], name="absence_once"),
            models.CheckConstraint(name="absence_minutes", condition=Q(kind="late") | Q(minutes=0)),
        ]

    def __str__(self) -> str:
        return f"absence {self.pk}"


class HomeworkDone(TenantModel):
    """A pupil ticked homework off. The tick is the pupil's own: no teacher or parent sees it."""

    pupil = models.ForeignKey("school.Pupil", on_delete=models.CASCADE, related_name="ticks")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="ticks")
    done_at = models.DateTimeField()

    class PersonalData:
        subject = "pupil__person_id"
        fields = dict.fromkeys(("pupil", "lesson", "done_at"), "study")
        not_personal = _KEY
        goes_with = "pupil"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "pupil", "lesson"], name="homework_done_once")
        ]

    def __str__(self) -> str:
        return f"homework done {self.pk}"


class Assessment(TenantModel):
    """A column of the journal: what is marked, and when."""

    class Kind(models.TextChoices):
        LESSON = "lesson", _("lesson")
        TEST = "test", _("test")
        TERM = "term", _("term mark")

    group = models.ForeignKey("school.Group", on_delete=models.CASCADE, related_name="assessments")
    on = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.LESSON)
    title = models.CharField(_("what is marked"), max_length=120, blank=True)
    created_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "group": "a class in a subject",
            "on": "a day",
            "kind": "closed list",
            "title": "about a test",
            "created_at": "a moment",
        }

    class Meta:
        indexes = [models.Index(fields=["tenant", "group", "on"], name="assessment_by_day")]

    def __str__(self) -> str:
        return f"assessment {self.pk}"


class Mark(TenantModel):
    """A pupil's mark in an assessment, on the scale of the subject; empty when taken back."""

    pupil = models.ForeignKey("school.Pupil", on_delete=models.CASCADE, related_name="marks")
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="marks")
    value = models.CharField(_("mark"), max_length=4, blank=True)
    given_at = models.DateTimeField()
    """When the value that stands was given."""

    class PersonalData:
        subject = "pupil__person_id"
        fields = dict.fromkeys(("pupil", "assessment", "value", "given_at"), "study")
        not_personal = _KEY
        goes_with = "pupil"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "assessment", "pupil"], name="mark_once")
        ]

    def __str__(self) -> str:
        return f"mark {self.pk}"


class MarkChange(TenantModel):
    """A mark was given or changed: what it was before, why, by whom. Rows are only added."""

    mark = models.ForeignKey(Mark, on_delete=models.CASCADE, related_name="changes")
    before = models.CharField(max_length=4, blank=True)
    after = models.CharField(max_length=4, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    author = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class PersonalData:
        subject = "mark__pupil__person_id"
        relations = {"author_id": "staff"}
        fields = dict.fromkeys(("mark", "before", "after", "reason", "author", "at"), "study")
        not_personal = _KEY
        goes_with = "mark"

    class Meta:
        constraints = [
            models.CheckConstraint(name="mark_changes", condition=~Q(before=F("after"))),
            models.CheckConstraint(
                name="mark_change_reason", condition=Q(before="") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"change of mark {self.pk}"


class DoubtQuerySet(models.QuerySet["Doubt"]):
    """Reports of wrong marks as their readers need them."""

    def open(self) -> Self:
        """Those that nobody has answered, oldest first."""
        return self.filter(answered_at=None).order_by("sent_at")


class Doubt(TenantModel):
    """A pupil or a guardian says that a mark is wrong; who teaches the group answers (ekool-7.3).

    It goes to the school and to nobody of the service (ekool-8.5-liability).
    """

    mark = models.ForeignKey(Mark, on_delete=models.CASCADE, related_name="doubts")
    sender = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="doubts"
    )
    words = models.CharField(_("what is wrong"), max_length=500)
    sent_at = models.DateTimeField()
    is_right = models.BooleanField(default=False)
    """Whether the answer was that the report is right, and the mark was changed."""
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = DoubtQuerySet.as_manager()

    class PersonalData:
        subject = "mark__pupil__person_id"
        relations = {"sender_id": "author"}
        fields = dict.fromkeys(
            ("mark", "sender", "words", "sent_at", "is_right", "answer", "answered_at"), "study"
        )
        not_personal = _KEY
        goes_with = "mark"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="doubt_answer_says_why",
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["tenant", "mark", "sender"],
                name="doubt_open_once",
                condition=Q(answered_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"doubt {self.pk}"


class NoteQuerySet(models.QuerySet["AbsenceNote"]):
    """Notes as their readers need them."""

    def waiting(self) -> Self:
        """Those that the form teacher has not answered, oldest first."""
        return self.filter(state=AbsenceNote.State.SENT).order_by("sent_at")


class AbsenceNote(TenantModel):
    """A guardian, or a pupil of age, tells why a pupil is not there; the form teacher answers.

    The words are read by the form teacher and the family; other teachers see that a pupil is
    expected to be away, and the category at most.
    """

    class Reason(models.TextChoices):
        ILLNESS = "illness", _("illness")
        FAMILY = "family", _("family")
        OTHER = "other", _("something else")

    class State(models.TextChoices):
        SENT = "sent", _("sent")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")

    pupil = models.ForeignKey("school.Pupil", on_delete=models.CASCADE, related_name="notes")
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    text = models.CharField(_("in words"), max_length=500, blank=True)
    sender = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="absence_notes"
    )
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class PersonalData:
        subject = "pupil__person_id"
        relations = {"sender_id": "author"}
        fields = dict.fromkeys(
            (
                "pupil",
                "first_on",
                "last_on",
                "reason",
                "text",
                "sender",
                "sent_at",
                "state",
                "answer",
                "answered_at",
            ),
            "study",
        )
        not_personal = _KEY
        goes_with = "pupil"

    class Meta:
        constraints = [
            models.CheckConstraint(name="note_days", condition=Q(last_on__gte=F("first_on"))),
            models.CheckConstraint(
                name="note_answered",
                condition=Q(state="sent", answered_at=None)
                | (~Q(state="sent") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="note_refusal_says_why", condition=~Q(state="refused") | ~Q(answer="")
            ),
        ]

    def __str__(self) -> str:
        return f"absence note {self.pk}"


class Look(TenantModel):
    """Somebody opened a pupil's page on a day: kept for the pupil and the family to see.

    One row a day, reader and page, however often it is opened (ekool-2.2-monitor).
    """

    class What(models.TextChoices):
        CARD = "card", _("the pupil's page")
        MARKS = "marks", _("the marks of a subject")
        NOTES = "notes", _("absence notes")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="looked_at")
    reader = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="looks"
    )
    what = models.CharField(max_length=10, choices=What.choices)
    on = models.DateField()
    times = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        relations = {"reader_id": "staff"}
        fields = dict.fromkeys(("person", "reader", "what", "on", "times", "last_at"), "audit")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "last_at", "audit.performed": "last_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "reader", "what", "on"], name="look_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"look {self.pk}"


class CalendarQuerySet(models.QuerySet["CalendarLink"]):
    """Addresses of calendars as their readers need them."""

    def working(self) -> Self:
        """Those that nobody has taken back."""
        return self.filter(revoked_at=None)


class CalendarLink(TenantModel):
    """A secret address under which a person's calendar program fetches one child's lessons.

    The address itself is shown once and not kept, only its hash. It opens what its reader may see
    at that moment, and nothing when they may see no more.
    """

    reader = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="calendars")
    child = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    """Whose lessons; the reader's own where they are the pupil."""
    secret = models.CharField(max_length=64)
    """SHA-256 of the secret part of the address, in hexadecimal."""
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = CalendarQuerySet.as_manager()

    class PersonalData:
        subject = "reader_id"
        relations = {"child_id": "counterpart"}
        fields = dict.fromkeys(("reader", "child", "secret", "revoked_at"), "credentials")
        secrets: ClassVar[set[str]] = {"secret"}
        not_personal = {**_KEY, "created_at": "goes with the row", "due_at": "retention clock"}
        anchors = {"record.created": "created_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "secret"], name="calendar_secret_once"),
            models.UniqueConstraint(
                fields=["tenant", "reader", "child"],
                name="calendar_works_once",
                condition=Q(revoked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"calendar {self.pk}"
