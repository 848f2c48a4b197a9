"""Reads of hiring that more than one caller needs."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from skola.ground.files.api import StoredFile
from skola.ground.people.api import Person
from skola.promises.policy.api import has, in_force
from skola.services.hiring.models import Document, Vacancy


def zone(now: datetime) -> ZoneInfo:
    """Return the time zone of the speaking tenant."""
    return ZoneInfo(in_force(now).policy.policy.timezone)


def today(now: datetime) -> date:
    """Return the tenant's day."""
    return now.astimezone(zone(now)).date()


def notice_version(now: datetime) -> str:
    """Return the version of the policy that is linked beside the form now."""
    return in_force(now).policy.policy.version


def wanted(today: date) -> QuerySet[Vacancy]:
    """Return the vacancies one can apply for today, the next to close on top."""
    return Vacancy.objects.published().filter(latest_on__gte=today).order_by("latest_on", "title")


def may_open_document(person: Person | None, stored: StoredFile, now: datetime) -> bool:
    """Whether this person is a recruiter of the vacancy that the file came for (ema-3.1-data)."""
    if person is None or not has("hiring.vacancies", now=now):
        return False
    selections = Vacancy.objects.of_recruiter(person, now)
    return Document.objects.filter(file=stored, application__vacancy__in=selections).exists()
