"""Where the hashes of the tree lie: tiles of 256 (c2sp.org/tlog-tiles). No Django here.

A tile of level 0 holds hashes of leaves, one of level *l* the roots of the full tiles below it. The
last tile of a level may be partial; it begins as every later and wider one does, so a narrower one
can be cut from it, and one file a tile is enough.
"""

import os
import re
import secrets
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from skola.ground.audit import merkle
from skola.ground.audit.merkle import HASH

WIDTH = 256
FULL = WIDTH * HASH
ENTRIES, DETAILS = "entries", "details"
_PATH = re.compile(r"tile/(0|[1-9]\d?|entries|details)/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")


class MissingError(Exception):
    """A tile is not there, or not as long as it has to be."""


class Store(Protocol):
    """Something that has the files of a log."""

    def read(self, name: str) -> bytes | None:
        """Return the content of a file, or None where there is none."""
        ...


def path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Return the name of a tile, or of a bundle of entries: ``tile/0/x001/234.p/17``."""
    parts = [f"{index % 1000:03}"]
    while index := index // 1000:
        parts.append(f"x{index % 1000:03}")
    partial = f".p/{width}" if width < WIDTH else ""
    return f"tile/{level}/{'/'.join(reversed(parts))}{partial}"


def parsed(name: str) -> tuple[str, int, int] | None:
    """Return level, index and width of the tile of this name, or None where it names none."""
    found = _PATH.fullmatch(name)
    if found is None:
        return None
    index = int(found[2].replace("x", "").replace("/", ""))
    width = int(found[3] or WIDTH)
    level: int | str = found[1] if found[1] in (ENTRIES, DETAILS) else int(found[1])
    return (found[1], index, width) if path(level, index, width) == name else None


def tiles_of(size: int) -> Iterator[tuple[int, int, int]]:
    """Yield level, index and width of every tile of a tree of ``size`` leaves, from below."""
    level = 0
    while count := size >> (8 * level):
        for index in range(count // WIDTH):
            yield level, index, WIDTH
        if count % WIDTH:
            yield level, count // WIDTH, count % WIDTH
        level += 1


def width_of(level: int, index: int, size: int) -> int:
    """Return how wide a tile is in a tree of ``size`` leaves; 0 where the tree does not have it."""
    return max(0, min(WIDTH, (size >> (8 * level)) - index * WIDTH))


def read_tile(store: Store, level: int, index: int, size: int) -> bytes:
    """Return a tile of the tree of ``size`` leaves. Raises MissingError."""
    name = path(level, index, width_of(level, index, size))
    found = store.read(name)
    if found is None:
        raise MissingError(f"{name} is missing.")
    wanted = width_of(level, index, size) * HASH
    if len(found) != wanted:
        raise MissingError(f"{name} has {len(found)} bytes instead of {wanted}.")
    return found


def nodes(store: Store, size: int) -> merkle.Node:
    """Return the function by which proofs find hashes of perfect subtrees in the tiles.

    It raises MissingError.
    """

    @lru_cache(maxsize=64)
    def tile(level: int, index: int) -> bytes:
        return read_tile(store, level, index, size)

    def node(level: int, index: int) -> bytes:
        high, low = divmod(level, 8)
        first = (index << low) % WIDTH * HASH
        row = tile(high, (index << low) // WIDTH)[first : first + (HASH << low)]
        return merkle.root(row)

    return node


def root_of(store: Store, size: int) -> bytes:
    """Return the root of the tree of ``size`` leaves, from its partial tiles: O(log n) reads."""
    return merkle.range_hash(0, size, nodes(store, size))


# ---- bundles of entries --------------------------------------------------------------------------


def packed(entries: list[bytes], form: str = ">H") -> bytes:
    """Return entries one after the other, each after its length. An empty one is gone."""
    return b"".join([struct.pack(form, len(entry)) + entry for entry in entries])


def unpacked(bundle: bytes, form: str = ">H") -> list[bytes]:
    """Return the entries of a bundle. Raises MissingError where its end is missing."""
    found, at, head = list[bytes](), 0, struct.calcsize(form)
    read = struct.Struct(form).unpack_from
    while at < len(bundle):
        if at + head > len(bundle):
            raise MissingError("the last length is cut off")
        end = at + head + read(bundle, at)[0]
        if end > len(bundle):
            raise MissingError("the last entry is cut off")
        found.append(bundle[at + head : end])
        at = end
    return found


# ---- stores --------------------------------------------------------------------------------------


class Folder:
    """The files of a log in a folder. What is written is whole, or not there.

    After ``settle`` it is on the disk, whatever happens to the machine.
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        self._touched: set[Path] = set()

    def read(self, name: str) -> bytes | None:
        try:
            return (self.place / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def write(self, name: str, content: bytes) -> None:
        file = self.place / name
        if not file.parent.is_dir():
            file.parent.mkdir(mode=0o700, parents=True)
            self._touched.update(file.parents)
        fresh = file.with_name(f".{secrets.token_hex(8)}")
        try:
            with fresh.open("xb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            fresh.replace(file)
        finally:
            fresh.unlink(missing_ok=True)
        self._touched.add(file.parent)

    def settle(self) -> None:
        """Bring the names of what was written, and of folders made for it, onto the disk."""
        for folder in self._touched:
            if folder == self.place or self.place in folder.parents:
                held = os.open(folder, os.O_RDONLY)
                try:
                    os.fsync(held)
                finally:
                    os.close(held)
        self._touched.clear()

    def remove(self, name: str) -> None:
        """Remove a file, and the folder of partial tiles that it leaves empty."""
        file = self.place / name
        file.unlink(missing_ok=True)
        if file.parent.name.endswith(".p") and not any(file.parent.iterdir()):
            file.parent.rmdir()


class Published:
    """A log that may grow while it is read: a tile that has become wider meanwhile is cut."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    def read(self, name: str) -> bytes | None:
        found = self.folder.read(name)
        asked = parsed(name)
        if found is not None or asked is None or asked[2] == WIDTH:
            return found
        level, index, width = asked
        partial = (self.folder.place / name).parent
        widths = sorted(int(one.name) for one in _files(partial) if one.name.isdecimal())
        for wider in [*(one for one in widths if one > width), WIDTH]:
            found = self.folder.read(path(level, index, wider))
            if found is not None:
                return found[: width * HASH]
        return None


def _files(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


class Archive:
    """The files of a log in a ZIP archive, under a folder of it."""

    def __init__(self, file: zipfile.ZipFile, under: str = "") -> None:
        self.file, self.under = file, under

    def read(self, name: str) -> bytes | None:
        try:
            return self.file.read(self.under + name)
        except KeyError:
            return None


Writer = Callable[[str, bytes], None]


class Edge:
    """The right edge of a tree: the last tile of each level, which grow as leaves are added."""

    def __init__(self, store: Store, size: int) -> None:
        """Take up the tree of ``size`` leaves as it lies in ``store``. Raises MissingError."""
        self.size = size
        self.rows: list[bytearray] = []
        level = 0
        while count := size >> (8 * level):
            width = count % WIDTH
            row = read_tile(store, level, count // WIDTH, size) if width else b""
            self.rows.append(bytearray(row))
            level += 1

    def root(self) -> bytes:
        """Return the root of the whole tree."""
        end = b""
        for row in self.rows:
            if row or end:
                end = merkle.root(bytes(row) + end)
        return end or merkle.EMPTY

    def add(self, hashes: bytes, write: Writer) -> None:
        """Add the hashes of leaves, writing each tile that becomes full, and then the partial ones.

        Full tiles are written from below, so a tile is there before the hash over it.
        """
        for at in range(0, len(hashes), HASH):
            self._push(0, hashes[at : at + HASH], write)
            self.size += 1
        for level, row in enumerate(self.rows):
            if row:
                index = (self.size >> (8 * level)) // WIDTH
                write(path(level, index, len(row) // HASH), bytes(row))

    def _push(self, level: int, one: bytes, write: Writer) -> None:
        if level == len(self.rows):
            self.rows.append(bytearray())
        row = self.rows[level]
        row += one
        if len(row) == FULL:
            index = (self.size + 1 >> (8 * (level + 1))) - 1
            write(path(level, index), bytes(row))
            above = merkle.root(bytes(row))
            row.clear()
            self._push(level + 1, above, write)

    def partials(self) -> set[str]:
        """Return the names of the partial tiles."""
        return {
            path(level, (self.size >> (8 * level)) // WIDTH, len(row) // HASH)
            for level, row in enumerate(self.rows)
            if row
        }
