"""The laws of the formal model, on random floors and ceilings."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from skola.promises.retention.rules import (
    LONG_AGO,
    NEVER,
    Action,
    Ceiling,
    Due,
    Floor,
    FloorClass,
    Stage,
    evaluate,
    gone_at,
    justifying,
    seal_of,
)
from skola.promises.retention.tests import oracle

START = datetime(2026, 1, 1, tzinfo=UTC)
SOFT = [cls for cls in FloorClass if cls is not FloorClass.HARD]


def day(number: int) -> datetime:
    return START + timedelta(days=number)


moments = st.integers(0, 30).map(day)
moments_or_never = st.one_of(moments, st.just(NEVER))
floors = st.builds(
    Floor,
    cls=st.sampled_from(FloorClass),
    until=moments_or_never,
    purpose=st.sampled_from(["", "a", "b"]),
    since=st.one_of(st.just(LONG_AGO), moments),
)
known_floors = floors.map(lambda floor: replace(floor, since=LONG_AGO))
ceilings = st.builds(
    Ceiling,
    at=moments_or_never,
    action=st.sampled_from(Action),
    yields=st.frozensets(st.sampled_from(SOFT)),
    rule=st.sampled_from(["r1", "r2", "r3"]),
)
some_floors = st.lists(floors, max_size=5)
some_ceilings = st.lists(ceilings, max_size=5)


def moment_of(due: Due | None) -> datetime:
    return NEVER if due is None else due.at


@given(some_floors, some_ceilings, st.randoms(use_true_random=False))
def test_l1_order_and_repetition_change_nothing(
    f: list[Floor], c: list[Ceiling], chance: random.Random
) -> None:
    f_again, c_again = f + f[:2], c + c[:2]
    chance.shuffle(f_again)
    chance.shuffle(c_again)
    assert gone_at(f_again, c_again) == gone_at(f, c)


@given(some_floors, some_ceilings, floors)
def test_l2_another_floor_never_brings_the_end_forward(
    f: list[Floor], c: list[Ceiling], more: Floor
) -> None:
    assert moment_of(gone_at([*f, more], c)) >= moment_of(gone_at(f, c))


@given(some_floors, some_ceilings, ceilings)
def test_l3_another_ceiling_never_puts_the_end_off(
    f: list[Floor], c: list[Ceiling], more: Ceiling
) -> None:
    assert moment_of(gone_at(f, [*c, more])) <= moment_of(gone_at(f, c))


@given(some_floors, some_ceilings, moments)
def test_l4_a_hard_floor_is_never_undercut(
    f: list[Floor], c: list[Ceiling], until: datetime
) -> None:
    assert moment_of(gone_at([*f, Floor(FloorClass.HARD, until)], c)) >= until


@given(some_floors, some_ceilings)
def test_l5_a_ceiling_without_a_tolerated_floor_is_never_overrun(
    f: list[Floor], c: list[Ceiling]
) -> None:
    for ceiling in c:
        if not any(ceiling.tolerates(one) and one.stands_at(ceiling.at) for one in f):
            assert moment_of(gone_at(f, c)) <= ceiling.at


@given(st.lists(known_floors, max_size=5), some_ceilings)
def test_l6_stages_only_advance_and_justifications_only_fall_away(
    f: list[Floor], c: list[Ceiling]
) -> None:
    order = list(Stage)
    states = [evaluate(f, c, day(number)) for number in range(35)]
    for earlier, later in pairwise(states):
        assert order.index(earlier.stage) <= order.index(later.stage)
        if earlier.stage is Stage.SEALED:
            assert later.floors <= earlier.floors


@given(st.lists(known_floors, max_size=5), some_ceilings, moments)
def test_l6_a_sealed_part_is_kept_for_its_standing_reasons_and_no_other(
    f: list[Floor], c: list[Ceiling], moment: datetime
) -> None:
    state, seal = evaluate(f, c, moment), seal_of(f, c)
    if state.stage is not Stage.SEALED:
        assert seal is None or moment < seal.at or state.stage is Stage.GONE
        return
    assert seal is not None
    assert seal.at <= moment
    standing = {reason for reason, until in seal.until.items() if until > moment}
    assert standing == {(floor.cls, floor.purpose) for floor in state.floors}


@given(some_floors, some_ceilings)
def test_a_part_that_is_never_sealed_goes_at_its_first_end(
    f: list[Floor], c: list[Ceiling]
) -> None:
    seal, due = seal_of(f, c), moment_of(gone_at(f, c))
    first = min((ceiling.at for ceiling in c), default=NEVER)
    if seal is None:
        assert due == first
    else:
        assert seal.at == first < due


@given(some_floors, some_ceilings, moments)
def test_l7_what_is_sealed_has_a_reason(f: list[Floor], c: list[Ceiling], moment: datetime) -> None:
    state = evaluate(f, c, moment)
    assert (state.stage is Stage.SEALED) == bool(state.floors)


@given(some_floors, some_ceilings, floors, st.integers(0, 10))
def test_l8_what_becomes_known_after_the_end_revives_nothing(
    f: list[Floor], c: list[Ceiling], more: Floor, days: int
) -> None:
    due = gone_at(f, c)
    if due is not None:
        late = replace(more, since=due.at + timedelta(seconds=1, days=days))
        assert gone_at([*f, late], c) == due
        assert evaluate([*f, late], c, late.since).stage is Stage.GONE


@given(some_floors, some_ceilings)
def test_the_plain_interpreter_agrees(f: list[Floor], c: list[Ceiling]) -> None:
    due = gone_at(f, c)
    assert (due.at if due else None) == oracle.end(f, c)


@given(some_floors, some_ceilings)
def test_the_strongest_action_passed_is_taken(f: list[Floor], c: list[Ceiling]) -> None:
    due = gone_at(f, c)
    if due is not None:
        assert due.action == max(one.action for one in c if one.at <= due.at)
        assert due.rule in {one.rule for one in c if one.at <= due.at}


def test_two_floors_of_which_no_single_one_suits_both_ceilings_keep_nothing() -> None:
    kept = [Floor(FloorClass.CONTRACT, day(30)), Floor(FloorClass.PURPOSE, day(30))]
    ends = [
        Ceiling(day(10), yields=frozenset({FloorClass.CONTRACT})),
        Ceiling(day(10), yields=frozenset({FloorClass.PURPOSE})),
    ]
    due = gone_at(kept, ends)
    assert due is not None
    assert due.at == day(10)


def test_without_a_ceiling_nothing_ends() -> None:
    assert gone_at([Floor(FloorClass.PURPOSE, day(1))], []) is None
    assert evaluate([], [], day(1)).stage is Stage.ACTIVE


def test_a_ceiling_counts_from_its_very_instant() -> None:
    ends = [Ceiling(day(10))]
    assert evaluate([], ends, day(10) - timedelta(microseconds=1)).stage is Stage.ACTIVE
    assert evaluate([], ends, day(10)).stage is Stage.GONE


def test_a_floor_ends_at_its_very_instant() -> None:
    kept = [Floor(FloorClass.HARD, day(10))]
    assert not justifying(kept, [], day(10))
    assert justifying(kept, [], day(10) - timedelta(microseconds=1))


def test_an_invoice_is_kept_exactly_as_long_as_the_law_says() -> None:
    kept, ends = [Floor(FloorClass.HARD, day(20))], [Ceiling(day(20), rule="invoices")]
    assert gone_at(kept, ends) == Due(day(20), Action.ERASE, "invoices")


def test_the_rule_is_the_one_that_the_floor_delayed() -> None:
    kept = [Floor(FloorClass.HARD, day(30))]
    ends = [Ceiling(day(20), rule="second"), Ceiling(day(10), rule="first")]
    assert gone_at(kept, ends) == Due(day(30), Action.ERASE, "first")


def test_a_floor_counts_from_the_very_instant_at_which_it_is_known() -> None:
    kept = Floor(FloorClass.CLAIM, day(10), since=day(3))
    assert kept.stands_at(day(3))
    assert not kept.stands_at(day(3) - timedelta(microseconds=1))


def test_a_ceiling_with_a_floor_seals_from_its_very_instant() -> None:
    kept, ends = [Floor(FloorClass.HARD, day(20))], [Ceiling(day(10))]
    assert evaluate(kept, ends, day(10)).stage is Stage.SEALED
    assert evaluate(kept, ends, day(10) - timedelta(microseconds=1)).stage is Stage.ACTIVE


def test_law_speaks_to_every_version_and_other_reasons_to_their_own() -> None:
    law, contract = (
        Floor(FloorClass.HARD, NEVER, version=1),
        Floor(FloorClass.CONTRACT, NEVER, version=1),
    )
    newest = Ceiling(day(10), yields=frozenset({FloorClass.CONTRACT}))
    assert newest.knows(law)
    assert not newest.knows(contract)
    assert newest.knows(replace(contract, version=0))
    assert justifying([law], [newest], day(10)) == {law}
    assert justifying([contract], [newest], day(10)) == set()
