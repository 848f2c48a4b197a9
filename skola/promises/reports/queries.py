"""Reading for a report: whose records, and what is told of them."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from skola.ground.people.api import Guardianship, Person, Role
from skola.ground.ui import formats
from skola.promises.consents.api import consenting
from skola.promises.policy.api import Policy
from skola.promises.reports import rules
from skola.promises.reports.fields import MONEY, SPAN, Source, sources
from skola.promises.reports.models import Report
from skola.promises.reports.offering import PERSON, Listing
from skola.promises.reports.rules import Figures
from skola.promises.rights.api import choice_words, column_word, who_stopped
from skola.promises.statistics.api import Counts, Shown, suppress

MOST_LINES = 400
"""A table of more lines than this is refused: it tells of records, not of people together."""
MOST_RECORDS = 10_000
"""So many records are told at once, under pseudonyms or by name."""
Cells = Mapping[tuple[Any, ...], tuple[int, int]]
"""How many records, and how many people behind them, by what they are counted by."""
Names = Mapping[Any, str]
SPANS = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))


class TooMuchError(Exception):
    """The table would have too many lines. The message says what now."""


@dataclass(frozen=True)
class Scope:
    """For which purpose is read, at which moment, and since when what was collected counts."""

    policy: Policy
    purpose: str
    now: datetime
    since: datetime | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.policy.policy.timezone)

    @property
    def least(self) -> int:
        purpose = rules.purpose_of(self.policy, self.purpose)
        return rules.least(self.policy, purpose) if purpose else rules.LEAST


def records(source: Source, scope: Scope) -> "QuerySet[Any]":
    """Return the records that may be read for a purpose.

    Left out are those of people who objected to it or, where it rests on consent, did not give any;
    of people whom it is not about; and what was collected before the policy named it. What is due,
    sealed for something else or restricted is not there anyway.
    """
    manager: Any = source.model._default_manager
    found: QuerySet[Any] = manager.all()
    if source.person:
        found = _of_people(source.person, found, scope)
    if scope.since is not None:
        if not source.collected:
            return found.none()
        found = found.filter(**{f"{source.collected}__gte": scope.since})
    return found


def _of_people(person: str, found: "QuerySet[Any]", scope: Scope) -> "QuerySet[Any]":
    found = found.exclude(**{f"{person}__in": who_stopped(scope.purpose)})
    purpose = rules.purpose_of(scope.policy, scope.purpose)
    if purpose is not None and purpose.basis.kind == "consent":
        found = found.filter(**{f"{person}__in": consenting(scope.purpose, now=scope.now)})
    if purpose is not None:
        its, others = rules.known_as(scope.policy, purpose)
        if its:
            found = found.filter(_known(person, its, scope.now))
        if others:
            found = found.exclude(_known(person, others, scope.now))
    return found


def is_about(policy: Policy, purpose: str, person: UUID, *, now: datetime) -> bool:
    """Whether a purpose is about somebody, as the policy knows people by roles and links."""
    found = rules.purpose_of(policy, purpose)
    if found is None:
        return False
    its, others = rules.known_as(policy, found)
    people = Person.objects.filter(pk=person)
    if its:
        people = people.filter(_known("pk", its, now))
    if others:
        people = people.exclude(_known("pk", others, now))
    return people.exists()


def _known(person: str, by: frozenset[str], now: datetime) -> Q:
    held = Role.objects.held_at(now).filter(kind__in=by).values("person_id")
    links = Guardianship.objects.filter(verified_at__isnull=False, starts_at__lte=now)
    links = links.filter(Q(ends_at=None) | Q(ends_at__gt=now))
    found = Q(**{f"{person}__in": held})
    if "guardian" in by:
        found |= Q(**{f"{person}__in": links.values("guardian_id")})
    if "ward" in by:
        found |= Q(**{f"{person}__in": links.values("child_id")})
    return found


# ---- numbers -------------------------------------------------------------------------------------


def numbers(report: Report, scope: Scope) -> Figures:
    """Return records counted by one or two columns, or amounts added up by one.

    What fewer people than the policy says stand behind is left out, and whatever would give it
    away; of words that somebody wrote, those of so few people are not even told.
    """
    source = sources()[report.model]
    found = records(source, scope)
    if report.measure:
        return _sums(source, report, found, scope)
    return _counts(source, report.columns, found, scope)


def _behind(source: Source) -> Any:
    """Count the people behind records; a record of nobody that is known counts as somebody's."""
    if not source.person:
        return Count("pk")
    nobody = Q(**{f"{source.person}__isnull": True})
    return Count(source.person, distinct=True) + Count("pk", filter=nobody)


