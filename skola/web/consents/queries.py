"""Consents of everybody, for the officer."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from skola.promises.consents.api import Consent

STANDING, ENDED = "standing", "ended"


def listed(purpose: str, state: str, *, now: datetime) -> QuerySet[Consent]:
    """Return consents, latest first, of one purpose and in one state where these are named."""
    found = Consent.objects.select_related("person").order_by("-given_at", "-pk")
    if purpose:
        found = found.filter(purpose=purpose)
    if state == STANDING:
        return found.filter(ended_at=None, valid_until__gt=now)
    if state == ENDED:
        return found.exclude(ended_at=None, valid_until__gt=now)
    return found


def counts(now: datetime) -> dict[str, tuple[int, int]]:
    """Return by purpose how many people's consents stand, and of how many one was withdrawn."""
    stands = Q(ended_at=None, valid_until__gt=now)
    found = Consent.objects.values("purpose").annotate(
        live=Count("person", filter=stands, distinct=True),
        gone=Count("person", filter=Q(end=Consent.End.WITHDRAWN), distinct=True),
    )
    return {one["purpose"]: (one["live"], one["gone"]) for one in found.order_by()}
