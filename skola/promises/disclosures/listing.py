"""The public list of processors follows the register within its days, by itself at the latest."""

from datetime import datetime, timedelta

from django.db import transaction

from skola.ground.audit import api as audit
from skola.promises.disclosures import queries
from skola.promises.disclosures.actions import publish
from skola.promises.disclosures.models import Party
from skola.promises.policy.api import due as end_of
from skola.promises.policy.api import in_force, parse_period

WARN = timedelta(days=7)
"""How long before the last day the officer is warned."""


def last_moment(party: Party, now: datetime) -> datetime | None:
    """Return until when a processor has to be on the list; None where nothing is promised."""
    policy = in_force(now).policy
    listed = policy.processor_list
    if listed is None or not listed.update_within:
        return None
    zone = queries.zone_of(policy)
    begin = datetime.combine(party.changed_on, datetime.min.time(), zone)
    return end_of(begin, parse_period(listed.update_within), zone, policy.policy.calendar)


def unlisted(now: datetime) -> list[tuple[Party, datetime]]:
    """Return the processors that are active and not on the list, with their last moment."""
    waiting = Party.objects.there().filter(
        entry__startswith=queries.PROCESSOR, published_at=None, activated_at__isnull=False
    )
    found = [(party, last_moment(party, now)) for party in waiting]
    return [(party, until) for party, until in found if until is not None]


def follow(*, by: str, now: datetime) -> int:
    """Warn of what is soon too late, and publish what is due; return how many were published.

    Safe to repeat. Source: ekool-1.7-deadline.
    """
    published = 0
    for party, until in unlisted(now):
        if until - timedelta(days=1) <= now:
            publish(party, by=by, now=now)
            published += 1
        elif until - WARN <= now and party.warned_at is None:
            _warn(party, by, now)
    return published


@transaction.atomic
def _warn(party: Party, by: str, now: datetime) -> None:
    if Party.objects.filter(pk=party.pk, warned_at=None).update(warned_at=now):
        audit.record("disclosures.list.warned", target=party, by=by, at=now)
