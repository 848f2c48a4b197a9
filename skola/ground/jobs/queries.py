"""What stands in the queue, for ``skola doctor`` and for tests."""

from collections import Counter
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from skola.ground.tenants.api import current_id


def waiting(name: str | None = None) -> list[dict[str, Any]]:
    """Return the values of the tenant's jobs that wait, oldest first; of one name or all."""
    found = ProcrastinateJob.objects.filter(status="todo", args__tenant=str(current_id()))
    if name is not None:
        found = found.filter(task_name=name)
    return [dict(job.args["values"]) for job in found.order_by("id")]


def counts() -> dict[str, int]:
    """Return how many jobs of the installation are in which state."""
    return dict(Counter(ProcrastinateJob.objects.values_list("status", flat=True)))
