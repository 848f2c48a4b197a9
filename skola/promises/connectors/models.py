"""The switch of each connector, and what waits to leave by it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Connection(TenantModel):
    """How one task of the policy is switched, and how its connector fared. Holds nobody."""

    class Problem(models.TextChoices):
        SILENT = "silent", _("It does not answer.")
        BUSY = "busy", _("It answers that it is too busy, or broken.")
        KEY = "key", _("It does not take our key.")
        REFUSED = "refused", _("It does not take what we send.")

    task = models.CharField(max_length=30)
    """A word of the policy language."""
    is_on = models.BooleanField()
    switched_at = models.DateTimeField()
    sent = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=10, choices=Problem.choices, blank=True)
    """Of the last try; empty where it went well."""
    left_out = models.PositiveIntegerField(default=0)
    """What was not sent because too much waited."""
    told_until = models.DateTimeField(null=True, blank=True)
    """The beginning of the first local day whose numbers were not told yet."""

    holds = models.BooleanField(default=False)
    """Whether something of ours lies there still, though it is switched off."""

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "holds": "about files, and nobody",
            "task": "a setting",
            "is_on": "a setting",
            "switched_at": "moment of a setting",
            "sent": "a count",
            "sent_at": "moment of a call",
            "failed_at": "moment of a call",
            "problem": "closed list",
            "left_out": "a count",
            "told_until": "the beginning of a day",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "task"], name="connection_once_a_task")
        ]

    def __str__(self) -> str:
        return f"connection {self.task}"


class Shipment(TenantModel):
    """What waits to leave by a connector, exactly as it will leave; it goes when it has left.

    Nobody is in it: errors and numbers have no person, and words were scrubbed. What could not
    leave within its days is given up.
    """

    task = models.CharField(max_length=30)
    body = models.JSONField()
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields = {"body": "usage"}
        not_personal = {
            **_KEY,
            "task": "a setting",
            "created_at": "about a call",
            "ends_at": "when it is given up",
        }
        expires = "ends_at"

    class Meta:
        indexes = [models.Index(fields=["tenant", "task", "created_at"], name="shipments_waiting")]

    def __str__(self) -> str:
        return f"shipment {self.pk}"
