"""Which papers there are, and which have to be destroyed."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from skola.ground.db.purposes import ENGINE, reading_for
from skola.services.papers.models import Paper, Sheet

CAPABILITY = "papers.register"
TOGETHER = 200
"""How many are shown to be destroyed at once."""


def register(sought: str = "") -> QuerySet[Paper]:
    """Return the register, latest on top; or what has a mark or is about an address."""
    found = Paper.objects.select_related("person").order_by("-filed_at", "-pk")
    if sought:
        found = found.filter(Q(mark__iexact=sought) | Q(person__email__iexact=sought))
    return found


@reading_for(ENGINE)
def to_destroy(*, now: datetime) -> list[Sheet]:
    """Return the papers whose record is gone, or due by now: they are destroyed by hand.

    It reads as the engine does: a record that is only hidden, because its person is restricted, is
    no reason to destroy anything.
    """
    kept = Paper.objects.filter(pk=OuterRef("paper")).filter(Q(due_at=None) | Q(due_at__gt=now))
    found = Sheet.objects.filter(destroyed_at=None).exclude(Exists(kept))
    return list(found.order_by("place", "mark")[:TOGETHER])
