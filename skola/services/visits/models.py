"""Visits without anybody, pages in somebody's own record, and what was looked at."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.visits.rules import LONGEST

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Visit(TenantModel):
    """A page was opened on a day. Nothing leads to who did, and nothing strings two together.

    So the key is random, for one that counts on would tell the moment, and the day is all that is
    kept of the time. What the policy does not list is empty (kic-cookie-data, learnifier-2.f).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    day_at = models.DateTimeField()
    """The beginning of the local day."""
    page = models.CharField(_("page"), max_length=LONGEST, blank=True)
    come_from = models.CharField(_("page before"), max_length=LONGEST, blank=True)
    browser = models.CharField(_("browser"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=3, blank=True)
    system = models.CharField(_("operating system"), max_length=20, blank=True)
    region = models.CharField(_("region"), max_length=2, blank=True)
    error = models.PositiveSmallIntegerField(_("error"), null=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = None
        fields = dict.fromkeys(
            ("page", "come_from", "browser", "language", "system", "region", "error"), "usage"
        )
        not_personal = {**_KEY, "day_at": "a day", "due_at": "retention clock"}
        anchors = {"record.created": "day_at", "page.visited": "day_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "day_at"], name="visits_by_day")]

    def __str__(self) -> str:
        return f"visit {self.pk}"


class Fault(TenantModel):
    """Something broke in the service: on which page, what, and where in the code (ilearn-8.m).

    Neither what was entered nor who entered it, and not the words of the error, which may hold it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    day_at = models.DateTimeField()
    """The beginning of the local day."""
    page = models.CharField(_("page"), max_length=LONGEST)
    error = models.CharField(_("error"), max_length=60)
    """The class of the exception."""
    place = models.CharField(_("place"), max_length=120)
    """The module and the function of ours in which it broke."""
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = None
        fields = dict.fromkeys(("page", "error", "place"), "usage")
        not_personal = {**_KEY, "day_at": "a day", "due_at": "retention clock"}
        anchors = {"record.created": "day_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "day_at"], name="faults_by_day")]

    def __str__(self) -> str:
        return f"fault {self.pk}"


class Outside(TenantModel):
    """Whether a provider counts visits or advertisements besides us, and for which account.

    Ours count by default; without a row nothing is told to anybody (ema-11.2-ga,
    learnifier-5.cookie-ads-third).
    """

    class Role(models.TextChoices):
        ANALYTICS = "analytics", _("visits")
        ADS = "ads", _("advertisements")

    role = models.CharField(max_length=10, choices=Role.choices)
    number = models.CharField(_("number of the account"), max_length=40)
    is_on = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "role": "a setting",
            "number": "an account of the controller",
            "is_on": "a setting",
            "changed_at": "moment of a setting",
        }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "role"], name="outside_once")]

    def __str__(self) -> str:
        return f"outside {self.role}"


class Tally(TenantModel):
    """How often a tag was used, what was thought of a course, what came of an advertisement: in a
    month (learnifier-5.n, learnifier-5.cookie-ads-third).

    A number and nothing beside it: no person, no device, no moment but the month.
    """

    class Kind(models.TextChoices):
        TAG = "tag", _("a tag was given or looked for")
        FEEDBACK = "feedback", _("what learners think of a course")
        AD = "ad", _("what came of an advertisement")

    month_at = models.DateTimeField()
    """The beginning of the local month."""
    kind = models.CharField(max_length=8, choices=Kind.choices)
    topic = models.CharField(_("about"), max_length=120)
    answer = models.CharField(_("answer"), max_length=10, blank=True)
    times = models.PositiveIntegerField(_("times"), default=1)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = None
        fields = dict.fromkeys(("kind", "topic", "answer", "times"), "statistics")
        not_personal = {**_KEY, "month_at": "a month", "due_at": "retention clock"}
        anchors = {"record.created": "month_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "month_at", "kind", "topic", "answer"], name="tally_once"
            )
        ]

    def __str__(self) -> str:
        return f"tally {self.pk}"


class PageRead(TenantModel):
    """A page that somebody opened who agreed that their own pages are kept (ekool-3.1.6)."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    page = models.CharField(_("page"), max_length=LONGEST)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "page", "opened_at"), "usage")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "opened_at", "page.visited": "opened_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "person"], name="pages_read_by")]

    def __str__(self) -> str:
        return f"page read {self.pk}"


class Interest(TenantModel):
    """What somebody looked at while signed in, who agreed that it decides what stands first."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(_("looked at"), max_length=70)
    label = models.CharField(_("title"), max_length=120)
    times = models.PositiveIntegerField(_("times"), default=1)
    first_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "topic", "label", "times"), "segments")
        not_personal = {**_KEY, "first_at": "goes with the row", "due_at": "retention clock"}
        anchors = {"record.created": "first_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "topic"], name="interest_once")
        ]

    def __str__(self) -> str:
        return f"interest {self.pk}"


class DeviceInterest(TenantModel):
    """What a browser looked at that nobody was signed in at, under a random number of its own.

    It ends with the cookie that has the number, or when that is given up; it is never joined to a
    person (ilearn-cookie-marketing, learnifier-5.c).
    """

    device = models.UUIDField(editable=False)
    topic = models.CharField(max_length=70)
    label = models.CharField(max_length=120)
    times = models.PositiveIntegerField(default=1)
    ends_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields = dict.fromkeys(("device", "topic", "label", "times"), "segments")
        not_personal = {**_KEY, "ends_at": "the lifetime of the cookie, from the last look"}
        expires = "ends_at"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "device", "topic"], name="device_interest_once"
            ),
            models.CheckConstraint(name="device_interest_looked", condition=Q(times__gte=1)),
        ]

    def __str__(self) -> str:
        return f"interest of a device {self.pk}"
