"""Which tables everybody may read."""

from collections.abc import Sequence
from datetime import date

from skola.promises.policy.api import Policy
from skola.promises.statistics.models import PublishedTable

PUBLIC = frozenset({"public", "anyone"})
"""How policies call everybody in ``[[statistics]] to``."""


def public_words(policy: Policy) -> frozenset[str]:
    """Return by which words the policy lets everybody have figures; empty where it does not."""
    return PUBLIC.intersection(word for one in policy.statistics for word in one.to)


def published_since(source: str, day: date, *, before: date) -> bool:
    """Whether a table of a source was published after ``day`` and before another."""
    found = PublishedTable.objects.filter(source=source, from_on__gt=day, from_on__lt=before)
    return found.exists()


def public_tables(policy: Policy) -> Sequence[PublishedTable]:
    """Return the tables for everybody, latest first, one of each source."""
    words = sorted(public_words(policy))
    if not words:
        return []
    latest: dict[str, PublishedTable] = {}
    for one in PublishedTable.objects.filter(recipients=words).order_by("-published_at", "pk"):
        latest.setdefault(one.source, one)
    return list(latest.values())
