"""Packages as who runs a school sees them."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from skola.ground.people.api import Person
from skola.promises.disclosures.api import Party, for_task
from skola.promises.retention.api import NEVER
from skola.services.archives.models import Held, Package
from skola.services.school import api as school

CAPABILITY = "archive.years"
TASK = "archive"


def years_of(person: Person, now: datetime) -> QuerySet[school.Year]:
    """Return the years of the schools that somebody runs, newest on top, with their packages."""
    mine = school.School.objects.run_by(person, now)
    found = school.Year.objects.filter(school__in=mine).select_related("school", "package__party")
    return found.order_by("-starts_on", "school__name")


def packages_of(person: Person, now: datetime) -> QuerySet[Package]:
    """Return the packages of the schools that somebody runs; there are no others for them."""
    mine = school.School.objects.run_by(person, now)
    return Package.objects.filter(year__school__in=mine).select_related("year__school", "party")


def pupils_in(package: Package) -> QuerySet[school.Pupil]:
    """Return whose year is in a package and is not due."""
    return school.Pupil.objects.filter(pk__in=Held.objects.filter(package=package).values("pupil"))


def until(package: Package) -> datetime | None:
    """Return when the last pupil's year in a package goes, and the package with it.

    None while somebody is still at the school: their term has not begun.
    """
    ends = list(pupils_in(package).values_list("due_at", flat=True))
    known = [one for one in ends if one is not None and one < NEVER]
    return max(known) if known and len(known) == len(ends) else None


def people_in(package: Package) -> list[UUID]:
    """Return the ids of the people whose year is in a package."""
    return list(pupils_in(package).order_by("person").values_list("person", flat=True).distinct())


def archives_now(now: datetime) -> list[Party]:
    """Return the archive services that the register of recipients has as active."""
    return [one.party for one in for_task(TASK, now)]
