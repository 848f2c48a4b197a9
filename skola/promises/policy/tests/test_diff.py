"""The comparison of two versions: rules apart from words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.promises.policy.diff import Kind, diff, stale_consents
from skola.promises.policy.tests import make

VISITS = '[[retention]] "visits"'


def rules(*edits: make.Edit) -> list[tuple[Kind, str, str]]:
    found = diff(make.policy(), make.policy(*edits))
    return [(each.kind, each.table, each.key) for each in found.rules]


def texts(*edits: make.Edit) -> list[tuple[Kind, str, str]]:
    found = diff(make.policy(), make.policy(*edits))
    return [(each.kind, each.table, each.key) for each in found.texts]


def kept_for(period: str) -> make.Edit:
    term = {"period": period, "after": "page.visited", "action": "anonymise"}
    return make.setting("retention", "visits", at_most=term)


@pytest.mark.parametrize(
    ("period", "kind"),
    [
        ("30 days", Kind.SHORTENED),
        ("91 days", Kind.LENGTHENED),
        ("1 year", Kind.LENGTHENED),
        ("3 months", Kind.CHANGED),
    ],
)
def test_a_term_is_shortened_or_lengthened(period: str, kind: Kind) -> None:
    assert rules(kept_for(period)) == [(kind, VISITS, "at_most.period")]


def test_a_difference_says_from_what_to_what() -> None:
    (found,) = diff(make.policy(), make.policy(kept_for("30 days"))).rules

    assert str(found) == f"shortened: {VISITS}, at_most.period: 90 days → 30 days"


def test_tables_come_and_go_by_their_ids() -> None:
    edits = (
        make.removing("processor", "hosting"),
        make.adding("transfer", to="US", who=["support"], safeguard=["scc"]),
    )

    assert rules(*edits) == [
        (Kind.REMOVED, '[[processor]] "hosting"', ""),
        (Kind.ADDED, "[[transfer]] number 1", ""),
    ]


def test_lists_say_what_came_and_what_went() -> None:
    found = diff(
        make.policy(),
        make.policy(make.setting("purpose", "plan", enables=["statistics.publish"])),
    )

    assert [str(each) for each in found.rules] == [
        'changed: [[purpose]] "plan", enables: −analytics.own, +statistics.publish'
    ]


@pytest.mark.parametrize(
    "edit",
    [
        make.setting("category", "usage", name={"en": "visits", "et": "külastused"}),
        make.setting("paragraph", "1", text={"en": "a", "et": "b"}),
        make.setting("retention", "visits", clause=["north-school-9", "north-school-10"]),
        make.setting("retention", "visits", claimed="no number"),
        make.setting("summary", "", line={"en": "a", "et": "b"}),
        make.adding("section", id="more", title={"en": "a", "et": "b"}),
    ],
)
def test_words_are_no_rules(edit: make.Edit) -> None:
    assert rules(edit) == []
    assert len(texts(edit)) == 1


def test_the_numbers_of_a_version_are_neither() -> None:
    edit = make.setting(
        "policy",
        "",
        version="2",
        replaces="1",
        classification="minor",
        reason={"en": "a", "et": "b"},
    )

    assert (rules(edit), texts(edit)) == ([], [])


def test_nothing_changes_nothing() -> None:
    assert (rules(), texts()) == ([], [])


@given(st.sampled_from([rule["id"] for rule in make.raw()["retention"]][2:]))
def test_what_is_removed_one_way_is_added_the_other(name: str) -> None:
    def silent(content: make.Raw) -> None:
        content["paragraph"] = []

    less, more = make.policy(silent, make.removing("retention", name)), make.policy(silent)

    assert [each.kind for each in diff(more, less).rules] == [Kind.REMOVED]
    assert [each.kind for each in diff(less, more).rules] == [Kind.ADDED]


# ---- consents that must be asked anew ----


@pytest.mark.parametrize(
    ("edit", "stale"),
    [
        (make.setting("purpose", "newsletter", clause=["north-school-9"]), set()),
        (kept_for("30 days"), set()),
        (
            make.setting("purpose", "newsletter", name={"en": "to sell", "et": "müügiks"}),
            {"newsletter"},
        ),
        (
            make.setting("purpose", "newsletter", categories=["marketing", "consent", "usage"]),
            {"newsletter"},
        ),
        (
            make.adding(
                "processor",
                id="mail",
                name={"en": "a mail service", "et": "kirjateenus"},
                does=["mail"],
                contract="DPA 4",
                location="EE",
                categories=["marketing"],
            ),
            {"newsletter"},
        ),
        (make.removing("processor", "hosting"), set()),
        (make.setting("controller", "", reg_no="00000001"), {"newsletter"}),
    ],
)
def test_a_consent_goes_stale_with_purpose_recipients_or_controller(
    edit: make.Edit, stale: set[str]
) -> None:
    assert stale_consents(make.policy(), make.policy(edit)) == stale
