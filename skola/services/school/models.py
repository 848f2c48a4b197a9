"""Tables of schools. Of these only pupils, and who stands in for whom, are about people."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.people.api import Role
from skola.ground.tenants.api import TenantModel
from skola.services.school.rules import Scale

if TYPE_CHECKING:
    from skola.ground.people.api import Person

_KEY = {"id": "surrogate key", "tenant": "organisation"}
SCHOOL = "school.school"
CLASS = "school.schoolclass"
GROUP = "school.group"
"""What the roles of a school can be held for."""


def scopes(
    person: "Person | None", kind: str, scope: str, now: datetime
) -> "models.QuerySet[Role]":
    """Return the ids of what ``person`` holds a role of this kind for, as a subquery."""
    held = Role.objects.filter(person=person, kind=kind, scope=scope).held_at(now)
    return held.values("scope_id")  # type: ignore[return-value]  # a subquery of one column


class SchoolQuerySet(models.QuerySet["School"]):
    """Schools as their readers need them."""

    def run_by(self, person: "Person | None", now: datetime) -> Self:
        """Those that this person administers; others do not exist for them (ekool-1.4-admin)."""
        return self.filter(pk__in=scopes(person, Role.Kind.SCHOOL, SCHOOL, now))


class School(TenantModel):
    """A school. It decides about its study data; the service keeps them for it."""

    name = models.CharField(_("name"), max_length=120)
    municipality = models.CharField(_("municipality"), max_length=80, blank=True)
    needs_second_factor = models.BooleanField(default=False)
    """Whether who works there comes in with a second factor only (ekool-2.2-security)."""
    created_at = models.DateTimeField()

    objects = SchoolQuerySet.as_manager()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "name": "name of an organisation",
            "municipality": "a place",
            "needs_second_factor": "a setting",
            "created_at": "about an organisation",
        }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="school_once")]

    def __str__(self) -> str:
        return self.name


class Year(TenantModel):
    """A school year."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="years")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    ended_at = models.DateTimeField()
    """The midnight after the last day, from which terms are counted."""
    kept_until = models.DateTimeField(null=True)
    """The end of the term that the school's contract sets for this year; none where the policy's
    term holds (ekool-1.8)."""
    agreed = models.ForeignKey(
        "school.AgreedTerm", on_delete=models.PROTECT, null=True, related_name="years"
    )
    """What says so."""

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "school": "an organisation",
            "starts_on": "a day",
            "ends_on": "a day",
            "ended_at": "a moment",
            "kept_until": "a moment",
            "agreed": "what a contract of the school says",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "school", "starts_on"], name="school_year_once"
            ),
            models.CheckConstraint(
                name="school_year_ends", condition=Q(ends_on__gt=F("starts_on"))
            ),
            models.CheckConstraint(
                name="school_year_kept_by",
                condition=Q(kept_until=None, agreed=None)
                | Q(kept_until__isnull=False, agreed__isnull=False),
            ),
        ]

    @property
    def name(self) -> str:
        """The year as schools write it: 2026/27."""
        return f"{self.starts_on.year}/{self.ends_on.year % 100:02}"

    def __str__(self) -> str:
        return self.name


