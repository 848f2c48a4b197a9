"""When one can register for an event."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from skola.services.events.rules import Standing, standing

BEGINS = datetime(2026, 4, 14, 15, 0, tzinfo=UTC)
A_SECOND, AN_HOUR = timedelta(seconds=1), timedelta(hours=1)
PUBLISHED: dict[str, Any] = {
    "published_at": BEGINS - 20 * AN_HOUR,
    "cancelled_at": None,
    "starts_at": BEGINS,
    "ends_at": BEGINS + AN_HOUR,
    "seats": None,
    "taken": 0,
    "now": BEGINS - AN_HOUR,
}


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        ({}, Standing.OPEN),
        ({"published_at": None}, Standing.DRAFT),
        ({"now": BEGINS - A_SECOND}, Standing.OPEN),
        ({"now": BEGINS}, Standing.RUNNING),
        ({"now": BEGINS + AN_HOUR}, Standing.OVER),
        ({"seats": 2, "taken": 1}, Standing.OPEN),
        ({"seats": 2, "taken": 2}, Standing.FULL),
        ({"seats": 2, "taken": 3}, Standing.FULL),
        ({"cancelled_at": BEGINS, "now": BEGINS + AN_HOUR}, Standing.CANCELLED),
    ],
)
def test_an_event_stands_as_its_moments_and_seats_say(
    told: dict[str, Any], stands: Standing
) -> None:
    assert standing(**{**PUBLISHED, **told}) is stands
