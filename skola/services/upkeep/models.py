"""Works on the services, and who was told of them."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Works(TenantModel):
    """Something that interrupts a service, from when to when."""

    class Kind(models.TextChoices):
        PLANNED = "planned", _("planned works")
        FAULT = "fault", _("interruption")
        REPAIR = "repair", _("repair")

    kind = models.CharField(_("what it is"), max_length=8, choices=Kind.choices)
    course: Any = models.ForeignKey(
        "courses.Course", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """Which service is worked on; none where it is the whole of it."""
    whole = models.BooleanField(default=False)
    """Whether the whole service is worked on."""
    words = models.CharField(_("what customers are told"), max_length=1_000)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    recorded_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    """When customers were first told; from then on the works are not changed."""

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "kind": "closed list",
            "course": "a service",
            "whole": "about a service",
            "words": "about a service",
            "starts_at": "about a service",
            "ends_at": "about a service",
            "recorded_at": "moment of an act",
            "told_at": "moment of an act",
        }

    class Meta:
        verbose_name_plural = "works"
        indexes = [models.Index(fields=["tenant", "-starts_at"], name="works_by_day")]
        constraints = [
            models.CheckConstraint(name="works_in_order", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="works_on_one_or_all", condition=Q(whole=False) | Q(course=None)
            ),
        ]

    def __str__(self) -> str:
        return f"works {self.pk}"


class Notice(TenantModel):
    """A customer was told of works on a service that they hold."""

    works = models.ForeignKey(Works, on_delete=models.CASCADE, related_name="notices")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("works", "person", "at"), "contract")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "works", "person"], name="told_of_works_once")
        ]
        indexes = [models.Index(fields=["tenant", "person", "-at"], name="works_told_by_person")]

    def __str__(self) -> str:
        return f"notice {self.pk}"
