"""The register of reports. What a report shows is read when it is opened; nothing of it is kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.promises.reports.rules import Form


class Report(TenantModel):
    """What is read, for which one purpose of the policy, in which form, and who may open it."""

    class Shape(models.TextChoices):
        NUMBERS = Form.NUMBERS, _("numbers without names")
        PSEUDONYMS = Form.PSEUDONYMS, _("records under pseudonyms")
        NAMES = Form.NAMES, _("a list with names")

    title = models.CharField(_("title"), max_length=120)
    purpose = models.CharField(_("purpose"), max_length=60)
    form = models.CharField(_("form"), max_length=12, choices=Shape.choices)
    model = models.CharField(max_length=60)
    """What is read, as the inventory names it: ``courses.enrolment``."""
    columns = models.JSONField(default=list)
    """Its columns. Numbers are counted by one or two of them, or by the time between two."""
    measure = models.CharField(max_length=60, blank=True)
    """The amounts that are added up instead of counting records; empty: records are counted."""
    listing = models.CharField(max_length=60, blank=True)
    """The list with names that a room offers; else empty."""
    owner = models.CharField(max_length=20)
    """In whose work it was registered: a kind of role."""
    created_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            **dict.fromkeys(
                (
                    "title",
                    "purpose",
                    "form",
                    "model",
                    "columns",
                    "measure",
                    "listing",
                    "owner",
                    "created_at",
                ),
                "says what is read; nothing that was read",
            ),
        }

    class Meta:
        indexes = [models.Index(fields=["tenant", "-created_at"], name="report_latest")]
        constraints = [
            models.CheckConstraint(
                name="report_names_by_listing",
                condition=models.Q(form="names") ^ models.Q(listing=""),
            )
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"
