from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.ground.people.models import Role
from skola.promises.policy.vocabulary import STAFF_ROLES
from skola.services.staff import rules
from skola.services.staff.rules import Standing, Training

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
A_SECOND, A_DAY = timedelta(seconds=1), timedelta(days=1)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, st.none() | moments)
def test_a_role_never_runs_past_its_review_nor_past_what_was_asked(
    review_at: datetime, wanted: datetime | None
) -> None:
    found = rules.ends_at(review_at, wanted)

    assert found <= review_at
    assert wanted is None or found <= wanted
    assert found in (review_at, wanted)


def test_neither_who_asked_nor_who_holds_it_decides() -> None:
    assert rules.can_decide("c", asked_by="a", holder="b")
    assert not rules.can_decide("a", asked_by="a", holder="b")
    assert not rules.can_decide("b", asked_by="a", holder="b")
    assert rules.can_decide("c", asked_by=None, holder="b")


@pytest.mark.parametrize(
    ("decided", "refused", "ends_at", "expected"),
    [
        (False, False, None, Standing.ASKED),
        (True, True, None, Standing.REFUSED),
        (True, False, None, Standing.RUNNING),
        (True, False, NOW, Standing.ENDED),
        (True, False, NOW + A_SECOND, Standing.REVIEW),
        (True, False, NOW + rules.SOON, Standing.REVIEW),
        (True, False, NOW + rules.SOON + A_SECOND, Standing.RUNNING),
    ],
)
def test_where_a_grant_stands(
    decided: bool, refused: bool, ends_at: datetime | None, expected: Standing
) -> None:
    decided_at = NOW - A_DAY if decided else None

    found = rules.standing(decided_at=decided_at, refused=refused, ends_at=ends_at, now=NOW)

    assert found is expected


@pytest.mark.parametrize(
    ("passed", "until", "expected"),
    [
        (False, None, Training.MISSING),
        (False, NOW, Training.MISSING),
        (True, NOW, Training.OVER),
        (True, NOW + A_SECOND, Training.ENDING),
        (False, NOW + A_SECOND, Training.ENDING),
        (True, NOW + rules.SOON + A_SECOND, Training.VALID),
    ],
)
def test_where_a_training_stands(passed: bool, until: datetime | None, expected: Training) -> None:
    assert rules.training(passed=passed, until=until, now=NOW) is expected


def test_a_guideline_is_due_from_its_day_on() -> None:
    day = NOW.date()

    assert not rules.is_due(day + A_DAY, day)
    assert rules.is_due(day, day)


def test_the_policy_knows_the_kinds_of_role_that_there_are() -> None:
    others = {"learner", "guardian", "teacher", "school", "authority"}

    assert set(STAFF_ROLES) == set(Role.Kind.values) - others
