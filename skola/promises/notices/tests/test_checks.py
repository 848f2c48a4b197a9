"""Each check says kept, broken or not checked, and never kept where it looked at nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.conf import settings

from skola.promises.notices import checks
from skola.promises.notices.facts import Facts, Held, Kept
from skola.promises.notices.measures import MEASURES, Installation, Wall
from skola.promises.notices.rules import Mark, State
from skola.promises.policy import catalogue, vocabulary
from skola.promises.policy.schema import Policy

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WALL = Wall("skola_app", False, False, 0, (), False, "")


def facts(tenant: str = "ilearn", **changes: Any) -> Facts:
    """What is so at a service in good order."""
    folder = Path(settings.ROOT) / "policies"
    found = catalogue.in_force(folder, tenant, NOW)
    versions, _ = catalogue.versions(folder, tenant)
    good = Facts(
        now=NOW,
        in_force=found,
        versions=versions,
        published={},
        held={"identity": Held(3, ("people_person",))},
        offered=frozenset({"courses.take"}),
        retention={rule.id: Kept(4, 0, NOW, NOW) for rule in found.policy.retention},
        refused_cookies={},
        installation=Installation(WALL, 2, 0),
        people_too_young=0,
        people_with_birth_day=3,
    )
    return replace(good, **changes)


def with_policy(known: Facts, **tables: Any) -> Facts:
    """The same, under a policy with other tables."""
    version = known.in_force.version
    policy: Policy = msgspec.structs.replace(version.effective.policy, **tables)
    effective = replace(version.effective, policy=policy)
    return replace(
        known, in_force=replace(known.in_force, version=replace(version, effective=effective))
    )


def mark_of(rule: str, known: Facts) -> Mark:
    (found,) = [mark for mark in checks.marks(known) if mark.rule == rule]
    return found


def test_a_service_in_good_order_breaks_nothing() -> None:
    for tenant in ("ilearn", "kic", "learnifier", "ema", "ekool"):
        broken = [mark for mark in checks.marks(facts(tenant)) if mark.state is State.BROKEN]
        assert broken == []


def test_every_rule_has_one_mark_and_every_sentence_takes_its_facts() -> None:
    for tenant in ("ilearn", "kic", "learnifier", "ema", "ekool"):
        found = checks.marks(facts(tenant))
        assert len({mark.rule for mark in found}) == len(found)
        assert all(mark.words % mark.facts for mark in found)


@pytest.mark.parametrize(
    ("kept", "state"),
    [
        (Kept(4, 0, NOW), State.KEPT),
        (Kept(4, 1, NOW), State.BROKEN),
        (Kept(0, 0), State.UNCHECKED),
        (None, State.UNCHECKED),
    ],
)
def test_a_term_is_broken_by_one_late_record(kept: Kept | None, state: State) -> None:
    known = facts()
    rule = known.in_force.policy.retention[0].id
    retention = {rule: kept} if kept else {}
    found = mark_of(f"retention.{rule}", replace(known, retention=retention))
    assert found.state is state
    assert found.covered == (4 if kept and kept.covered else None)


def test_a_text_that_was_changed_after_publishing_is_broken() -> None:
    known = facts()
    version = known.in_force.policy.policy.version
    assert mark_of("policy", known).state is State.KEPT
    assert mark_of("policy", replace(known, published={version: "other"})).state is State.BROKEN
    same = replace(known, published={version: known.in_force.hash})
    assert "to the letter" in mark_of("policy", same).words


def test_a_masked_address_is_broken() -> None:
    known = facts()
    controller = msgspec.structs.replace(known.in_force.policy.controller, address="[a protected]")
    assert mark_of("controller", with_policy(known, controller=controller)).state is State.BROKEN


def test_a_consent_that_cannot_be_withdrawn_as_it_was_given_is_broken() -> None:
    known = facts()
    rules = [
        msgspec.structs.replace(each, give_by=[*each.give_by, "sms"], withdraw_by=["email"])
        for each in known.in_force.policy.consent
    ]
    found = checks.marks(with_policy(known, consent=rules))
    states = {mark.state for mark in found if mark.table == "consent"}
    assert states == {State.BROKEN}


def test_a_processor_without_an_agreement_is_broken() -> None:
    known = facts()
    loose = [msgspec.structs.replace(each, contract="") for each in known.in_force.policy.processor]
    found = checks.marks(with_policy(known, processor=loose))
    assert {mark.state for mark in found if mark.table == "processor"} == {State.BROKEN}


def test_a_locked_category_of_another_purpose_is_broken() -> None:
    known = facts()
    locks = [
        msgspec.structs.replace(each, only=["nothing"])
        for each in known.in_force.policy.purpose_lock
    ]
    found = checks.marks(with_policy(known, purpose_lock=locks))
    assert {mark.state for mark in found if mark.table == "purpose_lock"} == {State.BROKEN}


def test_a_cookie_that_the_software_tried_to_set_breaks_the_promise_of_the_register() -> None:
    assert mark_of("cookies", facts()).state is State.KEPT
    broken = mark_of("cookies", facts(refused_cookies={"tracker": 2}))
    assert (broken.state, dict(broken.facts)) == (State.BROKEN, {"names": "tracker"})


def test_a_person_below_the_lowest_age_breaks_the_promise_to_refuse() -> None:
    known = facts("learnifier")
    minors = msgspec.structs.replace(known.in_force.policy.minors, policy="refuse")
    refusing = with_policy(known, minors=minors)
    assert mark_of("minors", refusing).state is State.KEPT
    assert mark_of("minors", replace(refusing, people_too_young=1)).state is State.BROKEN
    assert mark_of("minors", replace(refusing, people_with_birth_day=0)).state is State.UNCHECKED


@pytest.mark.parametrize(
    ("name", "wall"),
    [
        ("row-security", replace(WALL, bypasses_row_security=True)),
        ("row-security", replace(WALL, open_tables=("desk_enquiry",))),
        ("least-privilege", replace(WALL, owns_tables=1)),
        ("audit-log", replace(WALL, audit_can_change=True)),
    ],
)
def test_a_hole_in_a_wall_is_found(name: str, wall: Wall) -> None:
    measure = MEASURES[name]
    assert measure(Installation(WALL, 0, 0)).ok is True
    found = measure(Installation(wall, 0, 0))
    assert found.ok is False
    assert found.said


def test_a_database_that_listens_outside_asks_for_a_firewall() -> None:
    open_wide = Installation(replace(WALL, listens_on="*"), 0, 0)
    assert MEASURES["closed-ports"](open_wide).ok is None


def test_staff_without_a_second_factor_break_the_promise_outside_the_demo(settings: Any) -> None:
    settings.DEMO = False
    measure = MEASURES["second-factor"]
    assert measure(Installation(WALL, 2, 0)).ok is True
    assert measure(Installation(WALL, 2, 1)).ok is False


def test_a_check_that_this_release_lacks_is_said() -> None:
    known = facts()
    security = [msgspec.structs.replace(known.in_force.policy.security[0], check="moat")]
    found = mark_of("security.transport", with_policy(known, security=security))
    assert (found.state, dict(found.facts)) == (State.BROKEN, {"check": "moat"})


def test_the_checks_that_a_policy_may_name_are_those_of_the_release() -> None:
    assert set(vocabulary.CHECKS) == set(MEASURES)
