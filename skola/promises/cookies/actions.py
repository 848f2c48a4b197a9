"""Count what the gate had to take out, so that the mark beside a promise can say so."""

import logging
from datetime import timedelta

from django.core.cache import cache

from skola.promises.cookies.queries import REFUSED, refusals

_REMEMBERED = timedelta(days=30)
_MOST_NAMES = 50
_log = logging.getLogger(__name__)


def note_fault(name: str, reason: str) -> None:
    """Count a cookie that our own software tried to set against the policy, for 30 days.

    The value is never looked at. The answer to the visitor was already kept clean.
    """
    _log.warning("The cookie %r was not set: %s.", name, reason)
    counted = refusals()
    if name in counted or len(counted) < _MOST_NAMES:
        counted[name] = counted.get(name, 0) + 1
        cache.set(REFUSED, counted, int(_REMEMBERED.total_seconds()))
