"""The pages of a copy: one as HTML, the same as PDF, and the words of the README.

Both are made of the same lists of words. In the HTML everything is escaped and nothing runs; the
PDF gets the words as data of its template, so that they are never read as markup.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst
from django.template import engines
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground.ui import formats
from skola.promises.rights.access import words
from skola.promises.rights.access.told import Section, Service

if TYPE_CHECKING:
    from skola.promises.rights.access.archive import Chapter, Kind, Original, Words

TEMPLATE = Path(__file__).parent / "paper.typ"
LONGEST = 400
"""Characters of one value on the pages; the file of the records has it whole."""


@dataclass(frozen=True)
class Record:
    """One record: what it is, and its values by name."""

    title: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """The newest records of one kind."""

    title: str
    relation: str
    count: str
    more: str
    records: tuple[Record, ...]


@dataclass(frozen=True)
class Ending:
    """When the records of one kind go, and why."""

    title: str
    count: str
    first: str
    last: str
    because: str


@dataclass(frozen=True)
class ChapterShown:
    """One category."""

    anchor: str
    name: str
    holds: str
    file: str
    tables: tuple[Table, ...]
    ends: tuple[Ending, ...]


@dataclass(frozen=True)
class Page:
    """Everything that stands on the pages."""

    language: str
    spoken: str
    """The language of the policy's own words."""
    service: Service
    person: str
    made_at: datetime
    chapters: "list[ChapterShown]"
    sections: "list[Section]"
    originals: "list[Original]"


def chapter(found: "Chapter", person: str) -> ChapterShown:
    """Return a category as it is shown to the person of this id."""
    ends = tuple(
        Ending(
            end.title,
            formats.number(end.count),
            formats.day(end.first),
            formats.day(end.last),
            end.because,
        )
        for end in found.ends
    )
    tables = tuple(_table(kind, found.category, person) for kind in found.kinds)
    return ChapterShown(f"data-{found.category}", found.name, found.holds, found.file, tables, ends)


def _table(kind: "Kind", category: str, person: str) -> Table:
    records = [_record(kind, category, line, person) for line in reversed(kind.newest)]
    count = ngettext("%(num)s record", "%(num)s records", kind.count)
    more = ""
    if kind.more:
        more = ngettext(
            "%(num)s older record is in the file only.",
            "%(num)s older records are in the file only.",
            kind.more,
        ) % {"num": formats.number(kind.more)}
    return Table(
        kind.title,
        kind.relation,
        count % {"num": formats.number(kind.count)},
        more,
        tuple(records),
    )


def _record(kind: "Kind", category: str, line: str, person: str) -> Record:
    values: dict[str, Any] = json.loads(line)
    shown = []
    for column in kind.source.columns(category):
        value = values[column]
        said = _("you") if value == person else value_in_words(kind.source.fields[column], value)
        if said:
            shown.append((words.column(column), said))
    if values.get("goes_at"):
        shown.append((_("Goes on"), formats.day(datetime.fromisoformat(values["goes_at"]))))
    if values.get("kept_for"):
        shown.append(
            (_("Sealed: used for this alone"), _kept_for(kind.sealed_words(values["kept_for"])))
        )
    return Record(str(values["id"]), tuple(shown))


def _kept_for(kept: "Words") -> str:
    return "; ".join(
        _("“%(purpose)s”, until %(day)s") % {"purpose": purpose, "day": formats.day(until)}
        if until
        else _("“%(purpose)s”, for now") % {"purpose": purpose}
        for purpose, until in kept
    )


