from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.billing import rules
from skola.services.billing.rules import Line, Posting, Stage, Standing

TALLINN = ZoneInfo("Europe/Tallinn")
A_DAY = date(2026, 3, 2)
A_MOMENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

rates = st.sampled_from([Decimal("0"), Decimal("12"), Decimal("21"), Decimal("24"), Decimal("25")])
quantities = st.decimals("0.01", "9999.99", places=2)
lines = st.builds(Line, st.just("a thing"), quantities, st.integers(0, 10_000_00), rates)


def test_tax_is_counted_per_rate_and_not_per_line() -> None:
    three = [Line("a third of a cent", Decimal(1), 2, Decimal("21"))] * 3

    found = rules.totals(three)

    assert (found.net_cents, found.vat_cents, found.total_cents) == (6, 1, 7)


def test_half_a_cent_is_rounded_away_from_zero() -> None:
    assert [rules.rounded(Decimal(value)) for value in ("0.5", "-0.5", "1.4", "-1.4")] == [
        1,
        -1,
        1,
        -1,
    ]


@given(st.lists(lines, max_size=8))
def test_what_is_to_pay_is_net_and_tax(some: list[Line]) -> None:
    found = rules.totals(some)

    assert found.total_cents == found.net_cents + found.vat_cents
    assert found.net_cents == sum(line.net_cents for line in some)
    assert len({share.percent for share in found.shares}) == len(found.shares)


@given(st.lists(lines, max_size=8))
def test_a_credit_note_takes_back_exactly_what_was_billed(some: list[Line]) -> None:
    back = rules.totals(rules.reversed_lines(some))

    assert back.total_cents == -rules.totals(some).total_cents


@pytest.mark.parametrize(
    ("credited", "paid", "today", "found"),
    [
        (0, 0, date(2026, 3, 2), Standing.OPEN),
        (0, 40, date(2026, 3, 2), Standing.PART_PAID),
        (0, 40, date(2026, 3, 3), Standing.OVERDUE),
        (0, 100, date(2026, 3, 3), Standing.PAID),
        (100, 0, date(2026, 3, 3), Standing.CREDITED),
        (40, 60, date(2026, 3, 3), Standing.PAID),
        (100, 100, date(2026, 3, 3), Standing.OWED_BACK),
        (0, 101, date(2026, 3, 2), Standing.OWED_BACK),
    ],
)
def test_how_an_invoice_stands(credited: int, paid: int, today: date, found: Standing) -> None:
    assert (
        rules.standing(
            total_cents=100, credited_cents=credited, paid_cents=paid, due_on=A_DAY, today=today
        )
        is found
    )


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 10_000))
def test_only_what_is_not_settled_is_overdue(total: int, credited: int, paid: int) -> None:
    found = rules.standing(
        total_cents=total,
        credited_cents=credited,
        paid_cents=paid,
        due_on=A_DAY,
        today=date(2026, 3, 3),
    )

    assert (found is Standing.OVERDUE) is (credited + paid < total)


@pytest.mark.parametrize(
    ("issued", "end"),
    [
        (datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 12, 31, 21, 59, 59, tzinfo=UTC)),
        (
            datetime(2026, 12, 31, 21, 59, tzinfo=UTC),
            datetime(2026, 12, 31, 21, 59, 59, tzinfo=UTC),
        ),
        (datetime(2026, 12, 31, 22, 0, tzinfo=UTC), datetime(2027, 12, 31, 21, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_financial_year_ends_with_the_calendar_of_the_zone(
    issued: datetime, end: datetime
) -> None:
    assert rules.fiscal_year_end(issued, TALLINN) == end


@given(st.integers(0, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)))
def test_an_invoice_is_never_issued_after_its_financial_year(issued: datetime) -> None:
    end = rules.fiscal_year_end(issued, TALLINN)

    assert issued.replace(microsecond=0) <= end
    assert end.astimezone(TALLINN).year == issued.astimezone(TALLINN).year


@pytest.mark.parametrize(
    ("accepted", "closed", "starts", "found"),
    [
        (None, None, A_DAY, Stage.OFFERED),
        (None, A_MOMENT, A_DAY, Stage.DECLINED),
        (A_MOMENT, None, date(2026, 3, 3), Stage.COMING),
        (A_MOMENT, None, A_DAY, Stage.RUNNING),
        (A_MOMENT, A_MOMENT, A_DAY, Stage.ENDED),
    ],
)
def test_where_a_contract_stands(
    accepted: datetime | None, closed: datetime | None, starts: date, found: Stage
) -> None:
    assert (
        rules.stage(accepted_at=accepted, closed_at=closed, starts_on=starts, today=A_DAY) is found
    )


def test_a_contract_runs_through_its_last_day() -> None:
    assert not rules.over_on(A_DAY, A_DAY)
    assert rules.over_on(A_DAY, date(2026, 3, 3))
    assert not rules.over_on(None, date(9999, 1, 1))


postings = st.builds(
    Posting,
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.sampled_from(["invoice", "payment"]),
    st.text("0123456789", min_size=6, max_size=6),
    st.integers(-100_000, 100_000),
)


@given(st.lists(postings, max_size=12))
def test_a_statement_lists_every_posting_and_equals_the_ledger(some: list[Posting]) -> None:
    found = rules.statement(some)

    assert sorted(line.posting.cents for line in found) == sorted(one.cents for one in some)
    assert [line.posting.on for line in found] == sorted(one.on for one in some)
    assert (found[-1].balance_cents if found else 0) == sum(one.cents for one in some)
