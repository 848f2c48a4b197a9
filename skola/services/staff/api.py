"""The door of ``staff``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.people.api import Person, Role
from skola.ground.people.http import kinds
from skola.ground.ui import formats
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.staff import queries, rules
from skola.services.staff.actions import TwiceError, Wanted, ask
from skola.services.staff.models import Grant, StaffCourse

__all__ = ["TwiceError", "Wanted", "ask", "asks_for", "places", "today", "waiting"]


def asks_for(kind: str, *, now: datetime) -> bool:
    """Whether somebody else has to approve this kind of role here (kic-security-access)."""
    return has(queries.CAPABILITY, now=now) and kind in queries.kinds(now)


def waiting(person: Person) -> list[Grant]:
    """Return the roles that were asked for somebody and wait for approval."""
    return list(Grant.objects.waiting().filter(person=person).order_by("asked_at"))


def _roles(request: Any, now: datetime) -> list[Role]:
    if not hasattr(request, "staff_roles"):
        person = request.person
        request.staff_roles = queries.own_roles(person, now) if person else []
    found: list[Role] = request.staff_roles
    return found


def places(request: Any) -> Sequence[Place]:
    """Return the pages of the staff, for those who work here."""
    now = clock.now()
    if not request.person or not has(queries.CAPABILITY, now=now) or not _roles(request, now):
        return []
    there = reverse("staff:own")
    return [Place(_("Staff"), there, "people", current=str(request.path).startswith(there))]


Thing = tuple[str, str, str, str, bool]


def today(request: Any, *, now: datetime) -> list[Thing]:
    """Return what waits: training, guidelines to read; for the office also what is to decide."""
    if not has(queries.CAPABILITY, now=now):
        return []
    roles = _roles(request, now)
    if not roles:
        return []
    found = [*_training(request, roles, now), *_to_read(request)]
    if any(role.kind == Role.Kind.ADMINISTRATOR for role in roles):
        found += _unnamed(now)
    return found + (_office(now) if kinds(request) & set(queries.OFFICE) else [])


def _training(request: Any, roles: list[Role], now: datetime) -> list[Thing]:
    if all(role.trained_until is None for role in roles):
        return []
    mine = queries.own_training(roles, request.person, now)
    if mine.standing is rules.Training.VALID:
        return []
    if mine.standing is rules.Training.ENDING:
        words = _("Your training is valid until %(day)s. Then your role opens nothing.") % {
            "day": formats.short_day(mine.until)
        }
    else:
        words = _("Until you have passed it, your role opens nothing.")
    urgent = mine.standing is not rules.Training.ENDING
    return [(_("Training of the staff"), words, reverse("staff:own"), _("Take it"), urgent)]


def _to_read(request: Any) -> list[Thing]:
    return [
        (
            one.guideline.title,
            _("Version %(number)s of this guideline waits for you to read it.")
            % {"number": one.number},
            reverse("staff:read", args=[one.pk]),
            _("Read it"),
            False,
        )
        for one in queries.to_read(request.person)[:5]
    ]


def _unnamed(now: datetime) -> list[Thing]:
    rule = queries.rule(now)
    if rule is None or not rule.training_valid or StaffCourse.objects.exists():
        return []
    words = _("Until one is named, nobody of the staff can pass the training.")
    title = _("Name the course of the staff")
    return [(title, words, reverse("staff:course"), _("Name it"), True)]


def _office(now: datetime) -> list[Thing]:
    there = reverse("staff:grants")
    found: list[Thing] = []
    if count := Grant.objects.waiting().count():
        words = ngettext(
            "%(count)s role waits for approval", "%(count)s roles wait for approval", count
        )
        said = _("Nothing is open before somebody else has approved it.")
        found.append((words % {"count": count}, said, there, _("Decide"), False))
    if count := Grant.objects.to_review(now).count():
        words = ngettext(
            "%(count)s role is to be reviewed", "%(count)s roles are to be reviewed", count
        )
        said = _("What nobody reviews lapses.")
        found.append((words % {"count": count}, said, there, _("Review"), False))
    found += [
        (
            one.title,
            _("This guideline is to be looked at again since %(day)s.")
            % {"day": formats.short_day(one.review_on)},
            reverse("staff:guideline", args=[one.pk]),
            _("Look at it"),
            False,
        )
        for one in queries.due_guidelines(queries.today(now))[:5]
    ]
    return found
