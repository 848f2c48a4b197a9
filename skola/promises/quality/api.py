"""The door of ``quality``."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground.people.http import kinds
from skola.ground.waiting import Thing, Told, Waiting
from skola.promises.quality.checks import Check, Found, check, check_of, placed_by
from skola.promises.quality.models import Bounce, Flaw
from skola.promises.quality.queries import OFFICE, rule, theirs
from skola.promises.quality.running import run

__all__ = [
    "Bounce",
    "Check",
    "Flaw",
    "Found",
    "check",
    "is_promised",
    "placed_by",
    "run",
    "today",
]

STAFF = OFFICE | {"school"}


def is_promised(now: datetime) -> bool:
    """Whether the policy in force says that data are looked through."""
    return rule(now) is not None


def today(request: Any, *, now: datetime) -> list[Told]:
    """Return what waits: tasks for office and schools, and what people put right themselves."""
    if not request.person or not is_promised(now):
        return []
    me, held, flaws = request.person, kinds(request), Flaw.objects.open()
    found: list[Told] = []
    if held & STAFF:
        found.append(Waiting(flaws.filter(theirs(me, held, now)), _tasks))
    return [*found, Waiting(flaws.filter(person=me).order_by("found_at"), _to_put_right)]


def _tasks(flaws: QuerySet[Flaw]) -> list[Thing]:
    count = flaws.count()
    title = ngettext("%(num)s task about the data", "%(num)s tasks about the data", count)
    words = _("The regular check found what may not be right.")
    where = reverse("quality:listed")
    return [(title % {"num": count}, words, where, _("Look at them"), False)]


def _to_put_right(flaws: QuerySet[Flaw]) -> list[Thing]:
    checks = [check_of(flaw.check_id) for flaw in flaws]
    return [
        (str(one.title), str(one.for_person), reverse(one.where), _("Put it right"), False)
        for one in checks
        if one and one.for_person and one.where
    ]
