"""Several versions of a policy: what each has to say about what was collected when.

Law L17, on random policies and random facts: before ``effective`` a new version changes nothing,
and after it nothing that was collected before ends later, unless its person is released or the law
demands it.
"""

import random
from dataclasses import replace
from datetime import datetime

import pytest

from conftest import sized
from skola.promises.policy.schema import Purpose
from skola.promises.retention.rules import NEVER, FloorClass, gone_at
from skola.promises.retention.terms import Known, Promises, due_of, moments, rules_for
from skola.promises.retention.tests import make
from skola.promises.retention.tests.make import at
from skola.promises.retention.tests.test_sql import CONDITIONS, EVENTS, STATES, World

CATEGORY = "preferences"
CREATED = "record.created"
FIRST, SECOND = at("2026-01-01"), at("2026-06-01")


def end(promises: Promises, known: Known) -> datetime:
    """When a part of which this is known has to be gone; NEVER where it has not."""
    found = due_of(rules_for(promises, CATEGORY), known, promises)
    return NEVER if found is None else found.at


def kept(period: str, effective: datetime = FIRST, **more: object) -> Promises:
    """A version that keeps data for a period after they were made."""
    rule = make.rule(at_most={"period": period, "after": CREATED, **more})
    return replace(make.promises(rule), effective=effective)


def after(old: Promises, new: Promises, **changes: object) -> Promises:
    """The second version, with the first before it."""
    return replace(new, earlier=old.every, **changes)  # type: ignore[arg-type]


def made(day: str, **more: object) -> Known:
    return Known({CREATED: at(day)}, **more)  # type: ignore[arg-type]


# ---- the promises of [change] --------------------------------------------------------------------


def test_a_longer_term_reaches_only_what_is_collected_after_it() -> None:
    promises = after(kept("1 year"), kept("3 years", SECOND))
    assert end(promises, made("2026-05-31")) == at("2027-06-01")
    assert end(promises, made("2026-06-01")) == at("2029-06-02")


def test_a_shorter_term_reaches_all_data_when_it_takes_effect_and_not_a_moment_before() -> None:
    promises = after(kept("3 years"), kept("1 month", SECOND))
    assert end(promises, made("2026-01-10")) == SECOND
    assert end(promises, made("2026-05-20")) == at("2026-06-21")
    assert end(promises, made("2026-07-01")) == at("2026-08-02")


def test_data_of_the_first_version_keep_its_promise_over_several_changes() -> None:
    second = after(kept("1 year"), kept("3 years", SECOND))
    third = after(second, kept("5 years", at("2026-09-01")))
    assert end(third, made("2026-05-31")) == at("2027-06-01")
    assert end(third, made("2026-08-31")) == at("2029-09-01")
    assert end(third, made("2026-09-01")) == at("2031-09-02")


def test_a_term_that_was_shorter_for_a_while_binds_what_was_collected_until_its_end() -> None:
    second = after(kept("3 years"), kept("1 year", SECOND))
    third = after(second, kept("3 years", at("2026-09-01")))
    assert end(third, made("2026-02-01")) == at("2027-02-02")
    assert end(third, made("2026-08-31")) == at("2027-09-01")
    assert end(third, made("2026-09-01")) == at("2029-09-02")


def test_who_accepted_the_longer_promise_has_it_from_then_on() -> None:
    promises = after(kept("1 year"), kept("3 years", SECOND))
    accepted = made("2026-01-10", released=((SECOND, at("2026-06-10")),))
    assert end(promises, accepted) == at("2029-01-11")


def test_what_had_ended_before_somebody_accepted_is_not_revived() -> None:
    promises = after(kept("1 month"), kept("3 years", SECOND))
    late = made("2026-05-20", released=((SECOND, at("2026-07-01")),))
    assert end(promises, late) == at("2026-06-21")
    for accepted in ("2026-05-25", "2026-06-21"):  # the last moment at which there is something
        early = made("2026-05-20", released=((SECOND, at(accepted)),))
        assert end(promises, early) == at("2029-05-21")


