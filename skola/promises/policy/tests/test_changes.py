"""What a version changes for people, in sentences; and what it may not call itself."""

import pytest

from skola.promises.policy.changes import Turn, changes, not_minor, not_of_law
from skola.promises.policy.tests import make


def said(*edits: make.Edit) -> list[str]:
    return [each.sentence("en") for each in changes(make.policy(), make.policy(*edits))]


def turns(*edits: make.Edit) -> list[Turn]:
    return [each.turn for each in changes(make.policy(), make.policy(*edits))]


def visits(period: str) -> make.Edit:
    term = {"period": period, "after": "page.visited", "action": "anonymise"}
    return make.setting("retention", "visits", at_most=term)


def test_nothing_and_other_words_change_nothing_for_people() -> None:
    assert said() == []
    assert said(make.setting("purpose", "newsletter", clause=["north-school-9"])) == []


@pytest.mark.parametrize(
    ("period", "turn"),
    [
        ("30 days", Turn.KEPT_SHORTER),
        ("1 year", Turn.KEPT_LONGER),
        ("3 months", Turn.KEPT_OTHERWISE),
    ],
)
def test_a_term_says_whether_it_is_longer(period: str, turn: Turn) -> None:
    assert turns(visits(period)) == [turn]


def test_a_sentence_names_the_rule_and_both_terms_in_its_language() -> None:
    (change,) = changes(make.policy(), make.policy(visits("30 days")))
    assert change.sentence("en").endswith("kept for a shorter time, 30 days instead of 90 days.")
    template = "%(name)s: lühemalt, %(becomes)s, mitte %(was)s."
    assert change.sentence("et", template).endswith("lühemalt, 30 päeva, mitte 90 päeva.")
    assert change.rule == "retention.visits"


def test_purposes_recipients_and_processors_come_and_go_by_their_names() -> None:
    hosting = make.removing("processor", "hosting")
    (gone,) = changes(make.policy(), make.policy(hosting))
    (new,) = changes(make.policy(hosting), make.policy())
    assert (gone.turn, new.turn) == (Turn.PROCESSOR_GONE, Turn.PROCESSOR_NEW)
    assert new.sentence("en") == f"A new processor works for us: {new.names['en']}."


def test_a_longer_term_is_neither_minor_nor_the_law_s() -> None:
    longer = changes(make.policy(), make.policy(visits("1 year")))
    shorter = changes(make.policy(), make.policy(visits("30 days")))
    assert [each.turn for each in not_minor(longer)] == [Turn.KEPT_LONGER]
    assert list(not_minor(shorter)) == []
    assert [each.turn for each in not_of_law(longer)] == [Turn.KEPT_LONGER]


def test_another_controller_is_never_minor_though_only_its_name_differs() -> None:
    sold = changes(make.policy(), make.policy(make.setting("controller", "", name="South School")))
    assert [each.turn for each in not_minor(sold)] == [Turn.CONTROLLER]
