from hypothesis import given
from hypothesis import strategies as st

from skola.services.surveys import rules
from skola.services.surveys.rules import NOTHING, Score

scores = st.integers(0, 12).flatmap(
    lambda count: st.integers(count, 5 * count).map(lambda total: Score(count, total))
)


def test_a_figure_is_shown_from_the_minimum_on() -> None:
    assert rules.shown(Score(4, 16), 5) is None
    assert rules.shown(Score(5, 20), 5) == Score(5, 20)
    assert rules.shown(NOTHING, 0) is None
    assert Score(5, 22).mean == 4.4


def test_small_groups_count_only_when_they_are_enough_together() -> None:
    large, small = Score(6, 30), Score(2, 2)

    assert rules.together([large, small], 5) == large
    assert rules.together([large, small, small, small], 5) == Score(12, 36)
    assert rules.together([small, small], 5) is None


@given(st.lists(scores, max_size=6), st.integers(2, 8))
def test_no_small_group_is_the_difference_of_what_is_shown(
    groups: list[Score], minimum: int
) -> None:
    found = rules.together(groups, minimum)
    if found is None:
        return
    known = [one for one in groups if rules.shown(one, minimum)]
    left = found.count - sum(one.count for one in known)

    assert left == 0 or left >= minimum
