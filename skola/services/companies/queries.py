"""Reads of companies and representatives."""

from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from skola.promises.policy.api import due, in_force, parse_period
from skola.promises.rights.api import zone_of
from skola.services.companies.models import Representative

A_SECOND = timedelta(seconds=1)
CAPABILITY = "companies.register"


def inform_by(now: datetime) -> datetime:
    """Return the last second in which to tell who is noted at ``now``; P025 wants a term."""
    policy = in_force(now).policy
    assert policy.origins is not None
    term = parse_period(policy.origins.inform_within)
    return due(now, term, zone_of(now), policy.policy.calendar) - A_SECOND


def register() -> QuerySet[Representative]:
    """Return all representatives, those on top who are to be told first."""
    found = Representative.objects.select_related("person", "company")
    return found.order_by(F("informed_at").asc(nulls_first=True), "inform_by", "pk")
