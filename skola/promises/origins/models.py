from django.db import models
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel


class Origin(TenantModel):
    """From where data of somebody are: by which way, about what, on which day."""

    class Kind(models.TextChoices):
        SERVICE_REQUEST = "service-request", _("service request")
        SURVEY_ANSWER = "survey-answer", _("survey answer")
        CONVERSATION = "conversation", _("conversation")
        CAMPAIGN = "campaign", _("campaign")
        EVENT = "event", _("event")
        PUBLIC = "public", _("public register or web")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=160, blank=True)
    """What it was about: a course, a group, the number of an enquiry."""
    about = models.UUIDField()
    """The record that came of it."""
    on = models.DateField(null=True, blank=True)
    """The day of it, where it has one of its own: of the event, of the campaign."""
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "kind", "name", "about", "on", "at"), "contact")
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "kind", "about"], name="origin_once"
            ),
        ]

    def __str__(self) -> str:
        return f"origin {self.pk}"
