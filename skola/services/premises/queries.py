"""Which areas are watched, and which footage is there of a time."""

from datetime import datetime

from django.db.models import QuerySet

from skola.services.premises.models import Area, Footage

CAPABILITY = "premises.register"


def watched() -> QuerySet[Area]:
    """Return the areas that cameras watch."""
    return Area.objects.filter(ended_at=None)


def stored(area: Area | None = None, at: datetime | None = None) -> QuerySet[Footage]:
    """Return the footage that is stored, latest on top; of an area, and of a moment."""
    found = Footage.objects.select_related("area").order_by("-starts_at", "-pk")
    if area is not None:
        found = found.filter(area=area)
    if at is not None:
        found = found.filter(starts_at__lte=at, ends_at__gte=at)
    return found
