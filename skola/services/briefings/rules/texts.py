"""Texts of briefings: what changed between two versions."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Line:
    """A line of a text beside its earlier version: ``same``, ``new`` or ``gone``."""

    kind: str
    text: str


def compared(before: str, after: str) -> Iterator[Line]:
    """Yield the lines of a text, with those that are new and those that are gone."""
    old, new = before.splitlines(), after.splitlines()
    for tag, begin, end, first, last in SequenceMatcher(a=old, b=new).get_opcodes():
        if tag == "equal":
            yield from (Line("same", text) for text in new[first:last])
            continue
        yield from (Line("gone", text) for text in old[begin:end] if text.strip())
        yield from (Line("new", text) for text in new[first:last])
