"""Papers about people, and what of them has to be destroyed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from skola.ground.ids import uuid7
from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Paper(TenantModel):
    """Something on paper about one person: what it is and where it stands."""

    class Channel(models.TextChoices):
        PERSON = "in-person", _("handed over")
        POST = "post", _("by post")
        PRINTED = "printed", _("printed by us")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="papers")
    what = models.CharField(_("what it is"), max_length=160)
    channel = models.CharField(_("how it came"), max_length=9, choices=Channel.choices)
    received_on = models.DateField(_("received on"))
    place = models.CharField(_("where it stands"), max_length=160)
    """Room, cabinet, folder."""
    mark = models.CharField(max_length=12)
    """What is written on it, so that it is found without a name."""
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            ("person", "what", "channel", "received_on", "place", "mark"), "contract"
        )
        not_personal = {**_KEY, "filed_at": "goes with the row", "due_at": "retention clock"}
        anchors = {"record.created": "filed_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "person"], name="paper_by_person")]

    def __str__(self) -> str:
        return f"paper {self.pk}"


class Sheet(TenantModel):
    """The paper itself, as it stands on the shelf: a mark and a place, and nobody's name.

    It outlives the record of the person, until somebody says that it is destroyed.
    """

    paper = models.UUIDField(default=uuid7, editable=False)
    """The record that it belongs to; a key that opens nothing once that is gone."""
    mark = models.CharField(max_length=12)
    place = models.CharField(max_length=160)
    filed_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "paper": "identifier of a record",
            "mark": "random",
            "place": "a place",
            "filed_at": "moment of an act",
            "destroyed_at": "moment of an act",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "mark"], name="paper_mark_once"),
            models.UniqueConstraint(fields=["tenant", "paper"], name="paper_sheet_once"),
        ]

    def __str__(self) -> str:
        return f"sheet {self.pk}"
