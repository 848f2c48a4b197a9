"""Letters on paper: as PDF, with the address where the window of an envelope is."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import typst
from django.utils import translation

TEMPLATE = Path(__file__).parent / "letter.typ"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. All of it is text; nothing of it is read as markup."""

    language: str
    to: tuple[str, ...]
    """Name and address, line by line."""
    sender: str
    """Who writes, in one line: it stands at the foot of each page."""
    back: str
    """Where it goes back to, above the address, in the window."""
    origin: tuple[str, ...]
    """Who writes and how they are reached, line by line."""
    day: str
    subject: str
    parts: tuple[tuple[str, ...], ...]
    """Paragraphs, each in lines."""
    mark: str = ""
    """How the post carries it, above the address: ``Registered letter``."""


def paragraphs(text: str) -> tuple[tuple[str, ...], ...]:
    """Return a text as the paragraphs of a letter."""
    found = (tuple(line.strip() for line in part.splitlines()) for part in text.split("\n\n"))
    return tuple(part for part in found if any(part))


def address_lines(name: str, address: str) -> tuple[str, ...]:
    """Return name and address line by line, as they stand on an envelope.

    An address that was told in one line is parted at its commas: street, place, country.
    """
    lines = [line.strip() for line in address.splitlines() if line.strip()]
    if len(lines) == 1:
        lines = [part.strip() for part in lines[0].split(",") if part.strip()]
    return (name, *lines) if name else tuple(lines)


def as_pdf(letters: Sequence[Letter], *, title: str, now: datetime) -> bytes:
    """Return letters as one PDF/UA, each beginning on a page of its own."""
    told = [{**asdict(one), "from": one.origin} for one in letters]
    data = {"title": title, "language": translation.get_language() or "en", "letters": told}
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    moment, source = int(now.timestamp()), TEMPLATE.read_bytes()
    try:
        return typst.compile(
            source, format="pdf", sys_inputs=inputs, pdf_standards="ua-1", timestamp=moment
        )
    except typst.TypstError:  # a letter that no font has is not allowed in PDF/UA
        return typst.compile(source, format="pdf", sys_inputs=inputs, timestamp=moment)
