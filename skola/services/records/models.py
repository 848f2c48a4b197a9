"""What people brought from another service, exactly as it stood in their file."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Intake(TenantModel):
    """A file that somebody brought: from which service, made when, and what of it is kept."""

    class Source(models.TextChoices):
        IMPORT = "import", _("brought by the person")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.IMPORT)
    service = models.CharField(_("from"), max_length=120)
    """What the service calls itself that made the file."""
    made_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    """SHA-256 of the file, which itself is not kept."""
    taken_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            ("person", "source", "service", "made_at", "digest", "taken_at"), "learning"
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "taken_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "person"], name="intakes_of_person")]

    def __str__(self) -> str:
        return f"intake {self.pk}"


class Brought(TenantModel):
    """One statement or one badge of a file, as it was; it goes with the rest of the file."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", _("learning record")
        BADGE = "badge", _("certificate")

    app_may = "select, insert, delete"

    intake = models.ForeignKey(
        Intake, on_delete=models.CASCADE, related_name="brought", db_index=False
    )
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=80)
    """The id of the statement or badge, which is the same wherever it is brought."""
    at = models.DateTimeField()
    title = models.CharField(max_length=200)
    content = models.TextField()
    """The statement without its actor as JSON, or the signed badge."""

    class PersonalData:
        subject = "person_id"
        fields: dict[str, Any] = dict.fromkeys(
            ("intake", "person", "kind", "key", "at", "title", "content"), "learning"
        )
        not_personal = _KEY
        goes_with = "intake"

    class Meta:
        verbose_name_plural = "brought"
        indexes = [models.Index(fields=["tenant", "intake"], name="brought_by_intake")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "key"], name="brought_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
