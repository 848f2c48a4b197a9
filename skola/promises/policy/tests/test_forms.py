"""Periods in words, checked by native usage and, where it is complete, by the locale data."""

import pytest
from babel.units import format_unit

from skola.promises.policy.forms import CASES, LANGUAGES, in_words, unit_in_words
from skola.promises.policy.periods import Period, Unit, Word, parse


@pytest.mark.parametrize(
    ("term", "language", "words"),
    [
        ("3 months", "lv", "3 mēneši"),
        ("1 month", "lv", "1 mēnesis"),
        ("21 days", "lv", "21 diena"),
        ("11 days", "lv", "11 dienu"),
        ("10 years", "lt", "10 metų"),
        ("1 year", "lt", "1 metai"),
        ("2 years", "lt", "2 metai"),
        ("1 month", "et", "1 kuu"),
        ("3 months", "et", "3 kuud"),
        ("30 working days", "sv", "30 arbetsdagar"),
        ("30 working days", "et", "30 tööpäeva"),
        ("14 days", "en", "14 days"),
        ("1 day", "en", "1 day"),
    ],
)
def test_a_period_in_words(term: str, language: str, words: str) -> None:
    assert in_words(parse(term), language) == words


@pytest.mark.parametrize(
    ("term", "language", "case", "words"),
    [
        ("3 months", "lv", "accusative", "3 mēnešus"),
        ("3 months", "lv", "dative", "3 mēnešiem"),
        ("10 days", "lv", "dative", "10 dienām"),
        ("3 months", "lt", "genitive", "3 mėnesių"),
        ("3 months", "et", "genitive", "3 kuu"),
        ("3 months", "sv", "genitive", "3 månader"),
    ],
)
def test_a_period_in_a_case(term: str, language: str, case: str, words: str) -> None:
    assert in_words(parse(term), language, case) == words


def test_every_language_has_every_form_and_word() -> None:
    for language in LANGUAGES:
        for case in CASES:
            for unit in Unit:
                for amount in (1, 2, 10, 11, 21):
                    assert in_words(Period(amount, unit), language, case).strip()
        assert len({in_words(word, language) for word in Word}) == len(Word)


@pytest.mark.parametrize("language", ["en", "lv", "lt"])
@pytest.mark.parametrize("unit", [Unit.MINUTE, Unit.HOUR, Unit.DAY, Unit.WEEK, Unit.MONTH])
def test_plurals_are_those_of_the_locale_data(language: str, unit: Unit) -> None:
    for amount in (1, 2, 5, 10, 11, 12, 20, 21, 22, 101, 111, 121):
        ours = f"{amount} {unit_in_words(Period(amount, unit), language)}"
        assert ours == format_unit(amount, f"duration-{unit.value}", locale=language)
