"""Who of a partner is let in, for what, and from when to when."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.partners.rules import Activity

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class AccessQuerySet(models.QuerySet["Access"]):
    def open_at(self, moment: Any) -> Self:
        """Those that let somebody in; ``rules.is_open`` says the same."""
        begun = self.filter(starts_at__lte=moment, ends_at__gt=moment)
        return begun.filter(Q(ended_at=None) | Q(ended_at__gt=moment))


class Access(TenantModel):
    """Somebody of a partner works here for one activity; the end is set when it begins."""

    class Kind(models.TextChoices):
        INVOICING = Activity.INVOICING, _("invoicing: invoices and who pays them")
        RELATIONS = Activity.RELATIONS, _("customer relations: contact data of customers")
        SUPPORT = Activity.SUPPORT, _("remote support: one account at a time")

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="partner_accesses"
    )
    party = models.ForeignKey("disclosures.Party", on_delete=models.PROTECT, related_name="+")
    activity = models.CharField(_("activity"), max_length=20, choices=Kind.choices)
    country = models.CharField(_("country"), max_length=2)
    """From where they look: ISO 3166-1."""
    systems = models.CharField(_("systems"), max_length=200)
    reason = models.CharField(_("what for"), max_length=300)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = AccessQuerySet.as_manager()

    app_may = "select, insert, update (ended_at, due_at)"

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "person",
                "activity",
                "country",
                "systems",
                "reason",
                "starts_at",
                "ends_at",
                "ended_at",
            ),
            "credentials",
        )
        not_personal = {**_KEY, "party": "organisation", "due_at": "retention clock"}
        anchors = {"record.created": "starts_at"}

    class Meta:
        verbose_name_plural = "accesses"
        ordering = ("-starts_at",)
        constraints = [
            models.CheckConstraint(
                name="partner_access_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            )
        ]

    @property
    def label(self) -> str:
        """The word under which what was viewed is written down."""
        return f"P-{self.pk.hex[-8:]}"

    def __str__(self) -> str:
        return f"access {self.pk}"
