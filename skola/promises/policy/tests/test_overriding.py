"""P027: which term may be overridden, by what, and within which bounds."""

import pytest

from skola.promises.policy.lints import lint
from skola.promises.policy.tests import make

GOOD = {
    "by": "school.contract",
    "needs": "the contract says so",
    "shortest": "6 months",
    "longest": "3 years",
}
YEAR = {"period": "1 year", "after": "page.visited"}


def found(rule: str = "visits", **said: object) -> list[tuple[str, str]]:
    """What P027 says of the example where one of its rules is written so."""
    edit = make.setting("retention", rule, **said)
    return [(one.key, one.message) for one in lint(make.policy(edit)) if one.code == "P027"]


def test_an_override_within_bounds_is_no_finding() -> None:
    assert found(override=GOOD, at_most=YEAR) == []


@pytest.mark.parametrize(
    ("changed", "key", "message"),
    [
        ({"by": "page.visited"}, "by", '"page.visited" is no event and condition'),
        ({"shortest": ""}, "shortest", "nothing says the shortest term that a contract may set"),
        ({"longest": "ages"}, "longest", "nothing says the longest term that a contract may set"),
        (
            {"longest": "11 months"},
            "longest",
            "the policy's own term, 1 year, is not from 6 months to 11 months",
        ),
        (
            {"shortest": "2 years"},
            "longest",
            "the policy's own term, 1 year, is not from 2 years to 3 years",
        ),
    ],
)
def test_an_override_that_is_wrong(changed: dict[str, str], key: str, message: str) -> None:
    assert found(override=GOOD | changed, at_most=YEAR) == [(f"override.{key}", message)]


def test_no_contract_goes_below_the_law() -> None:
    (problem,) = found("invoices", override=GOOD | {"longest": "9 years"})
    assert problem[0] == "override.shortest"
    assert problem[1].startswith("6 months is shorter than the 7 years that the law demands")


def test_no_contract_goes_beyond_the_backstop() -> None:
    stop = {"period": "2 years", "after": "record.created"}
    ((key, message),) = found(override=GOOD, at_most=YEAR, backstop=stop)
    assert (key, message) == (
        "override.longest",
        "3 years is longer than the backstop of 2 years, which no contract moves",
    )


def test_there_is_a_term_to_override() -> None:
    stop = {"period": "3 years", "after": "record.created"}
    ((key, message),) = found(override=GOOD, at_most=YEAR | {"action": "restrict"}, backstop=stop)
    assert (key, message) == ("override.by", "there is no term that a contract could override")
