"""When a service may go over, how far it is, and what a receipt says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.promises.handover.amending import Edition, NewController, amended
from skola.promises.handover.rules import Moments, Receipt, Stage, begins, first_day, stage

ZONE = ZoneInfo("Europe/Stockholm")
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BUYER = NewController('"Nord" AS', "16", "Kai 3", "EE", "new@example.org")


@given(st.integers(0, 2_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_the_first_day_begins_no_earlier_and_less_than_a_day_later(moment: datetime) -> None:
    begun = begins(first_day(moment, ZONE), ZONE)

    assert moment <= begun
    assert begins(first_day(moment, ZONE) - timedelta(days=1), ZONE) < moment


def test_a_moment_at_midnight_is_its_own_day() -> None:
    midnight = datetime(2026, 4, 16, tzinfo=ZONE)

    assert first_day(midnight, ZONE) == date(2026, 4, 16)
    assert first_day(midnight + timedelta(microseconds=1), ZONE) == date(2026, 4, 17)


def test_the_stage_follows_what_happened_last() -> None:
    told = Moments(AT)
    steps = [(told, AT - timedelta(seconds=1), Stage.ANNOUNCED), (told, AT, Stage.READY)]
    for name, found in (
        ("closed_at", Stage.CLOSED),
        ("packed_at", Stage.PACKED),
        ("confirmed_at", Stage.CONFIRMED),
        ("erased_at", Stage.DONE),
    ):
        told = replace(told, **{name: AT})
        steps.append((told, AT, found))

    assert [stage(one, now) for one, now, _ in steps] == [found for _, _, found in steps]


def test_a_receipt_is_read_as_it_was_written() -> None:
    receipt = Receipt("a" * 64, "tenant", 12, 3, "b" * 64, AT)

    assert Receipt.read(receipt.as_text()) == receipt
    for text in ("", "skola.handover-receipt/1\narchive a\n", "another\n"):
        with pytest.raises(ValueError, match="receipt"):
            Receipt.read(text)


POLICY = """schema = "skola.policy/1"

[policy]
# the head
version = "1"
effective = 2020-01-01T00:00:00+02:00
reason = { en = "was" }
title = { en = "Policy" }

[controller]  # who
name = "Old"
email = "old@example.org"  # ours
laws = [
  { en = "[GDPR]" },
]

[[contact]]
id = "privacy"
kind = "data-protection"
email = "other@example.org"
phone = "1"

[[contact]]
id = "support"
kind = "support"
email = "help@example.org"
"""


def test_the_head_the_controller_and_its_contact_change_and_nothing_else() -> None:
    edition = Edition("2", "1", AT, AT + timedelta(days=60), {"en": "Sold"})

    lines = amended(POLICY, edition, BUYER).splitlines()

    old = POLICY.splitlines()
    assert [one for one in lines if one not in old] == [
        'version = "2"',
        "published = 2026-03-02T09:00:00+00:00",
        "effective = 2026-05-01T09:00:00+00:00",
        'classification = "material"',
        'replaces = "1"',
        'reason.en = "Sold"',
        'name = "\\"Nord\\" AS"',
        'reg_no = "16"',
        'address = "Kai 3"',
        'country = "EE"',
        'email = "new@example.org"',
        'email = "new@example.org"',
    ]
    assert [one for one in old if one not in lines] == [
        'version = "1"',
        "effective = 2020-01-01T00:00:00+02:00",
        'reason = { en = "was" }',
        'name = "Old"',
        'email = "old@example.org"  # ours',
        'email = "other@example.org"',
    ]
