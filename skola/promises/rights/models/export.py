from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.models import TenantModel


class Export(TenantModel):
    """A copy of their data that a person asked for in their account, until its own end.

    It is being made until ``ready_at``. The file lies encrypted under a key of its own and goes
    with this row; the row goes when ``expires_at`` has come, whatever the policy says longer.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", _("everything, to read and to keep")
        PORTABILITY = "portability", _("what you gave, to take along")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="exports")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    language = models.CharField(max_length=5)
    asked_at = models.DateTimeField()
    failed_at = models.DateTimeField(null=True)
    """When making it failed the last time; it is tried again."""
    ready_at = models.DateTimeField(null=True)
    file = models.OneToOneField(
        "files.StoredFile", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    records = models.PositiveBigIntegerField(default=0)
    unreadable = models.PositiveIntegerField(default=0)
    """Originals that are damaged in the storage."""
    downloads = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            ("person", "kind", "language", "asked_at", "ready_at", "records", "downloads"),
            "support",
        )
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "failed_at": "moment of a fault of ours",
            "file": "identifier of a file",
            "unreadable": "a count of faults of ours",
            "expires_at": "the end of the row itself",
        }
        anchors = {"record.created": "asked_at"}
        expires = "expires_at"

    class Meta:
        indexes = [models.Index(fields=["tenant", "expires_at"], name="exports_by_end")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person"],
                condition=Q(ready_at=None),
                name="export_running_once",
            ),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"
