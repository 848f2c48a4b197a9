"""The archive: every record of a person, streamed into a ZIP that needs no seeking.

Nothing of it stands in memory as a whole: records come from the database by server-side cursors
and go out as they come, originals are decrypted piece by piece, and the pages show the newest few
records of each kind and name the file in which all of them are.
"""

import hashlib
import json
import zipfile
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.files import api as files
from skola.ground.people.api import Person
from skola.ground.tenants.api import Tenant, current_id
from skola.promises.connectors.api import unused
from skola.promises.disclosures.api import Given, passed_on
from skola.promises.inventory.api import declaration_of
from skola.promises.policy.api import InForce, in_force
from skola.promises.retention.api import clocks_of
from skola.promises.retention.rules import NEVER
from skola.promises.rights.access import pages, reading, told, words
from skola.promises.rights.access.along import added, profile_of
from skola.promises.rights.access.rules import file_name
from skola.promises.rights.access.schemas import schema_of
from skola.promises.rights.access.sources import Source, sources

FORMAT = "skola.access/1"
PROFILE = "profile.json"
"""Who the person is, in the file to take along."""
EXPORT_KIND = "rights.export"
"""The kind of file under which copies are kept; a copy holds no earlier copies."""
SHOWN = 20
"""How many records of each kind the pages show."""
LEVEL = 3
"""Of compression: records shrink to a tenth, at a fifth of the time of the strongest."""


class NobodyError(LookupError):
    """There is no person of this id at the speaking tenant."""


@dataclass(frozen=True)
class Written:
    """What an archive holds: numbers, for the audit and for the page."""

    records: int
    files: int
    unreadable: int
    """Original files that could not be read whole; the pages name them."""


@dataclass(frozen=True)
class End:
    """When the records of a kind go, and why, in sentences."""

    title: str
    count: int
    first: datetime | None
    last: datetime | None
    because: str


Words = Sequence[tuple[str, datetime | None]]


@dataclass
class Kind:
    """The records of one kind in one category: how many there are, and the newest of them."""

    source: Source
    title: str
    relation: str
    sealed_words: Callable[[dict[str, str]], Words]
    """For what alone a sealed record is kept, in words, each until when."""
    count: int = 0
    newest: deque[str] = field(default_factory=lambda: deque(maxlen=SHOWN))

    @property
    def more(self) -> int:
        return self.count - len(self.newest)


@dataclass
class Chapter:
    """One category: its records by kind, and when they go."""

    category: str
    name: str
    holds: str
    file: str
    kinds: list[Kind]
    ends: list[End] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(kind.count for kind in self.kinds)


@dataclass(frozen=True)
class Original:
    """An original file in the archive."""

    path: str
    name: str
    kind: str
    size: int
    whole: bool


@reading_for(RIGHTS)
def write_archive(
    person_id: UUID, out: IO[bytes], *, language: str, now: datetime, portability: bool = False
) -> Written:
    """Write the copy of a person's data as a ZIP to ``out``, which need not be seekable.

    ``language`` is that of the pages; the policy's own words stand in it where the policy speaks
    it, else in its binding language. With ``portability`` only what the person provided under a
    contract or by consent is written, structured, without pages (GDPR Art. 20). Raises
    NobodyError, NoPolicyError, and what ``out`` raises.
    """
    found = in_force(now)
    zone = ZoneInfo(found.policy.policy.timezone)
    with translation.override(language), timezone.override(zone), reading.snapshot():
        if not Person.objects.filter(pk=person_id).exists():
            raise NobodyError(f"There is no person {person_id} at this tenant.")
        writer = _Writer(person_id, out, found, language, now)
        try:
            return writer.portable() if portability else writer.whole()
        except BaseException:
            writer.abandon()
            raise


