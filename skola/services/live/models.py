"""What was said in live lessons."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Line(TenantModel):
    """Something that somebody wrote in the live lesson of a meeting."""

    meeting = models.ForeignKey("groups.Meeting", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    leads = models.BooleanField(default=False)
    """Whether whoever leads the meeting wrote it."""
    words = models.CharField(_("words"), max_length=1_000)
    said_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("meeting", "person", "leads", "words", "said_at"), "learning")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "said_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "meeting", "said_at"], name="lines_of_meeting"),
            models.Index(fields=["tenant", "person"], name="lines_of_person"),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"
