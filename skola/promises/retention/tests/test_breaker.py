"""A rule that would erase far more than foreseen erases nothing until somebody releases it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.ground.audit.models import Entry
from skola.ground.people.models import Person, Preferences
from skola.ground.tenants.api import Tenant
from skola.promises.retention import statements
from skola.promises.retention.actions import breakers
from skola.promises.retention.actions.breakers import NothingToReleaseError, release_rule
from skola.promises.retention.actions.forecasts import foresee
from skola.promises.retention.actions.holds import place_hold
from skola.promises.retention.actions.runs import release_all
from skola.promises.retention.actions.sweeps import sweep
from skola.promises.retention.allowances import FREELY, TIMES, Allowance
from skola.promises.retention.models import Breaker, Forecast, Sweep
from skola.promises.retention.tests import make
from skola.promises.retention.tests.conftest import SetTerms
from skola.promises.retention.tests.make import A_DAY, at

MONTH = {"period": "30 days", "after": "record.created"}
GOES = at("2026-04-02")
MANY = FREELY + 15


@pytest.fixture
def term(terms: SetTerms) -> None:
    terms(make.rule(at_most=MONTH))


def fill(number: int, made_at: datetime) -> None:
    """Rows that go a month after they were made."""
    for _ in range(number):
        Preferences.objects.create(person=make.person(made_at), created_at=made_at)


def erased() -> int:
    return sum(entry.detail["count"] for entry in Entry.objects.filter(kind="retention.swept"))


def test_a_version_that_would_erase_forty_in_a_hundred_erases_none(
    terms: SetTerms, now: datetime
) -> None:
    terms(make.rule(at_most={"period": "1 year", "after": "record.created"}))
    fill(2 * MANY, now)
    fill(3 * MANY, now + 20 * A_DAY)
    foresee(now=GOES - A_DAY)
    sweep(now=GOES - A_DAY)

    terms(make.rule(at_most=MONTH))
    report = sweep(now=GOES)

    assert [(one.rule, one.due, one.allowed) for one in report.refused] == [
        ("rule", 2 * MANY, FREELY)
    ]
    assert (Preferences.objects.count(), erased()) == (5 * MANY, 0)
    breaker = Breaker.objects.get()
    assert (breaker.due, breaker.foreseen, breaker.released_at) == (2 * MANY, 0, None)
    assert Entry.objects.get(kind="retention.breaker.tripped").detail == {
        "rule": "rule",
        "due": 2 * MANY,
        "allowed": FREELY,
        "foreseen": 0,
    }


def test_it_stays_stopped_on_the_next_days_and_is_told_once(term: None, now: datetime) -> None:
    fill(MANY, now)

    for day in range(3):
        sweep(now=GOES + day * A_DAY)
        foresee(now=GOES + day * A_DAY)

    assert erased() == 0
    assert Breaker.objects.count() == 1
    assert Entry.objects.filter(kind="retention.breaker.tripped").count() == 1
    last = Sweep.objects.order_by("-swept_at")[0]
    assert last.refused == [{"rule": "rule", "due": MANY, "allowed": FREELY}]
    assert [(one["rule"], one["count"]) for one in last.overdue] == [("rule", MANY)]


def test_released_it_goes_at_once_and_the_audit_says_who_and_how_much(
    term: None, now: datetime
) -> None:
    fill(MANY, now)
    sweep(now=GOES)

    release_rule("rule", reason="An import of last year.", by="officer", now=GOES)
    report = sweep(now=GOES + timedelta(minutes=15))

    assert (report.erased, report.refused, erased()) == (MANY, (), MANY)
    entry = Entry.objects.get(kind="retention.breaker.released")
    assert (entry.by, entry.detail) == ("officer", {"rule": "rule", "due": MANY})
    with pytest.raises(NothingToReleaseError):
        release_rule("rule", reason="again", by="officer", now=GOES)


def test_a_release_covers_what_was_due_then_and_no_more(term: None, now: datetime) -> None:
    fill(MANY, now)
    sweep(now=GOES)
    release_rule("rule", reason="right", by="officer", now=GOES)
    fill(FREELY + 1, now)

    sweep(now=GOES)

    assert erased() == 0
    release_rule("rule", reason="these, too", by="officer", now=GOES)
    sweep(now=GOES)
    assert (erased(), Preferences.objects.count()) == (MANY + FREELY + 1, 0)


def test_a_release_is_forgotten_after_a_day(term: None, now: datetime) -> None:
    fill(MANY, now)
    sweep(now=GOES)
    release_rule("rule", reason="right", by="officer", now=GOES)

    sweep(now=GOES + A_DAY)

    assert erased() == 0


@pytest.mark.parametrize(("foreseen", "goes"), [(20, True), (19, False)])
def test_twice_the_forecast_goes_and_one_more_does_not(
    term: None, now: datetime, foreseen: int, goes: bool
) -> None:
    fill(40, now)
    make.foresee("rule", foreseen, GOES)

    sweep(now=GOES)

    assert erased() == (40 if goes else 0)


def test_what_went_earlier_that_day_counts(term: None, now: datetime) -> None:
    fill(20, now)
    sweep(now=GOES)
    fill(20, now)

    sweep(now=GOES + timedelta(hours=1))

    assert (erased(), Preferences.objects.count()) == (20, 20)
    sweep(now=GOES + A_DAY)
    assert erased() == 40
    assert Breaker.objects.get().ended_at == GOES + A_DAY


def test_the_other_rules_go_on(terms: SetTerms, now: datetime) -> None:
    terms(
        make.rule(at_most=MONTH),
        make.rule(id="contact", categories=["contact"], at_most=MONTH),
    )
    fill(MANY, now)
    Person.objects.exclude(pk=Person.objects.first().pk).update(created_at=now + 9 * A_DAY)  # type: ignore[union-attr]

    report = sweep(now=GOES)

    assert [one.rule for one in report.refused] == ["rule"]
    assert [(line.rule, line.count) for line in report.lines] == [("contact", 1)]


def test_what_comes_due_while_the_sweep_runs_stays_within_the_allowance(
    term: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(20, now)
    plain = breakers.is_surely_within

    def and_then_more(*asked: object) -> bool:
        answer: bool = plain(*asked)  # type: ignore[arg-type]
        fill(20, now)
        Preferences.objects.filter(due_at=None).exists()
        from skola.promises.retention.actions.clocks import clock_missing

        clock_missing(now=GOES)
        return answer

    monkeypatch.setattr(breakers, "is_surely_within", and_then_more)
    report = sweep(now=GOES, batch=10)

    assert erased() <= FREELY
    assert erased() == 40 - Preferences.objects.count()
    assert [one.rule for one in report.refused] == ["rule"]


def test_a_day_without_a_worker_leaves_its_forecast_to_the_next(term: None, now: datetime) -> None:
    sweep(now=now)
    fill(MANY, now)
    foresee(now=now + 29 * A_DAY)
    Sweep.objects.update(swept_at=now + 29 * A_DAY)

    assert sweep(now=GOES + 3 * A_DAY).erased == MANY


def test_the_forecast_of_yesterday_is_not_changed_today(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(at_most={"period": "1 year", "after": "record.created"}))
    fill(MANY, now)
    foresee(now=GOES - A_DAY)
    terms(make.rule(at_most=MONTH))

    foresee(now=GOES)
    sweep(now=GOES)

    assert erased() == 0
    assert not Forecast.objects.filter(is_yardstick=True, day__lte=GOES.date()).exists()


def test_a_forecast_tells_what_a_sweep_of_that_day_does(term: None, now: datetime) -> None:
    fill(3, now)
    fill(2, now + A_DAY)
    before = list(Preferences.objects.values_list("pk", flat=True))
    fill(1, now)
    place_hold(
        reason="a case",
        target=Preferences.objects.exclude(pk__in=before).get(),
        by="officer",
        now=now,
    )

    foresee(now=GOES - 2 * A_DAY)

    told = Forecast.objects.order_by("day").values_list("day", "count", "at_midnight", "table")
    first, second = GOES.astimezone(make.RIGA).date(), (GOES + A_DAY).astimezone(make.RIGA).date()
    assert list(told) == [
        (first, 3, 3, "people_preferences"),
        (second, 2, 2, "people_preferences"),
    ]
    assert sweep(now=GOES).erased == 3
    assert sweep(now=GOES + A_DAY).erased == 2


def test_the_first_sweep_of_brought_data_waits_and_one_release_lets_all_go(
    term: None, now: datetime
) -> None:
    fill(MANY, now)

    assert sweep(now=GOES, dry_run=True).refused != ()
    assert Breaker.objects.count() == 0
    release_all(reason="Brought from the old system.", by="skola sweep", now=GOES)
    assert sweep(now=GOES).erased == MANY
    assert release_all(reason="again", by="skola sweep", now=GOES) == []


def test_a_stopped_rule_reads_no_row_twice_for_ever(
    term: None, now: datetime, tenant: Tenant
) -> None:
    """Batches pass over what is stopped: the sweep ends."""
    fill(MANY, now)

    sweep(now=GOES, batch=7)

    assert Preferences.objects.count() == MANY
    assert statements.KIND not in set(Entry.objects.values_list("kind", flat=True))


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_foreseen_or_released_never_allows_less(
    foreseen: int, released: int, more: int
) -> None:
    plain = Allowance(foreseen, released)
    assert plain.limit >= max(FREELY, TIMES * foreseen)
    assert Allowance(foreseen + more, released).limit >= plain.limit
    assert Allowance(foreseen, released + more).limit == plain.limit + more
    assert Allowance(foreseen, released, plain.limit + more).left == 0


def test_all_of_a_kind_is_held_until_its_day(term: None, now: datetime) -> None:
    fill(3, now)
    place_hold(
        reason="A strike of post.",
        category="preferences",
        ends_at=GOES + 5 * A_DAY,
        by="officer",
        now=now,
    )

    assert sweep(now=GOES + 4 * A_DAY).erased == 0
    assert sweep(now=GOES + 5 * A_DAY).erased == 3
