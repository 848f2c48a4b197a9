"""Who sees and does what in a company: duties over units say it, day by day (ema-2.1.7, 2.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.db.models import Exists
from django.http import Http404, HttpResponseBase

from skola.ground import clock
from skola.ground.people.api import Person
from skola.ground.people.http import signed_in
from skola.promises.policy.api import has, needs
from skola.services.workforce.models import Charge, Company, Employment, Post, PostQuerySet
from skola.services.workforce.queries import places_held, today

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]
TRAINING, MANAGER, INSTRUCTOR = (
    Charge.Duty.TRAINING,
    Charge.Duty.MANAGER,
    Charge.Duty.INSTRUCTOR,
)


@dataclass(frozen=True)
class Sight:
    """What somebody sees of one company, by duty: the paths of the units they look after."""

    company: Company
    paths: dict[str, tuple[str, ...]]
    is_employed: bool = False
    """Whether who sees it works for some company."""

    @property
    def has_licences(self) -> bool:
        """Whether seats of courses can be ordered here."""
        return has("shop.orders", now=clock.now())

    def may(self, *duties: str) -> bool:
        """Whether they have one of these duties over any unit."""
        return any(duty in self.paths for duty in duties)

    def of(self, *duties: str) -> tuple[str, ...]:
        """The units of these duties; of any duty where none is named."""
        return tuple(path for duty in duties or self.paths for path in self.paths.get(duty, ()))

    def posts(self, *duties: str) -> PostQuerySet:
        """Places held now in the units of these duties; of any duty where none is named."""
        return places_held(self.company, self.of(*duties))


def sights_of(person: Person, day: date) -> list[Sight]:
    """Return what a person sees on a day, company by company, in one query."""
    found: dict[UUID, Sight] = {}
    works = Employment.objects.filter(person=person, ended_on=None)
    charges = Charge.objects.on(day).filter(person=person).select_related("unit__company")
    charges = charges.annotate(is_employed=Exists(works))
    for charge in charges.order_by("unit__company__name", "unit__path"):
        company = charge.unit.company
        employed = bool(vars(charge)["is_employed"])
        sight = found.setdefault(company.pk, Sight(company, {}, employed))
        sight.paths[charge.duty] = (*sight.paths.get(charge.duty, ()), charge.unit.path)
    return list(found.values())


def sights(request: Any) -> list[Sight]:
    """Return what the visitor sees; the database is asked once a request."""
    if not hasattr(request, "workforce_sights"):
        person = request.person
        request.workforce_sights = sights_of(person, today(clock.now())) if person else []
    found: list[Sight] = request.workforce_sights
    return found


def own_employments(request: Any) -> list[Employment]:
    """Return where the visitor works, by company; the database is asked once a request."""
    if not hasattr(request, "workforce_own"):
        held = Employment.objects.filter(person=request.person, ended_on=None)
        request.workforce_own = list(
            held.select_related("company", "person").order_by("company__name")
        )
    found: list[Employment] = request.workforce_own
    return found


def is_employed(request: Any) -> bool:
    """Whether the visitor works for a company; who looks after one was asked with their sights."""
    if not hasattr(request, "workforce_employed"):
        told = [one.is_employed for one in sights(request)]
        request.workforce_employed = told[0] if told else bool(own_employments(request))
    return bool(request.workforce_employed)


def sight_of(request: Any, company: UUID, *duties: str) -> Sight:
    """Return what the visitor sees of a company. Raises Http404 where it is none of theirs."""
    for sight in sights(request):
        if sight.company.pk == company and (not duties or sight.may(*duties)):
            return sight
    raise Http404


def employment_in_sight(
    request: Any, pk: UUID, *duties: str, also_left: bool = False
) -> tuple[Sight, Employment]:
    """Return an employment that the visitor sees now, with its places, latest first.

    Who left is gone from sight, except for evidence of the time they worked there (``also_left``).
    Raises Http404. It takes one query, however many companies the visitor looks after.
    """
    whole = ("unit", "position", "employment__company", "employment__person")
    places = Post.objects.filter(employment=pk).order_by("-starts_on", "-pk")
    places = places.select_related(*whole, "employment__staff_number")
    places_of = list(places)
    if not places_of:
        raise Http404
    found = places_of[0].employment
    vars(found)["_prefetched_objects_cache"] = {"posts": places}
    sight = sight_of(request, found.company_id, *duties)
    held = [post.unit.path for post in places_of if post.ends_on is None]
    if also_left and found.ended_on is not None:
        held = [post.unit.path for post in places_of[:1]]
    if not any(path.startswith(sight.of(*duties)) for path in held):
        raise Http404
    return sight, found


def seeing(*duties: str) -> Callable[[View[P]], View[P]]:
    """Let a view of the company ``pk`` exist for those with one of these duties in it, or any."""

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            key: Any = kwargs["pk"]
            request.sight = sight_of(request, key, *duties)
            return view(request, *args, **kwargs)

        return needs("workforce.briefings")(signed_in(guarded))

    return wrap
