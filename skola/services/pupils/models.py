"""Tables about pupils and their guardians as persons."""

from typing import ClassVar

from django.db import models
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
