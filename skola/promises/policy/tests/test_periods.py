"""Periods: the vectors of the model, and the laws that hold for every date and amount."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.promises.policy.periods import (
    BadPeriodError,
    OutsideCalendarError,
    Period,
    Unit,
    Word,
    compare,
    deadline,
    due,
    is_working_day,
    last_day,
    parse,
    parse_term,
)
from skola.promises.policy.tests import freeze_calendars

ZONES = {
    "EE": ZoneInfo("Europe/Tallinn"),
    "LT": ZoneInfo("Europe/Vilnius"),
    "LV": ZoneInfo("Europe/Riga"),
    "SE": ZoneInfo("Europe/Stockholm"),
}
RIGA = ZONES["LV"]

moments = st.datetimes(
    datetime.fromisoformat("2014-01-01"),
    datetime.fromisoformat("2038-12-31"),
    timezones=st.just(UTC),
)
countries = st.sampled_from(sorted(ZONES))
any_units = st.sampled_from([unit for unit in Unit if unit is not Unit.WORKING_DAY])
day_units = st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR])


@pytest.mark.parametrize(
    ("country", "received", "term", "ends_on"),
    [
        ("LV", "2026-01-31", "1 month", "2026-03-02"),
        ("EE", "2028-01-31", "1 month", "2028-02-29"),
        ("LV", "2026-10-18", "1 month", "2026-11-19"),
        ("LV", "2026-10-18", "30 days", "2026-11-17"),
        ("LT", "2026-11-24", "1 month", "2026-12-28"),
        ("EE", "2026-01-24", "1 month", "2026-02-25"),
        ("SE", "2026-12-01", "30 working days", "2027-01-15"),
    ],
)
def test_the_law_s_last_day(country: str, received: str, term: str, ends_on: str) -> None:
    at_noon = datetime.combine(date.fromisoformat(received), time(12), ZONES[country])

    found = deadline(at_noon, parse(term), ZONES[country], country)

    assert found.limit_on == date.fromisoformat(ends_on)


def test_a_leap_day_plus_a_year_ends_with_february() -> None:
    assert last_day(date(2024, 2, 29), parse("1 year")) == date(2025, 2, 28)


def test_months_are_counted_from_the_anchor_at_once() -> None:
    assert last_day(date(2026, 1, 31), parse("2 months")) == date(2026, 3, 31)


def test_one_day_after_an_afternoon_ends_at_the_midnight_after_the_next_day() -> None:
    called = datetime(2026, 3, 3, 14, tzinfo=RIGA)

    assert due(called, parse("1 day"), RIGA) == datetime(2026, 3, 5, tzinfo=RIGA)


def test_the_target_stays_where_the_limit_rolls() -> None:
    found = deadline(datetime(2026, 1, 31, 9, tzinfo=RIGA), parse("1 month"), RIGA, "LV")

    assert (found.target_on, found.limit_on) == (date(2026, 2, 28), date(2026, 3, 2))
    assert found.limit == datetime(2026, 3, 3, tzinfo=RIGA)


def test_hours_are_literal_even_where_the_clocks_change() -> None:
    before_the_change = datetime(2026, 3, 29, 2, 30, tzinfo=RIGA)

    assert due(before_the_change, parse("2 hours"), RIGA) - before_the_change.astimezone(
        UTC
    ) == timedelta(hours=2)


def test_a_breach_on_friday_is_reported_within_72_hours_not_on_the_next_working_day() -> None:
    friday = datetime(2026, 1, 2, 18, tzinfo=RIGA)

    found = deadline(friday, parse("72 hours"), RIGA, "LV")

    assert found.target == found.limit == friday + timedelta(hours=72)


def test_a_moment_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        due(datetime.fromisoformat("2026-01-01"), parse("1 day"), RIGA)


# ---- laws L11 and L12 ----


@given(moments, moments, day_units, st.integers(1, 140), countries)
def test_a_later_anchor_is_never_due_earlier(
    one: datetime, other: datetime, unit: Unit, amount: int, country: str
) -> None:
    period = Period(amount, unit)
    first, second = sorted((one, other))

    assert due(first, period, ZONES[country]) <= due(second, period, ZONES[country])


@given(moments, day_units, st.integers(1, 139), countries)
def test_a_longer_period_is_due_later(
    anchor: datetime, unit: Unit, amount: int, country: str
) -> None:
    zone = ZONES[country]

    assert due(anchor, Period(amount, unit), zone) < due(anchor, Period(amount + 1, unit), zone)


@given(moments, day_units, st.integers(1, 140), countries)
def test_due_is_a_local_midnight_strictly_after_the_anchor(
    anchor: datetime, unit: Unit, amount: int, country: str
) -> None:
    moment = due(anchor, Period(amount, unit), ZONES[country])

    assert moment > anchor
    assert moment.astimezone(ZONES[country]).time() == time()


@given(moments, st.integers(1, 60), countries)
def test_working_days_are_due_on_the_midnight_after_a_working_day(
    anchor: datetime, amount: int, country: str
) -> None:
    zone = ZONES[country]
    moment = due(anchor, Period(amount, Unit.WORKING_DAY), zone, country)

    assert moment < due(anchor, Period(amount + 1, Unit.WORKING_DAY), zone, country)
    last = moment.astimezone(zone).date() - timedelta(days=1)
    assert is_working_day(last, country)
    first = anchor.astimezone(zone).date()
    between = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert sum(is_working_day(day, country) for day in between) == amount


@given(moments, st.sampled_from(list(Unit)), st.integers(1, 20), countries)
def test_the_limit_is_never_before_the_target_nor_the_bound(
    anchor: datetime, unit: Unit, amount: int, country: str
) -> None:
    if unit is Unit.YEAR:
        amount = 1
    period = Period(amount, unit)
    found = deadline(anchor, period, ZONES[country], country)

    assert found.target == due(anchor, period, ZONES[country], country)
    assert found.target <= found.limit
    assert found.target_on <= found.limit_on


@given(moments, moments, any_units, st.integers(1, 12), any_units, st.integers(1, 12))
def test_compare_says_longer_only_of_what_always_ends_later(
    anchor: datetime, other: datetime, unit: Unit, amount: int, unit2: Unit, amount2: int
) -> None:
    one, two = Period(amount, unit), Period(amount2, unit2)
    found = compare(one, two)

    for start in (anchor, other):
        left, right = due(start, one, RIGA), due(start, two, RIGA)
        if found == 0:
            assert left == right
        elif found == 1:
            assert left >= right
        elif found == -1:
            assert left <= right


# ---- words ----


@given(st.integers(1, 150), st.sampled_from(list(Unit)))
def test_a_period_reads_what_it_writes(amount: int, unit: Unit) -> None:
    assert parse(str(Period(amount, unit))) == Period(amount, unit)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("soon", "a term without a number"),
        ("", "the term is empty"),
        ("as long as needed", "a term without a number"),
        ("14", "is not a period"),
        ("14 dayz", "no unit"),
        ("3 m", 'write "3 months"'),
        ("30 business days", 'write "30 working days"'),
        ("at least 1 month", 'write "1 month"'),
        ("0 days", "no time at all"),
        ("900 years", "longer than 150 years"),
        ("-3 days", "is not a period"),
        ("1.5 years", "is not a period"),
        ("٣ days", "without a number"),
    ],
)
def test_what_is_no_period_is_refused_with_a_remedy(text: str, message: str) -> None:
    with pytest.raises(BadPeriodError, match=message):
        parse(text)


def test_words_stand_only_where_they_are_allowed() -> None:
    assert parse_term("law", words=frozenset({Word.LAW})) is Word.LAW
    with pytest.raises(BadPeriodError, match="without a number"):
        parse_term("session", words=frozenset({Word.LAW}))


@given(st.text())
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    try:
        period = parse(text)
    except BadPeriodError:
        return
    assert parse(str(period)) == period


# ---- calendars ----


def test_the_frozen_tables_are_those_of_the_holidays_package() -> None:
    recent = range(2024, 2028)
    frozen = freeze_calendars.FILE.read_text(encoding="utf-8")

    for country in sorted(ZONES):
        for year in recent:
            days = freeze_calendars.weekday_holidays(country, year)
            assert f'"{year}": {str(days).replace(chr(39), chr(34))}' in frozen


def test_latvian_moved_working_days_are_no_holidays() -> None:
    assert is_working_day(date(2026, 1, 2), "LV")


def test_a_year_without_table_is_refused() -> None:
    with pytest.raises(OutsideCalendarError, match="from 2014 to 2040, not for 2041"):
        is_working_day(date(2041, 1, 1), "EE")


def test_a_country_without_table_is_refused() -> None:
    with pytest.raises(OutsideCalendarError, match="no working-day table"):
        is_working_day(date(2026, 1, 1), "FI")


def test_the_first_and_the_last_year_of_the_tables_are_known() -> None:
    assert is_working_day(date(2014, 1, 2), "EE")
    assert is_working_day(date(2040, 12, 28), "EE")
    with pytest.raises(OutsideCalendarError, match="not for 2013"):
        is_working_day(date(2013, 12, 31), "EE")


# ---- edges ----


@pytest.mark.parametrize(
    ("text", "shortest", "longest"),
    [
        ("1 minute", 1 / 1440, 1 / 1440),
        ("36 hours", 1.5, 1.5),
        ("3 days", 3, 3),
        ("5 working days", 5, 21),
        ("2 weeks", 14, 14),
        ("1 month", 28, 31),
        ("13 months", 393, 403),
        ("23 months", 673, 713),
        ("24 months", 730, 744),
        ("2 years", 730, 732),
    ],
)
def test_how_long_a_period_can_last(text: str, shortest: float, longest: float) -> None:
    found = parse(text)
    assert (found.shortest_days, found.longest_days) == (shortest, longest)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("12 months", "1 year", 0),
        ("13 months", "1 year", 1),
        ("11 months", "1 year", -1),
        ("1 week", "7 days", 0),
        ("1 week", "8 days", -1),
        ("6 days", "1 week", -1),
        ("8 days", "1 week", 1),
        ("3 days", "4 days", -1),
        ("4 days", "3 days", 1),
        ("1 month", "27 days", 1),
        ("1 month", "28 days", None),
        ("1 month", "31 days", None),
        ("1 month", "32 days", -1),
        ("60 minutes", "1 hour", 0),
        ("61 minutes", "1 hour", 1),
        ("23 hours", "1 day", -1),
        ("1381 minutes", "1 day", None),
        ("24 hours", "1 day", None),
        ("48 hours", "1 day", None),
        ("49 hours", "1 day", 1),
        ("1 day", "49 hours", -1),
        ("1 day", "24 hours", None),
    ],
)
def test_periods_compare_at_their_edges(one: str, other: str, found: int | None) -> None:
    assert compare(parse(one), parse(other)) == found


def test_words_compare_as_shorter_than_any_period() -> None:
    once, session, hour = Word.AT_ONCE, Word.SESSION, parse("1 hour")
    assert [compare(once, session), compare(session, once)] == [-1, 1]
    assert [compare(session, hour), compare(hour, session)] == [-1, 1]
    assert compare(once, once) == 0
    assert compare(Word.LAW, hour) is None
    assert compare(hour, Word.LAW) is None


def test_the_longest_period_is_a_hundred_and_fifty_years_in_any_unit() -> None:
    assert parse("54900 days").amount == 54_900
    with pytest.raises(BadPeriodError, match="longer than 150 years"):
        parse("54901 days")
    assert parse("1 minute") == Period(1, Unit.MINUTE)


def test_weeks_are_counted_and_written() -> None:
    assert last_day(date(2026, 1, 1), parse("2 weeks")) == date(2026, 1, 15)
    assert [str(Period(amount, Unit.WEEK)) for amount in (1, 2)] == ["1 week", "2 weeks"]


def test_minutes_are_literal() -> None:
    begin = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert due(begin, parse("90 minutes"), RIGA) == datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
    found = deadline(begin, parse("90 minutes"), RIGA, "LV")
    assert found.target_on == found.limit_on == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 d", 'write "1 day"'),
        ("2 days long", 'write "2 days"'),
        ("5 minute past", 'write "5 minutes"'),
    ],
)
def test_the_remedy_is_spelt_out(text: str, message: str) -> None:
    with pytest.raises(BadPeriodError, match=message):
        parse(text)


def test_a_term_says_what_else_could_stand_there() -> None:
    with pytest.raises(BadPeriodError, match='or "law"'):
        parse_term("soon", words=frozenset({Word.LAW}))
    with pytest.raises(BadPeriodError, match=r'"14 days"$'):
        parse_term("soon")


def test_hours_have_no_last_day() -> None:
    with pytest.raises(BadPeriodError, match="in moments"):
        last_day(date(2026, 1, 1), parse("2 hours"))
