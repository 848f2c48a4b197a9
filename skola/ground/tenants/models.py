from typing import ClassVar

from django.db import models

from skola.ground.ids import uuid7
from skola.ground.tenants.context import current_or_none


class Tenant(models.Model):
    """A controller: one policy, one service, its own people. Known to the whole installation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    is_active = models.BooleanField(default=True)
    operator = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="academies", editable=False
    )
    """The tenant that founded this one and runs the platform for it, as its processor."""
    handed_over_at = models.DateTimeField(null=True, editable=False)
    """When its service was closed to go over to another controller: no pages and no jobs of its own
    since then, only what keeps the promises about what is still here."""

    hosts: "models.Manager[Host]"

    class PersonalData:
        subject = None
        fields: ClassVar[dict[str, str]] = {}
        not_personal = {
            "id": "surrogate key",
            "slug": "short name of an organisation",
            "name": "name of an organisation",
            "created_at": "about an organisation",
            "is_active": "about an organisation",
            "operator": "about an organisation",
            "handed_over_at": "about an organisation",
        }

    def __str__(self) -> str:
        return self.name


class Host(models.Model):
    """A host name under which a tenant is reached."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=253, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="hosts")

    class PersonalData:
        subject = None
        fields: ClassVar[dict[str, str]] = {}
        not_personal = {
            "id": "surrogate key",
            "name": "name of a computer",
            "tenant": "organisation",
        }

    def __str__(self) -> str:
        return self.name


class TenantModel(models.Model):
    """A row that belongs to a tenant. Which one, is taken from the context when it is made.

    Row-level security hides the rows of others, so queries need no filter by tenant.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(
        Tenant,
        on_delete=models.PROTECT,
        default=current_or_none,
        editable=False,
        related_name="+",
        db_index=False,
    )

    class Meta:
        abstract = True
