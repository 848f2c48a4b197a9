"""The live log as a store, with entries and details from the database; and copies for auditors."""

from django.db import connection

from skola.ground.audit import tiles
from skola.ground.audit.handover import HANDOVERS
from skola.ground.audit.note import Checkpoint
from skola.ground.audit.sequencer import CHECKPOINT, KEY, Log
from skola.ground.audit.tiles import DETAILS, ENTRIES, WIDTH, Writer

BLOCK = 64
"""So many bundles are fetched at once."""

READ_ME = """This is a copy of the audit of one tenant of a Skola installation.

checkpoint       how many entries there are and the root of the tree over them, signed
key              the public key that signed it; compare it with the one you were given before
handovers        from which key to which the log went, signed by both, or by the new one alone with
                 what the old one signed last, if that was lost; missing if the log has one key
tile/<L>/<N>     hashes of the tree, in the format of c2sp.org/tlog-tiles
tile/entries/    the entries; persons are pseudonyms. An empty place is an entry that went by its
                 clock: its hash stays in the tree
tile/details/    salt and JSON of each entry, to which the entry commits; empty where forgotten

Verify it, with Skola installed and without any database:

    skola audit verify --copy THIS_FOLDER_OR_ARCHIVE --key KEY --from AN_EARLIER_CHECKPOINT

As long as their keys exist, pseudonyms can be traced to persons by the controller: treat this copy
as personal data, and delete it when you are done.
"""


class Live:
    """The published log as of one checkpoint."""

    def __init__(self, log: Log) -> None:
        self._files = tiles.Published(log.folder)
        self._note = log.folder.read(CHECKPOINT)
        self._block = -1
        self._fetched: dict[str, list[bytes]] = {}

    def read(self, name: str) -> bytes | None:
        if name == CHECKPOINT:
            return self._note
        asked = tiles.parsed(name)
        if asked is None or asked[0] not in (ENTRIES, DETAILS):
            return self._files.read(name)
        kind, index, width = asked
        if self._block != index // BLOCK:
            self._block = index // BLOCK
            self._fetched = _fetch(self._block * BLOCK * WIDTH, BLOCK * WIDTH)
        first = index % BLOCK * WIDTH
        form = ">H" if kind == ENTRIES else ">I"
        return tiles.packed(self._fetched[kind][first : first + width], form)


def _fetch(first: int, count: int) -> dict[str, list[bytes]]:
    found = {ENTRIES: [b""] * count, DETAILS: [b""] * count}
    with connection.cursor() as cursor:
        cursor.execute(
            "select leaf_index, audit_leaf(e), salt || convert_to(detail::text, 'UTF8')"
            " from audit_entry e where leaf_index >= %s and leaf_index < %s",
            [first, first + count],
        )
        for leaf, entry, detail in cursor.fetchall():
            found[ENTRIES][leaf - first] = bytes(entry)
            found[DETAILS][leaf - first] = bytes(detail or b"")
    return found


def copy(log: Log, write: Writer) -> Checkpoint | None:
    """Write everything of the published log that an auditor needs; None where there is no log."""
    found = log.checkpoint()
    if found is None:
        return None
    live = Live(log)
    names = [CHECKPOINT, KEY, HANDOVERS]
    for level, index, width in tiles.tiles_of(found.size):
        names.append(tiles.path(level, index, width))
        if level == 0:
            names += [tiles.path(kind, index, width) for kind in (ENTRIES, DETAILS)]
    for name in names:
        content = live.read(name)
        if content is not None:
            write(name, content)
    write("READ-ME.txt", READ_ME.encode())
    return found


def published_tile(log: Log, name: str) -> bytes | None:
    """Return a tile of hashes if the signed tree has it, at any width that it has or had."""
    asked = tiles.parsed(name)
    found = log.checkpoint()
    if asked is None or found is None or not asked[0].isdecimal():
        return None
    level, index, width = int(asked[0]), asked[1], asked[2]
    if width > tiles.width_of(level, index, found.size):
        return None
    return tiles.Published(log.folder).read(name)


def entry_bundle(log: Log, name: str) -> bytes | None:
    """Return a bundle of entries if the signed tree has it."""
    asked = tiles.parsed(name)
    found = log.checkpoint()
    if asked is None or found is None or asked[0] != ENTRIES:
        return None
    if asked[2] > tiles.width_of(0, asked[1], found.size):
        return None
    return Live(log).read(name)
