"""Verifying a log: everything is computed again, and what is wrong is named. No Django here.

The store is a published log, or the copy of one. Beside what C2SP's tlog-tiles has (checkpoint,
tiles, bundles of entries) it may hold the details: ``tile/details/<N>`` with salt and JSON of each
entry, which open the commitments. An empty place in a bundle is an entry that went by its clock, or
a detail that was forgotten; the tree holds the hash all the same.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from skola.ground.audit import handover, merkle, tiles
from skola.ground.audit.merkle import HASH
from skola.ground.audit.note import Checkpoint, NoteError, PublicKey
from skola.ground.audit.tiles import WIDTH, MissingError, Store

SWEPT, RESUMED = "retention.swept", "audit.log.resumed"
_TELLS = re.compile(rb'"kind":"(?:retention\.swept|audit\.log\.resumed)"')
_COMMITMENT = slice(-66, -2)
"""Where the commitment stands in an entry: ``…,"detail":"HEX"}``."""


@dataclass(frozen=True)
class Finding:
    """Something wrong: in which file, at which leaf, and what it means."""

    file: str
    words: str
    leaf: int | None = None

    def __str__(self) -> str:
        place = self.file if self.leaf is None else f"leaf {self.leaf} in {self.file}"
        return f"{place}: {self.words}"


@dataclass
class Report:
    """What was read, and what is wrong with it."""

    key: PublicKey
    checkpoint: Checkpoint | None = None
    entries: int = 0
    """Entries that are there and have the hash of their leaf."""
    gone: int = 0
    """Leaves whose entry went by its clock; only the hash is left."""
    opened: int = 0
    """Commitments that a detail opens."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.findings

    def find(self, file: str, words: str, leaf: int | None = None) -> None:
        self.findings.append(Finding(file, words, leaf))


def verify(store: Store, key: PublicKey, held: Sequence[Checkpoint] = ()) -> Report:
    """Compute a log again, and compare it with checkpoints that somebody has ``held`` since."""
    report = Report(key)
    handovers = list[handover.Handover]()
    try:
        handovers = handover.read(store.read(handover.HANDOVERS))
    except NoteError as problem:
        report.find(handover.HANDOVERS, str(problem))
    note = store.read("checkpoint")
    if note is None:
        report.find("checkpoint", "There is none.")
        return report
    believed = _beyond_losses(report, handovers)
    try:
        report.checkpoint = handover.checkpoint(note.decode(errors="replace"), believed, handovers)
    except NoteError as problem:
        report.find("checkpoint", str(problem))
        return report
    _Work(store, report, report.checkpoint).do()
    signed_by_lost = [signed for _lost, signed in handover.losses(believed, handovers)]
    for one in [*held, *signed_by_lost]:
        _compare(store, report, report.checkpoint, one)
    return report


def _beyond_losses(report: Report, handovers: Sequence[handover.Handover]) -> PublicKey:
    """Return the key under which to go on reading, and name each that nobody known vouches for."""
    believed = report.key
    while lost := handover.loss(believed, handovers):
        words = (
            f"The key {lost.old.id.hex()} was lost at {lost.size} leaves, says {lost.new}, which"
            " signed what came then: ask for that key by a way that you trust, and name it."
        )
        report.find(handover.HANDOVERS, words)
        believed = lost.new
    return believed


def _compare(store: Store, report: Report, now: Checkpoint, held: Checkpoint) -> None:
    if held.size > now.size:
        words = f"The log was rolled back: it has {now.size} leaves, and it had {held.size}."
        report.find("checkpoint", words)
        return
    try:
        found = merkle.range_hash(0, held.size, tiles.nodes(store, now.size))
    except MissingError:
        return  # named already
    if found != held.root:
        words = (
            f"The log was forked: its first {held.size} leaves are not those of the checkpoint"
            " that was signed over them."
        )
        report.find("checkpoint", words)


