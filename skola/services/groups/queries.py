"""Reads of training groups that more than one caller needs."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from skola.promises.policy.api import in_force
from skola.services.groups.models import Application, Participant, Run

CAPABILITY = "groups.training"


def zone(now: datetime) -> ZoneInfo:
    """Return the time zone of the speaking tenant."""
    return ZoneInfo(in_force(now).policy.policy.timezone)


def today(now: datetime) -> date:
    """Return the tenant's day."""
    return now.astimezone(zone(now)).date()


def notice_version(now: datetime) -> str:
    """Return the version of the policy that binds now."""
    return in_force(now).version.name


def to_apply(day: date) -> QuerySet[Run]:
    """Return the runs one can apply for, the next to begin on top."""
    found = Run.objects.to_apply(day).with_counts().select_related("programme")
    return found.order_by("starts_on", "code")


def applications_of(run: Run) -> QuerySet[Application]:
    """Return what is to be decided, the waiting list in its order."""
    found = Application.objects.filter(run=run, stage__in=("received", "waiting"))
    return found.select_related("person").order_by("applied_at")


def participants_of(run: Run) -> QuerySet[Participant]:
    """Return who has or had a seat, by name; who left stands last."""
    found = Participant.objects.filter(run=run).select_related("person", "contract")
    return found.order_by(
        F("left_at").asc(nulls_first=True), "person__family_name", "person__given_name"
    )
