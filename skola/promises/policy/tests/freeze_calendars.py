"""Make ``calendars.json`` anew: the weekdays that are public holidays, by country and year.

Run ``python -m skola.promises.policy.tests.freeze_calendars`` after the ``holidays`` package has
learned of a change, and review the difference like any other change of a promise: a deadline that
was computed earlier stays as it was stored.

Left out on purpose: weekends (no holiday is needed to make them free), and in Latvia the working
days that the cabinet moves each year ("Day off (substituted from ...)"), because Regulation 1182/71
knows public holidays only.
"""

import json
from pathlib import Path

import holidays

FILE = Path(__file__).parents[1] / "calendars.json"
YEARS = range(2014, 2041)


def weekday_holidays(country: str, year: int) -> list[str]:
    """The public holidays of a year that fall on Monday to Friday, as ``MM-DD``, in order."""
    if country == "SE":
        days = holidays.country_holidays("SE", years=year, include_sundays=False)
    else:
        days = holidays.country_holidays(country, years=year, language="en_US")
    return [
        f"{day:%m-%d}"
        for day, name in sorted(days.items())
        if day.weekday() < 5 and day.year == year and "substituted" not in name
    ]


def tables() -> dict[str, dict[str, list[str]]]:
    """All tables, as they are written to the file."""
    return {
        country: {str(year): weekday_holidays(country, year) for year in YEARS}
        for country in ("EE", "LT", "LV", "SE")
    }


def as_text(found: dict[str, dict[str, list[str]]]) -> str:
    """The file's text: one line a year, so that a review sees the year that changed."""
    countries = []
    for country, years in found.items():
        lines = ",\n".join(f'    "{year}": {json.dumps(days)}' for year, days in years.items())
        countries.append(f'  "{country}": {{\n{lines}\n  }}')
    return "{\n" + ",\n".join(countries) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(as_text(tables()), encoding="utf-8")
