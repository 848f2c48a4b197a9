"""Tables of statements. None is about a person."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.people.api import Role
from skola.ground.tenants.api import TenantModel
from skola.services.statements.rules import About

if TYPE_CHECKING:
    from datetime import datetime

    from skola.ground.people.api import Person

_KEY = {"id": "surrogate key", "tenant": "organisation"}
AUTHORITY = "statements.authority"
"""What the role of an authority's representative is held for."""


class Authority(TenantModel):
    """A municipality or the ministry, a customer with a contract (ekool-1.4-institution)."""

    class Level(models.TextChoices):
        MUNICIPALITY = "municipality", _("municipality")
        MINISTRY = "ministry", _("ministry")

    name = models.CharField(_("name"), max_length=120)
    level = models.CharField(_("level"), max_length=15, choices=Level.choices)
    municipality = models.CharField(_("municipality"), max_length=80, blank=True)
    """As schools name theirs; a ministry has none and sees the statements of all schools."""
    agreement = models.CharField(_("contract"), max_length=60)
    created_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "name": "name of an organisation",
            "level": "closed list",
            "municipality": "a place",
            "agreement": "number of a contract between organisations",
            "created_at": "about an organisation",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="authority_once"),
            models.CheckConstraint(
                name="authority_place",
                condition=Q(level="ministry", municipality="")
                | (Q(level="municipality") & ~Q(municipality="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StatementQuerySet(models.QuerySet["Statement"]):
    """Statements as their readers need them."""

    def given_to(self, person: "Person", now: "datetime") -> Self:
        """Those of the schools whose authority this person represents now."""
        held = Role.objects.filter(person=person, kind=Role.Kind.AUTHORITY, scope=AUTHORITY)
        mine = Authority.objects.filter(pk__in=held.held_at(now).values("scope_id"))
        place = mine.filter(level=Authority.Level.MUNICIPALITY).values("municipality")
        all_of_them = mine.filter(level=Authority.Level.MINISTRY)
        return self.filter(Q(school__municipality__in=place) | models.Exists(all_of_them))


class Statement(TenantModel):
    """A school's numbers about some days, as they were published."""

    class Kind(models.TextChoices):
        PUPILS = About.PUPILS, _("Pupils by class")
        ATTENDANCE = About.ATTENDANCE, _("Lessons missed, by class")
        RESULTS = About.RESULTS, _("Results by subject")

    school = models.ForeignKey("school.School", on_delete=models.CASCADE, related_name="statements")
    about = models.CharField(_("about"), max_length=15, choices=Kind.choices)
    table = models.OneToOneField(
        "statistics.PublishedTable", on_delete=models.PROTECT, related_name="statement"
    )
    given_at = models.DateTimeField()

    objects = StatementQuerySet.as_manager()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "school": "an organisation",
            "about": "closed list",
            "table": "numbers without names",
            "given_at": "a moment",
        }

    def __str__(self) -> str:
        return f"statement {self.pk}"
