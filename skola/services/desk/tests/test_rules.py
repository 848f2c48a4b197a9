from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.desk import rules
from skola.services.desk.rules import Refusal, Suspicion, Voicemail

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RIGA = ZoneInfo("Europe/Riga")
moments = st.integers(0, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))


@pytest.mark.parametrize(
    ("topic", "day"),
    [("service", date(2026, 3, 5)), ("refund", date(2026, 3, 17)), ("privacy", date(2026, 4, 1))],
)
def test_a_question_is_answered_by_a_day_that_its_topic_sets(topic: str, day: date) -> None:
    assert rules.answer_by(topic, NOW, RIGA) == day


def test_the_days_to_answer_are_those_of_the_tenants_zone() -> None:
    late = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # in Riga it is the third of March already

    assert rules.answer_by("service", late, RIGA) == date(2026, 3, 6)


@given(moments, moments, st.sampled_from(["service", "privacy", "refund", "other"]))
def test_who_asks_later_is_never_answered_earlier(
    one: datetime, other: datetime, topic: str
) -> None:
    first, second = sorted((one, other))

    assert rules.answer_by(topic, first, RIGA) <= rules.answer_by(topic, second, RIGA)


@pytest.mark.parametrize(
    ("trap", "age", "found"),
    [
        ("", timedelta(seconds=3), Suspicion.NONE),
        ("", timedelta(hours=12), Suspicion.NONE),
        ("", timedelta(seconds=2, milliseconds=999), Suspicion.TOO_FAST),
        ("", timedelta(hours=12, seconds=1), Suspicion.STALE),
        ("", None, Suspicion.STALE),
        ("buy now", timedelta(minutes=1), Suspicion.TRAP),
    ],
)
def test_suspicion_at_its_edges(trap: str, age: timedelta | None, found: Suspicion) -> None:
    shown = None if age is None else NOW - age

    assert rules.suspicion(trap=trap, shown_at=shown, now=NOW) is found


@pytest.mark.parametrize(
    ("announced", "role", "found"),
    [
        (True, "consultant", Refusal.NONE),
        (True, "order-taker", Refusal.NONE),
        (False, "consultant", Refusal.UNANNOUNCED),
        (True, "other", Refusal.NOT_ADVICE),
    ],
)
def test_a_recording_is_taken_of_announced_advice_only(
    announced: bool, role: str, found: Refusal
) -> None:
    assert rules.refusal(announced=announced, callee_role=role) is found


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("(+371) 2900-0300", "+37129000300"),
        ("00371 29000300", "+37129000300"),
        ("29000300", "29000300"),
        ("extension none", ""),
        ("٣٤٥", ""),
    ],
)
def test_a_number_is_the_same_however_it_is_written(written: str, plain: str) -> None:
    assert rules.plain_number(written) == plain


@given(st.text(max_size=40))
def test_a_plain_number_stays_as_it_is(written: str) -> None:
    plain = rules.plain_number(written)

    assert rules.plain_number(plain) == plain
    assert set(plain) <= set("+0123456789")


def test_a_call_back_answers_the_oldest_voicemail_that_waits() -> None:
    def left(key: str, days: int, number: str = "+1", answered: bool = False) -> Voicemail:
        return Voicemail(key, number, NOW - timedelta(days=days), answered)

    waiting = [
        left("too old", 15),
        left("answered", 9, answered=True),
        left("this", 8),
        left("newer", 1),
        left("another's", 8, number="+2"),
    ]

    found = rules.voicemail_answered_by(waiting, number="+1", at=NOW)

    assert found is not None
    assert found.key == "this"


def test_nothing_is_answered_where_nobody_left_a_message() -> None:
    assert rules.voicemail_answered_by([], number="+1", at=NOW) is None
