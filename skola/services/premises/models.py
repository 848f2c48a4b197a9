"""Areas under cameras, and the footage of them that is stored."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Area(TenantModel):
    """A place that cameras watch: where, with how many, and who may look."""

    class Viewers(models.TextChoices):
        OFFICER = "officer", _("the data-protection officer")
        ADMINISTRATOR = "administrator", _("administrators")
        GUARD = "guard", _("the guard of the site")

    site = models.CharField(_("site"), max_length=120)
    name = models.CharField(_("area"), max_length=120)
    cameras = models.PositiveSmallIntegerField(_("number of cameras"), default=1)
    viewers = models.CharField(_("who may look"), max_length=14, choices=Viewers.choices)
    since_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "site": "a place",
            "name": "a place",
            "cameras": "a number",
            "viewers": "closed list",
            "since_at": "about a place",
            "ended_at": "about a place",
        }

    class Meta:
        ordering = ("site", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "site", "name"],
                condition=Q(ended_at=None),
                name="camera_area_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.site}, {self.name}"


class Footage(TenantModel):
    """Footage of an area that is stored: from when to when, and on which medium."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="footage")
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, null=True, related_name="footage"
    )
    """Who is on it, where somebody asked for it and was found."""
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    medium = models.CharField(_("where it is"), max_length=120)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("area", "person", "starts_at", "ends_at", "medium"), "footage")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "ends_at", "footage.recorded": "ends_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "area", "-starts_at"], name="footage_of_area")]
        constraints = [
            models.CheckConstraint(name="footage_in_order", condition=Q(ends_at__gt=F("starts_at")))
        ]

    def __str__(self) -> str:
        return f"footage {self.pk}"
