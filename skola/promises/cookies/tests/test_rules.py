from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.promises.cookies import rules
from skola.promises.cookies.rules import Choice, Entry, Register

DAY = date(2026, 3, 2)
YEAR = timedelta(days=365)
REGISTER = Register(
    entries=(
        Entry("sessionid", "necessary", True, None, role="session"),
        Entry("choice", "necessary", True, YEAR, role="choice"),
        Entry("display", "functional", True, YEAR, role="display"),
        Entry("_ga*", "performance", False, 2 * YEAR, host="stats.example"),
        Entry("count", "performance", True, YEAR),
        Entry("old", "functional", True, YEAR, retired=True),
        Entry("kept", "functional", True, YEAR, kind="local-storage"),
        Entry("ads", "marketing", False, YEAR, host="ads.example; script-src *"),
    ),
    offered=rules.CLASSES,
)
subsets = st.frozensets(st.sampled_from(rules.CLASSES[1:]))


@pytest.mark.parametrize(
    ("name", "consented", "allowed", "max_age", "fault"),
    [
        ("sessionid", (), True, None, False),
        ("choice", (), True, 31_536_000, False),
        ("display", (), True, None, False),
        ("display", ("functional",), True, 31_536_000, False),
        ("count", (), False, None, False),
        ("count", ("performance",), True, 31_536_000, False),
        ("_ga_12", ("performance",), False, None, True),
        ("old", ("functional",), False, None, True),
        ("kept", ("functional",), False, None, True),
        ("unknown", rules.CLASSES, False, None, True),
    ],
)
def test_what_may_be_set(
    name: str, consented: tuple[str, ...], allowed: bool, max_age: int | None, fault: bool
) -> None:
    decision = rules.may_set(name, REGISTER, consented)
    assert (decision.allowed, decision.max_age, decision.fault) == (allowed, max_age, fault)


@given(subsets, st.booleans())
def test_a_choice_reads_back(classes: frozenset[str], gpc: bool) -> None:
    choice = Choice(REGISTER.version, classes, DAY, gpc)
    assert rules.decode(rules.encode(choice), REGISTER, DAY) == choice
    assert rules.decode(rules.encode(choice), REGISTER, DAY + timedelta(days=364)) == choice
    assert rules.decode(rules.encode(choice), REGISTER, DAY + YEAR) is None


@given(st.text())
def test_whatever_a_browser_sends_is_read_without_an_error(value: str) -> None:
    assert rules.decode(value, REGISTER, DAY) is None


def test_a_day_that_does_not_exist_is_no_choice() -> None:
    assert rules.decode(f"{REGISTER.version}.f.20260231", REGISTER, DAY) is None


def test_another_question_is_asked_again_and_a_retired_entry_is_none() -> None:
    value = rules.encode(Choice(REGISTER.version, frozenset({"functional"}), DAY))
    more = Entry("more", "marketing", True, YEAR)
    asked = Register((*REGISTER.entries, more), rules.CLASSES)
    assert rules.decode(value, asked, DAY) is None
    gone = Entry("gone", "marketing", True, YEAR, retired=True)
    assert rules.decode(value, Register((*REGISTER.entries, gone), rules.CLASSES), DAY)


def test_global_privacy_control_refuses_until_the_visitor_says_otherwise() -> None:
    everything = rules.choose(REGISTER, "all", (), gpc=True, today=DAY)
    assert everything.classes == {"functional"}
    by_hand = rules.choose(REGISTER, "chosen", ["marketing", "nonsense"], gpc=True, today=DAY)
    assert rules.consented(by_hand, REGISTER, gpc=True) == {"marketing"}
    earlier = rules.choose(REGISTER, "all", (), gpc=False, today=DAY)
    assert rules.consented(earlier, REGISTER, gpc=False) == set(rules.CLASSES[1:])
    assert rules.consented(earlier, REGISTER, gpc=True) == {"functional"}


def test_no_choice_and_no_known_button_are_a_no() -> None:
    assert rules.consented(None, REGISTER, gpc=False) == frozenset()
    assert rules.choose(REGISTER, "yes?", ["marketing"], gpc=False, today=DAY).classes == set()


def test_only_proper_hosts_get_into_the_content_policy() -> None:
    sources = rules.vendor_sources(REGISTER, rules.CLASSES)
    assert sources == ("https://stats.example", "https://*.stats.example")
    assert rules.vendor_sources(REGISTER, ("functional",)) == ()


def test_what_ends_and_what_is_renewed() -> None:
    sent = {"sessionid": "1", "display": "c1", "_ga_7": "1", "old": "1", "other": "1"}
    assert rules.to_expire(sent, REGISTER, ()) == ["_ga_7", "display", "old"]
    assert rules.to_expire(sent, REGISTER, ("functional",)) == ["_ga_7", "old"]
    assert rules.to_renew(sent, REGISTER, ("functional",)) == ["display"]
    assert rules.to_renew(sent, REGISTER, ()) == []
    assert rules.to_renew({"display": "x" * 201}, REGISTER, ("functional",)) == []


@pytest.mark.parametrize(
    ("host", "own", "others", "domain"),
    [
        ("a.example", ["a.example"], [], ""),
        ("a.example", ["a.example", "x.a.example"], [], "a.example"),
        ("x.a.example", ["a.example", "x.a.example"], ["b.example"], "a.example"),
        ("x.a.example", ["a.example", "x.a.example"], ["b.a.example"], ""),
        ("c.example", ["a.example", "x.a.example", "c.example"], [], ""),
    ],
)
def test_a_choice_is_shared_among_the_tenants_own_hosts_only(
    host: str, own: list[str], others: list[str], domain: str
) -> None:
    assert rules.shared_domain(host, own, others) == domain


def test_settings_alone_need_no_banner() -> None:
    settings_only = Register(REGISTER.entries[:3], ("necessary", "functional"))
    assert not settings_only.needs_banner
    assert REGISTER.needs_banner
    assert not Register().needs_banner
