"""Which school years are packed for the archive, and which pupils are in a package."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Package(TenantModel):
    """A school year as a package. It names nobody itself; whom it holds stands in ``held``."""

    year = models.OneToOneField("school.Year", on_delete=models.CASCADE, related_name="package")
    file = models.ForeignKey(
        "files.StoredFile", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    """None once it was deleted at the end of its term."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the sealed package, as the archive service has it."""
    pupils = models.PositiveIntegerField()
    records = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    party = models.ForeignKey(
        "disclosures.Party", on_delete=models.PROTECT, null=True, related_name="+"
    )
    """The archive service that was given this package."""
    given_at = models.DateTimeField(null=True)
    receipt = models.CharField(_("number of their receipt"), max_length=80, blank=True)
    receipt_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    app_may = "select, insert, update"

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "year": "a span of time",
            "file": "sealed; goes with the last of its pupils, and is made anew when one goes",
            "digest": "digest of a sealed file",
            "pupils": "a count",
            "records": "a count",
            "made_at": "a moment",
            "party": "an organisation",
            "given_at": "a moment",
            "receipt": "number of a paper between organisations",
            "receipt_at": "a moment",
            "deleted_at": "a moment",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "year"], name="package_of_year_once"),
            models.CheckConstraint(
                name="package_given_whole",
                condition=models.Q(party=None, given_at=None)
                | models.Q(party__isnull=False, given_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"package {self.pk}"


class Held(TenantModel):
    """A pupil's year is in a package; it goes when the pupil's year goes."""

    package = models.ForeignKey(
        Package, on_delete=models.CASCADE, related_name="held", db_index=False
    )
    pupil = models.ForeignKey("school.Pupil", on_delete=models.CASCADE, related_name="+")

    app_may = "select, insert, delete"

    class PersonalData:
        subject = "pupil__person_id"
        fields: dict[str, Any] = dict.fromkeys(("package", "pupil"), "study")
        not_personal = _KEY
        goes_with = "pupil"

    class Meta:
        verbose_name_plural = "held"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "package", "pupil"], name="held_once")
        ]

    def __str__(self) -> str:
        return f"held {self.pk}"
