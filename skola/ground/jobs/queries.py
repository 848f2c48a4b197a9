"""What stands in the queue, for ``skola doctor`` and for tests."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, Q
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from skola.ground.tenants.api import current_id


def waiting(name: str | None = None) -> list[dict[str, Any]]:
    """Return the values of the tenant's jobs that wait, oldest first; of one name or all."""
    found = ProcrastinateJob.objects.filter(status="todo", args__tenant=str(current_id()))
    if name is not None:
        found = found.filter(task_name=name)
    return [dict(job.args["values"]) for job in found.order_by("id")]


def lag(now: datetime) -> timedelta:
    """Return how long the oldest job that could begin has waited; zero where none waits."""
    waits = ProcrastinateEvent.objects.filter(job__status="todo", type="deferred")
    waits = waits.filter(Q(job__scheduled_at=None) | Q(job__scheduled_at__lte=now))
    oldest = waits.aggregate(at=Min("at"))["at"]
    return max(timedelta(), now - oldest) if oldest else timedelta()


def counts() -> dict[str, int]:
    """Return how many jobs of the installation are in which state."""
    return dict(Counter(ProcrastinateJob.objects.values_list("status", flat=True)))