def value_in_words(field: Any, value: Any) -> str:
    """Return a value as it is read: days and moments in the reader's way, choices as words."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if chosen := words.choices(field).get(str(value)):
        return chosen
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    kind = field.get_internal_type()
    if kind == "DateTimeField":
        return formats.moment(datetime.fromisoformat(value))
    if kind == "DateField":
        return formats.day(date.fromisoformat(value))
    if field.name.endswith("_cents") and isinstance(value, int):
        return formats.number(value / 100)
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def headline(page: Page) -> dict[str, str]:
    """Return the sentences that stand first, and the titles of the parts."""
    when = formats.moment(page.made_at)
    return {
        "title": _("A copy of your data"),
        "about": _("%(person)s, at %(service)s")
        % {
            "person": page.person or _("A person without a name here"),
            "service": page.service.name,
        },
        "made": _(
            "Made on %(when)s (%(zone)s) by %(controller)s, %(reach)s, under version %(version)s of"
            " the privacy policy."
        )
        % {
            "when": when,
            "zone": page.service.timezone,
            "controller": page.service.controller,
            "reach": page.service.reach,
            "version": page.service.version,
        },
        "how": _(
            "Below are the newest records of each kind. All records are in the folder “data”, one"
            " line each, with a description of every field beside them; original files are in the"
            " folder “files”."
        ),
        "masked": _(
            "Where a record also tells of other people, what identifies them is left out. What"
            " would open your account for whoever finds this copy, such as your password, is left"
            " out too."
        ),
        "safe": _("Keep this copy as you would keep a letter with all of this in it."),
        "contents": _("Contents"),
        "data": _("Your data"),
        "originals": _("Original files"),
        "when": _("When they go"),
    }


def as_html(page: Page) -> str:
    """Return the page, whole in one file: no script, no picture, nothing from elsewhere."""
    backend: Any = engines["jinja2"]
    template = backend.env.get_template("rights/archive.html")
    html: str = template.render(page=page, said=headline(page))
    return html


def as_pdf(page: Page) -> bytes:
    """Return the same as a PDF, tagged for screen readers (PDF/UA-1) where its letters allow.

    A letter that no font has, such as one of a rare script, is not allowed in PDF/UA; the PDF is
    made without that mark then.
    """
    data = json.dumps(_plain(page), ensure_ascii=False)
    moment = int(page.made_at.timestamp())
    source = TEMPLATE.read_bytes()
    try:
        return typst.compile(
            source, format="pdf", sys_inputs={"data": data}, pdf_standards="ua-1", timestamp=moment
        )
    except typst.TypstError:
        return typst.compile(source, format="pdf", sys_inputs={"data": data}, timestamp=moment)


def _plain(page: Page) -> dict[str, Any]:
    return {
        "language": page.language,
        "spoken": page.spoken,
        **headline(page),
        "heads": [_("Kind"), _("Records"), _("First goes on"), _("Last goes on"), _("Why")],
        "value_heads": [_("Field"), _("Value")],
        "file_heads": [_("File"), _("Size")],
        "files": [[each.path, file_words(each)] for each in page.originals],
        "chapters": [
            {
                "name": each.name,
                "holds": each.holds,
                "file": each.file,
                "ends": [[e.title, e.count, e.first, e.last, e.because] for e in each.ends],
                "tables": [
                    {
                        "title": table.title,
                        "about": f"{table.relation} {table.count}. {table.more}".strip(),
                        "records": [[r.title, list(map(list, r.values))] for r in table.records],
                    }
                    for table in each.tables
                ],
            }
            for each in page.chapters
        ],
        "sections": [
            {
                "title": each.title,
                "words": list(each.words),
                "tables": [
                    {
                        "caption": table.caption,
                        "headings": list(table.headings),
                        "rows": [list(row.cells) for row in table.rows],
                    }
                    for table in each.tables
                ],
            }
            for each in page.sections
        ],
    }


def file_words(original: "Original") -> str:
    """Return the size of an original, and whether it could be read."""
    if original.whole:
        return formats.size(original.size)
    return _("This file is damaged in our storage. What could be read of it is here.")


def readme(
    service: Service, now: datetime, *, portability: bool, holds: Collection[str] = ()
) -> Sequence[str]:
    """Return the lines of the README. ``holds`` are the paths in the archive so far."""
    local = timezone.localtime(now)
    first = _("Data to take along") if portability else _("A copy of your data")
    lines = [
        f"{first} · {service.name} · {local:%Y-%m-%d %H:%M} ({service.timezone})",
        "",
        f"{service.controller}, {service.reach}",
        "",
    ]
    if portability:
        lines.append(
            _(
                "These are the data that you gave under a contract or by consent, or that came"
                " about by your use of the service (GDPR Art. 20), for another service to read."
            )
        )
    else:
        lines.append(_("Open index.html or index.pdf to read. Both say the same."))
    lines += [
        _("data/*.jsonl: one record a line, as JSON. The encoding is UTF-8, moments are in UTC."),
        _("data/*.schema.json: what each field means, as JSON Schema 2020-12."),
    ]
    if portability:
        lines.append(_("profile.json: who you are, as it is known here."))
    if any(path.startswith("learning/") for path in holds):
        lines.append(_("learning/: what you learned as xAPI statements, certificates as badges."))
    if not portability:
        lines.append(_("files/: original files, as they are stored."))
    lines += [
        _("manifest.json: what this archive holds, with a checksum (SHA-256) of each file."),
        "",
        _("Keep this copy as you would keep a letter with all of this in it."),
    ]
    return lines
