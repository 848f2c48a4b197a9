"""A group of categories is written out wherever a rule names it."""

import pytest

from skola.promises.policy.groups import written_out
from skola.promises.policy.load import parse
from skola.promises.policy.problems import PolicyError
from skola.promises.policy.source import read
from skola.promises.policy.tests import make

LEARNIFIER = next(path for path in make.REAL if path.parent.name == "learnifier")
PARTS = ["identity", "contact", "accounting", "employment"]


def test_a_rule_on_a_group_lists_its_parts_once_and_in_order() -> None:
    source = read(LEARNIFIER)
    (claims,) = [one for one in source.raw["purpose"] if one["id"] == "claims"]
    assert claims["categories"][0] == "customer_data"

    policy = parse(source)

    (claims,) = [one for one in policy.purpose if one.id == "claims"]
    assert claims.categories == [*PARTS, "contract", "credit", "support"]
    assert [one.categories for one in policy.category_group] == [PARTS]


def test_a_category_named_beside_its_group_is_there_once() -> None:
    source = read(LEARNIFIER)
    source.raw["purpose_lock"][0]["categories"] = ["contact", "customer_data", "contact"]
    written = written_out(source)
    assert written.raw["purpose_lock"][0]["categories"] == [
        "contact",
        "identity",
        "accounting",
        "employment",
    ]


def test_a_policy_without_groups_is_left_as_it_is() -> None:
    source = read(make.EXAMPLE)
    assert written_out(source) is source


def test_a_group_nobody_knows_is_an_error_that_names_it() -> None:
    source = read(LEARNIFIER)
    source.raw["purpose_lock"][0]["categories"] = ["customer_dat"]
    with pytest.raises(PolicyError, match="customer_dat"):
        parse(source)
