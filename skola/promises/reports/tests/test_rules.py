"""What a purpose may read, without a database."""

from datetime import UTC, datetime

import pytest

from skola.promises.policy.api import Policy
from skola.promises.policy.tests import make
from skola.promises.reports.rules import Asked, Form, Why, began, known_as, purpose_of, refusal

POLICY = make.policy(
    make.adding(
        "purpose",
        id="improve",
        name={"en": "to improve", "et": "parandamiseks"},
        basis={"kind": "legitimate-interest", "art": "6(1)(f)", "interest": {"en": "x", "et": "x"}},
        categories=["identity", "usage"],
        alive_while=["always"],
        subjects=["learner"],
        output={"form": "aggregate", "min_cell": 7, "counts": ["learning"]},
    ),
    make.adding("purpose_lock", categories=["enquiry"], only=["answer"]),
    make.setting("subject", "learner", roles=["learner"]),
)


@pytest.mark.parametrize(
    ("purpose", "category", "form", "why"),
    [
        ("improve", "usage", Form.PSEUDONYMS, None),
        ("improve", "learning", Form.NUMBERS, None),
        ("improve", "learning", Form.PSEUDONYMS, Why.NOT_THESE_DATA),
        ("improve", "identity", Form.NAMES, Why.NO_NAMES),
        ("improve", "accounting", Form.NUMBERS, Why.NOT_THESE_DATA),
        ("improve", "enquiry", Form.NUMBERS, Why.LOCKED),
        ("profiling", "usage", Form.NUMBERS, Why.UNLISTED),
    ],
)
def test_a_purpose_reads_what_the_policy_lists_for_it(
    purpose: str, category: str, form: Form, why: Why | None
) -> None:
    assert refusal(POLICY, Asked(purpose, frozenset({category}), form)) is why


def test_what_was_collected_before_a_purpose_is_not_for_it() -> None:
    def version(day: int, *edits: make.Edit) -> Policy:
        at = datetime(2027, 1, day, tzinfo=UTC)
        return make.policy(make.setting("policy", "", effective=at, published=at), *edits)

    without = make.removing("purpose", "plan")
    first, second, third = version(1, without), version(2), version(3)
    categories = frozenset(next(p.categories for p in third.purpose if p.id == "plan"))

    assert began("plan", categories, third, [first, second]) == second.policy.effective
    assert began("plan", categories, third, [second]) is None
    assert began("plan", categories, first, []) is None


def test_a_purpose_is_about_whom_it_names() -> None:
    improve = purpose_of(POLICY, "improve")
    assert improve is not None
    assert known_as(POLICY, improve) == (frozenset({"learner"}), frozenset())