def test_acceptance_of_one_version_releases_from_no_later_one() -> None:
    second = after(kept("1 year"), kept("2 years", SECOND))
    third = after(second, kept("5 years", at("2026-09-01")))
    accepted = made("2026-01-10", released=((SECOND, at("2026-06-10")),))
    assert end(third, accepted) == at("2028-01-11")


def test_who_was_told_at_collection_that_longer_terms_reach_back_has_them() -> None:
    old = replace(kept("1 year"), lengthens_all=True)
    promises = after(old, kept("3 years", SECOND))
    assert end(promises, made("2026-01-10")) == at("2029-01-11")
    # what was promised to those before is not changed by what the new version says of itself
    promises = after(kept("1 year"), replace(kept("3 years", SECOND), lengthens_all=True))
    assert end(promises, made("2026-01-10")) == at("2027-01-11")


def test_a_shorter_term_for_new_data_only_leaves_old_data_their_longer_one() -> None:
    promises = after(kept("3 years"), replace(kept("1 month", SECOND), shortens_new_only=True))
    assert end(promises, made("2026-01-10")) == at("2029-01-11")
    assert end(promises, made("2026-06-01")) == at("2026-07-02")


def test_a_term_that_may_change_stays_where_the_next_is_for_new_data_only() -> None:
    old = replace(kept("3 years"), lengthens_all=True)
    promises = after(old, replace(kept("1 month", SECOND), shortens_new_only=True))
    assert end(promises, made("2026-01-10")) == at("2029-01-11")


def test_a_new_reason_to_keep_keeps_nothing_that_was_collected_without_it() -> None:
    old, new = kept("1 month"), kept("1 month", SECOND, yields_to=["contract"])
    contract = make.purpose(
        basis={"kind": "contract", "art": "6(1)(b)"}, alive_while=["contract.open"]
    )
    new = replace(new, purposes=(contract,))
    promises = after(old, new)
    running = {"opened": frozenset({"contract.open"})}
    assert end(promises, made("2026-05-20", **running)) == at("2026-06-21")
    assert end(promises, made("2026-06-20", **running)) == NEVER


@pytest.mark.parametrize(("first", "then"), [("60 days", "20 days"), ("20 days", "60 days")])
def test_of_two_duties_to_keep_the_shorter_one_keeps_old_data(first: str, then: str) -> None:
    def contestable(period: str, effective: datetime) -> Promises:
        rule = make.rule(
            at_most={"period": "1 month", "after": CREATED, "yields_to": ["contest"]},
            at_least={"period": period, "after": "enquiry.received", "class": "contest"},
        )
        return replace(make.promises(rule), effective=effective)

    promises = after(contestable(first, FIRST), contestable(then, SECOND))
    known = Known({CREATED: at("2026-04-15"), "enquiry.received": at("2026-05-20")})
    assert end(promises, known) == at("2026-06-10")


def test_a_new_law_keeps_from_its_day_on_and_revives_nothing() -> None:
    law: Purpose = make.purpose(
        id="law", basis={"kind": "legal-obligation", "art": "6(1)(c)"}, alive_while=["claim.open"]
    )
    promises = after(kept("1 month"), replace(kept("1 month", SECOND), purposes=(law,)))
    opened = {"opened": frozenset({"claim.open"})}
    assert end(promises, made("2026-04-01", **opened)) == at("2026-05-02")
    assert end(promises, made("2026-05-15", **opened)) == NEVER


def test_a_law_that_was_replaced_by_a_longer_one_kept_until_then() -> None:
    def lawful(period: str, effective: datetime) -> Promises:
        rule = make.rule(
            at_most={"period": "1 week", "after": CREATED},
            at_least={"period": period, "after": CREATED, "class": "hard"},
        )
        return replace(make.promises(rule), effective=effective)

    promises = after(lawful("3 months", FIRST), lawful("6 months", SECOND))
    assert end(promises, made("2026-01-10")) == at("2026-04-11")
    assert end(promises, made("2026-04-10")) == at("2026-10-11")


