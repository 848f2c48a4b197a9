"""The text of a policy file: read with a limit, parsed as TOML, and searched for line numbers."""

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from skola.promises.policy.problems import PolicyError, Problem

LARGEST = 1024 * 1024
"""Bytes. The largest real policy has less than a tenth of it."""

Place = tuple[str, int, str]
"""Table, number of the table within its kind (0 for the first), first part of the key or ''."""

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?!")|\'\'\'.*?\'\'\'(?!\')|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
    r"|#[^\n]*|[\[\]{}\n]",
    re.DOTALL,
)
_HEADER = re.compile(r"[ \t]*(\[\[?)[ \t]*([A-Za-z0-9_.\- \t\"']+?)[ \t]*\]")
_KEY = re.compile(r"[ \t]*([A-Za-z0-9_\-]+)(?:[ \t]*\.[ \t]*[A-Za-z0-9_\-]+)*[ \t]*=")


@dataclass(frozen=True)
class Source:
    """A policy file that is TOML, though perhaps not yet a policy."""

    file: str
    text: str
    raw: dict[str, Any]

    @cached_property
    def lines(self) -> dict[Place, int]:
        """Where each table and each key begins; lines count from 1."""
        found: dict[Place, int] = {}
        counts: dict[str, int] = {}
        table, number = "", 0
        for line, text in _statements(self.text):
            if header := _HEADER.match(text):
                name, _, rest = re.sub(r"[\s\"']", "", header[2]).partition(".")
                if rest:
                    found.setdefault((name, counts.get(name, 1) - 1, rest.split(".")[0]), line)
                    continue
                if header[1] == "[[":
                    counts[name] = counts.get(name, 0) + 1
                table, number = name, counts.get(name, 1) - 1
                found.setdefault((table, number, ""), line)
            elif key := _KEY.match(text):
                found.setdefault((table, number, key[1]), line)
        return found

    def line(self, table: str, number: int = 0, key: str = "") -> int | None:
        """The line of a key, else of its table; ``key`` may be a path, ``at_most.period``."""
        first = re.split(r"[.\[]", key)[0]
        own = self.lines.get((table, number, first))
        if own is None and not table:
            own = self.lines.get((first, 0, ""))
        return own if own is not None else self.lines.get((table, number, ""))


def _statements(text: str) -> list[tuple[int, str]]:
    """The statements with their lines; one that spans lines (array, long string) counts once."""
    found: list[tuple[int, str]] = []
    line, depth, begin = 1, 0, 0
    for token in _TOKEN.finditer(text + "\n"):
        word = token[0]
        if word in "[{":
            depth += 1
        elif word in "]}":
            depth = max(0, depth - 1)
        elif word == "\n" and depth == 0:
            found.append((line, text[begin : token.start()]))
            line += text.count("\n", begin, token.end())
            begin = token.end()
    return found


def read(path: Path) -> Source:
    """Read a file. Raises PolicyError when it is missing, too large, not UTF-8 or not TOML."""
    file = str(path)
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise _unreadable(
                file,
                f"the file has {size:,} bytes; a policy has at most {LARGEST:,}",
                "It was not read. Is this the right file?",
            )
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise _unreadable(
            file, f"the file cannot be read: {reason}", "Check the path and its permissions."
        ) from None
    return read_bytes(data, file)


def read_bytes(data: bytes, file: str) -> Source:
    """The same for content that is already in memory."""
    if len(data) > LARGEST:
        raise _unreadable(
            file,
            f"the file has {len(data):,} bytes; a policy has at most {LARGEST:,}",
            "Is this the right file?",
        )
    try:
        text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unreadable(
            file,
            f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8",
            "Save the file as UTF-8.",
            line,
        ) from None
    try:
        raw = tomllib.loads(text)
    except RecursionError:
        raise _unreadable(
            file, "brackets are nested too deeply", "A policy needs no more than four levels."
        ) from None
    except ValueError as error:
        place = re.search(r"\(at line (\d+), column \d+\)", str(error))
        raise _unreadable(
            file,
            f"not TOML: {error}",
            "Correct this line; https://toml.io shows the notation.",
            int(place[1]) if place else None,
        ) from None
    return Source(file, text, raw)


def _unreadable(file: str, message: str, remedy: str, line: int | None = None) -> PolicyError:
    return PolicyError([Problem(file, "", "", message, remedy, line=line)])
