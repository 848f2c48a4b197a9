"""The law over a policy: it tightens, and never loosens."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import sized
from skola.promises.policy.overlays import Effective, Overlay, apply, load_overlays
from skola.promises.policy.periods import Unit, Word, compare, parse, parse_term
from skola.promises.policy.problems import PolicyError
from skola.promises.policy.schema import Policy
from skola.promises.policy.tests import make

TALLINN = ZoneInfo("Europe/Tallinn")


def executed(*edits: make.Edit) -> Effective:
    policy = make.policy(*edits)
    return apply(policy, load_overlays(policy.policy.law))


def changes(effective: Effective) -> set[tuple[str, str, str, str]]:
    return {(each.table, each.key, each.was, each.becomes) for each in effective.changed}


@pytest.mark.parametrize(
    ("law", "age", "floor"),
    [
        ("LV", 13, ("5 years", "invoice.issued")),
        ("LT", 14, ("10 years", "invoice.issued")),
        ("EE", 13, ("7 years", "fiscal_year.end")),
        ("SE", 13, ("7 years", "fiscal_year.end")),
    ],
)
def test_what_each_country_sets(law: str, age: int, floor: tuple[str, str]) -> None:
    (overlay,) = load_overlays([law])

    assert overlay.age is not None
    assert (overlay.age.consent, overlay.age.majority) == (age, 18)
    assert [(each.period, each.after) for each in overlay.floor] == [floor]
    assert all(each.email and each.website and each.address for each in overlay.authority)


def test_every_overlay_speaks_every_language() -> None:
    for overlay in load_overlays(["EU", "LV", "LT", "EE", "SE"]):
        texts = [overlay.name]
        texts += [each.name for each in overlay.authority]
        texts += [each.name for each in overlay.act]
        assert all(set(text) == {"en", "lv", "lt", "et", "sv"} for text in texts)


def test_the_example_is_changed_where_it_leaves_things_to_the_law() -> None:
    assert changes(executed()) == {
        ("[minors]", "age", "law", "13"),
        (
            '[[right]] "information, access, portability, rectification, erasure, restriction, '
            'objection"',
            "extendable",
            "law",
            "2 months",
        ),
        ("[[right]]", "kinds", "not named", "complaint, review"),
    }


def test_applying_twice_changes_nothing_more() -> None:
    once = executed()
    twice = apply(once.policy, once.laws)

    assert twice.policy == once.policy
    assert twice.changed == ()


@pytest.mark.parametrize(
    ("promised", "becomes"),
    [("3 months", "1 month"), ("2 weeks", "2 weeks"), ("law", "1 month"), ("30 days", "30 days")],
)
def test_a_deadline_is_never_longer_than_the_law_s(promised: str, becomes: str) -> None:
    effective = executed(make.setting("right", "access", deadline=promised))

    (right,) = (each for each in effective.policy.right if "access" in each.kinds)
    assert right.deadline == becomes


def test_thirty_days_and_a_month_bind_by_turns() -> None:
    effective = executed()

    january = effective.answer_by("access", datetime(2027, 1, 31, 12, tzinfo=TALLINN))
    july = effective.answer_by("access", datetime(2027, 7, 5, 12, tzinfo=TALLINN))

    assert january.target_on == date(2027, 2, 28)
    assert july.target_on == date(2027, 8, 4)


def test_at_once_aims_at_the_moment_and_is_late_when_the_law_says() -> None:
    received = datetime(2027, 7, 5, 12, tzinfo=TALLINN)
    found = executed().answer_by("withdraw-consent", received)

    assert found.target == received
    assert found.limit_on == date(2027, 8, 5)


def test_a_right_that_the_policy_does_not_name_is_there_all_the_same() -> None:
    effective = executed(make.removing("right", "access"))

    (added,) = (each for each in effective.policy.right if "access" in each.kinds)
    assert (added.deadline, added.extendable) == ("1 month", "2 months")


def test_the_age_is_the_law_s_unless_the_policy_asks_for_more() -> None:
    assert executed(make.setting("minors", "", age=12)).policy.minors.age == 13
    assert executed(make.setting("minors", "", age=16)).policy.minors.age == 16


def test_without_a_country_the_age_is_sixteen() -> None:
    effective = executed(make.setting("policy", "", law=["EU"]))

    assert (effective.policy.minors.age, effective.consent_age, effective.majority) == (16, 16, 18)


def test_a_floor_of_the_law_is_added_where_the_policy_keeps_for_less() -> None:
    effective = executed(
        make.setting(
            "retention", "invoices", at_least={"period": "1 year", "after": "fiscal_year.end"}
        )
    )

    (rule,) = (each for each in effective.policy.retention if each.id == "law.ee.accounting")
    assert rule.at_least is not None
    assert (rule.at_least.period, rule.at_least.after, rule.at_least.class_) == (
        "7 years",
        "fiscal_year.end",
        "hard",
    )
    assert (
        '[[category]] "accounting"',
        "at_least",
        "1 year after fiscal_year.end",
        "7 years after fiscal_year.end",
    ) in changes(effective)


def test_a_longer_floor_of_the_policy_stands() -> None:
    longer = {"period": "8 years", "after": "fiscal_year.end", "class": "hard"}
    effective = executed(make.setting("retention", "invoices", at_least=longer))

    assert [each.id for each in effective.policy.retention if each.id.startswith("law.")] == []


def test_a_floor_left_to_the_law_gets_its_number() -> None:
    effective = executed(make.setting("retention", "invoices", at_least={"period": "law"}))

    (rule,) = (each for each in effective.policy.retention if each.id == "invoices")
    assert rule.at_least is not None
    assert (rule.at_least.period, rule.at_least.after) == ("7 years", "fiscal_year.end")


def test_a_floor_left_to_a_law_that_says_nothing_is_refused() -> None:
    with pytest.raises(PolicyError, match='no law sets a term for usage, so "law" has no number'):
        executed(make.setting("retention", "visits", at_least={"period": "law"}))


def test_cookies_are_refused_until_chosen() -> None:
    effective = executed(make.setting("cookies", "", default="accept", equal_buttons=False))

    assert effective.policy.cookies.default == "refuse"
    assert effective.policy.cookies.equal_buttons is True


def test_the_country_s_authority_is_named_where_the_policy_names_none() -> None:
    effective = executed(make.removing("authority", "aki"))

    (authority,) = effective.policy.authority
    assert authority.name == {
        "en": "Data Protection Inspectorate",
        "et": "Andmekaitse Inspektsioon",
    }


def test_a_breach_is_reported_within_72_hours() -> None:
    assert str(executed().breach_notice) == "72 hours"


def test_a_missing_overlay_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"EU\.toml"):
        load_overlays(["EU"], tmp_path)


def test_a_broken_overlay_is_named(tmp_path: Path) -> None:
    (tmp_path / "EU.toml").write_text('schema = "skola.law/1"\nages = 3\n')

    with pytest.raises(PolicyError, match=r"EU\.toml"):
        load_overlays(["EU"], tmp_path)


terms = st.builds(
    lambda amount, unit: f"{amount} {unit}{'' if amount == 1 else 's'}",
    st.integers(1, 40),
    st.sampled_from([unit.value for unit in Unit if unit is not Unit.WORKING_DAY]),
)


@settings(max_examples=sized(30, 120))
@given(terms | st.just("law") | st.just("at once"), terms, st.integers(0, 21))
def test_the_law_only_tightens(deadline: str, floor: str, age: int) -> None:
    unit = floor.split(" ", 1)[1].rstrip("s")
    kept = {"period": floor if unit in ("day", "week", "month", "year") else "1 day"}
    kept |= {"after": "fiscal_year.end", "class": "hard"}
    before = make.policy(
        make.setting("right", "access", deadline=deadline),
        make.setting("minors", "", age=age),
        make.setting("retention", "invoices", at_least=kept),
    )
    laws = load_overlays(["EU", "EE"])
    after = apply(before, laws).policy

    words = frozenset(Word)
    if deadline != "law":
        new = parse_term(_deadline(after), words=words)
        assert compare(new, parse_term(deadline, words=words)) in (0, -1, None)
    assert isinstance(after.minors.age, int)
    assert after.minors.age >= max(age, 13)
    assert _longest_floor(after) >= max(_longest_floor(before), parse("7 years").shortest_days)


def _deadline(policy: Policy) -> str:
    return next(right.deadline for right in policy.right if "access" in right.kinds)


def _longest_floor(policy: Policy) -> float:
    return max(
        parse(rule.at_least.period).shortest_days
        for rule in policy.retention
        if rule.at_least and "accounting" in rule.categories
    )


def test_overlays_are_structs_of_their_own() -> None:
    assert Overlay.__doc__ == "What one legal order demands."
