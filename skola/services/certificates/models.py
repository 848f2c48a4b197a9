"""The rule by which a course gives certificates, and what was issued by it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Rule(TenantModel):
    """What a course asks for its certificate, and what the certificate says."""

    course = models.ForeignKey(
        "courses.Course", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    exam = models.ForeignKey("exams.Exam", on_delete=models.PROTECT, null=True, related_name="+")
    """To be passed besides; None: the lessons are enough."""
    hours = models.PositiveSmallIntegerField(
        _("hours"), validators=[MinValueValidator(1), MaxValueValidator(2_000)]
    )
    signatory = models.CharField(_("signed by"), max_length=160)
    valid_months = models.PositiveSmallIntegerField(
        _("valid for so many months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
    )

    class PersonalData:
        subject = "course__author_id"
        fields = {"signatory": "authored"}
        not_personal = {
            **_KEY,
            "course": "goes with the course",
            "exam": "about a course",
            "hours": "about a course",
            "valid_months": "about a course",
        }
        goes_with = "course"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "course"], name="certificate_rule_once")
        ]

    def __str__(self) -> str:
        return f"rule {self.pk}"


class Award(TenantModel):
    """For what a certificate was issued: the course that its holder completed."""

    document = models.OneToOneField(
        "documents.Document", on_delete=models.CASCADE, related_name="award"
    )
    course = models.ForeignKey(
        "courses.Course", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class PersonalData:
        subject = "document__person_id"
        fields = dict.fromkeys(("document", "course", "at"), "education_document")
        not_personal = _KEY
        anchors = {"record.created": "at"}
        goes_with = "document"

    def __str__(self) -> str:
        return f"award {self.pk}"
