"""Makers for the tests of the clocks: promises, people, and rows with a known past."""

from dataclasses import replace as replace_clock
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from skola.ground import clock
from skola.ground.clock import Clocks
from skola.ground.ids import uuid7
from skola.ground.people.api import Person
from skola.promises.policy.schema import Policy, Purpose, Retention
from skola.promises.retention.models import Forecast
from skola.promises.retention.terms import Promises

RIGA = ZoneInfo("Europe/Riga")


def at(text: str, zone: ZoneInfo = RIGA) -> datetime:
    """A moment told in local time, ``2026-03-03 14:00`` or a day."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def rule(**keys: Any) -> Retention:
    """A retention rule as a policy file would say it."""
    said = {"id": "rule", "categories": ["preferences"], "clause": ["test-1"], **keys}
    return msgspec.convert(said, Retention)


def purpose(**keys: Any) -> Purpose:
    """A purpose as a policy file would say it."""
    said = {
        "id": "purpose",
        "name": {"en": "a purpose"},
        "basis": {"kind": "legitimate-interest", "art": "6(1)(f)"},
        "categories": ["preferences"],
        "alive_while": ["account.open"],
        **keys,
    }
    return msgspec.convert(said, Purpose)


def promises(*retention: Retention, purposes: tuple[Purpose, ...] = ()) -> Promises:
    """Promises of a tenant in Riga."""
    return Promises(purposes, retention, "Europe/Riga", "LV", "test", "0" * 64)


def with_rules(policy: Policy, *retention: Retention, purposes: tuple[Purpose, ...] = ()) -> Policy:
    """The policy with other purposes and terms."""
    kept = purposes or (purpose(),)
    return replace(policy, retention=list(retention), purpose=list(kept))


def person(now: datetime, *, given_name: str = "Ilze", **fields: Any) -> Person:
    """A person; invented, like everybody here."""
    return Person.objects.create(
        given_name=given_name, family_name="Bērziņa", created_at=now, **fields
    )


def foresee(rule_id: str, count: int, now: datetime) -> Forecast:
    """What yesterday foresaw for the day of ``now``."""
    today = now.astimezone(RIGA).date()
    return Forecast.objects.create(
        day=today,
        made_on=today - timedelta(days=1),
        made_at=now - A_DAY,
        is_yardstick=True,
        rule=rule_id,
        table="people_preferences",
        category="preferences",
        count=count,
        at_midnight=count,
        oldest=now,
        sample=uuid7(),
    )


def clocks() -> Clocks:
    """The clocks of a machine on which somebody said to stand on another day."""
    return replace_clock(clock.clocks(), is_declared=True)


A_SECOND = timedelta(seconds=1)
A_DAY = timedelta(days=1)
