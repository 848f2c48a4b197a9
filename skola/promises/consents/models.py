"""The consents of people, each from its giving to its end."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents as their readers need them."""

    def standing_at(self, moment: datetime) -> Self:
        """Those that were given and had neither ended nor expired at a moment."""
        return self.filter(
            Q(ended_at=None) | Q(ended_at__gt=moment),
            given_at__lte=moment,
            valid_until__gt=moment,
        )

    def of(self, person: Any) -> Self:
        """Those of this person."""
        return self.filter(person=person)


class Consent(TenantModel):
    """Somebody agreed to one purpose, within limits, asked by one channel; until it ended.

    Nothing is written over but its end, and that once: the rows are the history (ilearn-27).
    """

    class End(models.TextChoices):
        WITHDRAWN = "withdrawn", _("withdrawn")
        RENEWED = "renewed", _("given anew")
        EXPIRED = "expired", _("expired")
        OF_AGE = "of-age", _("ended when the child could consent alone")
        CHANGED = "changed", _("ended when its purpose, recipients or controller changed")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=80)
    """Its name in the policy."""
    scope = models.CharField(max_length=120, blank=True)
    """What it is limited to: a channel of messages, a recipient, a text; empty: nothing."""
    channel = models.CharField(max_length=30)
    """How it was given, as the policy calls it: ``account``, ``phone``."""
    wording = models.CharField(max_length=1_000)
    """What the person was shown or read out, to the letter."""
    language = models.CharField(max_length=5)
    version = models.CharField(max_length=40)
    """The version of the policy that was in force."""
    policy_hash = models.CharField(max_length=64)
    purpose_hash = models.CharField(max_length=64)
    """The purpose as that version words it."""
    proof = models.CharField(max_length=300, blank=True)
    """Where else it is shown: a recording, a note, a form."""
    giver = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """The guardian who gave it; None where the person did."""
    staff = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """Who entered it; None where nobody did."""
    given_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    end = models.CharField(max_length=10, choices=End.choices, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=30, blank=True)
    """The channel by which it was withdrawn; empty where it ended by itself."""
    end_proof = models.CharField(max_length=300, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = ConsentQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        relations = {"giver_id": "counterpart", "staff_id": "staff"}
        fields = dict.fromkeys(
            (
                "person",
                "purpose",
                "scope",
                "channel",
                "wording",
                "language",
                "version",
                "proof",
                "giver",
                "staff",
                "given_at",
                "valid_until",
                "end",
                "ended_at",
                "ended_by",
                "end_proof",
            ),
            "consent",
        )
        not_personal = {
            **_KEY,
            "policy_hash": "digest of the policy",
            "purpose_hash": "digest of a purpose",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "given_at", "consent.withdrawn": "ended_at"}

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "purpose", "scope", "person"],
                name="consents_standing",
                condition=Q(ended_at=None),
            ),
            models.Index(fields=["tenant", "person", "-given_at"], name="consents_of_person"),
            models.Index(
                fields=["tenant", "valid_until"],
                name="consents_to_expire",
                condition=Q(ended_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "purpose", "scope", "channel"],
                condition=Q(ended_at=None),
                name="consent_once_a_channel",
            ),
            models.CheckConstraint(
                name="consent_ended_whole",
                condition=Q(end="", ended_at=None) | (~Q(end="") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="consent_ends_after_start",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("given_at")),
            ),
        ]

    def stands_at(self, moment: datetime) -> bool:
        """Whether it was given, and had neither ended nor expired, at a moment."""
        ended = self.ended_at is not None and self.ended_at <= moment
        return self.given_at <= moment < self.valid_until and not ended

    @property
    def is_ended(self) -> bool:
        """Whether its end is on record."""
        return self.ended_at is not None

    def __str__(self) -> str:
        return f"consent {self.pk}"