class _Writer:
    """One archive on its way."""

    def __init__(
        self, person_id: UUID, out: IO[bytes], found: InForce, language: str, now: datetime
    ) -> None:
        self._whose = reading.whose(person_id)
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
        self._found, self._now, self._language = found, now, language
        policy = found.policy
        spoken = language in policy.policy.languages
        self._spoken = language if spoken else policy.policy.authentic
        self._contents: list[dict[str, Any]] = []

    def abandon(self) -> None:
        """Write nothing more: without its end the ZIP is refused by whoever opens it."""
        self._zip.fp = None

    def whole(self) -> Written:
        """Write everything: records, originals, pages."""
        chapters = [self._chapter(*each) for each in self._filled()]
        originals = list(self._originals())
        self._pages(chapters, originals)
        return self._end("access", chapters, originals)

    def portable(self) -> Written:
        """Write what the person may take along."""
        policy = self._found.policy
        person = Person.objects.get(pk=self._whose.person)
        chapters = []
        for category, held in self._filled():
            own = [one for one in held if one.relation in ("owner", "author")]
            if own and told.to_take_along(policy, category):
                chapters.append(self._chapter(category, own))
        self._json(PROFILE, profile_of(person))
        for one in added():
            if told.to_take_along(policy, one.category):
                for path, content in one.entries(person, self._now):
                    self._bytes(path, content)
        self._readme(portability=True)
        return self._end("portability", chapters, [])

    def _filled(self) -> Iterator[tuple[str, list[Source]]]:
        """The categories in the order of the policy, each with the places that hold something."""
        filled = [one for one in sources() if reading.one(one.count(), self._whose.values(one))]
        promised = [each.id for each in self._found.policy.category]
        held = {category for one in filled for category in one.categories}
        for category in [*(c for c in promised if c in held), *sorted(held - set(promised))]:
            yield category, [one for one in filled if category in one.categories]

    # ---- records ---------------------------------------------------------------------------------

    def _chapter(self, category: str, held: list[Source]) -> Chapter:
        name, holds = told.category_words(self._found.policy, category, self._spoken)
        path = f"data/{category}.jsonl"
        kinds = [
            Kind(one, words.record(one.record), words.relation(one.relation), self._kept)
            for one in held
        ]
        with self._entry(path) as write:
            for kind in kinds:
                statement = kind.source.lines(category)
                for piece in reading.pieces(statement, self._whose.values(kind.source)):
                    write(("\n".join(piece) + "\n").encode())
                    kind.count += len(piece)
                    kind.newest.extend(piece)
        schema = schema_of(category, name, holds, held)
        self._json(f"data/{category}.schema.json", schema)
        ends = [self._ends(kind, category) for kind in kinds]
        return Chapter(category, name, holds, path, kinds, ends)

    def _kept(self, kept: dict[str, str]) -> Words:
        ends = ((word, datetime.fromisoformat(end)) for word, end in sorted(kept.items()))
        known = [(word, end if end < NEVER else None) for word, end in ends]
        return told.sealed_words(known, self._found.policy, self._spoken)

    def _ends(self, kind: Kind, category: str) -> End:
        """When the records of a kind go: of the first and the last, what the model says."""
        source = kind.source
        parent = source.declaration.goes_with
        if parent is not None and not source.declaration.parts:
            named = words.record(declaration_of(parent.table).model)
            because = _("It goes with the record that it belongs to: %(record)s.")
            return End(kind.title, kind.count, None, None, because % {"record": named})
        keys = reading.every(source.ends(category), self._whose.values(source))
        rows = list(source.model._base_manager.filter(pk__in=[key for key, _due in keys]))
        has_own = any(part.category == category for part in source.declaration.parts)
        of = category if has_own else None
        clocks = sorted(clocks_of(rows, now=self._now, category=of).values(), key=lambda c: c.at)
        if clocks:
            because = clocks[0].because(self._language)
            return End(kind.title, kind.count, clocks[0].at, clocks[-1].at, because)
        stored = [due for _key, due in keys if due is not None]
        if stored and source.declaration.parts[0].expires:
            because = _("It is kept until the moment that was set when it was made.")
            return End(kind.title, kind.count, min(stored), max(stored), because)
        if source.declaration.goes_with_holder:
            because = _("It goes with the record that holds it.")
        elif source.declaration.until_subject_ends:
            because = _("It goes with the last record about you.")
        else:
            because = _(
                "Nothing ends these yet: the event from which their term counts has not happened."
            )
        return End(kind.title, kind.count, None, None, because)

    # ---- originals -------------------------------------------------------------------------------

    def _originals(self) -> Iterator[Original]:
        seen: set[UUID] = set()
        for source in sources():
            for statement in source.files():
                for piece in reading.pieces(statement, self._whose.values(source)):
                    ids = [UUID(each) for each in piece if UUID(each) not in seen]
                    seen.update(ids)
                    for number in range(0, len(ids), 100):
                        yield from self._some_originals(ids[number : number + 100])

    def _some_originals(self, ids: list[UUID]) -> Iterator[Original]:
        stored = files.StoredFile.objects.filter(pk__in=ids).exclude(kind=EXPORT_KIND)
        for one in sorted(stored, key=lambda each: each.pk):
            yield self._original(one)

    def _original(self, stored: files.StoredFile) -> Original:
        """Write one original; what is damaged ends where the damage begins, and is told of."""
        path, whole = f"files/{file_name(str(stored.pk), stored.name)}", True
        with self._entry(path, compressed=False) as write:
            source = files.pieces_of(stored)
            while True:
                try:
                    piece = next(source, b"")
                except files.UNREADABLE:
                    whole = False
                    break
                if not piece:
                    break
                write(piece)
        return Original(path, stored.name, stored.kind, stored.size, whole)

    # ---- pages -----------------------------------------------------------------------------------

    def _pages(self, chapters: list[Chapter], originals: list[Original]) -> None:
        held = [chapter.category for chapter in chapters]
        person = Person.objects.get(pk=self._whose.person)
        page = pages.Page(
            language=self._language,
            spoken=self._spoken,
            service=told.service(self._found),
            person=person.name,
            made_at=self._now,
            chapters=[pages.chapter(each, str(person.pk)) for each in chapters],
            sections=list(self._sections(held)),
            originals=originals,
        )
        self._bytes("index.html", pages.as_html(page).encode())
        self._bytes("index.pdf", pages.as_pdf(page))
        self._readme(portability=False)

    def _sections(self, held: Collection[str]) -> tuple[told.Section, ...]:
        unneeded = unused(self._found.policy, self._now)
        return told.sections(self._found, held, self._spoken, self._given(), unneeded)

    def _given(self) -> list[Given]:
        since = self._now - told.A_YEAR
        return passed_on(self._whose.person, now=self._now, since=since)

    def _readme(self, *, portability: bool) -> None:
        service = told.service(self._found)
        paths = [str(one["path"]) for one in self._contents]
        lines = pages.readme(service, self._now, portability=portability, holds=paths)
        self._bytes("README.txt", ("\r\n".join(lines) + "\r\n").encode("utf-8-sig"))

    def _end(self, kind: str, chapters: list[Chapter], originals: list[Original]) -> Written:
        unreadable = sum(not each.whole for each in originals)
        written = Written(sum(each.count for each in chapters), len(originals), unreadable)
        tenant = Tenant.objects.get(pk=current_id())
        manifest = {
            "format": FORMAT,
            "kind": kind,
            "service": tenant.slug,
            "service_name": self._found.policy.service.name,
            "person": str(self._whose.person),
            "made_at": self._now.isoformat(),
            "language": self._language,
            "policy": {
                "version": self._found.version.name,
                "hash": self._found.version.hash,
            },
            "records": written.records,
            "files": self._contents,
        }
        self._json("manifest.json", manifest)
        self._zip.close()
        return written

    # ---- the ZIP ---------------------------------------------------------------------------------

    @contextmanager
    def _entry(self, path: str, *, compressed: bool = True) -> Iterator[Any]:
        """Give a function that writes bytes of one entry, and note its size and digest."""
        local = timezone.localtime(self._now)
        info = zipfile.ZipInfo(path, (max(1980, local.year), *local.timetuple()[1:6]))
        info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as entry:

            def write(data: bytes) -> None:
                nonlocal size
                digest.update(data)
                size += len(data)
                entry.write(data)

            yield write
        self._contents.append({"path": path, "bytes": size, "sha256": digest.hexdigest()})

    def _bytes(self, path: str, data: bytes) -> None:
        with self._entry(path) as write:
            write(data)

    def _json(self, path: str, value: Any) -> None:
        self._bytes(path, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())
