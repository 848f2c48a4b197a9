"""Numbers and dates in the five languages."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from skola.ground.ui import formats

DAY = date(2027, 3, 14)
EVENING = datetime(2027, 3, 14, 22, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def riga() -> Iterator[None]:
    with timezone.override("Europe/Riga"), translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "14 March 2027"),
        ("lv", "2027. gada 14. marts"),
        ("lt", "2027 m. kovo 14 d."),
        ("et", "14. märts 2027"),
        ("sv", "14 mars 2027"),
    ],
)
def test_a_day_is_written_as_each_language_does(language: str, written: str) -> None:
    with translation.override(language):
        assert formats.day(DAY) == written


def test_a_moment_is_told_in_the_readers_zone() -> None:
    assert formats.moment(EVENING) == "15 March 2027, 00:30"
    assert formats.day(EVENING) == "15 March 2027"
    assert formats.iso(EVENING) == "2027-03-15T00:30+02:00"


def test_a_moment_without_a_zone_is_told_as_it_stands() -> None:
    assert formats.hour(EVENING.replace(tzinfo=None)) == "22:30"


def test_days_have_short_and_long_forms() -> None:
    assert formats.short_day(DAY) == "14 Mar 2027"
    assert formats.weekday(DAY) == "Sunday, 14 March 2027"
    assert formats.iso(DAY) == "2027-03-14"


def test_what_is_missing_is_written_as_nothing() -> None:
    filters = ("day", "short_day", "moment", "hour", "weekday", "iso", "number", "percent")
    assert {formats.FILTERS[name](None) for name in filters} == {""}
    assert (formats.money(None), formats.size(None), formats.span(None)) == ("", "", "")


def test_numbers_carry_the_separators_of_the_language() -> None:
    assert formats.number(Decimal("1234.5")) == "1,234.5"
    assert formats.percent(0.5) == "50%"
    assert formats.money(123450) == "€1,234.50"
    with translation.override("lv"):
        assert formats.number(1234.5) == "1\xa0234,5"


@pytest.mark.parametrize(
    ("count", "written"),
    [(1, "1 byte"), (1023, "1,023 bytes"), (1024, "1 KiB"), (1536, "1.5 KiB"), (2**31, "2 GiB")],
)
def test_sizes_use_the_largest_unit_that_fits(count: int, written: str) -> None:
    assert formats.size(count) == written


def test_spans_and_distances_are_told_in_words() -> None:
    assert formats.span(timedelta(days=14)) == "2 weeks"
    assert formats.days_left(DAY, date(2027, 3, 5)) == "in 9 days"
    assert formats.days_left(DAY, date(2027, 3, 17)) == "3 days ago"
    assert formats.days_left(DAY, DAY) == "today"


def test_names_are_listed_as_a_sentence_lists_them() -> None:
    assert formats.listing(["a", "b", "c"]) == "a, b and c"


def test_countries_and_languages_are_called_as_the_reader_calls_them() -> None:
    with translation.override("lv"):
        assert [formats.country(one) for one in ("EE", "us", "EEA", "")] == [
            "Igaunija",
            "Amerikas Savienotās Valstis",
            "EEA",
            "",
        ]
        assert formats.language("sv") == "zviedru"
    with translation.override("en"):
        assert formats.country("EE") == "Estonia"
