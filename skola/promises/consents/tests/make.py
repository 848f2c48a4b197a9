"""Makers of consents for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from skola.ground.people.models import Person
from skola.promises.consents import api
from skola.promises.consents.models import Consent

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TWO_YEARS = timedelta(days=730)


def consent(person: Person, purpose: str, *, at: datetime = AT, **more: Any) -> Consent:
    """A consent given in the account, as the policy in force asks for it."""
    shown = api.Shown(more.pop("channel", "account"), language="en")
    return api.give(person, purpose, shown, by="test", now=at, **more)


def row(person: Person, purpose: str = "improve.usage", **more: Any) -> Consent:
    """A record of a consent under whatever policy; nobody is told of it."""
    return Consent.objects.create(
        person=person,
        purpose=purpose,
        channel="account",
        wording="Analysis of how you use the service",
        language="en",
        version="1",
        given_at=AT,
        valid_until=AT + TWO_YEARS,
        **more,
    )
