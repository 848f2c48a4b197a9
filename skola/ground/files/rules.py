"""Decisions about files: what a file is, which bytes of it are asked for, how it is cut in pieces.

What a browser says about a file is not believed: the type is told from the first bytes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

PIECE = 1024 * 1024
"""Bytes of one piece before encryption; one piece at a time is in memory."""
TAG = 16
"""Bytes that AES-GCM adds to a piece."""
HEAD = 4096
"""Bytes of a file's beginning that are enough to tell its type."""
MEGAPIXELS = 40
CAPTIONS_LARGEST = 2 * 1024 * 1024


class Family(StrEnum):
    """What a file is to a reader: shown, played, read along, or taken home."""

    PICTURE = "picture"
    VIDEO = "video"
    AUDIO = "audio"
    CAPTIONS = "captions"
    DOCUMENT = "document"


@dataclass(frozen=True)
class FileType:
    """A type as we decided it, whatever the sender called it."""

    content_type: str
    family: Family

    @property
    def shown(self) -> bool:
        """Whether a browser may show it in a page; everything else is downloaded."""
        return self.family is not Family.DOCUMENT


_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


def tell_type(head: bytes) -> FileType:
    """Return the type of a file that begins with ``head`` (HEAD bytes are enough).

    Whatever is not known to be harmless in a page is a document and is only downloaded.
    """
    for magic, content_type in _PICTURES.items():
        if head.startswith(magic):
            return FileType(content_type, Family.PICTURE)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileType("image/webp", Family.PICTURE)
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        return FileType("video/webm", Family.VIDEO)
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return FileType("audio/wav", Family.AUDIO)
    if head.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")):
        return FileType("audio/mpeg", Family.AUDIO)
    if head.startswith(b"OggS"):
        return FileType("audio/ogg", Family.AUDIO)
    if head[4:8] == b"ftyp" and head[8:11] != b"hei" and head[8:12] != b"avif":
        return FileType("video/mp4", Family.VIDEO)
    if re.match(rb"(\xef\xbb\xbf)?WEBVTT([ \t\r\n]|$)", head):
        return FileType("text/vtt; charset=utf-8", Family.CAPTIONS)
    if head.startswith(b"%PDF-"):
        return FileType("application/pdf", Family.DOCUMENT)
    return FileType("application/octet-stream", Family.DOCUMENT)


def family_of(content_type: str) -> Family:
    """Return the family of a type that ``tell_type`` decided."""
    begin = content_type.split("/")[0]
    if content_type.startswith("text/vtt"):
        return Family.CAPTIONS
    families = {"image": Family.PICTURE, "video": Family.VIDEO, "audio": Family.AUDIO}
    return families.get(begin, Family.DOCUMENT)


def clean_name(name: str) -> str:
    """Return a file's name without folders and control characters, at most 120 characters long.

    A name of nothing becomes ``file``; the ending stays when the name is cut.
    """
    plain = re.split(r"[/\\]", name)[-1]
    plain = "".join(char for char in plain if char.isprintable()).strip(" .")
    if len(plain) <= 120:
        return plain or "file"
    stem, dot, ending = plain.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: 119 - len(ending)]}.{ending}"
    return plain[:120]


@dataclass(frozen=True)
class Span:
    """Bytes of a file from ``first`` to ``last``, both included."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1


class OutOfReachError(Exception):
    """A range that begins behind the end of the file."""


def asked_span(header: str, size: int) -> Span | None:
    """Return the bytes a ``Range`` header asks for; None means the whole file.

    A malformed header, another unit and several ranges count as none, as RFC 9110, 14.2 allows.
    Raises OutOfReachError where no byte of the file is asked for.
    """
    found = re.fullmatch(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", header)
    if found is None or found.groups() == ("", ""):
        return None
    begin, end = found.groups()
    if not begin:
        wanted = int(end)
        if wanted == 0:
            raise OutOfReachError
        return Span(max(0, size - wanted), size - 1)
    if end and int(end) < int(begin):
        return None
    if int(begin) >= size:
        raise OutOfReachError
    return Span(int(begin), min(int(end), size - 1) if end else size - 1)


@dataclass(frozen=True)
class Stretch:
    """A part of a file that grew: where it begins in the file, its bytes, and its object."""

    start: int
    size: int
    name: str


def stretches(
    parts: Sequence[Stretch], first: int, last: int
) -> Iterator[tuple[Stretch, int, int]]:
    """Yield the parts in which ``first`` to ``last`` lie, each with its own first and last byte."""
    for part in parts:
        begin, end = max(first - part.start, 0), min(last - part.start, part.size - 1)
        if begin <= end:
            yield part, begin, end


def next_seal(before: str, digest: str) -> str:
    """Return the seal of a part: SHA-256 of the seal before it and its digest, as 64 raw bytes.

    Both are hexadecimal; before the first part stands ``UNSEALED``. Whoever has the last seal can
    tell whether a part was changed, left out, or put elsewhere.
    """
    return sha256(bytes.fromhex(before) + bytes.fromhex(digest)).hexdigest()


UNSEALED = "0" * 64
"""The seal before the first part."""


def pieces_of(size: int) -> int:
    """Return how many pieces a file of ``size`` bytes has; an empty one has one."""
    return max(1, -(-size // PIECE))


def object_size(size: int) -> int:
    """Return the bytes of the encrypted object of a file of ``size`` bytes."""
    return size + pieces_of(size) * TAG


def object_name(tenant: str, file: str) -> str:
    """Return where the object of a file lies: by tenant, in folders by the last two digits."""
    return f"{tenant}/{file[-2:]}/{file}"
