"""Tables about pupils and their guardians as persons."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.pupils.rules import Audience

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class AudienceChoice(models.TextChoices):
    """Who sees a contact detail."""

    LEADER = Audience.LEADER, _("the form teacher and the school")
    CLASS = Audience.CLASS, _("the class and its parents, too")


class ContactSight(TenantModel):
    """Whom somebody lets see phone and e-mail; without a row nobody of the class (ekool-3.1.2)."""

    person = models.OneToOneField(
        "people.Person", on_delete=models.CASCADE, related_name="contact_sight"
    )
    phone_for = models.CharField(
        _("who sees the phone"),
        max_length=10,
        choices=AudienceChoice.choices,
        default=Audience.LEADER,
    )
    email_for = models.CharField(
        _("who sees the e-mail"),
        max_length=10,
        choices=AudienceChoice.choices,
        default=Audience.LEADER,
    )
    set_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "phone_for", "email_for"), "preferences")
        not_personal = {**_KEY, "set_at": "goes with the row", "due_at": "retention clock"}
        anchors = {"record.created": "set_at"}

    def __str__(self) -> str:
        return f"contact sight {self.pk}"


class NationalCode(TenantModel):
    """A pupil's national code: sealed, so that nobody reads it in the database or a backup of it.

    It is found again by a digest under the installation's key (ekool-3.1.1-personal).
    """

    person = models.OneToOneField(
        "people.Person", on_delete=models.CASCADE, related_name="national_code"
    )
    sealed = models.BinaryField()
    digest = models.CharField(max_length=64)
    entered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "sealed", "digest"), "identity")
        secrets: ClassVar[set[str]] = {"sealed", "digest"}
        not_personal = {**_KEY, "entered_at": "goes with the row", "due_at": "retention clock"}
        anchors = {"record.created": "entered_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "digest"], name="national_code_once")
        ]

    def __str__(self) -> str:
        return f"national code {self.pk}"


class HandOver(TenantModel):
    """A pupil goes to another school of the service, with the record as it stands on that day.

    The old school keeps its own entries and adds none to this; the new one sees this, and none of
    what the old one enters later (ekool-3.1.1-education).
    """

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="hand_overs")
    from_school = models.ForeignKey(
        "school.School", on_delete=models.PROTECT, related_name="hands_over"
    )
    to_school = models.ForeignKey(
        "school.School", on_delete=models.PROTECT, related_name="is_handed"
    )
    record = models.JSONField(default=dict)
    """The years at the old school: class, days, marks and lessons missed by subject."""
    handed_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            ("person", "from_school", "to_school", "record", "handed_at", "taken_at"), "study"
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "handed_at"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hand_over_to_another", condition=~Q(from_school=F("to_school"))
            ),
            models.UniqueConstraint(
                fields=["tenant", "person", "to_school"],
                name="hand_over_waits_once",
                condition=Q(taken_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"hand-over {self.pk}"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Proposals as their readers need them."""

    def open(self) -> Self:
        """Those that nobody has decided."""
        return self.filter(decided_at=None)


class Proposal(TenantModel):
    """A register says something else of a pupil than the school: to be decided by the school.

    Until it is confirmed nothing changes (ekool-4.2.5).
    """

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey("school.School", on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=20)
    held = models.CharField(max_length=200, blank=True)
    """What stood with the school when it was compared."""
    value = models.CharField(max_length=200)
    """What the register says."""
    register = models.CharField(max_length=80)
    as_of = models.DateField()
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(null=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = ProposalQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "person",
                "school",
                "field",
                "held",
                "value",
                "register",
                "as_of",
                "proposed_at",
                "decided_at",
                "accepted",
            ),
            "identity",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "proposed_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "school"], name="proposals_of_school")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "field"],
                name="proposed_once",
                condition=Q(decided_at=None),
            ),
            models.CheckConstraint(
                name="proposal_decided_whole",
                condition=Q(decided_at=None, accepted=None)
                | Q(decided_at__isnull=False, accepted__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"


class CaseQuerySet(models.QuerySet["SupportCase"]):
    """Cases as their readers need them."""

    def open_at(self, moment: datetime) -> Self:
        """Those that nobody has closed and whose time is not over."""
        return self.filter(closed_at=None, opened_at__lte=moment, ends_at__gt=moment)


class SupportCase(TenantModel):
    """A task at one school, for one of the service's support staff, as long as it is open.

    Without one nobody of the service sees a school's pupils (ekool-2.5-need).
    """

    school = models.ForeignKey("school.School", on_delete=models.CASCADE, related_name="cases")
    agent = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="cases")
    words = models.CharField(_("what is to be done"), max_length=300)
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = CaseQuerySet.as_manager()

    class PersonalData:
        subject = "agent_id"
        fields = dict.fromkeys(
            ("school", "agent", "words", "opened_at", "ends_at", "closed_at"), "security_log"
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "opened_at"}

    def __str__(self) -> str:
        return f"support case {self.pk}"
