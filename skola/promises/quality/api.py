"""The door of ``quality``."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground.people.http import kinds
from skola.promises.quality.checks import Check, Found, check, check_of, placed_by
from skola.promises.quality.models import Bounce, Flaw
from skola.promises.quality.queries import OFFICE, open_of, rule, theirs
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
    "tasks_of",
    "today",
]

Thing = tuple[str, str, str, str, bool]
STAFF = OFFICE | {"school"}


def is_promised(now: datetime) -> bool:
    """Whether the policy in force says that data are looked through."""
    return rule(now) is not None


def tasks_of(request: Any, *, now: datetime) -> int:
    """Return how many tasks about the data wait for the visitor: as office, or as a school."""
    if not request.person or not kinds(request) & STAFF or not is_promised(now):
        return 0
    return Flaw.objects.open().filter(theirs(request.person, kinds(request), now)).count()


def today(request: Any, *, now: datetime) -> list[Thing]:
    """Return what waits: tasks for office and schools, and what people put right themselves."""
    if not request.person or not is_promised(now):
        return []
    found: list[Thing] = []
    if count := tasks_of(request, now=now):
        title = ngettext("%(num)s task about the data", "%(num)s tasks about the data", count) % {
            "num": count
        }
        words = _("The regular check found what may not be right.")
        found.append((title, words, reverse("quality:listed"), _("Look at them"), False))
    for flaw in open_of(request.person):
        check = check_of(flaw.check_id)
        if check and check.for_person and check.where:
            there = reverse(check.where)
            found.append((str(check.title), str(check.for_person), there, _("Put it right"), False))
    return found
