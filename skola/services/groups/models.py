"""Tables of training groups: what is given, when, and who takes part."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, ClassVar, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.people.api import Role
from skola.ground.tenants.api import TenantModel
from skola.services.groups import rules

if TYPE_CHECKING:
    from skola.ground.people.api import Person

_KEY = {"id": "surrogate key", "tenant": "organisation"}
SCOPE = "groups.run"
"""What a role can be held for."""


class Programme(TenantModel):
    """What is taught, and what the contract about it says."""

    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("description"), max_length=20_000)
    hours = models.PositiveSmallIntegerField(_("hours"))
    price_cents = models.PositiveIntegerField(_("price"))
    terms = models.TextField(
        _("terms of the contract"),
        max_length=20_000,
        help_text=_("The contract begins with title, days, place and price; these terms follow."),
    )
    code_reason = models.CharField(
        _("why a national code is needed"), max_length=200, blank=True, default="", db_default=""
    )
    """What asks for participants' national codes; empty where nothing does (kic-cat-identity)."""
    created_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "title": "about a programme",
            "text": "about a programme",
            "hours": "about a programme",
            "price_cents": "about a programme",
            "terms": "about a programme",
            "code_reason": "about a programme",
            "created_at": "about a programme",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "title"], name="programme_once"),
        ]

    def __str__(self) -> str:
        return self.title


class RunQuerySet(models.QuerySet["Run"]):
    """Runs as their readers need them."""

    def published(self) -> Self:
        """Those that everybody can see."""
        return self.filter(published_at__isnull=False, cancelled_at=None)

    def to_apply(self, today: date) -> Self:
        """Those that one can apply for today."""
        return self.published().filter(apply_until__gte=today)

    def led_by(self, person: "Person", now: datetime) -> Self:
        """Those that this coordinator looks after: all, or the ones named in their roles."""
        held = Role.objects.filter(person=person, kind=Role.Kind.COORDINATOR).held_at(now)
        scopes = list(held.values_list("scope", "scope_id"))
        if ("", None) in scopes:
            return self.all()
        return self.filter(pk__in=[about for scope, about in scopes if scope == SCOPE])

    def taught_by(self, person: "Person", now: datetime) -> Self:
        """Those that this trainer leads now: named in their roles, and not cancelled.

        A role for the whole service opens none (kic-recipient-trainers).
        """
        held = Role.objects.filter(person=person, kind=Role.Kind.INSTRUCTOR, scope=SCOPE)
        return self.published().filter(pk__in=held.held_at(now).values("scope_id"))

    def with_counts(self) -> Self:
        """Add ``taken`` seats, ``queue`` (the waiting list) and ``unread`` applications."""
        waiting = Q(applications__stage="waiting")
        return self.annotate(
            taken=Count("participants", filter=Q(participants__left_at=None), distinct=True),
            queue=Count("applications", filter=waiting, distinct=True),
            unread=Count("applications", filter=Q(applications__stage="received"), distinct=True),
        )


