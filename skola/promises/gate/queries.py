"""Who is restricted."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from skola.promises.gate.models import Restriction


def is_restricted(person_id: UUID, now: datetime) -> bool:
    """Whether everything about this person is restricted at ``now``."""
    running = Q(since_at__lte=now) & (Q(lifted_at=None) | Q(lifted_at__gt=now))
    return Restriction.objects.filter(running, person_id=person_id, ref=F("person_id")).exists()
