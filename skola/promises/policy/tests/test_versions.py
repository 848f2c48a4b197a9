"""P013: a version says what it replaces and why, and gives the notice it promised."""

import pytest

from skola.promises.policy.lints import lint
from skola.promises.policy.lints.versions import across, earliest_effect
from skola.promises.policy.problems import Problem, Severity
from skola.promises.policy.tests import make

ERROR = Severity.ERROR


def found(*edits: make.Edit) -> list[tuple[Severity, str, str]]:
    """What P013 says of the example with edits: severity, table, key."""
    return [
        (problem.severity, problem.table, problem.key)
        for problem in lint(make.policy(*edits))
        if problem.code == "P013"
    ]


NEXT = make.setting(
    "policy",
    "",
    version="2026-12-01",
    replaces="2026-09-01",
    classification="material",
    reason={"en": "a new course", "et": "uus kursus"},
    published=make.raw()["policy"]["published"].replace(month=12),
    effective=make.raw()["policy"]["published"].replace(year=2027, month=2),
)


def test_p013_a_version_that_gives_its_notice() -> None:
    assert found(NEXT) == []


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"reason": {}}, "reason"),
        ({"replaces": ""}, "replaces"),
        ({"classification": "initial"}, "classification"),
        ({"effective": make.raw()["policy"]["published"].replace(month=12, day=30)}, "effective"),
    ],
)
def test_p013_a_new_version_says_why_and_gives_notice(keys: dict[str, object], key: str) -> None:
    edits = [NEXT, make.setting("policy", "", **keys)]

    if keys.get("reason") == {}:
        edits.append(lambda content: content["policy"].pop("reason"))
    assert found(*edits) == [(ERROR, "[policy]", key)]


def test_p013_without_classification_it_is_refused() -> None:
    def forget(content: make.Raw) -> None:
        del content["policy"]["classification"]

    assert found(NEXT, forget) == [(ERROR, "[policy]", "classification")]


def test_p013_a_change_of_law_may_take_effect_at_once() -> None:
    def at_once(content: make.Raw) -> None:
        content["policy"]["classification"] = "legislation"
        content["policy"]["effective"] = content["policy"]["published"]

    assert found(NEXT, at_once) == []


def test_p013_thirty_working_days_are_those_of_the_calendar() -> None:
    policy = make.policy(
        NEXT,
        make.setting("policy", "", timezone="Europe/Stockholm", calendar="SE", law=["EU", "SE"]),
        make.setting("change", "", notice="30 working days"),
    )

    earliest = earliest_effect(policy, policy.policy.published)

    assert earliest.date().isoformat() == "2027-01-14"


def test_p013_a_minor_change_needs_no_notice_where_only_material_ones_do() -> None:
    minor = make.policy(
        NEXT,
        make.setting("policy", "", classification="minor"),
        make.setting("change", "", material_only=True),
    )

    assert earliest_effect(minor, minor.policy.published) == minor.policy.published


def messages(problems: list[Problem]) -> list[tuple[str, str, str]]:
    return [(each.file, each.key, each.message) for each in problems]


def test_p013_across_versions() -> None:
    first, second = make.policy(), make.policy(NEXT)

    assert across([("a", first), ("b", second)]) == []
    assert messages(across([("a", first), ("b", first)])) == [
        ("b", "effective", "takes effect at the same moment as a"),
        ("b", "version", "a has the same version"),
    ]
    assert messages(across([("b", second)])) == [
        ("b", "replaces", 'there is no version "2026-09-01"')
    ]
    assert messages(across([("a", first)], {"2026-09-01": "0" * 64})) == [
        ("a", "version", "the file was edited after it was published")
    ]
