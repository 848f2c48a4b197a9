"""What a candidate contests, and what is left of a film that is gone."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.exams.models.asked import KEY
from skola.services.exams.models.sat import Attempt


class Contest(TenantModel):
    """A candidate contests an exam: the film is held until somebody else has decided."""

    class Decision(models.TextChoices):
        CHANGED = "changed", _("the result is changed")
        STANDS = "stands", _("the result stands")

    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, related_name="contest")
    text = models.TextField(_("what is wrong, and why"), max_length=4_000)
    filed_at = models.DateTimeField()
    hold = models.UUIDField(null=True, editable=False)
    """The hold on the film; None where there was none to hold."""
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, blank=True)
    reasons = models.TextField(_("reasons"), max_length=4_000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class PersonalData:
        subject = "attempt__person_id"
        relations = {"decided_by_id": "staff"}
        fields = dict.fromkeys(
            ("attempt", "text", "filed_at", "decision", "reasons", "decided_at", "decided_by"),
            "support",
        )
        not_personal = {**KEY, "hold": "identifier of a hold"}
        anchors = {"record.created": "filed_at"}
        goes_with = "attempt"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contest_decided_with_reasons",
                condition=Q(decided_at=None, decision="", reasons="")
                | (Q(decided_at__isnull=False) & ~Q(decision="") & ~Q(reasons="")),
            )
        ]

    def __str__(self) -> str:
        return f"contest {self.pk}"


class Receipt(TenantModel):
    """That the film of an attempt is gone: the database writes it as the recording goes."""

    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, related_name="receipt")
    gone_at = models.DateTimeField()
    parts = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    seal = models.CharField(max_length=64, blank=True)
    entry = models.UUIDField(null=True, editable=False)
    """The entry of the audit that tells of the receipt."""
    told_at = models.DateTimeField(null=True, blank=True)

    class PersonalData:
        subject = "attempt__person_id"
        fields = dict.fromkeys(("attempt", "gone_at", "seal", "told_at"), "learning")
        not_personal = {
            **KEY,
            "parts": "a count",
            "size": "number of bytes",
            "entry": "identifier of an entry",
        }
        anchors = {"record.created": "gone_at"}
        goes_with = "attempt"

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "gone_at"], name="exams_untold", condition=Q(told_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"receipt {self.pk}"
