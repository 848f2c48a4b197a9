from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Risk(TenantModel):
    """What could happen to data, and what is done so that it does not."""

    class Degree(models.IntegerChoices):
        LOW = 1, pgettext_lazy("of a risk", "low")
        MIDDLE = 2, pgettext_lazy("of a risk", "middle")
        HIGH = 3, pgettext_lazy("of a risk", "high")

    title = models.CharField(_("what could happen"), max_length=200)
    likelihood = models.PositiveSmallIntegerField(_("how likely"), choices=Degree.choices)
    impact = models.PositiveSmallIntegerField(_("what it would do"), choices=Degree.choices)
    measure = models.TextField(_("what is done about it"), max_length=2_000)
    owner = models.CharField(max_length=64)
    """Who answers for it: a pseudonym of the audit."""
    review_on = models.DateField(_("to be looked at again on"))
    noted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "title": "name of a risk; the form asks for no names",
            "likelihood": "an estimate",
            "impact": "an estimate",
            "measure": "what is done; the form asks for no names",
            "owner": "pseudonym of an officer",
            "review_on": "day of a decision",
            "noted_at": "moment of a decision",
            "closed_at": "moment of a decision",
        }

    def __str__(self) -> str:
        return f"risk {self.pk}"


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Incidents as their readers need them."""

    def open(self) -> Self:
        """Those that are not closed."""
        return self.filter(closed_at=None)

    def to_notify(self) -> Self:
        """Breaches of which the authority was not told, and nobody said why not."""
        return self.open().filter(is_breach=True, notified_at=None, not_notified_because="")


class Incident(TenantModel):
    """Something happened to data, or nearly."""

    class Danger(models.TextChoices):
        """GDPR Art. 33(1), 34(1)."""

        UNLIKELY = "unlikely", _("a risk to people is unlikely")
        RISK = "risk", _("there is a risk to people")
        HIGH = "high", _("there is a high risk to people")

    class Alarm(models.TextChoices):
        SPREAD = "sign-ins", _("one account from many addresses")
        VOLUME = "exports", _("many records exported at once")

    number = models.PositiveIntegerField(editable=False)
    title = models.CharField(max_length=200)
    what = models.TextField(max_length=4_000)
    """What happened, to which kinds of data, as far as it is known."""
    known_at = models.DateTimeField()
    """When it became known here: the time to tell the authority runs from here."""
    noted_at = models.DateTimeField()
    owner = models.CharField(max_length=64)
    """Who answers for it: a pseudonym of the audit."""
    measure = models.TextField(max_length=4_000, blank=True)
    measure_on = models.DateField(null=True)
    is_breach = models.BooleanField(default=False)
    danger = models.CharField(max_length=8, choices=Danger.choices, blank=True)
    notify_by = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=100, blank=True)
    """The number that the authority gave."""
    not_notified_because = models.TextField(max_length=1_000, blank=True)
    told_at = models.DateTimeField(null=True)
    """When those whom it touched were written to the last time."""
    escalated = models.PositiveSmallIntegerField(default=0)
    """How far the time had run when staff were last warned: 50, 75, 90 or 100 of 100."""
    closed_at = models.DateTimeField(null=True)
    alarm = models.CharField(max_length=20, choices=Alarm.choices, blank=True)
    """By what the software noticed it; empty where somebody wrote it down."""
    about = models.CharField(max_length=64, blank=True)
    """Whose account an alarm is about, or which employee answers: a pseudonym of the audit."""

    objects = IncidentQuerySet.as_manager()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "number": "a running number",
            "title": "name of an event; the form asks for no names",
            "what": "an account of an event; the form asks for no names",
            "known_at": "moment of an event",
            "noted_at": "moment of an act of ours",
            "owner": "pseudonym of an officer",
            "measure": "what was done; the form asks for no names",
            "measure_on": "day of an act of ours",
            "is_breach": "a decision",
            "danger": "an estimate",
            "notify_by": "a term of law",
            "notified_at": "moment of an act of ours",
            "reference": "number of a case at an authority",
            "not_notified_because": "grounds of a decision",
            "told_at": "moment of an act of ours",
            "escalated": "a count of warnings to staff",
            "closed_at": "moment of a decision",
            "alarm": "closed list",
            "about": "pseudonym of an account's owner",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="incident_number_once"),
            models.CheckConstraint(
                name="incident_breach_has_term",
                condition=Q(is_breach=False, notify_by=None)
                | Q(is_breach=True, notify_by__isnull=False),
            ),
            models.CheckConstraint(
                name="incident_breach_closed_when_settled",
                condition=Q(closed_at=None)
                | Q(is_breach=False)
                | Q(notified_at__isnull=False)
                | ~Q(not_notified_because=""),
            ),
            models.CheckConstraint(
                name="incident_closed_after_known",
                condition=Q(closed_at=None) | Q(closed_at__gte=F("known_at")),
            ),
        ]

    @property
    def label(self) -> str:
        """The number as it is said."""
        return f"I-{self.number:04d}"

    def __str__(self) -> str:
        return f"incident {self.pk}"


class Affected(TenantModel):
    """Somebody's data were touched by an incident."""

    class How(models.TextChoices):
        LOOKED = "looked", _("by the log of who looked")
        NAMED = "named", _("named by an officer")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="affected")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    how = models.CharField(max_length=6, choices=How.choices)
    found_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "incident", "how", "found_at", "told_at"), "support")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "found_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "incident", "person"], name="affected_once")
        ]

    def __str__(self) -> str:
        return f"affected {self.pk}"