class Run(TenantModel):
    """One time that a programme is given: its days, its place, its seats."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="runs")
    code = models.CharField(_("code of the group"), max_length=20)
    place = models.CharField(_("place"), max_length=160)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    apply_until = models.DateField(_("last day to apply"))
    seats = models.PositiveSmallIntegerField(_("seats"))
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    taken: int
    queue: int
    unread: int

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "programme": "about a run",
            "code": "about a run",
            "place": "about a run",
            "starts_on": "about a run",
            "ends_on": "about a run",
            "apply_until": "about a run",
            "seats": "about a run",
            "created_at": "about a run",
            "published_at": "about a run",
            "cancelled_at": "about a run",
        }

    class Meta:
        indexes = [models.Index(fields=["tenant", "starts_on"], name="run_by_start")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="run_code_once"),
            models.CheckConstraint(
                name="run_days_in_order",
                condition=Q(ends_on__gte=F("starts_on"), apply_until__lte=F("ends_on")),
            ),
            models.CheckConstraint(name="run_has_seats", condition=Q(seats__gte=1)),
        ]

    @property
    def free(self) -> int:
        """Seats that nobody has; only after ``with_counts``."""
        return max(0, self.seats - self.taken)

    def standing(self, today: date) -> rules.Standing:
        """Say where the run stands; only after ``with_counts``."""
        return rules.standing(
            published_at=self.published_at,
            cancelled_at=self.cancelled_at,
            apply_until=self.apply_until,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            free=self.free,
            today=today,
        )

    def __str__(self) -> str:
        return f"run {self.code}"


class Meeting(TenantModel):
    """A time at which a group meets, on one day of the tenant's zone."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="meetings")
    on = models.DateField(_("day"))
    begins = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))
    topic = models.CharField(_("topic"), max_length=160, blank=True)

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "run": "about a run",
            "on": "about a run",
            "begins": "about a run",
            "ends": "about a run",
            "topic": "about a run",
        }

    class Meta:
        ordering = ("on", "begins")
        indexes = [models.Index(fields=["tenant", "on"], name="meeting_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "run", "on", "begins"], name="meeting_once"),
            models.CheckConstraint(name="meeting_ends_after", condition=Q(ends__gt=F("begins"))),
        ]

    def spans(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return when it begins and ends, in UTC."""
        both = (datetime.combine(self.on, time, zone) for time in (self.begins, self.ends))
        begins, ends = (one.astimezone(UTC) for one in both)
        return begins, ends

    def __str__(self) -> str:
        return f"meeting {self.pk}"


class Application(TenantModel):
    """Somebody wants to take part in a run. Who has no account is a person without one."""

    class Stage(models.TextChoices):
        RECEIVED = "received", _("received")
        WAITING = "waiting", _("on the waiting list")
        ADMITTED = "admitted", _("admitted")
        REFUSED = "refused", _("not admitted")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Source(models.TextChoices):
        SITE = "site", _("application form")
        ACCOUNT = "account", _("application from the account")
        COMPANY = "company", _("named by their company")
        STAFF = "staff", _("entered by staff")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="applications")
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="group_applications"
    )
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.RECEIVED)
    words = models.TextField(_("what we should know"), max_length=1_000, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices)
    language = models.CharField(max_length=5, default="en")
    notice_version = models.CharField(max_length=40)
    """Which version of the policy was linked beside the form."""
    applied_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "run",
                "person",
                "stage",
                "words",
                "source",
                "language",
                "notice_version",
                "applied_at",
                "decided_at",
            ),
            "contract",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "applied_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "run", "applied_at"], name="application_by_run"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "run"], name="applied_once"),
        ]

    def __str__(self) -> str:
        return f"application {self.pk}"


class Participant(TenantModel):
    """Somebody's seat in a run, from admission on, with what became of it."""

    class Result(models.TextChoices):
        PASSED = "passed", _("completed")
        FAILED = "failed", _("not completed")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="seats")
    application = models.OneToOneField(
        Application, on_delete=models.SET_NULL, null=True, related_name="participant"
    )
    contract = models.ForeignKey(
        "billing.Contract", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    document = models.ForeignKey(
        "documents.Document", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    admitted_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    result_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "run",
                "person",
                "application",
                "contract",
                "document",
                "admitted_at",
                "left_at",
                "result",
                "result_at",
            ),
            "learning",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "admitted_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "run"], name="one_seat_each"),
            models.CheckConstraint(
                name="result_with_its_moment",
                condition=Q(result="", result_at=None)
                | (~Q(result="") & Q(result_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "run"], name="participants_of_run")]

    def __str__(self) -> str:
        return f"participant {self.pk}"


class ParticipantCode(TenantModel):
    """A participant's national code, sealed: nobody reads it in the database or a backup of it.

    It is there only while the programme says what it is needed for (kic-cat-identity).
    """

    participant = models.OneToOneField(
        Participant, on_delete=models.CASCADE, related_name="identity_code"
    )
    sealed = models.BinaryField()
    entered_at = models.DateTimeField()

    class PersonalData:
        subject = "participant__person_id"
        fields = {"sealed": "identity"}
        secrets: ClassVar[set[str]] = {"sealed"}
        not_personal = {
            **_KEY,
            "participant": "goes with the participant",
            "entered_at": "goes with the row",
        }
        goes_with = "participant"

    def __str__(self) -> str:
        return f"code of participant {self.participant_id}"


class Booking(TenantModel):
    """A company has seats in a run: who signs for it, one contract, one invoice."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="bookings")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    """Who signs for the company."""
    company = models.CharField(_("company"), max_length=120)
    address = models.CharField(_("address of the company"), max_length=200)
    price_cents = models.PositiveIntegerField(_("price of a seat, without tax"))
    vat_percent = models.DecimalField(_("tax, per cent"), max_digits=4, decimal_places=1)
    language = models.CharField(max_length=5, default="en")
    contract = models.OneToOneField(
        "billing.Contract", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    invoice = models.OneToOneField(
        "billing.Invoice", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    booked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "run",
                "person",
                "company",
                "address",
                "price_cents",
                "vat_percent",
                "language",
                "contract",
                "invoice",
                "booked_at",
            ),
            "contract",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "booked_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "run"], name="bookings_of_run")]

    def __str__(self) -> str:
        return f"booking {self.pk}"


class Attendance(TenantModel):
    """Somebody was there, and signed it, or a trainer did."""

    class Way(models.TextChoices):
        ACCOUNT = "account", _("signed from the account")
        LINK = "link", _("signed by the link that was mailed")
        STAFF = "staff", _("noted by the trainer")

    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="attendances"
    )
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    way = models.CharField(max_length=10, choices=Way.choices)
    signed_at = models.DateTimeField()

    class PersonalData:
        subject = "participant__person_id"
        fields = dict.fromkeys(("participant", "meeting", "way", "signed_at"), "learning")
        not_personal = _KEY
        anchors = {"record.created": "signed_at"}
        goes_with = "participant"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "meeting", "participant"], name="attended_once"
            ),
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}"


class CooperationQuerySet(models.QuerySet["Cooperation"]):
    """Cooperation contracts as their readers need them."""

    def running_on(self, day: date) -> Self:
        """Those that have begun and not ended."""
        return self.filter(ended_at=None, starts_on__lte=day, ends_on__gte=day)


class Cooperation(TenantModel):
    """A cooperation contract with an external trainer, and how the partner was evaluated."""

    class Verdict(models.TextChoices):
        FIT = "fit", _("fit to work with us")
        UNFIT = "unfit", _("not fit")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    partner = models.CharField(_("company or name of the partner"), max_length=120)
    reference = models.CharField(_("number of the contract"), max_length=60)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(_("result"), max_length=10, choices=Verdict.choices, blank=True)
    findings = models.TextField(_("what was looked at"), max_length=2_000, blank=True)
    evaluated_on = models.DateField(null=True, blank=True)
    evaluate_again_on = models.DateField(_("evaluate again on"), null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = CooperationQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "person",
                "partner",
                "reference",
                "starts_on",
                "ends_on",
                "ended_at",
                "verdict",
                "findings",
                "evaluated_on",
                "evaluate_again_on",
            ),
            "contract",
        )
        not_personal = {**_KEY, "recorded_at": "goes with the row", "due_at": "retention clock"}
        anchors = {"record.created": "recorded_at", "contract.closed": "ended_at"}
        states = {"contract.open": "ended_at"}

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "ends_on"], name="cooperation_open", condition=Q(ended_at=None)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="cooperation_days_in_order", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="evaluated_whole",
                condition=Q(verdict="", evaluated_on=None, evaluate_again_on=None)
                | (~Q(verdict="") & Q(evaluated_on__isnull=False, evaluate_again_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"cooperation {self.pk}"


class Disclosure(TenantModel):
    """Data of a participant went to an external trainer: to whom, under which contract, when."""

    class What(models.TextChoices):
        SHOWN = "shown", _("name, contact and attendance on a page")
        LIST = "list", _("name, contact and attendance as a file")

    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="disclosures"
    )
    recipient = models.CharField(max_length=120)
    """The partner, as in the cooperation contract."""
    reference = models.CharField(max_length=60)
    """The number of the cooperation contract that is the ground (kic-disclosure-grounds)."""
    what = models.CharField(max_length=10, choices=What.choices)
    on = models.DateField()
    first_at = models.DateTimeField()

    app_may = "select, insert"

    class PersonalData:
        subject = "participant__person_id"
        fields = dict.fromkeys(
            ("participant", "recipient", "reference", "what", "on", "first_at"), "learning"
        )
        not_personal = _KEY
        anchors = {"record.created": "first_at"}
        goes_with = "participant"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "participant", "reference", "what", "on"],
                name="disclosed_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"disclosure {self.pk}"
