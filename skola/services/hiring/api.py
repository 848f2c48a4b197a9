"""The door of ``hiring``."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui import formats
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.hiring.models import Application, Vacancy
from skola.services.hiring.queries import today as tenants_today

__all__ = ["Application", "Vacancy", "places", "today"]

SOON = timedelta(days=7)


def places(request: Any) -> Sequence[Place]:
    """Return the selections for a recruiter, the vacancies for a visitor, nothing for others."""
    if not has("hiring.vacancies", now=clock.now()):
        return []
    here = str(request.path).startswith(reverse("hiring:vacancies"))
    if "recruiter" in kinds(request):
        return [Place(_("Hiring"), reverse("hiring:selections"), "hiring", current=here)]
    if request.person:
        return []
    return [Place(_("Jobs"), reverse("hiring:vacancies"), "hiring", current=here)]


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return what waits for a recruiter: applications nobody has read, selections about to end."""
    if "recruiter" not in kinds(request) or not has("hiring.vacancies", now=now):
        return []
    mine = Vacancy.objects.of_recruiter(request.person, now).published()
    unread = Application.objects.filter(
        vacancy__in=mine, stage=Application.Stage.RECEIVED, selection_closed_at=None
    ).count()
    found = []
    if unread:
        words = ngettext("%(count)s new application", "%(count)s new applications", unread)
        found.append(
            (
                words % {"count": unread},
                _("Nobody has read them yet."),
                reverse("hiring:selections"),
                _("Read them"),
                False,
            )
        )
    closed = Vacancy.objects.of_recruiter(request.person, now).filter(
        ending=Vacancy.Ending.LATEST, closed_at__gt=now - SOON
    )
    for vacancy in closed.order_by("-closed_at")[:5]:
        found.append(
            (
                vacancy.title,
                _("Nobody closed the selection, so it was closed after its latest date."),
                reverse("hiring:selection", args=[vacancy.pk]),
                _("Look at it"),
                True,
            )
        )
    for vacancy in mine.filter(latest_on__lt=tenants_today(now) + SOON)[:5]:
        found.append(
            (
                vacancy.title,
                _("The selection closes after %(day)s, and its applications are erased.")
                % {"day": formats.day(vacancy.latest_on)},
                reverse("hiring:selection", args=[vacancy.pk]),
                _("Finish it"),
                True,
            )
        )
    return found
