"""Tables of the workforce. Companies, units, positions and rules are nobody's; the rest is."""

from datetime import date
from functools import reduce
from operator import or_
from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from skola.ground.tenants.api import TenantModel
from skola.services.workforce.rules.identifiers import LONGEST, MASK, Identifier
from skola.services.workforce.rules.terms import SOON, Cause, Standing, standing

_KEY = {"id": "surrogate key", "tenant": "organisation"}
_NOBODY: dict[str, str] = {}


class Company(TenantModel):
    """A client who ordered training for its own people (ema-2.5)."""

    class Identifiers(models.TextChoices):
        STAFF = Identifier.STAFF, _("staff number")
        BIRTH = Identifier.BIRTH, _("birth date")
        CODE = Identifier.CODE, _("personal code")

    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=120)
    number = models.CharField(_("registration number"), max_length=30, blank=True)
    identifier = models.CharField(
        _("known by"),
        max_length=5,
        choices=Identifiers.choices,
        default=Identifiers.STAFF,
        db_default=Identifiers.STAFF,
    )
    """By what the company knows its people: the same for all of them (ema-2.1.10)."""
    created_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "name": "organisation",
            "number": "organisation",
            "identifier": "closed list",
            "created_at": "about an organisation",
        }

    class Meta:
        verbose_name_plural = "companies"
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="company_once")]

    def __str__(self) -> str:
        return self.name


class Unit(TenantModel):
    """A part of a company, and the parts in it: ``path`` has the ids from the top down to it."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="units")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="parts")
    name = models.CharField(_("unit"), max_length=120)
    path = models.CharField(max_length=400, editable=False)

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "company": "organisation",
            "parent": "organisation",
            "name": "part of an organisation",
            "path": "a place in a tree",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "company", "parent", "name"],
                name="unit_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.name


class Position(TenantModel):
    """What somebody does in a company: requirements are laid down for positions."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="positions")
    name = models.CharField(_("position"), max_length=120)

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {**_KEY, "company": "organisation", "name": "a kind of work"}

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["tenant", "company", "name"], name="position_once")
        ]

    def __str__(self) -> str:
        return self.name


class Employment(TenantModel):
    """A person works for a company. Who comes back goes on in the same row."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="employments")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    """The first day on which they do not work there any more."""
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    staff_number: "StaffNumber"

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("company", "person", "started_on", "ended_on"), "employment")
        not_personal = {**_KEY, "created_at": "goes with the row", "due_at": "retention clock"}
        anchors = {"record.created": "created_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "company", "person"], name="employed_once_by_a_company"
            ),
            models.CheckConstraint(
                name="employment_ends_after_start",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"employment {self.pk}"


class StaffNumber(TenantModel):
    """By what a company knows somebody; nobody else uses it (ema-2.1.10).

    A staff number stands here as it is. A birth date or personal code is ``sealed``, and found by a
    keyed ``digest`` that is another one for each company. Who left has nothing of these where the
    company chose another identifier since.
    """

    employment = models.OneToOneField(
        Employment, on_delete=models.CASCADE, related_name="staff_number"
    )
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    value = models.CharField(_("staff number"), max_length=LONGEST, blank=True)
    sealed = models.BinaryField(null=True)
    digest = models.CharField(max_length=LONGEST, blank=True, default="", db_default="")

    class PersonalData:
        subject = "employment__person_id"
        fields = dict.fromkeys(("value", "sealed", "digest"), "identity")
        secrets: ClassVar[set[str]] = {"sealed", "digest"}
        not_personal = {
            **_KEY,
            "employment": "goes with the employment",
            "company": "organisation",
        }
        goes_with = "employment"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "company", "value"],
                condition=~Q(value=""),
                name="staff_number_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "company", "digest"],
                condition=~Q(digest=""),
                name="identifier_once",
            ),
            models.CheckConstraint(
                name="sealed_with_its_digest",
                condition=Q(sealed=None, digest="")
                | (Q(sealed__isnull=False, value="") & ~Q(digest="")),
            ),
        ]

    @property
    def key(self) -> str:
        """Return by what it is found: the number, or the digest of what is sealed."""
        return self.value or self.digest

    @property
    def shown(self) -> str:
        """Return it as pages have it: a staff number, or the mask of what is sealed."""
        return self.value or (MASK if self.digest else "–")

    def __str__(self) -> str:
        return f"staff number {self.pk}"


class PostQuerySet(models.QuerySet["Post"]):
    def held(self) -> Self:
        """Places that are held now."""
        return self.filter(ends_on=None)

    def under(self, paths: tuple[str, ...]) -> Self:
        """Places in these units and the units in them."""
        within = [Q(unit__path__startswith=path) for path in paths]
        return self.filter(reduce(or_, within)) if within else self.none()

    def within(self, unit: UUID) -> Self:
        """Places in one unit and the units in it: every path names the units it leads through."""
        return self.filter(unit__path__contains=f"{unit.hex}.")


class Post(TenantModel):
    """Where in the tree somebody works, as what, and from when to when (ema-2.1.7)."""

    employment = models.ForeignKey(Employment, on_delete=models.CASCADE, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="posts")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    """The first day on which they hold the place no more."""

    objects = PostQuerySet.as_manager()

    class PersonalData:
        subject = "employment__person_id"
        fields = dict.fromkeys(("unit", "position", "starts_on", "ends_on"), "employment")
        not_personal = {**_KEY, "employment": "goes with the employment"}
        goes_with = "employment"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "employment"], condition=Q(ends_on=None), name="one_place_held"
            ),
        ]

    def __str__(self) -> str:
        return f"post {self.pk}"


class ChargeQuerySet(models.QuerySet["Charge"]):
    def on(self, day: date) -> Self:
        """What people are charged with on a day."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))


