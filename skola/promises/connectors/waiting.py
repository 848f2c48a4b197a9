"""What waits for the officer: a connector that is on, and by which nothing arrives."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.promises.connectors import queries, wording
from skola.promises.connectors.models import Connection

Thing = tuple[str, str, str, str, bool]


def today(*, now: datetime) -> list[Thing]:
    """Return what needs somebody: title, words, address, button, and whether it is urgent."""
    failing = [
        one.task
        for one in Connection.objects.filter(is_on=True).exclude(problem="").order_by("task")
        if queries.is_named(one.task, now)
    ]
    if not failing:
        return []
    title = ngettext(
        "%(num)s processor does not take what is sent",
        "%(num)s processors do not take what is sent",
        len(failing),
    ) % {"num": len(failing)}
    said = f"{', '.join(map(wording.task, failing))}."
    return [(title, said, reverse("connectors:office"), _("Look at it"), False)]