@dataclass
class _Work:
    """One verification under way."""

    store: Store
    report: Report
    checkpoint: Checkpoint
    differing: dict[int, list[int]] = field(default_factory=dict)
    """The leaves of a tile whose entry has another hash."""
    from_entries: dict[int, bytes] = field(default_factory=dict)
    """What those tiles would be if the entries are right."""
    gone: list[int] = field(default_factory=list)
    told: list[tuple[int, int]] = field(default_factory=list)
    """Sweeps of the audit: number of the leaf, and how many entries it says went."""
    lost: list[range] = field(default_factory=list)
    """Leaves that lost their entries in a restore of the database."""

    def do(self) -> None:
        rows = list(self._rows())
        for index, row in enumerate(rows):
            if row is not None:
                self._entries(index, row)
        whole = [row for row in rows if row is not None]
        if len(whole) < len(rows):
            self._blame_entries(known=False)
            self._upper([merkle.root(row) if row else None for row in rows])
        elif _root(whole) == self.checkpoint.root:
            self._blame_entries(known=True)
            self._upper([merkle.root(row) for row in whole])
        else:
            self._blame_tree(whole)
        self._judge_gone()

    # ---- tiles -----------------------------------------------------------------------------------

    def _rows(self) -> Iterator[bytes | None]:
        for level, index, _width in tiles.tiles_of(self.checkpoint.size):
            if level:
                return
            yield self._tile(0, index)

    def _tile(self, level: int, index: int) -> bytes | None:
        try:
            return tiles.read_tile(self.store, level, index, self.checkpoint.size)
        except MissingError as problem:
            file = tiles.path(level, index, tiles.width_of(level, index, self.checkpoint.size))
            self.report.find(file, str(problem).removeprefix(f"{file} ").capitalize())
            return None

    def _upper(self, roots: Sequence[bytes | None]) -> None:
        """Compare the tiles above with the roots of those below, where they are known."""
        level = 1
        while roots := roots[: self.checkpoint.size >> (8 * level)]:
            above = list[bytes | None]()
            for index in range(-(-len(roots) // WIDTH)):
                made = roots[index * WIDTH : (index + 1) * WIDTH]
                found = self._tile(level, index)
                if found is not None:
                    self._one_upper(level, index, found, made)
                whole = [one for one in made if one is not None]
                above.append(merkle.root(b"".join(whole)) if len(whole) == WIDTH else None)
            roots, level = above, level + 1

    def _one_upper(
        self, level: int, index: int, found: bytes, made: Sequence[bytes | None]
    ) -> None:
        for place, one in enumerate(made):
            if one is not None and found[place * HASH : (place + 1) * HASH] != one:
                file = tiles.path(level, index, len(found) // HASH)
                below = tiles.path(level - 1, index * WIDTH + place)
                self.report.find(file, f"Hash {place} is not the root of {below}.")
                return

    # ---- entries ---------------------------------------------------------------------------------

    def _bundle(self, kind: str, index: int, form: str) -> list[bytes] | None:
        count = self._width(index)
        file = tiles.path(kind, index, count)
        bundle = self.store.read(file)
        if bundle is None:
            if kind == tiles.ENTRIES:
                self.report.find(file, "It is missing.")
            return None
        try:
            found = tiles.unpacked(bundle, form)
        except MissingError as problem:
            self.report.find(file, f"The bundle is damaged: {problem}.")
            return None
        if len(found) != count:
            self.report.find(file, f"The bundle has {len(found)} entries instead of {count}.")
            return None
        return found

    def _entries(self, index: int, row: bytes) -> None:
        entries = self._bundle(tiles.ENTRIES, index, ">H")
        if entries is None:
            return
        sha256 = hashlib.sha256
        made = [sha256(b"\x00" + entry).digest() for entry in entries]
        joined = b"".join(made)
        wrong = list[int]()
        if joined != row:
            for place, entry in enumerate(entries):
                if not entry:
                    self.gone.append(index * WIDTH + place)
                elif made[place] != row[place * HASH : (place + 1) * HASH]:
                    wrong.append(place)
        if wrong:
            self.differing[index] = wrong
            self.from_entries[index] = b"".join(
                made[place] if entry else row[place * HASH : (place + 1) * HASH]
                for place, entry in enumerate(entries)
            )
        present = len(entries) - entries.count(b"")
        self.report.entries += present - len(wrong)
        self._details(index, entries)

    def _details(self, index: int, entries: list[bytes]) -> None:
        details = self._bundle(tiles.DETAILS, index, ">I") or [b""] * len(entries)
        sha256 = hashlib.sha256
        for place, (entry, detail) in enumerate(zip(entries, details, strict=True)):
            if detail:
                if sha256(detail).hexdigest().encode() == entry[_COMMITMENT]:
                    self.report.opened += 1
                else:
                    words = "The detail is not the one that the entry commits to."
                    file = tiles.path(tiles.DETAILS, index, len(entries))
                    self.report.find(file, words, index * WIDTH + place)
            if _TELLS.search(entry):
                self._listen(index * WIDTH + place, entry, detail)

    def _listen(self, leaf: int, entry: bytes, detail: bytes) -> None:
        """Entries that tell why other entries are gone."""
        try:
            said: dict[str, Any] = json.loads(entry)
            counts: dict[str, Any] = json.loads(detail[32:]) if detail else {}
        except ValueError:
            return  # its hash is wrong and named
        if said.get("kind") == SWEPT and str(said.get("target")).startswith("audit_entry:"):
            self.told.append((leaf, int(counts.get("count", 0))))
        if said.get("kind") == RESUMED and counts:
            self.lost.append(range(int(counts["first"]), int(counts["end"])))

    # ---- what is to blame ------------------------------------------------------------------------

    def _blame_entries(self, *, known: bool) -> None:
        """Entries that differ are wrong: for sure, if the checkpoint proves the tiles."""
        for index, wrong in self.differing.items():
            width = self._width(index)
            words = f"The entry does not have the hash that stands in {tiles.path(0, index, width)}"
            words += ", and that is the signed one." if known else "."
            for place in wrong:
                file = tiles.path(tiles.ENTRIES, index, width)
                self.report.find(file, words, index * WIDTH + place)

    def _blame_tree(self, rows: list[bytes]) -> None:
        """The tiles do not give the signed root. Where the entries do, the tiles are wrong."""
        mended = [self.from_entries.get(index, row) for index, row in enumerate(rows)]
        if _root(mended) == self.checkpoint.root:
            for index, wrong in self.differing.items():
                file = tiles.path(0, index, self._width(index))
                for place in wrong:
                    words = "The tile was changed: it does not hold the hash of the entry."
                    self.report.find(file, words, index * WIDTH + place)
            self._upper([merkle.root(row) for row in mended])
            return
        self._blame_entries(known=False)
        self._upper([merkle.root(row) for row in rows])
        words = (
            f"The tiles give the root {_root(rows).hex()}, the checkpoint says"
            f" {self.checkpoint.root.hex()}: leaves were changed, or the log was forked."
        )
        self.report.find("checkpoint", words)

    def _judge_gone(self) -> None:
        """Entries go by a sweep, which leaves an entry of its own; others were taken out."""
        lost = {leaf for one in self.lost for leaf in one}
        gone = [leaf for leaf in self.gone if leaf not in lost]
        self.report.gone = len(self.gone)
        last = max((leaf for leaf, _count in self.told), default=-1)
        untold = [leaf for leaf in gone if leaf > last]
        if not untold:
            # in the beginning of a log also the entries of sweeps are gone
            solid = next((n for n, leaf in enumerate(self.gone) if leaf != n), len(self.gone))
            holes = [leaf for leaf in gone if leaf >= solid]
            if len(holes) > sum(count for leaf, count in self.told if leaf > min(holes, default=0)):
                untold = holes
        for leaf in untold[:1]:
            index, place = divmod(leaf, WIDTH)
            file = tiles.path(tiles.ENTRIES, index, self._width(index))
            words = f"The entry is gone, and no sweep tells of it ({len(untold)} such entries)."
            self.report.find(file, words, index * WIDTH + place)

    def _width(self, index: int) -> int:
        return tiles.width_of(0, index, self.checkpoint.size)


def _root(rows: Sequence[bytes]) -> bytes:
    """Return the root over tiles of leaves, of which only the last may be partial."""
    return merkle.root(b"".join([merkle.root(row) for row in rows]))
