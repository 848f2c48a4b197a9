"""What the worker found when it last compared the promises with the data."""

from typing import Any, ClassVar

from django.db import models

from skola.ground.tenants.api import TenantModel


class Look(TenantModel):
    """The marks of one service, as of the last look; one row for each tenant."""

    policy = models.CharField(max_length=64)
    """Hash of the text that was compared; its marks say nothing about another."""
    version = models.CharField(max_length=40)
    looked_at = models.DateTimeField()
    marks: "models.JSONField[list[Any], list[Any]]" = models.JSONField(default=list)
    """One for each rule, in the order of the file. See ``truth``."""

    class PersonalData:
        subject = None
        fields: ClassVar[dict[str, str]] = {}
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "policy": "digest of a policy",
            "version": "version of a policy",
            "looked_at": "moment of a check",
            "marks": "rules, states and counts",
        }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="notices_look_once")]

    def __str__(self) -> str:
        return f"look at {self.looked_at:%Y-%m-%d %H:%M}"
