"""Events, and who registered for them."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}
_STANDING = Q(registrations__withdrawn_at=None)


class EventQuerySet(models.QuerySet["Event"]):
    """Events as their readers need them."""

    def published(self) -> Self:
        """Those that everybody may see."""
        return self.filter(published_at__isnull=False)

    def ahead(self, now: datetime) -> Self:
        """Those that take place, and are not over."""
        return self.filter(ends_at__gt=now, cancelled_at=None)

    def with_taken(self) -> Self:
        """Each with ``taken``: how many are registered."""
        return self.annotate(taken=Count("registrations", filter=_STANDING))


class Event(TenantModel):
    """Something that takes place once: when, where, and for how many."""

    title = models.CharField(_("title"), max_length=120)
    about = models.TextField(_("what happens there"), max_length=4_000)
    place = models.CharField(_("place"), max_length=160)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    seats = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    """Empty where everybody who comes finds room."""
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    """When nobody was kept for it any more."""

    objects = EventQuerySet.as_manager()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            **dict.fromkeys(
                ("title", "about", "place", "starts_at", "ends_at", "seats"), "about an event"
            ),
            **dict.fromkeys(
                ("created_at", "published_at", "cancelled_at", "closed_at"), "moment of an act"
            ),
        }

    class Meta:
        indexes = [models.Index(fields=["tenant", "starts_at"], name="events_by_day")]
        constraints = [
            models.CheckConstraint(name="event_in_order", condition=Q(ends_at__gt=F("starts_at"))),
        ]

    def __str__(self) -> str:
        return f"event {self.pk}"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Registrations as their readers need them."""

    def standing(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def ahead(self, now: datetime) -> Self:
        """Those for an event that takes place and is not over."""
        return self.standing().filter(event__ends_at__gt=now, event__cancelled_at=None)


class Registration(TenantModel):
    """Somebody wants to come. Who has no account is a person without one."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="registrations")
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="event_registrations"
    )
    language = models.CharField(max_length=5, default="en")
    notice_version = models.CharField(max_length=40)
    """Which version of the policy was linked beside the form."""
    registered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            ("event", "person", "language", "notice_version", "registered_at", "withdrawn_at"),
            "contract",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "registered_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "event"], name="registered_once"),
        ]
        indexes = [
            models.Index(fields=["tenant", "event", "registered_at"], name="registered_by_event"),
        ]

    def __str__(self) -> str:
        return f"registration {self.pk}"
