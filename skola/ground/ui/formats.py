"""Numbers and dates as the reader writes them: active language, active time zone, by CLDR.

English is written the British way: 14 March 2027.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from babel import Locale, dates, lists, numbers
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

_REGIONS = {"en": "en_GB"}
_KIBI = 1024


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    code = language.replace("-", "_")
    return Locale.parse(_REGIONS.get(code, code))


def _language() -> str:
    return translation.get_language() or "en"


def locale() -> Locale:
    """Return the locale of the active language."""
    return _locale(_language())


# CLDR patterns cost some 20 µs each, and a page of 50 rows shows the same few days again and again.
@lru_cache(maxsize=4096)
def _day(when: date, style: str, language: str) -> str:
    return dates.format_date(when, format=style, locale=_locale(language))


@lru_cache(maxsize=4096, typed=True)
def _number(value: int | float | Decimal, language: str) -> str:
    return numbers.format_decimal(value, locale=_locale(language))


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def day(when: date | None, style: str = "long") -> str:
    """Return a day, ``14 March 2027``; of a moment, its day in the active zone. None is empty."""
    if when is None:
        return ""
    if isinstance(when, datetime):
        when = _local(when).date()
    return _day(when, style, _language())


def month(when: date) -> str:
    """Return a month, ``March 2027``; of a moment, that of its day where it was made."""
    return str(dates.format_skeleton("yMMMM", when, locale=locale()))


def short_day(when: date | None) -> str:
    """Return a day for tables, ``14 Mar 2027``."""
    return day(when, "medium")


def moment(when: datetime | None, style: str = "long") -> str:
    """Return a moment in the active zone, ``14 March 2027, 14:05``. None is empty."""
    if when is None:
        return ""
    return f"{day(when, style)}, {hour(when)}"


def hour(when: datetime | None) -> str:
    """Return the time of day in the active zone, ``14:05``."""
    if when is None:
        return ""
    return f"{_local(when):%H:%M}"


def weekday(when: date | None) -> str:
    """Return the day with its weekday, ``Sunday, 14 March 2027``."""
    return day(when, "full")


def iso(when: date | None) -> str:
    """Return the machine-readable form for ``<time datetime>``; moments carry their offset."""
    if when is None:
        return ""
    return _local(when).isoformat(timespec="minutes") if isinstance(when, datetime) else str(when)


def number(value: int | float | Decimal | None) -> str:
    """Return a number with the separators of the language. None is empty."""
    return "" if value is None else _number(value, _language())


def percent(value: float | None) -> str:
    """Return a share from 0 to 1 in whole percent. None is empty."""
    return "" if value is None else numbers.format_percent(value, locale=locale())


def money(cents: int | None, currency: str = "EUR") -> str:
    """Return whole cents as an amount of money. None is empty."""
    if cents is None:
        return ""
    return numbers.format_currency(Decimal(cents) / 100, currency, locale=locale())


def country(code: str) -> str:
    """Return the name of a country by its two letters (ISO 3166-1); what is none stays as it is."""
    return str(locale().territories.get(code.upper(), code)) if len(code) == 2 else code


def language(code: str) -> str:
    """Return the name of a language by its code (ISO 639); what is none stays as it is."""
    return str(locale().languages.get(code, code))


def size(count: int | None) -> str:
    """Return a number of bytes in the largest unit that keeps it at 1 or more."""
    if count is None:
        return ""
    if count < _KIBI:
        return ngettext("%(count)s byte", "%(count)s bytes", count) % {"count": number(count)}
    amount = float(count)
    for unit in ("KiB", "MiB", "GiB", "TiB"):
        amount /= _KIBI
        if amount < _KIBI or unit == "TiB":
            break
    return f"{number(round(amount, 1))} {unit}"


def span(length: timedelta | None) -> str:
    """Return a span in words, in its largest unit: ``2 weeks``. None is empty."""
    if length is None:
        return ""
    return dates.format_timedelta(length, threshold=1, locale=locale())


def days_left(until: date, today: date) -> str:
    """Return how far a day is from another: ``in 9 days``, ``today``, ``3 days ago``."""
    distance = (until - today).days
    if distance == 0:
        return gettext("today")
    return dates.format_timedelta(
        timedelta(days=distance),
        granularity="day",
        threshold=100,
        add_direction=True,
        locale=locale(),
    )


def listing(names: list[str]) -> str:
    """Return names as a sentence lists them: ``a, b and c``."""
    return lists.format_list([str(name) for name in names], locale=locale())


FILTERS: dict[str, Callable[..., str]] = {
    "day": day,
    "short_day": short_day,
    "moment": moment,
    "date": day,
    "datetime": moment,
    "hour": hour,
    "weekday": weekday,
    "iso": iso,
    "number": number,
    "percent": percent,
    "money": money,
    "country": country,
    "language": language,
    "size": size,
    "span": span,
    "days_left": days_left,
    "listing": listing,
}
