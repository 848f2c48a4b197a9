from typing import ClassVar

from django.db import models

from skola.ground.tenants.models import TenantModel


class Entry(TenantModel):
    """One thing that happened. Holds identifiers and pseudonyms, never names.

    Once inserted it stays as it is: the database refuses every change but its number in the log,
    its clock, and that its detail is forgotten (migration 3).
    """

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
    """Counts and digests. No personal data. Empty once it is forgotten."""
    salt = models.BinaryField(null=True, editable=False)
    """Random, by the database. With the detail it opens the commitment; it is forgotten with it."""
    commitment = models.BinaryField(default=bytes, editable=False)
    """SHA-256 of salt and detail, by the database. The log holds this instead of the detail."""
    leaf_index = models.BigIntegerField(null=True, editable=False)
    """The number in the log, given by the sequencer within seconds."""
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
            "salt": "random",
            "commitment": "digest under a random salt",
            "leaf_index": "number in the log",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "at", "audit.performed": "at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-at"], name="audit_by_time"),
            models.Index(fields=["tenant", "subject", "-at"], name="audit_by_subject"),
            models.Index(
                fields=["tenant", "id"],
                condition=models.Q(leaf_index=None),
                name="audit_unsequenced",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "leaf_index"], name="audit_leaf_once"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind}"


class SubjectKey(TenantModel):
    """The key that turns a person's id into their pseudonym in the audit. Destroyed by erasure."""

    person_ref = models.UUIDField()
    """Id of the person; not a foreign key, for the person may be gone before the key."""
    key = models.BinaryField(max_length=32)
    pseudonym = models.CharField(max_length=64, blank=True)
    """What the key makes of the id; when the row goes, the details about it are forgotten."""

    class PersonalData:
        subject = "person_ref"
        fields: ClassVar[dict[str, str]] = {
            "person_ref": "audit",
            "key": "audit",
            "pseudonym": "audit",
        }
        secrets: ClassVar[set[str]] = {"key"}
        not_personal = {"id": "surrogate key", "tenant": "organisation"}
        until_subject_ends = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person_ref"], name="audit_key_once"),
        ]

    def __str__(self) -> str:
        return f"key {self.pk}"


class Head(TenantModel):
    """How far the log of a tenant is numbered. Changed by functions of the owner only."""

    size = models.BigIntegerField(default=0)
    """How many leaves have a number."""
    pending = models.BinaryField(default=bytes)
    """Hashes of the last of them, while they are not in a signed checkpoint yet."""
    key = models.CharField(max_length=400, blank=True)
    """The public key that signed when the log began, or when a key was lost last: those after it
    follow by hand-overs."""

    app_may = "select"

    class PersonalData:
        subject = None
        fields: ClassVar[dict[str, str]] = {}
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "size": "count of entries",
            "pending": "digests under a random salt",
            "key": "public key of the log",
        }
        moves = False  # each installation signs a log of its own

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="audit_head_once")]

    def __str__(self) -> str:
        return f"log of {self.size}"
