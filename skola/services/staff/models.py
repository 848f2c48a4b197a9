"""Tables of the staff: grants, passed training, guidelines and who has read them."""

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.people.api import Role
from skola.ground.tenants.api import TenantModel
from skola.services.staff import rules

_KEY = {"id": "surrogate key", "tenant": "organisation"}
_NOBODY: dict[str, str] = {}


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants as their readers need them."""

    def waiting(self) -> Self:
        """Those that nobody has decided yet."""
        return self.filter(decided_at=None)

    def running_at(self, now: datetime) -> Self:
        """Those whose role has not ended."""
        return self.filter(role__ends_at__gt=now)

    def to_review(self, now: datetime) -> Self:
        """Those that lapse soon unless somebody reviews them; who asked for less gets no more."""
        longer = Q(wanted_until=None) | Q(wanted_until__gt=models.F("role__ends_at"))
        return self.running_at(now).filter(longer, role__ends_at__lte=now + rules.SOON)


class Grant(TenantModel):
    """Somebody is to have a role: who asked, who decided, who reviewed (kic-security-access)."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("role"), max_length=20, choices=Role.Kind.choices)
    scope = models.CharField(max_length=40, blank=True)
    scope_id = models.UUIDField(null=True, blank=True)
    reason = models.CharField(_("what for"), max_length=200, blank=True)
    wanted_until = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    """Nobody where the role was there before the review began."""
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    refused = models.BooleanField(default=False)
    role = models.OneToOneField(
        "people.Role", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reviewed_by = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = GrantQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        relations = {"asked_by_id": "staff", "decided_by_id": "staff", "reviewed_by_id": "staff"}
        fields = dict.fromkeys(
            (
                "person",
                "kind",
                "scope",
                "scope_id",
                "reason",
                "wanted_until",
                "asked_by",
                "asked_at",
                "decided_by",
                "decided_at",
                "refused",
                "role",
                "reviewed_by",
                "reviewed_at",
            ),
            "credentials",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "asked_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "kind", "scope_id"],
                name="grant_asked_once",
                condition=Q(decided_at=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="grant_decided_before_refused",
                condition=Q(refused=False) | Q(decided_at__isnull=False),
            ),
        ]

    def standing(self, now: datetime) -> rules.Standing:
        """Say where the grant stands."""
        return rules.standing(
            decided_at=self.decided_at,
            refused=self.refused,
            ends_at=self.role.ends_at if self.role else self.decided_at,
            now=now,
        )

    def __str__(self) -> str:
        return f"grant {self.pk}"


class StaffCourse(TenantModel):
    """The course that everybody has to pass who sees data of clients."""

    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="+")
    named_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {**_KEY, "course": "about a course", "named_at": "about a course"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="staff_course_once")]

    def __str__(self) -> str:
        return f"course of the staff {self.course_id}"


class Passed(TenantModel):
    """Somebody passed the training of the staff, and until when it is valid."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    course_title = models.CharField(max_length=120)
    passed_at = models.DateTimeField()
    until_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "course_title", "passed_at", "until_at"), "learning")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "passed_at"}

    class Meta:
        verbose_name_plural = "passed"
        indexes = [models.Index(fields=["tenant", "person", "until_at"], name="passed_by_person")]

    def __str__(self) -> str:
        return f"passed {self.pk}"


class Guideline(TenantModel):
    """An internal document of how things are done here (kic-security-practice)."""

    title = models.CharField(_("title"), max_length=120)
    review_on = models.DateField(_("to be looked at again on"))
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "title": "about a guideline",
            "review_on": "about a guideline",
            "created_at": "about a guideline",
            "withdrawn_at": "about a guideline",
        }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "title"], name="guideline_once")]

    def is_due(self, today: date) -> bool:
        """Whether it is to be looked at again."""
        return self.withdrawn_at is None and rules.is_due(self.review_on, today)

    def __str__(self) -> str:
        return self.title


class Version(TenantModel):
    """A text of a guideline. What was published is not changed: the next one takes its place."""

    guideline = models.ForeignKey(Guideline, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(_("text"), max_length=50_000)
    published_at = models.DateTimeField()

    app_may = "select, insert"

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "guideline": "about a guideline",
            "number": "about a guideline",
            "text": "about a guideline",
            "published_at": "about a guideline",
        }

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "guideline", "number"], name="guideline_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.guideline_id}"


class Acknowledgement(TenantModel):
    """Somebody says that they have read this version."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="acknowledgements")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("version", "person", "at"), "learning")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "version", "person"], name="acknowledged_once"
            ),
        ]

    def __str__(self) -> str:
        return f"acknowledgement {self.pk}"
