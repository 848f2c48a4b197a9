"""The journal's files: one a month, only ever added to, each line on the disk before we go on.

Writers of several processes take turns by a lock. A line that was cut off by a crash was never
relied upon, as its writer had not been told that it is on the disk; it is dropped. Whatever else is
not as it was written is named and refused.
"""

import contextlib
import fcntl
import json
import os
import secrets
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from skola.ground.journal.rules import (
    Ending,
    Event,
    Line,
    TamperedError,
    as_text,
    head_mac,
    read_line,
    write_line,
)

NOTHING = "0" * 64
"""The digest before the first line of all."""
_TAIL = 4096


class MissingError(Exception):
    """There is no journal in the folder, or not its key; the message says which and what to do."""


@dataclass(frozen=True)
class Head:
    """What the journal is called, and where the lines begin that it still has."""

    journal: str
    first: int
    before: str
    since: str = ""
    """The oldest file that counts; older ones are about to be removed."""

    @property
    def words(self) -> str:
        """What the head's digest is taken of."""
        return f"{self.journal}|{self.first}|{self.before}|{self.since}"


class Book:
    """The journal in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def exists(self) -> bool:
        """Whether a journal was begun here."""
        return self._head_file.exists()

    @property
    def _head_file(self) -> Path:
        return self.folder / "journal.json"

    @property
    def _key_file(self) -> Path:
        return self.folder / "key"

    def begin(self) -> None:
        """Begin a journal, unless there is one: its folder, its key, its head."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._alone():
            if self.exists:
                return
            if list(self.folder.glob("*.jsonl")):
                raise MissingError(f"{self._head_file} is missing beside the journal's lines.")
            _put(self._key_file, secrets.token_bytes(32))
            self._put_head(Head(str(uuid.uuid4()), 1, NOTHING))

    @cached_property
    def key(self) -> bytes:
        """The key of the journal. Raises MissingError."""
        try:
            return self._key_file.read_bytes()
        except FileNotFoundError:
            raise MissingError(
                f"The journal has no key: {self._key_file} is missing. Put it back from its copy."
            ) from None

    def head(self) -> Head:
        """Return the journal's head. Raises MissingError, TamperedError."""
        try:
            text = self._head_file.read_text()
        except FileNotFoundError:
            raise MissingError(
                f"There is no privacy journal in {self.folder}. Put it back, or name its folder in"
                " SKOLA_JOURNAL."
            ) from None
        try:
            said = json.loads(text)
            head = Head(
                str(said["journal"]), int(said["first"]), str(said["before"]), str(said["since"])
            )
            if said["mac"] != head_mac(self.key, head.words):
                raise ValueError("another digest")
        except (ValueError, KeyError, TypeError) as problem:
            raise TamperedError(f"{self._head_file} was changed.") from problem
        return head

    def append(self, told: Event | Ending, *, now: datetime) -> Line:
        """Add a line and return when it is on the disk. Raises MissingError, OSError."""
        return self.append_all([told], now=now)[0]

    def append_all(self, told: Iterable[Event | Ending], *, now: datetime) -> list[Line]:
        """Add lines and return when all are on the disk. Raises MissingError, OSError."""
        lines: list[Line] = []
        with self._alone():
            file, number, before = self._end()
            for one in told:
                number += 1
                line = write_line(self.key, number, before, one)
                lines.append(line)
                before = line.mac
            if lines:
                self._write(self._file_for(now, file), "".join(map(as_text, lines)))
        return lines

    def lines(self) -> list[Line]:
        """Return every line, each checked. Raises MissingError, TamperedError."""
        with self._alone():
            head = self.head()
            number, before = head.first - 1, head.before
            found: list[Line] = []
            for file in self._files(head):
                for place, text in enumerate(_whole_lines(file), start=1):
                    number += 1
                    line = read_line(
                        self.key,
                        text,
                        number=number,
                        before=before,
                        where=f"Line {place} of {file}",
                    )
                    found.append(line)
                    before = line.mac
            return found

    def forget_before(self, moment: datetime) -> int:
        """Remove the files of months that ended before ``moment`` and whose events all ended.

        Returns the number of the first line that is left. The newest file always stays.
        """
        lines = {line.number: line for line in self.lines()}
        ended = {line.told.of for line in lines.values() if isinstance(line.told, Ending)}
        with self._alone():
            head = self.head()
            files = self._files(head)
            for file, following in pairwise(files):
                if not _month_ended(file, moment):
                    break
                count = len(_whole_lines(file))
                mine = [lines[n] for n in range(head.first, head.first + count)]
                open_ones = [
                    one for one in mine if isinstance(one.told, Event) and one.number not in ended
                ]
                if open_ones:
                    break
                before = mine[-1].mac if mine else head.before
                head = Head(head.journal, head.first + count, before, following.name)
                self._put_head(head)
            for file in self.folder.glob("*.jsonl"):
                if file.name < head.since:
                    file.unlink()
            return head.first

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other writers and readers out meanwhile."""
        try:
            handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:
            raise MissingError(
                f"There is no privacy journal: the folder {self.folder} is missing. Put it back, or"
                " name its folder in SKOLA_JOURNAL."
            ) from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _files(self, head: Head) -> list[Path]:
        found = sorted(self.folder.glob("????-??.jsonl"))
        return [file for file in found if file.name >= head.since]

    def _file_for(self, now: datetime, newest: Path | None) -> Path:
        """Return the file of this month; a clock that went back never opens an older one."""
        file = self.folder / f"{now:%Y-%m}.jsonl"
        return file if newest is None else max(file, newest)

    def _end(self) -> tuple[Path | None, int, str]:
        """Return the newest file, the last number and its digest; drop a line that was cut off."""
        head = self.head()
        files = self._files(head)
        for file in reversed(files):
            _drop_cut_off(file)
            if last := _last_line(file):
                try:
                    said = json.loads(last)
                    return files[-1], int(said["n"]), str(said["mac"])
                except (ValueError, KeyError, TypeError) as problem:
                    raise TamperedError(
                        f"The last line of {file} is no line of the journal."
                    ) from problem
        return (files[-1] if files else None), head.first - 1, head.before

    def _write(self, file: Path, text: str) -> None:
        fresh = not file.exists()
        handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            data = text.encode()
            while data:
                data = data[os.write(handle, data) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        if fresh:
            _sync_folder(self.folder)

    def _put_head(self, head: Head) -> None:
        said = {
            "journal": head.journal,
            "first": head.first,
            "before": head.before,
            "since": head.since,
            "mac": head_mac(self.key, head.words),
        }
        _put(self._head_file, json.dumps(said).encode())


def _put(file: Path, content: bytes) -> None:
    """Write a small file so that after a crash it is there whole or not at all."""
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    fresh.rename(file)
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _whole_lines(file: Path) -> list[str]:
    """Return the lines of a file; one that was cut off at its very end is none."""
    text = file.read_bytes().decode(errors="replace")
    return text.split("\n")[:-1]


def _last_line(file: Path) -> str:
    with file.open("rb") as handle:
        size = handle.seek(0, os.SEEK_END)
        span = _TAIL
        while size:
            handle.seek(max(0, size - span))
            tail = handle.read().rstrip(b"\n")
            if b"\n" in tail or span >= size:
                return tail.rpartition(b"\n")[2].decode()
            span *= 2
    return ""


def _drop_cut_off(file: Path) -> None:
    with file.open("rb+") as handle:
        size = handle.seek(0, os.SEEK_END)
        if not size:
            return
        handle.seek(size - 1)
        if handle.read(1) == b"\n":
            return
        handle.seek(0)
        handle.truncate(handle.read().rfind(b"\n") + 1)
        os.fsync(handle.fileno())


def _month_ended(file: Path, moment: datetime) -> bool:
    year, month = map(int, file.stem.split("-"))
    return (year, month) < (moment.year, moment.month)