class AgreedTerm(TenantModel):
    """A school's contract says how long its study data are kept, instead of the policy (ekool-1.8).

    What was agreed is never changed: another term is another row, and the latest one holds.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="agreed_terms")
    period = models.CharField(max_length=20)
    """From the end of a school year, as policies write it: ``2 years``."""
    contract = models.UUIDField()
    """The contract has a term of its own, and may be gone before the years that it speaks of."""
    title = models.CharField(max_length=120)
    concluded_at = models.DateTimeField()
    agreed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """From when it speaks of no later year: another term was agreed, or the contract ended."""

    app_may = "select, insert, update (ended_at)"

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "school": "an organisation",
            "period": "a length of time",
            "contract": "a contract of an organisation",
            "title": "what is sold",
            "concluded_at": "about an organisation",
            "agreed_at": "about an organisation",
            "ended_at": "about an organisation",
        }

    class Meta:
        ordering = ("-agreed_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "school"], condition=Q(ended_at=None), name="one_agreed_term"
            )
        ]

    def __str__(self) -> str:
        return f"agreed term {self.pk}"


class ClassQuerySet(models.QuerySet["SchoolClass"]):
    """Classes as their readers need them."""

    def run_by(self, person: "Person | None", now: datetime) -> Self:
        """Classes of the schools that this person administers."""
        return self.filter(year__school__in=School.objects.run_by(person, now))

    def led_by(self, person: "Person | None", now: datetime) -> Self:
        """Classes whose form teacher this person is."""
        return self.filter(pk__in=scopes(person, Role.Kind.TEACHER, CLASS, now))


class SchoolClass(TenantModel):
    """A class of a school year: 7.B. Next year it is another one."""

    year = models.ForeignKey(Year, on_delete=models.CASCADE, related_name="classes")
    name = models.CharField(_("name"), max_length=12)
    grade = models.PositiveSmallIntegerField(_("year of schooling"))

    objects = ClassQuerySet.as_manager()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "year": "a span of time",
            "name": "name of a class",
            "grade": "a number",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "year", "name"], name="class_name_once"),
            models.CheckConstraint(name="class_grade", condition=Q(grade__gte=1, grade__lte=12)),
        ]

    def __str__(self) -> str:
        return self.name


class Subject(TenantModel):
    """What is taught, and on which scale it is marked."""

    class Marking(models.TextChoices):
        FIVE = Scale.FIVE, _("from 5 to 1")
        PASSING = Scale.PASSING, _("passed or not passed")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="subjects")
    name = models.CharField(_("name"), max_length=60)
    scale = models.CharField(
        _("how it is marked"), max_length=10, choices=Marking.choices, default=Marking.FIVE
    )

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "school": "an organisation",
            "name": "name of a subject",
            "scale": "closed list",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "school", "name"], name="subject_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class GroupQuerySet(models.QuerySet["Group"]):
    """Groups as their readers need them."""

    def taught_by(self, person: "Person | None", now: datetime) -> Self:
        """Those that this person teaches now; others do not exist for them (ekool-1.4-teacher)."""
        return self.filter(pk__in=scopes(person, Role.Kind.TEACHER, GROUP, now))


class Group(TenantModel):
    """A class in a subject. Its teachers hold a role for it, from when to when."""

    school_class = models.ForeignKey(SchoolClass, on_delete=models.CASCADE, related_name="groups")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="groups")

    objects = GroupQuerySet.as_manager()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {**_KEY, "school_class": "a class", "subject": "a subject"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "school_class", "subject"], name="group_once")
        ]

    def __str__(self) -> str:
        return f"group {self.pk}"


class PupilQuerySet(models.QuerySet["Pupil"]):
    """Pupils as their readers need them."""

    def in_class_on(self, day: date) -> Self:
        """Those in a class on a day; the last day counts."""
        left = Q(left_on=None) | Q(left_on__gte=day)
        return self.filter(left, joined_on__lte=day)

    def by_name(self) -> Self:
        """With their names, in the order of a class list."""
        return self.select_related("person").order_by(
            "person__family_name", "person__given_name", "pk"
        )


class Pupil(TenantModel):
    """Somebody's year in a class. What is entered about them hangs on it and goes with it."""

    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="pupils")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="pupil_of")
    joined_on = models.DateField(_("first day"))
    left_on = models.DateField(_("last day"), null=True, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    objects = PupilQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("school_class", "person", "joined_on", "left_on"), "study")
        not_personal = {
            **_KEY,
            "created_at": "goes with the row",
            "due_at": "retention clock",
        }
        anchors = {
            "record.created": "created_at",
            "study.year_end": "school_class__year__ended_at",
            "school.contract": "school_class__year__kept_until",
        }
        conditions = {"school.contract": "school_class__year__kept_until"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "school_class"], name="pupil_of_class_once"
            ),
            models.CheckConstraint(
                name="pupil_leaves_after_joining",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"pupil {self.pk}"


class Bell(TenantModel):
    """When a lesson of the day begins and ends."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="bells")
    number = models.PositiveSmallIntegerField(_("lesson"))
    begins = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "school": "an organisation",
            "number": "an order",
            "begins": "a time of day",
            "ends": "a time of day",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "school", "number"], name="bell_once"),
            models.CheckConstraint(name="bell_ends", condition=Q(ends__gt=F("begins"))),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.begins:%H:%M}"


class Weekday(models.IntegerChoices):
    """Days of a week, as ISO 8601 counts them."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class Slot(TenantModel):
    """A lesson of the timetable: every week on this day, from when to when."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="slots")
    bell = models.ForeignKey(Bell, on_delete=models.PROTECT, related_name="slots")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday.choices)
    room = models.CharField(_("room"), max_length=20, blank=True)
    from_on = models.DateField(_("first day"))
    until_on = models.DateField(_("last day"), null=True, blank=True)

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "group": "a class in a subject",
            "bell": "a time of day",
            "weekday": "a day of the week",
            "room": "a place",
            "from_on": "a day",
            "until_on": "a day",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "group", "weekday", "bell", "from_on"], name="slot_once"
            ),
            models.CheckConstraint(
                name="slot_weekday", condition=Q(weekday__gte=1, weekday__lte=7)
            ),
        ]

    def __str__(self) -> str:
        return f"slot {self.pk}"


class Change(TenantModel):
    """What is different about a lesson on one day: cancelled, another room, another teacher."""

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="changes")
    on = models.DateField(_("day"))
    is_cancelled = models.BooleanField(_("falls out"), default=False)
    room = models.CharField(_("room"), max_length=20, blank=True)
    teacher = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="stands_in"
    )
    """Who stands in for the teacher of the group."""
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "teacher_id"
        fields = {"teacher": "study"}
        not_personal = {
            **_KEY,
            "slot": "a lesson of the timetable",
            "on": "a day",
            "is_cancelled": "about a lesson",
            "room": "a place",
            "created_at": "goes with the row",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "created_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "on"], name="change_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "slot", "on"], name="change_once_a_day")
        ]

    def __str__(self) -> str:
        return f"change {self.pk}"


class AskedQuerySet(models.QuerySet["LinkRequest"]):
    """Requests as their readers need them."""

    def waiting(self) -> Self:
        """Those that the school has not answered."""
        return self.filter(answered_at=None)


class LinkRequest(TenantModel):
    """A parent asks to be linked to a child; the school knows who the child is, the page does not.

    What was asked says nothing about whether there is such a pupil. It goes when the school
    confirms: the link itself then stands in its place (ekool-1.4-parent).
    """

    asker = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="asks_for")
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="link_requests")
    child_name = models.CharField(_("name of the child"), max_length=160)
    child_birth_on = models.DateField(_("the child's date of birth"))
    words = models.CharField(_("what the school should know"), max_length=300, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = AskedQuerySet.as_manager()

    class PersonalData:
        subject = "asker_id"
        fields = dict.fromkeys(
            (
                "asker",
                "school",
                "child_name",
                "child_birth_on",
                "words",
                "asked_at",
                "answered_at",
                "answer",
            ),
            "identity",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "asked_at"}

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "school"], name="links_waiting", condition=Q(answered_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"link request {self.pk}"
