"""What somebody is to the diary: teacher, pupil, guardian; often two of them (ekool-1.4)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground.people.http import kinds, signed_in
from skola.promises.policy.api import needs
from skola.services.diary import queries
from skola.services.school import api as school

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]


def in_school(view: View[P]) -> View[P]:
    """Let a page exist only where the policy has a school's diary, and for people signed in."""

    @wraps(view)
    def inner(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return needs("diary.school")(signed_in(inner))


def teachers(view: View[P]) -> View[P]:
    """Let a page exist only for who holds a role of a teacher now (ekool-1.4-teacher)."""

    @wraps(view)
    def inner(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if "teacher" not in kinds(request):
            raise Http404
        return view(request, *args, **kwargs)

    return in_school(inner)


LOOK_BACK = timedelta(days=14)
"""For so long a lesson without an entry is still asked for."""


def teaches(request: Any, now: datetime) -> bool:
    """Whether the visitor teaches, or stands in for somebody: today, later, or lately.

    Who stands in needs no role of a teacher: the school named them for the lesson.
    """
    if "teacher" in kinds(request):
        return True
    if not hasattr(request, "diary_stands_in"):
        since = school.today_here(now) - LOOK_BACK
        request.diary_stands_in = school.stands_in(request.person, since)
    return bool(request.diary_stands_in)


def places(request: Any, now: datetime) -> list[school.Place]:
    """Return the visitor's own places in class and the children's; asked for once a request."""
    if not hasattr(request, "diary_places"):
        person = request.person
        request.diary_places = queries.places_for(person, now) if person else []
    found: list[school.Place] = request.diary_places
    return found


def own(request: Any, now: datetime) -> list[school.Pupil]:
    """Return in which classes the visitor is a pupil."""
    return [one.pupil for one in places(request, now) if one.is_own]


def children(request: Any, now: datetime) -> list[school.Place]:
    """Return the children whose diary the visitor sees, each in a class of today."""
    return [one for one in places(request, now) if not one.is_own]


def seen(request: Any, person: UUID, now: datetime, *powers: str) -> school.Place:
    """Return a place of the visitor's own, or a child's for whom they have ``powers``; else 404."""
    for one in places(request, now):
        if one.pupil.person_id == person and (one.is_own or one.powers.issuperset(powers)):
            return one
    raise Http404


def tabs(request: Any, now: datetime) -> list[tuple[str, str, bool]]:
    """Return the hats of the visitor as tabs; who has one hat needs none.

    Who only stands in finds their lessons on the front page, which asks whether they do.
    """
    here = str(request.path)
    teaching = "teacher" in kinds(request) or bool(getattr(request, "diary_stands_in", False))
    hats = [
        (teaching, _("I teach"), reverse("diary:teaching")),
        (bool(own(request, now)), _("I learn"), reverse("diary:mine")),
        (bool(children(request, now)), _("My children"), reverse("diary:children")),
    ]
    found = [(word, url, here.startswith(url)) for holds, word, url in hats if holds]
    return found if len(found) > 1 else []


def front(request: Any, now: datetime) -> str:
    """Return the name of the visitor's own page; a parent's, where nobody is linked yet."""
    if teaches(request, now):
        return "diary:teaching"
    return "diary:mine" if own(request, now) else "diary:children"
