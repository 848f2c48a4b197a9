"""Claims as their readers need them."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from skola.ground.db.purposes import CLAIMS, reading_for
from skola.promises.rights.claims.rules import STATE
from skola.promises.rights.models import Claim

__all__ = ["STATE", "is_open", "listed", "to_review"]


@reading_for(CLAIMS)
def is_open(person_id: UUID) -> bool:
    """Whether a claim of this person, or against them, is open."""
    return Claim.objects.filter(person_id=person_id, closed_at=None).exists()


def listed(*, is_open: bool) -> "QuerySet[Claim]":
    """Return the claims: open ones by the day on which they are looked at, closed ones latest."""
    found = Claim.objects.select_related("person", "reviewer").filter(closed_at__isnull=is_open)
    return found.order_by("review_on", "number") if is_open else found.order_by("-closed_at")


@reading_for(CLAIMS)
def to_review(today: date) -> int:
    """Return how many open claims are to be looked at again by ``today``."""
    return Claim.objects.filter(closed_at=None, review_on__lte=today).count()
