"""Runs, what they found, mails that came back, and records that were made one."""

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Run(TenantModel):
    """The data were looked through: when, and how much each check found."""

    at = models.DateTimeField()
    found = models.JSONField(default=dict)
    """Check: how many it found, those that were known included."""
    fresh = models.PositiveIntegerField(default=0)
    settled = models.PositiveIntegerField(default=0)
    """How many that were open were found no more."""

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "at": "moment of an act of ours",
            "found": "counts",
            "fresh": "a count",
            "settled": "a count",
        }

    class Meta:
        indexes = [models.Index(fields=["tenant", "-at"], name="runs_by_time")]

    def __str__(self) -> str:
        return f"run {self.pk}"


class FlawQuerySet(models.QuerySet["Flaw"]):
    """Flaws as their readers need them."""

    def open(self) -> Self:
        """Those that have no outcome yet."""
        return self.filter(settled_at=None)


class Flaw(TenantModel):
    """Something about a person that is not right or not known to be, and what came of it."""

    class Outcome(models.TextChoices):
        CORRECTED = "corrected", _("put right")
        RIGHT = "right", _("right as it is")
        APART = "apart", _("two people")
        MERGED = "merged", _("made one")

    check_id = models.CharField(max_length=40)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, null=True, related_name="+"
    )
    """Who may be the same person."""
    said = models.CharField(max_length=300, blank=True)
    """What exactly is wrong, where the check has more to say."""
    place = models.UUIDField(null=True)
    """The school whose task it is; None where it is that of who runs the service."""
    found_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = FlawQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        relations = {"other_id": "mentioned"}
        fields = dict.fromkeys(
            ("check_id", "person", "other", "said", "place", "found_at", "outcome", "settled_at"),
            "contact",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "found_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "person"], name="flaws_of_person"),
            models.Index(fields=["tenant", "other"], name="flaws_of_other"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "check_id", "person", "other"],
                name="flaw_open_once",
                nulls_distinct=False,
                condition=Q(settled_at=None),
            ),
            models.CheckConstraint(
                name="flaw_settled_whole",
                condition=Q(outcome="", settled_at=None)
                | (~Q(outcome="") & Q(settled_at__isnull=False)),
            ),
        ]

    @property
    def pair(self) -> tuple[UUID, UUID | None]:
        """Whom it is about."""
        return self.person_id, self.other_id

    def __str__(self) -> str:
        return f"flaw {self.pk}"


class Bounce(TenantModel):
    """A mail to somebody's address came back: the address is marked, as long as it is theirs."""

    person = models.OneToOneField("people.Person", on_delete=models.CASCADE, related_name="+")
    address = models.EmailField(max_length=254)
    status = models.CharField(max_length=12, blank=True)
    said = models.CharField(max_length=300, blank=True)
    """What the other mail server said."""
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "address", "status", "said", "at"), "contact")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "at"}

    def __str__(self) -> str:
        return f"bounce {self.pk}"


class Merge(TenantModel):
    """Two records of one person were made one; until ``undo_until`` they can be parted again."""

    kept = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    merged = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    """The record that is empty now."""
    was = models.JSONField(default=dict)
    """What stood in the merged record, and what the kept one got from it; empty afterwards."""
    moved = models.JSONField(default=list)
    """Table, column and rows that went over; empty afterwards."""
    facts = models.JSONField(default=dict)
    """From which facts terms counted before; empty afterwards."""
    stayed = models.JSONField(default=dict)
    """Table: how many rows could not go over, since the kept record has the same."""
    place = models.UUIDField(null=True)
    merged_at = models.DateTimeField()
    undo_until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "kept_id"
        relations = {"merged_id": "mentioned"}
        fields = dict.fromkeys(
            (
                "kept",
                "merged",
                "was",
                "moved",
                "facts",
                "stayed",
                "place",
                "merged_at",
                "undo_until",
                "undone_at",
            ),
            "identity",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "merged_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "kept"], name="merges_of_kept"),
            models.Index(fields=["tenant", "merged"], name="merges_of_merged"),
        ]
        constraints = [
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept=F("merged"))),
        ]

    def __str__(self) -> str:
        return f"merge {self.pk}"
