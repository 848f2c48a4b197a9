"""The events by which services go over to other controllers: at who gives, and at who takes."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}
_NOBODY: dict[str, str] = {}


class HandoverQuerySet(models.QuerySet["Handover"]):
    def standing(self) -> Self:
        """Those that were not cancelled: at most one."""
        return self.filter(cancelled_at=None)


class Handover(TenantModel):
    """The service of this tenant goes over to a new controller. Nobody is named in it."""

    class Kind(models.TextChoices):
        SALE = "sale", _("sale of the business")
        MERGER = "merger", _("merger")

    kind = models.CharField(_("what happened"), max_length=10, choices=Kind.choices)
    agreed_on = models.DateField(_("day of the agreement"))
    document = models.CharField(_("reference of the document"), max_length=120)
    name = models.CharField(_("name of the new controller"), max_length=120)
    reg_no = models.CharField(_("registration code"), max_length=40)
    address = models.CharField(_("postal address"), max_length=200)
    email = models.EmailField(_("e-mail for questions about personal data"))
    country = models.CharField(_("country"), max_length=2)
    by = models.CharField(max_length=64)
    announced_at = models.DateTimeField()
    goes_at = models.DateTimeField()
    """When the day of the hand-over begins where the service is; until then people may object."""
    version = models.CharField(max_length=40)
    """The version of the policy that binds from then on."""
    policy = models.TextField()
    """Its text, as it was checked when the event was recorded."""
    cancelled_at = models.DateTimeField(null=True)
    cancelled_because = models.CharField(_("why it was cancelled"), max_length=300, blank=True)
    taker: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    """The public keys of the installation for which it was packed."""
    closed_at = models.DateTimeField(null=True)
    packed_at = models.DateTimeField(null=True)
    archive = models.CharField(max_length=64, blank=True)
    """SHA-256 of the last archive."""
    counts: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(default=dict)
    """Rows by table, and ``files``, in the archive."""
    stayed = models.PositiveIntegerField(default=0)
    """How many people objected and are not in it."""
    confirmed_at = models.DateTimeField(null=True)
    """When the new controller had taken it in, by its receipt."""
    receipt = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True)
    erased: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(default=dict)
    """Rows that went here by table, and ``files``."""
    kept = models.PositiveIntegerField(default=0)
    """Rows that stay here for a law's term, of people who objected."""

    objects = HandoverQuerySet.as_manager()

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "by": "pseudonym of an officer",
            "kind": "closed list",
            "agreed_on": "about an organisation",
            "document": "reference of a contract of organisations",
            "name": "organisation",
            "reg_no": "organisation",
            "address": "organisation",
            "email": "organisation",
            "country": "organisation",
            "announced_at": "about an event",
            "goes_at": "about an event",
            "version": "version of a policy",
            "policy": "text of a policy",
            "cancelled_at": "about an event",
            "cancelled_because": "about an event",
            "taker": "public keys",
            "closed_at": "about an event",
            "packed_at": "about an event",
            "archive": "digest of a file",
            "counts": "numbers",
            "stayed": "a number",
            "confirmed_at": "about an event",
            "receipt": "digests and numbers, signed",
            "erased_at": "about an event",
            "erased": "numbers",
            "kept": "a number",
        }
        moves = False

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(cancelled_at=None), name="handover_one_at_a_time"
            ),
            models.CheckConstraint(
                name="handover_step_by_step",
                condition=(Q(packed_at=None) | Q(closed_at__isnull=False))
                & (Q(confirmed_at=None) | Q(packed_at__isnull=False))
                & (Q(erased_at=None) | Q(confirmed_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"handover {self.pk}"


class Arrival(TenantModel):
    """The service of this tenant came from another controller's installation. One row."""

    archive = models.CharField(max_length=64)
    seller = models.CharField(max_length=120)
    event: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    """What was recorded there: kind, day, document, the new controller, when people were told."""
    arrived_at = models.DateTimeField()
    counts: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(default=dict)
    receipt = models.TextField()

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "archive": "digest of a file",
            "seller": "organisation",
            "event": "about organisations",
            "arrived_at": "about an event",
            "counts": "numbers",
            "receipt": "digests and numbers, signed",
        }
        moves = False

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="arrived_once")]

    def __str__(self) -> str:
        return f"arrival {self.pk}"