def _counts(
    source: Source, columns: Sequence[str], found: "QuerySet[Any]", scope: Scope
) -> Figures:
    shown, records_read = _table_of(source, columns, found, scope)
    if shown is None:
        return Figures((words_of(columns[0]), _("Number")), (), 0, scope.least)
    lines = zip((*shown.rows, _("all")), shown.numbers, strict=True)
    if len(columns) == 1:
        told = tuple((row, line[0]) for row, line in lines)
        return Figures((words_of(columns[0]), *shown.columns), told, records_read, scope.least)
    head = (words_of(columns[0]), *shown.columns, _("all"))
    return Figures(head, tuple((row, *line) for row, line in lines), records_read, scope.least)


def table(report: Report, scope: Scope) -> Shown | None:
    """Return the table of a report that counts, as it may be kept; None where nothing is there."""
    source = sources()[report.model]
    return _table_of(source, report.columns, records(source, scope), scope)[0]


def _table_of(
    source: Source, columns: Sequence[str], found: "QuerySet[Any]", scope: Scope
) -> tuple[Shown | None, int]:
    """Count by one or two columns; a single one stands beside one column of numbers."""
    keys = {f"by{place}": _key(source, one, scope.zone) for place, one in enumerate(columns)}
    found = found.annotate(**keys)
    cells = _grouped(source, found, *keys)
    margins = [_grouped(source, found, one) for one in keys]
    every = found.aggregate(number=Count("pk"), people=_behind(source))
    if max(map(len, margins)) > MOST_LINES:
        raise TooMuchError(_("There are too many lines to be told. Count by something else."))
    if not cells:
        return None, 0
    if len(columns) == 1:
        cells = {(row, ""): told for (row,), told in cells.items()}
        margins.append({("",): (every["number"], every["people"])})
    rows = _called(source, columns[0], margins[0], scope.least)
    across = _called(source, columns[1], margins[1], scope.least) if len(columns) > 1 else {}
    across = across or {"": _("Number")}
    counts = _table(cells, margins, rows, across, every["people"])
    return suppress(counts, scope.least), every["number"]


def _grouped(source: Source, found: "QuerySet[Any]", *keys: str) -> dict[Any, tuple[int, int]]:
    counted = found.order_by().values(*keys).annotate(number=Count("pk"), people=_behind(source))
    return {tuple(one[key] for key in keys): (one["number"], one["people"]) for one in counted}


def _table(
    cells: Cells, margins: Sequence[Cells], rows: Names, across: Names, everybody: int
) -> Counts:
    """Return the table for ``suppress``; of lines told as one, the most people of any count."""
    lines, columns = list(dict.fromkeys(rows.values())), list(dict.fromkeys(across.values()))
    width, height = len(columns), len(lines)
    numbers = [[0] * width for _line in lines]
    people = [[0] * (width + 1) for _line in range(height + 1)]
    for (one, other), (number, behind) in cells.items():
        row, column = lines.index(rows[one]), columns.index(across[other])
        numbers[row][column] += number
        people[row][column] = max(people[row][column], behind)
    for (one,), (_number, behind) in margins[0].items():
        row = lines.index(rows[one])
        people[row][width] = max(people[row][width], behind)
    for (other,), (_number, behind) in margins[1].items():
        column = columns.index(across[other])
        people[height][column] = max(people[height][column], behind)
    people[height][width] = everybody
    return Counts(
        tuple(lines), tuple(columns), tuple(map(tuple, numbers)), tuple(map(tuple, people))
    )


def _sums(source: Source, report: Report, found: "QuerySet[Any]", scope: Scope) -> Figures:
    """Add amounts up by one column. There is no total: what is left out would follow from it."""
    key = _key(source, report.columns[0], scope.zone)
    counted = (
        found.order_by()
        .annotate(by0=key)
        .values("by0")
        .annotate(amount=Sum(report.measure), number=Count("pk"), people=_behind(source))
    )
    told = {(one["by0"],): one for one in counted}
    if len(told) > MOST_LINES:
        raise TooMuchError(_("There are too many lines to be told. Count by something else."))
    cells = {key: (one["number"], one["people"]) for key, one in told.items()}
    called = _called(source, report.columns[0], cells, scope.least)
    lines = tuple(
        (name, f"{told[key,]['amount'] / 100:.2f}" if told[key,]["people"] >= scope.least else None)
        for key, name in called.items()
    )
    head = (words_of(report.columns[0]), words_of(report.measure))
    return Figures(head, lines, sum(one["number"] for one in told.values()), scope.least)


