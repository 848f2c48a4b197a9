"""The door of ``workforce``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.db.together import counts
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.ground.waiting import Thing
from skola.promises.policy.api import has
from skola.services.workforce.actions.assigning import ask_again, complete, note_done, require
from skola.services.workforce.actions.organising import add_training, charge, open_company
from skola.services.workforce.models import (
    Assignment,
    Charge,
    Company,
    Employment,
    Post,
    Training,
)
from skola.services.workforce.queries import (
    Given,
    by_number,
    figures,
    given,
    instructors_of,
    overdue_at,
    unit_names,
    zone,
)
from skola.services.workforce.queries import today as tenants_today
from skola.services.workforce.rules.terms import Need
from skola.services.workforce.sight import (
    INSTRUCTOR,
    MANAGER,
    TRAINING,
    Sight,
    employment_in_sight,
    is_employed,
    seeing,
    sight_of,
    sights,
)

__all__ = [
    "INSTRUCTOR",
    "MANAGER",
    "TRAINING",
    "Assignment",
    "Charge",
    "Company",
    "Employment",
    "Need",
    "Post",
    "Sight",
    "Training",
    "add_training",
    "ask_again",
    "by_number",
    "charge",
    "complete",
    "employment_in_sight",
    "figures",
    "instructors_of",
    "note_done",
    "open_company",
    "places",
    "require",
    "seeing",
    "sight_of",
    "sights",
    "tenants_today",
    "today",
    "told_by_employers",
    "unit_names",
    "zone",
]


def told_by_employers(person: Any, *, now: datetime) -> list[Given]:
    """Return what is held of somebody for their employers; nothing where there are no clients."""
    return given(person) if has("workforce.briefings", now=now) else []


def places(request: Any) -> Sequence[Place]:
    """Return the companies one looks after, one's own training, and the clients for staff."""
    if not request.person or not has("workforce.briefings", now=clock.now()):
        return []
    here = str(request.path)
    found = []
    seen = sights(request)
    mine, companies = reverse("workforce:mine"), reverse("workforce:companies")
    if is_employed(request):
        found.append(Place(_("My training"), mine, "certificate", current=here == mine))
    if seen:
        address = reverse("workforce:people", args=[seen[0].company.pk])
        inside = here.startswith(mine) or str(seen[0].company.pk) in here
        current = inside and here not in (mine, companies)
        found.append(Place(_("Our people"), address, "people", current=current))
    if "administrator" in kinds(request):
        found.append(Place(_("Companies"), companies, "home", current=here == companies))
    return found


def today(request: Any, *, now: datetime) -> list[Thing]:
    """Return what waits: one's own training, and for managers how many of theirs are overdue."""
    if not has("workforce.briefings", now=now):
        return []
    day = tenants_today(now)
    led = [sight for sight in sights(request) if sight.may(TRAINING, MANAGER)]
    own = Assignment.objects.open().filter(
        employment__person=request.person, employment__ended_on=None
    )
    of_people = [overdue_at(sight.posts(), day) for sight in led]
    overdue, due, *theirs = counts(
        [own.filter(due_on__lt=day), own.filter(due_on__gte=day, done_on=None), *of_people]
    )
    if overdue or due:
        request.workforce_employed = True  # who has something to do there: the rail need not ask
    found = [_to_do(overdue, due)] if overdue or due else []
    late = zip(led, theirs, strict=True)
    return found + [_overdue(sight.company, count) for sight, count in late if count]


def _to_do(overdue: int, due: int) -> Thing:
    number = overdue or due
    words = (
        ngettext("%(num)s training is overdue", "%(num)s trainings are overdue", number)
        if overdue
        else ngettext("%(num)s training to do", "%(num)s trainings to do", number)
    )
    why = _("Your employer asks for it; the page says why and by when.")
    where = reverse("workforce:mine")
    return words % {"num": number}, why, where, _("Look at it"), bool(overdue)


def _overdue(company: Company, count: int) -> Thing:
    words = ngettext(
        "%(num)s training of your people is overdue",
        "%(num)s trainings of your people are overdue",
        count,
    )
    where = f"{reverse('workforce:people', args=[company.pk])}?stands=overdue"
    return words % {"num": count}, company.name, where, _("See who"), True
