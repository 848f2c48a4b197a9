"""Companies, and the people who represent them."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Company(TenantModel):
    """A company that might send people; no person is in it."""

    name = models.CharField(_("company"), max_length=160)
    number = models.CharField(_("registration number"), max_length=40, blank=True)
    noted_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "name": "an organisation",
            "number": "an organisation",
            "noted_at": "moment of an act",
        }

    class Meta:
        verbose_name_plural = "companies"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name", "number"], name="company_noted_once"),
        ]

    def __str__(self) -> str:
        return self.name


class RepresentativeQuerySet(models.QuerySet["Representative"]):
    """Representatives as their readers need them."""

    def to_inform(self) -> Self:
        """Those who were not told from where their data are."""
        return self.filter(informed_at=None)


class Representative(TenantModel):
    """Somebody represents a company: where that was found, on which day, and when they were told.

    Sources: kic-source-public; GDPR Art. 14(2)(f), 14(3).
    """

    class Source(models.TextChoices):
        REGISTER = "register", _("public register")
        WEB = "web", _("the web")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="representatives")
    position = models.CharField(_("position"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    found_at = models.CharField(_("where it was found"), max_length=300)
    """The name of the register, or the address on the web."""
    found_on = models.DateField(_("found on"))
    noted_at = models.DateTimeField()
    inform_by = models.DateTimeField()
    """The last moment at which the person is to be told."""
    informed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = RepresentativeQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "person",
                "company",
                "position",
                "source",
                "found_at",
                "found_on",
                "noted_at",
                "inform_by",
                "informed_at",
            ),
            "employment",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "noted_at"}

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "inform_by"],
                name="representatives_to_inform",
                condition=Q(informed_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "company"], name="represents_company_once"
            ),
            models.CheckConstraint(
                name="informed_after_noted",
                condition=Q(informed_at=None) | Q(informed_at__gte=F("noted_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"representative {self.pk}"
