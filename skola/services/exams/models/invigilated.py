"""Who invigilates a date, and what they did while it ran: all of it is part of the protocol."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.exams.models.asked import KEY, Sitting
from skola.services.exams.models.sat import Attempt


class Invigilator(TenantModel):
    """Somebody who watches over one date of an exam; nobody else sees it while it runs."""

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="invigilators")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    named_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("sitting", "person", "named_at"), "credentials")
        not_personal = {**KEY, "due_at": "retention clock"}
        anchors = {"record.created": "named_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "sitting", "person"], name="invigilator_once_a_sitting"
            )
        ]

    def __str__(self) -> str:
        return f"invigilator {self.pk}"


class Note(TenantModel):
    """One thing that happened between an invigilator and a candidate.

    While the attempt runs the candidate reads what is said to them; afterwards they read all of it,
    flags and looks too. A flag decides nothing: whoever marks the exam reads it.
    """

    class Kind(models.TextChoices):
        HELP = "help", _("the candidate asked for help")
        MESSAGE = "message", _("message from the invigilator")
        TIME = "time", _("extra time")
        FLAG = "flag", _("noted by the invigilator")
        LOOK = "look", _("the invigilator looked at the record")
        STOP = "stop", _("stopped by the invigilator")

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField(max_length=1_000, blank=True)
    """What was said, noted or given as a reason; empty for a look."""
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    """Extra time."""
    author = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """The invigilator; None where the candidate wrote, or the invigilator is gone."""
    at = models.DateTimeField()

    class PersonalData:
        subject = "attempt__person_id"
        relations = {"author_id": "staff"}
        fields = dict.fromkeys(("attempt", "kind", "text", "minutes", "author", "at"), "learning")
        not_personal = KEY
        anchors = {"record.created": "at"}
        goes_with = "attempt"

    class Meta:
        ordering = ("at", "pk")
        indexes = [models.Index(fields=["tenant", "attempt", "at"], name="exams_notes")]
        constraints = [
            models.CheckConstraint(
                name="note_says_what_it_has_to",
                condition=Q(kind="look", text="", minutes=None)
                | (Q(kind="time", minutes__isnull=False) & ~Q(text=""))
                | (~Q(kind__in=("look", "time")) & Q(minutes=None) & ~Q(text="")),
            )
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"
