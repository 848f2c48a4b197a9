from django.db import models

from skola.ground.tenants.api import TenantModel


class Arrival(TenantModel):
    """A message was taken, so that it is not taken again. Nothing of it stands here."""

    digest = models.CharField(max_length=64)
    arrived_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "digest": "SHA-256 of a message with its own number; it goes after three months",
            "arrived_at": "moment of an act of ours",
        }

    class Meta:
        indexes = [models.Index(fields=["tenant", "arrived_at"], name="arrivals_by_time")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "digest"], name="arrival_once"),
        ]

    def __str__(self) -> str:
        return f"arrival {self.pk}"
