"""What the words of a policy mean, as floors and ceilings."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.ground.db.purposes import CLAIMS
from skola.promises.policy.periods import Period, Unit, deadline, due
from skola.promises.policy.schema import Policy
from skola.promises.retention.rules import Action, Due, FloorClass
from skola.promises.retention.terms import (
    ERASURE,
    GRANTED,
    HOLD,
    AfterEvents,
    AfterStates,
    Known,
    Promises,
    WhenErased,
    WhileStates,
    due_of,
    may_read,
    moments,
    promises_of,
    rules_for,
)
from skola.promises.retention.tests import make, oracle
from skola.promises.retention.tests.make import at

ZONES = [ZoneInfo(f"Europe/{city}") for city in ("Riga", "Vilnius", "Tallinn", "Stockholm")]
anchors = st.builds(
    lambda minutes, zone: at("2016-01-01").astimezone(zone) + timedelta(minutes=minutes),
    st.integers(0, 19 * 365 * 24 * 60),
    st.sampled_from([UTC, *ZONES]),
)
periods = st.one_of(
    st.builds(Period, st.integers(1, 40), st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH])),
    st.builds(Period, st.integers(1, 4), st.just(Unit.YEAR)),
    st.builds(Period, st.integers(1, 60), st.just(Unit.WORKING_DAY)),
)


def the_end(promises: Promises, known: Known, category: str = "preferences") -> datetime | None:
    found = due_of(rules_for(promises, category), known, promises)
    return found.at if found else None


def known(**events: str) -> Known:
    """What is known when these events, ``record_created``, happened on these days."""
    told = {"record_created": "2026-03-03 14:00", **events}
    return Known({name.replace("_", ".", 1): at(day) for name, day in told.items()})


@given(anchors, periods, st.sampled_from(ZONES))
def test_l11_a_term_ends_at_a_local_midnight_after_its_beginning(
    anchor: datetime, period: Period, zone: ZoneInfo
) -> None:
    end = due(anchor, period, zone, "LV").astimezone(zone)
    assert end > anchor
    assert (end.hour, end.minute, end.second, end.microsecond) == (0, 0, 0, 0)
    assert end == oracle.day_after_term(anchor, period, zone, "LV")


@given(anchors, anchors, periods, st.sampled_from(ZONES))
def test_l11_who_begins_later_ends_no_earlier(
    one: datetime, other: datetime, period: Period, zone: ZoneInfo
) -> None:
    first, second = sorted([one, other])
    assert due(first, period, zone, "LV") <= due(second, period, zone, "LV")


@given(anchors, periods, st.integers(1, 10), st.sampled_from(ZONES))
def test_l11_a_longer_term_ends_no_earlier(
    anchor: datetime, period: Period, more: int, zone: ZoneInfo
) -> None:
    longer = Period(period.amount + more, period.unit)
    assert due(anchor, period, zone, "LV") <= due(anchor, longer, zone, "LV")


@given(anchors, periods, st.sampled_from(ZONES))
def test_l12_a_deadline_may_roll_and_its_target_does_not(
    anchor: datetime, period: Period, zone: ZoneInfo
) -> None:
    found = deadline(anchor, period, zone, "LV")
    assert found.target == due(anchor, period, zone, "LV") <= found.limit


@given(anchors, periods)
def test_l13_floor_and_ceiling_of_one_clause_coincide(anchor: datetime, period: Period) -> None:
    term = {"period": str(period), "after": "record.created"}
    both = make.promises(make.rule(at_least={**term, "class": "contest"}, at_most=term))
    floors, ceilings = moments(
        rules_for(both, "preferences"), Known({"record.created": anchor}), both
    )
    ends = [ceiling.at for ceiling in ceilings if ceiling.rule != ERASURE]
    assert [floor.until for floor in floors] == ends


def test_one_day_after_an_afternoon_ends_with_the_next_day() -> None:
    terms = make.promises(make.rule(at_most={"period": "1 day", "after": "record.created"}))
    assert the_end(terms, known()) == at("2026-03-05")


def test_the_latest_known_event_counts() -> None:
    after = {"latest": ["account.login", "account.last_action", "record.created"]}
    terms = make.promises(make.rule(at_most={"period": "1 month", "after": after}))
    assert the_end(terms, known()) == at("2026-04-04")
    assert the_end(terms, known(account_login="2026-05-01")) == at("2026-06-02")


def test_an_unanchored_ceiling_does_not_run() -> None:
    terms = make.promises(make.rule(at_most={"period": "1 week", "after": "claim.closed"}))
    assert the_end(terms, known()) is None


@pytest.mark.parametrize(("pending", "end"), [(True, None), (False, at("2026-03-05"))])
def test_a_floor_stands_before_its_event_unless_told_otherwise(
    pending: bool, end: datetime | None
) -> None:
    floor = {"period": "1 year", "after": "invoice.issued", "class": "hard", "pending": pending}
    ceiling = {"period": "1 day", "after": "record.created"}
    terms = make.promises(make.rule(at_least=floor, at_most=ceiling))
    assert the_end(terms, known()) == end


def test_keep_while_any_purpose_lives_ends_within_a_day_of_the_last() -> None:
    terms = make.promises(
        make.rule(keep_while="any purpose alive", then={"within": "1 day"}),
        purposes=(
            make.purpose(id="one", alive_while=["account.open"]),
            make.purpose(id="two", alive_while=["contract.open"]),
        ),
    )
    told = known().events
    alive = Known(told, opened=frozenset({"contract.open"}))
    ended = Known(told, ended={"contract.open": at("2026-05-01 10:00")})
    assert the_end(terms, alive) is None
    assert the_end(terms, ended) == at("2026-05-03")
    assert the_end(terms, Known(told)) == at("2026-03-05"), "none began: counted from the record"


def test_a_purpose_that_is_always_alive_keeps_only_until_a_ceiling() -> None:
    always = (make.purpose(alive_while=["always"]),)
    endless = make.promises(make.rule(keep_while="any purpose alive"), purposes=always)
    bounded = make.promises(
        make.rule(at_most={"period": "1 day", "after": "record.created", "yields_to": ["purpose"]}),
        purposes=always,
    )
    assert the_end(endless, known()) is None
    assert the_end(bounded, known()) == at("2026-03-05")


@pytest.mark.parametrize(
    ("basis", "given", "cls"),
    [
        ("legal-obligation", "", FloorClass.HARD),
        ("contract", "", FloorClass.CONTRACT),
        ("contract", "purpose", FloorClass.PURPOSE),
        ("consent", "", FloorClass.PURPOSE),
    ],
)
def test_a_purpose_is_a_floor_of_the_class_of_its_basis(
    basis: str, given: str, cls: FloorClass
) -> None:
    one = make.purpose(basis={"kind": basis, "art": "6"}, **{"class": given})
    terms = make.promises(
        make.rule(at_most={"period": "1 day", "after": "record.created"}), purposes=(one,)
    )
    assert [rule.cls for rule in rules_for(terms, "preferences") if rule.cls] == [cls]


def test_a_running_contract_keeps_from_a_ceiling_that_yields_to_it() -> None:
    ceiling = {"period": "1 year", "after": "record.created", "yields_to": ["contract"]}
    terms = make.promises(
        make.rule(at_most=ceiling),
        purposes=(
            make.purpose(basis={"kind": "contract", "art": "6"}, alive_while=["contract.open"]),
        ),
    )
    told = known().events
    assert the_end(terms, Known(told)) == at("2027-03-04")
    assert the_end(terms, Known(told, opened=frozenset({"contract.open"}))) is None
    over = Known(told, ended={"contract.open": at("2029-01-01")})
    assert the_end(terms, over) == at("2029-01-01")


def test_a_rule_concerns_only_parts_for_which_its_condition_holds() -> None:
    terms = make.promises(
        make.rule(
            only_if="minor.unverified", at_most={"period": "1 day", "after": "record.created"}
        )
    )
    told = known().events
    assert the_end(terms, Known(told)) is None
    met = Known(told, conditions=frozenset({"minor.unverified"}))
    assert the_end(terms, met) == at("2026-03-05")


def test_an_exception_puts_another_rule_in_place_of_this_one() -> None:
    terms = make.promises(
        make.rule(
            id="calls",
            categories=["call_recording"],
            at_most={"period": "3 months", "after": "record.created"},
            **{"except": {"linked_to": "contract.oral", "use": "oral"}},
        ),
        make.rule(
            id="oral",
            categories=["contract"],
            at_most={"period": "1 year", "after": "record.created"},
        ),
    )
    told = known().events
    assert the_end(terms, Known(told), "call_recording") == at("2026-06-04")
    oral = Known(told, conditions=frozenset({"contract.oral"}))
    assert the_end(terms, oral, "call_recording") == at("2027-03-04")


def test_a_backstop_yields_to_nothing_soft() -> None:
    terms = make.promises(
        make.rule(
            keep_while=["enquiry.open"], backstop={"period": "1 year", "after": "record.created"}
        )
    )
    waiting = Known(known().events, opened=frozenset({"enquiry.open"}))
    assert the_end(terms, waiting) == at("2027-03-04")


def test_at_once_is_at_once() -> None:
    terms = make.promises(make.rule(at_most={"period": "at once", "after": "consent.withdrawn"}))
    moment = "2026-04-01 09:30"
    assert the_end(terms, known(consent_withdrawn=moment)) == at(moment)


def test_a_restriction_ends_nothing() -> None:
    restricting = {"period": "1 day", "after": "record.created", "action": "restrict"}
    terms = make.promises(make.rule(at_most=restricting))
    assert [rule.id for rule in rules_for(terms, "preferences")] == [ERASURE]


def test_an_erasure_erases_what_the_policy_otherwise_only_restricts() -> None:
    restricting = {"period": "1 day", "after": "record.created", "action": "restrict"}
    terms = make.promises(make.rule(at_most=restricting))
    granted = Known({"record.created": MADE, GRANTED: MADE + timedelta(days=1)})
    found = due_of(rules_for(terms, "preferences"), granted, terms)
    assert found == Due(MADE + timedelta(days=1), Action.ERASE, ERASURE)


def test_the_financial_year_of_a_record_ends_with_the_calendar_year() -> None:
    terms = make.promises(make.rule(at_most={"period": "1 year", "after": "fiscal_year.end"}))
    assert the_end(terms, known()) == at("2028-01-01")


def test_terms_say_what_the_policy_says() -> None:
    terms = make.promises(
        make.rule(
            keep_while=["enquiry.open"],
            then={"action": "anonymise", "within": "2 weeks"},
            at_least={"while": "claim.open", "class": "claim"},
            at_most={"period": "1 year", "after": "record.created", "yields_to": ["claim"]},
        )
    )
    found = [(rule.term, rule.cls, rule.action) for rule in rules_for(terms, "preferences")]
    assert found == [
        (AfterStates(("enquiry.open",), Period(2, Unit.WEEK)), None, Action.ANONYMISE),
        (WhileStates(("enquiry.open",)), FloorClass.PURPOSE, Action.ERASE),
        (WhileStates(("claim.open",)), FloorClass.CLAIM, Action.ERASE),
        (AfterEvents(("record.created",), Period(1, Unit.YEAR)), None, Action.ERASE),
        (WhenErased(), None, Action.ANONYMISE),
    ]


HARD = {"period": "5 years", "after": "record.created", "class": "hard", "law": "accounting"}
MADE = at("2026-03-01")


@pytest.mark.parametrize(
    ("granted", "floor", "expected"),
    [
        (MADE + timedelta(days=1), {}, MADE + timedelta(days=1)),
        (MADE, {}, MADE),
        (MADE - timedelta(days=1), {}, at("2036-03-02")),
        (MADE + timedelta(days=1), HARD, at("2031-03-02")),
        (MADE + timedelta(days=1), {**HARD, "class": "contract"}, MADE + timedelta(days=1)),
    ],
)
def test_an_erasure_ends_what_was_there_and_yields_to_hard_floors_only(
    granted: datetime, floor: dict[str, str], expected: datetime
) -> None:
    term = {"period": "10 years", "after": "record.created", "yields_to": ["contract"]}
    terms = make.promises(make.rule(at_most=term, **({"at_least": floor} if floor else {})))
    facts = Known({"record.created": MADE, GRANTED: granted})
    assert the_end(terms, facts) == expected


def test_an_erasure_does_what_the_policy_does_at_the_end() -> None:
    kept = {"period": "1 year", "after": "record.created", "action": "anonymise"}
    terms = replace(make.promises(make.rule(at_most=kept)), erasure_clauses=("x-1",))
    rule = rules_for(terms, "preferences")[-1]
    assert (rule.id, rule.action, rule.clauses) == (ERASURE, Action.ANONYMISE, ("x-1",))


def test_a_setting_of_which_the_person_was_told_replaces_the_terms_and_not_the_backstop() -> None:
    promises = make.promises(
        make.rule(
            categories=["exam_video"],
            at_least={"period": "14 days", "after": "exam.finished", "class": "contest"},
            at_most={"period": "14 days", "after": "exam.finished", "yields_to": ["contest"]},
            backstop={"period": "6 months", "after": "record.created"},
            override={"by": "exam.setting", "needs": "notice before"},
        )
    )
    rules = rules_for(promises, "exam_video")
    made = make.at("2026-03-02 12:00")
    happened = {"record.created": made, "exam.finished": made}
    told = {**happened, "exam.setting": make.at("2026-04-02")}
    later = {**happened, "exam.setting": make.at("2027-01-01")}
    is_told = frozenset({"exam.setting"})

    ends = [
        due_of(rules, known, promises)
        for known in (
            Known(events=happened),
            Known(events=told, conditions=is_told),
            Known(events=told),
            Known(events=later, conditions=is_told),
        )
    ]

    assert [one and one.at for one in ends] == [
        make.at("2026-03-17"),
        make.at("2026-04-02"),
        make.at("2026-03-17"),
        make.at("2026-09-03"),
    ]


def test_a_setting_replaces_a_term_that_ends_with_the_backstop() -> None:
    half_a_year = {"period": "6 months", "after": "record.created"}
    promises = make.promises(
        make.rule(
            at_most={**half_a_year, "yields_to": ["contest"]},
            backstop=half_a_year,
            override={"by": "exam.setting", "needs": "notice before"},
        )
    )
    told = Known(known(exam_setting="2026-04-02").events, conditions=frozenset({"exam.setting"}))
    assert the_end(promises, told) == at("2026-04-02")


@pytest.mark.parametrize(
    ("cls", "name", "purposes"),
    [
        (FloorClass.CONTRACT, "serve", {"serve"}),
        (FloorClass.CONTRACT, "rule", {"serve"}),
        (FloorClass.PURPOSE, "rule", {"study"}),
        (FloorClass.CLAIM, "rule", {CLAIMS}),
        (FloorClass.HARD, "rule", set()),
        (FloorClass.HARD, f"{HOLD}lawsuit", {CLAIMS}),
    ],
)
def test_what_is_kept_for_a_reason_is_read_for_that_reason_only(
    cls: FloorClass, name: str, purposes: set[str]
) -> None:
    terms = make.promises(
        purposes=(
            make.purpose(id="serve", basis={"kind": "contract", "art": "6(1)(b)"}),
            make.purpose(id="study"),
            make.purpose(id="elsewhere", categories=["contract"]),
        )
    )
    assert may_read(terms, "preferences", cls, name) - {"rule"} == purposes


def test_what_a_version_says_of_its_changes_and_of_erasure_is_known(policy_file: Policy) -> None:
    (erasing,) = [right for right in policy_file.right if "erasure" in right.kinds]
    for lengthens, shortens in (("collected-after", "all-data"), ("all-data", "collected-after")):
        change = msgspec.structs.replace(
            policy_file.change, on_lengthen=lengthens, on_shorten=shortens
        )
        found = promises_of(msgspec.structs.replace(policy_file, change=change))
        assert found.lengthens_all is (lengthens == "all-data")
        assert found.shortens_new_only is (shortens == "collected-after")
        assert found.erasure_clauses == tuple(erasing.clause)
