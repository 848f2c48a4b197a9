"""Who holds a service that is worked on, and what somebody was told."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from skola.ground.people.api import Person
from skola.promises.rights.api import zone_of
from skola.services.billing.api import Contract
from skola.services.upkeep.models import Notice, Works

CAPABILITY = "upkeep.works"


def holders(works: Works) -> QuerySet[Person]:
    """Return exactly the people whose running contract reaches into the time of the works.

    For a course: who has a contract for that course. For the whole service: who has any.
    """
    here = zone_of(works.recorded_at)
    first = works.starts_at.astimezone(here).date()
    last = works.ends_at.astimezone(here).date()
    running = Contract.objects.running().filter(starts_on__lte=last)
    running = running.filter(Q(ends_on=None) | Q(ends_on__gte=first))
    if not works.whole:
        running = running.filter(course=works.course_id)
    held = running.filter(person=OuterRef("pk"))
    return Person.objects.filter(Exists(held)).order_by("family_name", "given_name", "pk")


def untold(works: Works) -> QuerySet[Person]:
    """Return who holds the service and was not told of the works yet."""
    told = Notice.objects.filter(works=works, person=OuterRef("pk"))
    return holders(works).exclude(Exists(told))


def told_to(person: Person, *, now: datetime) -> QuerySet[Works]:
    """Return works that somebody was told of and that are not over."""
    return Works.objects.filter(notices__person=person, ends_at__gt=now).order_by("starts_at")