def test_a_law_that_was_repealed_keeps_until_then_and_no_longer() -> None:
    lawful = make.rule(
        at_most={"period": "1 week", "after": CREATED},
        at_least={"period": "3 years", "after": CREATED, "class": "hard"},
    )
    promises = after(make.promises(lawful), kept("1 week", SECOND))
    assert end(promises, made("2026-01-10")) == SECOND
    assert end(promises, made("2026-06-10")) == at("2026-06-18")


def test_versions_that_say_the_same_are_one() -> None:
    same = after(kept("1 year"), kept("1 year", SECOND))
    assert rules_for(same, CATEGORY) == rules_for(kept("1 year"), CATEGORY)


# ---- L17 on random worlds ------------------------------------------------------------------------


def random_known(world: World) -> Known:
    chance = world.chance
    states = chance.sample([one for one in STATES if one != "always"], 3)
    return Known(
        events={CREATED: world.moment()}
        | {one: world.moment() for one in chance.sample(EVENTS, 4)},
        opened=frozenset(states[:1]),
        ended={one: world.moment() for one in states[1:]},
        conditions=frozenset(chance.sample([one for one in CONDITIONS if one], 1)),
    )


@pytest.mark.parametrize("seed", range(sized(10, 60)))
def test_l17_nothing_changes_before_and_nothing_ends_later_after(seed: int) -> None:
    world = World(seed)
    shorter = longer_for_the_released = 0
    for _ in range(20):
        promises = _without_law(world.versions(world.chance.randint(2, 4)))
        *before, newest = promises.every
        old = replace(before[-1], earlier=tuple(before[:-1]))
        for _ in range(10):
            known = random_known(world)
            created = known.events[CREATED]
            was, becomes = max(end(old, known), created), max(end(promises, known), created)
            if min(was, becomes) < newest.effective:
                assert was == becomes
            told_so = before[-1].lengthens_all or newest.shortens_new_only
            if created < newest.effective and not told_so:
                assert becomes <= was
                shorter += becomes < was
            freed = replace(known, released=((newest.effective, newest.effective),))
            released = max(end(promises, freed), created)
            if min(was, released) < newest.effective:
                assert was == released
            longer_for_the_released += released > becomes
    assert shorter + longer_for_the_released > 0


def _without_law(promises: Promises) -> Promises:
    """The same without floors that are law, which are no promise and may grow."""

    def soft(one: Promises) -> Promises:
        rules = [
            rule
            if rule.at_least is None or rule.at_least.class_ != FloorClass.HARD
            else make.rule(id=rule.id, at_most={"period": "1 week", "after": CREATED})
            for rule in one.retention
        ]
        purposes = [each for each in one.purposes if each.basis.kind != "legal-obligation"]
        return replace(one, retention=tuple(rules), purposes=tuple(purposes))

    return replace(soft(promises), earlier=tuple(soft(one) for one in promises.earlier))


def test_every_sealed_part_has_a_reason_that_all_promises_know() -> None:
    chance = random.Random(7)
    for seed in range(sized(20, 80)):
        world = World(1000 + seed)
        promises = world.versions(3)
        known = random_known(world)
        floors, ceilings = moments(rules_for(promises, CATEGORY), known, promises)
        due = gone_at(floors, ceilings)
        passed = [one.at for one in ceilings if one.at < (due.at if due else NEVER)]
        for moment in chance.sample(passed, min(3, len(passed))):
            by = [one for one in ceilings if one.at <= moment]
            for version in {one.version for one in by}:
                mine = [one for one in by if one.version == version]
                assert any(
                    floor.stands_at(moment) and all(one.tolerates(floor) for one in mine)
                    for floor in floors
                    if floor.cls is FloorClass.HARD or floor.version == version
                )
