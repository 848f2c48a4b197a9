"""What customers say, as they agreed to have it shown."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class TestimonialQuerySet(models.QuerySet["Testimonial"]):
    """Testimonials as their readers need them."""

    def chosen_on(self, day: date) -> Self:
        """Those that staff put on the page and whose last day has not passed."""
        until = Q(shown_until=None) | Q(shown_until__gte=day)
        return self.filter(until, published_at__isnull=False)


class Testimonial(TenantModel):
    """The words of one customer, with their name. Shown only while their consent to them stands."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    text = models.TextField(_("your words"), max_length=1_000)
    name = models.CharField(_("name"), max_length=80)
    title = models.CharField(_("what you do"), max_length=80, blank=True)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    scope = models.CharField(max_length=120, editable=False)
    """The limits of the consent that these words need."""
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    """When staff put it on the page; None while they have not."""
    shown_until = models.DateField(null=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = TestimonialQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "person",
                "text",
                "name",
                "title",
                "organisation",
                "written_at",
                "published_at",
                "shown_until",
            ),
            "publication",
        )
        not_personal = {**_KEY, "scope": "digest of the words", "due_at": "retention clock"}
        anchors = {"record.created": "written_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person"], name="testimonial_once_a_person")
        ]
        indexes = [
            models.Index(
                fields=["tenant", "-published_at"],
                name="testimonials_shown",
                condition=Q(published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"testimonial {self.pk}"
