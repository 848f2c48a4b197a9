"""What the engine remembers: facts about people, holds, its own runs and its terms."""

from uuid import UUID

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

    It covers a person, one category of a person, one object, or one category of everybody.
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
                | (Q(person=None, category="", object_id__isnull=False) & ~Q(object_table=""))
                | (Q(person=None, object_id=None, object_table="") & ~Q(category="")),
            ),
            models.CheckConstraint(
                name="hold_ends_after_start",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"

    def covers(self, key: UUID, person: UUID | None) -> bool:
        """Whether a record of a category that the hold names, or of its person, is kept by it."""
        if self.object_id is not None:
            return self.object_id == key
        return self.person_id is None or self.person_id == person


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
    refused = models.JSONField(default=list)
    """Rule, due, allowed for each that the breaker stopped; see ``Breaker``."""
    overdue = models.JSONField(default=list)
    """Rule, count, since: what is due after the run, asked anew; empty when all went."""
    seconds = models.FloatField(default=0)
    """How long the run took."""

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "swept_at": "moment of a run",
            "policy": "digest of a policy",
            "erased": "a count",
            "counts": "counts",
            "refused": "counts",
            "overdue": "counts",
            "seconds": "a span of time",
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


class Forecast(TenantModel):
    """How much will come due on a day by one rule, foreseen on an earlier day (or on the day).

    What was foreseen on an earlier day, by the policy then in force, is the yardstick of the
    sweep's breaker; the newest says to the officer what goes tonight.
    """

    day = models.DateField()
    """The local day on which the parts come due; what is overdue counts to the day of making."""
    made_on = models.DateField()
    """The local day on which it was foreseen."""
    made_at = models.DateTimeField()
    is_yardstick = models.BooleanField()
    """Foreseen before the day began, by the policy that was in force then."""
    rule = models.CharField(max_length=80)
    table = models.CharField(max_length=63)
    category = models.CharField(max_length=40)
    count = models.PositiveBigIntegerField()
    at_midnight = models.PositiveBigIntegerField()
    """How many of them come due with the day's first instant."""
    oldest = models.DateTimeField()
    """The earliest of their due dates."""
    sample = models.UUIDField()
    """One of their records, for the officer to look at."""

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "day": "a day",
            "made_on": "a day",
            "made_at": "moment of a run",
            "is_yardstick": "bookkeeping of the sweep",
            "rule": "name of a rule",
            "table": "name of a table",
            "category": "closed list of categories",
            "count": "a count",
            "at_midnight": "a count",
            "oldest": "moment of a term",
            "sample": "identifier of a record",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "made_on", "day", "is_yardstick", "rule", "table", "category"],
                name="forecast_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.day}: {self.count}"


class Breaker(TenantModel):
    """A rule that would have erased far more than foreseen, and erases nothing until released."""

    rule = models.CharField(max_length=80)
    tripped_at = models.DateTimeField()
    due = models.PositiveBigIntegerField()
    """How many parts the rule would have erased."""
    allowed = models.PositiveBigIntegerField()
    """How many it might have erased that day."""
    foreseen = models.PositiveBigIntegerField()
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=64, blank=True)
    """A pseudonym of the audit, or a command."""
    reason = models.CharField(max_length=200, blank=True)
    """Why what is due may go."""
    ended_at = models.DateTimeField(null=True)
    """When so little was due that no release was needed any more."""

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "rule": "name of a rule",
            "tripped_at": "moment of a run",
            "due": "a count",
            "allowed": "a count",
            "foreseen": "a count",
            "released_at": "moment of a decision",
            "released_by": "pseudonym of an officer",
            "reason": "reason of a decision about a rule",
            "ended_at": "moment of a run",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "rule"],
                name="breaker_open_once",
                condition=Q(released_at=None, ended_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.due} of {self.allowed}"


class Timekeeping(TenantModel):
    """What the clocks said when they were last believed, and what is doubtful about them now."""

    told_at = models.DateTimeField()
    """The latest moment as of which a sweep ran, or which the officer confirmed."""
    host_at = models.DateTimeField()
    """What the machine's clock said then."""
    boot = models.CharField(max_length=36, blank=True)
    """Which start of which machine ``ticks`` counts from."""
    ticks = models.FloatField(default=0)
    """Seconds since that start, by a clock that nobody can set."""
    passed_over = models.DateTimeField(null=True)
    """What is recorded up to this moment was written by a clock found to be wrong."""
    doubt = models.CharField(max_length=20, blank=True)
    """Why no sweep runs; empty when the clocks agree."""
    facts = models.JSONField(default=dict)
    """What the doubt rests on: clocks and their readings."""
    doubted_at = models.DateTimeField(null=True)
    """Since when, by the database's clock."""

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "told_at": "moment of a run",
            "host_at": "moment of a run",
            "boot": "identifier of a computer's start",
            "ticks": "a span of time",
            "passed_over": "moment of a decision",
            "doubt": "closed list of reasons",
            "facts": "readings of clocks",
            "doubted_at": "moment of a run",
        }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="timekeeping_once")]

    def __str__(self) -> str:
        return f"{self.told_at:%Y-%m-%d %H:%M} {self.doubt}"
