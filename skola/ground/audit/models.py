from typing import ClassVar

from django.db import models

from skola.ground.tenants.models import TenantModel


class Entry(TenantModel):
    """One thing that happened. Holds identifiers and pseudonyms, never names."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    """What happened, ``courses.course.published``."""
    by = models.CharField(max_length=64)
    """``system``, a command, or the pseudonym of the person who acted."""
    subject = models.CharField(max_length=64, blank=True)
    """The pseudonym of the person concerned."""
    target = models.CharField(max_length=120, blank=True)
    """What was acted on, ``courses.course:0192…``."""
    clause = models.CharField(max_length=200, blank=True)
    """Clauses or the rule under which it happened."""
    detail = models.JSONField(default=dict)
    """Counts and digests. No personal data."""
    due_at = models.DateTimeField(null=True, editable=False)

    app_may = "select, insert, update (due_at)"
    """Entries go when they are due, by a function of the owner; only their clock may be set."""

    class PersonalData:
        subject = None
        fields = {"by": "audit", "subject": "audit"}
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "at": "moment of an act",
            "kind": "closed list of acts",
            "target": "identifier of a record",
            "clause": "identifier of a rule",
            "detail": "counts and digests",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "at", "audit.performed": "at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-at"], name="audit_by_time"),
            models.Index(fields=["tenant", "subject", "-at"], name="audit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind}"


class SubjectKey(TenantModel):
    """The key that turns a person's id into their pseudonym in the audit. Destroyed by erasure."""

    person_ref = models.UUIDField()
    """Id of the person; not a foreign key, for the person may be gone before the key."""
    key = models.BinaryField(max_length=32)

    class PersonalData:
        subject = "person_ref"
        fields: ClassVar[dict[str, str]] = {"person_ref": "audit", "key": "audit"}
        not_personal = {"id": "surrogate key", "tenant": "organisation"}
        until_subject_ends = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person_ref"], name="audit_key_once"),
        ]

    def __str__(self) -> str:
        return f"key {self.pk}"