def _key(source: Source, column: str, zone: ZoneInfo) -> Any:
    """Return by what a column is counted: its value, its month, or how long something took."""
    if SPAN in column:
        begin, end = column.split(SPAN)
        bands = [When(**{f"{end}__isnull": True, "then": Value(len(SPANS) + 1)})]
        for place, longest in enumerate(SPANS):
            bands.append(When(Q(**{f"{end}__lte": F(begin) + longest}), then=Value(place)))
        return Case(*bands, default=Value(len(SPANS)))
    if column in source.moments:
        is_moment = source.field(column).get_internal_type() == "DateTimeField"
        return TruncMonth(column, tzinfo=zone) if is_moment else TruncMonth(column)
    return F(column)


def _called(source: Source, column: str, found: Cells, least: int) -> Names:
    """Return what each value is called, in the order in which they are told."""
    values = sorted((key[0] for key in found), key=lambda one: (one is None, one))
    if SPAN in column:
        return {one: _bands()[one] for one in values}
    if column in source.moments:
        return {one: f"{one:%Y-%m}" if one else "–" for one in values}
    field = source.field(column)
    if column in source.texts and not field.choices:
        rest = _("others")
        return {one: one or "–" if found[one,][1] >= least else rest for one in values}
    chosen = choice_words(field) if field.choices else {"True": _("yes"), "False": _("no")}
    return {one: chosen.get(str(one), str(one) if one not in (None, "") else "–") for one in values}


def _bands() -> list[str]:
    return [
        _("up to a day"),
        _("up to 3 days"),
        _("up to a week"),
        _("up to 30 days"),
        _("longer"),
        _("not yet"),
    ]


# ---- records -------------------------------------------------------------------------------------


def pseudonyms(report: Report, scope: Scope) -> Figures:
    """Return records under pseudonyms that are made for this one reading and kept nowhere.

    Nobody can follow somebody from one reading to the next. Moments are told as months.
    """
    source = sources()[report.model]
    columns = list(report.columns)
    found = records(source, scope).values_list(source.person, *columns)[: MOST_RECORDS + 1]
    made: dict[Any, str] = {}
    fields = [source.field(one) for one in columns]
    lines = [
        (made.setdefault(person, secrets.token_hex(4)), *map(_told, fields, values))
        for person, *values in _few(list(found))
    ]
    head = (_("Pseudonym"), *map(words_of, columns))
    return Figures(head, tuple(sorted(lines, key=lambda line: str(line[0]))), len(lines))


def _told(field: Any, value: Any) -> str | int | None:
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return choice_words(field).get(str(value), str(value)) if field.choices else int(value)


def names(listing: Listing, scope: Scope) -> Figures:
    """Return a list with names: its columns as they are, one record a line."""
    source = sources()[listing.model]
    base = source.person.removesuffix("_id")
    lookups = [
        f"{base}__{one.removeprefix(f'{PERSON}.')}" if one.startswith(f"{PERSON}.") else one
        for one in listing.columns
    ]
    found = records(source, scope).order_by(*lookups).values_list(*lookups)[: MOST_RECORDS + 1]
    lines = tuple(tuple(map(_shown, values)) for values in _few(list(found)))
    return Figures(tuple(map(words_of, listing.columns)), lines, len(lines))


def _few(found: list[Any]) -> list[Any]:
    if len(found) > MOST_RECORDS:
        raise TooMuchError(_("There are too many records to be told at once. Count them instead."))
    return found


def _shown(value: Any) -> str | int | None:
    if isinstance(value, date):
        return formats.short_day(value)
    return "–" if value is None or value == "" else value if isinstance(value, int) else str(value)


def words_of(column: str) -> str:
    """Return what a column is called; of a span, what it begins and ends with."""
    if SPAN in column:
        begin, end = column.split(SPAN)
        return _("%(begin)s to %(end)s") % {
            "begin": column_word(begin),
            "end": column_word(end).lower(),
        }
    return column_word(column.removeprefix(f"{PERSON}.")).removesuffix(MONEY)
