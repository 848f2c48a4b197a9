import secrets
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.models import TenantModel


def fresh_code() -> str:
    """Return the code by which whoever was handed a receipt finds it again: 128 random bits."""
    return secrets.token_hex(16)


class Erasure(TenantModel):
    """The receipt of one erasure: how much went, what stays, why and until when. Names nobody."""

    class Reason(models.TextChoices):
        ASKED = "asked", _("the person asked for it")
        OBJECTED = "objected", _("the person objected, and nothing else needs the data")
        UNLAWFUL = "unlawful", _("the data should not have been collected")
        COURT = "court", _("a court or an authority ordered it")
        MINOR = "minor", _("the person is a child and nobody agreed for them")

    code = models.CharField(max_length=32, default=fresh_code)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    by = models.CharField(max_length=64)
    """``system``, a command, or the pseudonym of who did it."""
    granted_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    """None while it goes on; a job takes it up again where a process died."""
    version = models.CharField(max_length=40)
    """The version of the policy under which it was done."""
    policy = models.CharField(max_length=64)
    """Digest of that policy."""
    erased: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(default=dict)
    """How many records of each category went."""
    unlinked: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(default=dict)
    """How many records of each category stayed without the person."""
    kept: "models.JSONField[list[Any], list[Any]]" = models.JSONField(default=list)
    """What stays: category, count, until when, for which reasons. See ``erasing.kept``."""
    told: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    """Recipients who were told of it (GDPR Art. 19)."""
    entries: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    """Identifiers of the entries of the audit."""
    due_at = models.DateTimeField(null=True, editable=False)

    app_may = "select, insert, update, delete"

    class PersonalData:
        subject = None
        fields = {"by": "audit"}
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "code": "random, handed to the person with the receipt",
            "reason": "closed list of reasons",
            "granted_at": "moment of a decision",
            "finished_at": "moment of an act",
            "version": "version of a policy",
            "policy": "digest of a policy",
            "erased": "counts",
            "unlinked": "counts",
            "kept": "counts, rules and days",
            "told": "recipients of the policy",
            "entries": "identifiers of the audit",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "granted_at", "audit.performed": "granted_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "-granted_at"], name="erasures_by_time")]
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="erasure_code_once")]

    def __str__(self) -> str:
        return f"erasure {self.pk}"
