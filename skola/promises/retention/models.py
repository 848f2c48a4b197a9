"""What the engine remembers: facts about people, holds, its own runs and its terms."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Fact(TenantModel):
    """Something that happened to a person, from which terms are counted: first and last time."""

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    event = models.CharField(max_length=60)
    """A word of the vocabulary, ``account.last_action``."""
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "event", "first_at", "last_at"), "usage")
        not_personal = _KEY
        anchors = {"record.created": "first_at"}
        goes_with = "person"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "event"], name="fact_once"),
            models.CheckConstraint(
                name="fact_first_before_last", condition=Q(last_at__gte=F("first_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.last_at:%Y-%m-%d}"


class StateFact(TenantModel):
    """Something that is true of a person for a time: a contract runs, a consent is live."""

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    state = models.CharField(max_length=80)
    """A word of the vocabulary, ``contract.open``, or ``consent:PURPOSE``."""
    is_open = models.BooleanField()
    opened_at = models.DateTimeField(null=True)
    """When it began the last time; None where only its end is known."""
    ended_at = models.DateTimeField(null=True)
    """When it ended the last time; None while it has never ended."""
    is_seen = models.BooleanField(default=True)
    """False where a trigger wrote it: the next sweep computes the person's dates anew."""

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "state", "is_open", "opened_at", "ended_at"), "usage")
        not_personal = {**_KEY, "is_seen": "bookkeeping of the sweep"}
        goes_with = "person"

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "person"], name="state_unseen", condition=Q(is_seen=False)
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "state"], name="state_once"),
            models.CheckConstraint(
                name="state_open_or_ended",
                condition=Q(is_open=True, opened_at__isnull=False)
                | Q(is_open=False, ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {'open' if self.is_open else 'ended'}"


class Hold(TenantModel):
    """A legal hold: while it runs, what it covers is not erased, whatever the ceilings say.

    It covers a person, one category of a person, or one object.
    """

    reason = models.CharField(max_length=200)
    owner = models.CharField(max_length=64)
    """Who answers for it: a pseudonym of the audit, or ``system``."""
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    category = models.CharField(max_length=40, blank=True)
    object_table = models.CharField(max_length=63, blank=True)
    object_id = models.UUIDField(null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    """The day on which it ends by itself; None until it is released."""
    released_at = models.DateTimeField(null=True)

    class PersonalData:
        subject = "person_id"
        fields = {"person": "support", "reason": "support"}
        not_personal = {
            **_KEY,
            "owner": "pseudonym of an officer",
            "category": "closed list of categories",
            "object_table": "name of a table",
            "object_id": "identifier of a record",
            "starts_at": "moment of a decision",
            "ends_at": "moment of a decision",
            "released_at": "moment of a decision",
        }
        anchors = {"record.created": "starts_at"}
        goes_with = "person"

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "person"], name="hold_by_person"),
            models.Index(fields=["tenant", "object_id"], name="hold_by_object"),
        ]
        constraints = [
            models.CheckConstraint(
                name="hold_has_one_scope",
                condition=Q(person__isnull=False, object_table="", object_id=None)
                | (Q(person=None, category="", object_id__isnull=False) & ~Q(object_table="")),
            ),
            models.CheckConstraint(
                name="hold_ends_after_start",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"


class Release(TenantModel):
    """Whether a longer promise of a later version reaches what a person gave before it.

    Without a row it does not: what was collected under an earlier version keeps that promise. The
    person accepted the version, or was told and did not object in time, or objected.
    """

    class How(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        NOT_OBJECTED = "not-objected", _("told in time, and did not object")
        OBJECTED = "objected", _("objected")

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    version = models.CharField(max_length=40)
    through = models.DateTimeField()
    """When that version takes effect: earlier promises no longer hold the person's data."""
    how = models.CharField(max_length=20, choices=How.choices)
    is_free = models.BooleanField()
    """False where the person objected."""
    at = models.DateTimeField()
    """When it was said, or when the time to object had passed."""

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "version", "how", "is_free", "at"), "preferences")
        not_personal = {**_KEY, "through": "moment of a policy"}
        anchors = {"record.created": "at"}
        goes_with = "person"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "version"], name="release_once"),
            models.CheckConstraint(
                name="release_free_unless_objected",
                condition=Q(how="objected", is_free=False) | (~Q(how="objected") & Q(is_free=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.how}"


class Sweep(TenantModel):
    """One run of the sweep, for the marks and for ``skola doctor``."""

    swept_at = models.DateTimeField()
    """The moment as of which it swept. Written at the end: an interrupted run leaves none."""
    policy = models.CharField(max_length=64)
    """Digest of the policy that was executed."""
    erased = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(default=list)
    """Rule, table, category, count for each that erased something."""

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "swept_at": "moment of a run",
            "policy": "digest of a policy",
            "erased": "a count",
            "counts": "counts",
        }

    class Meta:
        indexes = [models.Index(fields=["tenant", "-swept_at"], name="sweep_by_time")]

    def __str__(self) -> str:
        return f"sweep {self.swept_at:%Y-%m-%d %H:%M}"


class Terms(TenantModel):
    """By which terms the stored due dates of a table and category were computed.

    When they differ from those of the policy in force, the dates are computed anew.
    """

    table = models.CharField(max_length=63)
    category = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "table": "name of a table",
            "category": "closed list of categories",
            "digest": "digest of rules",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "table", "category"], name="terms_once")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.category}"