class Charge(TenantModel):
    """Who looks after a unit and the units in it, as what, and from when to when."""

    class Duty(models.TextChoices):
        TRAINING = "training", _("training manager")
        MANAGER = "manager", _("manager")
        INSTRUCTOR = "instructor", _("instructor")

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="charges")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    duty = models.CharField(_("duty"), max_length=12, choices=Duty.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    """The first day on which they have the duty no more: sight ends at that midnight."""
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    objects = ChargeQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("unit", "person", "duty", "starts_on", "ends_on"), "employment")
        not_personal = {**_KEY, "created_at": "goes with the row", "due_at": "retention clock"}
        anchors = {"record.created": "created_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "unit", "duty"],
                condition=Q(ends_on=None),
                name="charged_once",
            )
        ]

    def __str__(self) -> str:
        return f"charge {self.pk}"


class Training(TenantModel):
    """Something that people of a company have to be trained in."""

    class Kind(models.TextChoices):
        OUTSIDE = "outside", _("given elsewhere, and noted here")
        BRIEFING = "briefing", _("a briefing that both sides sign")
        COURSE = "course", _("a course of this service")

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="trainings")
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("how it is done"), max_length=10, choices=Kind.choices)
    course = models.ForeignKey(
        "courses.Course", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """What is taken, where it is a course of this service; None once the course is gone."""
    created_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "company": "organisation",
            "title": "about a training",
            "kind": "closed list",
            "course": "about a training",
            "created_at": "about a training",
        }

    class Meta:
        ordering = ("title",)
        constraints = [
            models.UniqueConstraint(fields=["tenant", "company", "title"], name="training_once")
        ]

    def __str__(self) -> str:
        return self.title


class Requirement(TenantModel):
    """Who has to be trained in what, by when, and how often again. Ended, never changed."""

    training = models.ForeignKey(Training, on_delete=models.CASCADE, related_name="requirements")
    position = models.ForeignKey(
        Position, on_delete=models.CASCADE, null=True, blank=True, related_name="requirements"
    )
    """None where everybody in the company needs it."""
    days = models.PositiveSmallIntegerField(_("days to do it"))
    months = models.PositiveSmallIntegerField(_("months it is valid"), null=True, blank=True)
    """None where once is enough."""
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "training": "a rule",
            "position": "a rule",
            "days": "a rule",
            "months": "a rule",
            "starts_on": "a rule",
            "ends_on": "a rule",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "training", "position"],
                condition=Q(ends_on=None),
                name="required_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="valid_for_a_while", condition=Q(months=None) | Q(months__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"requirement {self.pk}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def open(self) -> Self:
        """What is required of people who work there now."""
        return self.filter(ended_on=None)

    def standing_as(self, wanted: str, today: date) -> Self:
        """Those that stand so on a day; ``rules.terms.standing`` says the same of one."""
        never = Q(done_on=None) | Q(done_on__lt=F("since_on"))
        soon = today + SOON
        if wanted == Standing.OVERDUE:
            return self.filter(due_on__lt=today)
        if wanted == Standing.TO_DO:
            return self.filter(never, due_on__gte=today)
        if wanted == Standing.SOON:
            return self.filter(due_on__range=(today, soon)).exclude(never)
        return self.filter(Q(due_on=None) | Q(due_on__gt=soon)).exclude(never)


class Assignment(TenantModel):
    """A training is required of somebody: since when and why, by when, when it was done.

    No answers and no marks stand here or anywhere that an employer looks (ema-2.5).
    """

    class Because(models.TextChoices):
        POSITION = Cause.POSITION, _("the position")
        HIRED = Cause.HIRED, _("the employment")
        RULE = Cause.RULE, _("a new requirement")
        EDITION = Cause.EDITION, _("a new text")

    employment = models.ForeignKey(Employment, on_delete=models.CASCADE, related_name="assignments")
    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="assignments")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=10, choices=Because.choices)
    since_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    assigned_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class PersonalData:
        subject = "employment__person_id"
        fields = dict.fromkeys(
            ("training", "requirement", "cause", "since_on", "due_on", "done_on", "ended_on"),
            "learning",
        )
        not_personal = {
            **_KEY,
            "employment": "goes with the employment",
            "assigned_at": "goes with the row",
        }
        goes_with = "employment"

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "due_on"], name="workforce_due", condition=Q(ended_on=None)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "employment", "training"], name="assigned_once"
            )
        ]

    def stands(self, today: date) -> Standing:
        """Return how it stands on a day."""
        return standing(due=self.due_on, since_on=self.since_on, done_on=self.done_on, today=today)

    def __str__(self) -> str:
        return f"assignment {self.pk}"


class Completion(TenantModel):
    """A training was done: the history behind ``Assignment.done_on``. Nothing in it is changed."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="completions")
    done_on = models.DateField(_("day"))
    evidence = models.CharField(_("evidence"), max_length=120, blank=True)
    """The number of a certificate, or of the entry in the journal."""
    noted_at = models.DateTimeField()

    app_may = "select, insert"

    class PersonalData:
        subject = "assignment__employment__person_id"
        fields = dict.fromkeys(("done_on", "evidence", "noted_at"), "learning")
        not_personal = {**_KEY, "assignment": "goes with the assignment"}
        goes_with = "assignment"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "assignment", "done_on"], name="done_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"completion {self.pk}"
