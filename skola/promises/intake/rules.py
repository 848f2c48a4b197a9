"""What a message says, whatever state it is in: plain Python on bytes."""

import contextlib
import email
import hashlib
import html
import re
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

import nh3

LARGEST = 25 * 2**20
"""Bytes of a message; a larger one is refused at the door."""
_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_BLOCKS = re.compile(r"(?i)<(?:br|/p|/div|/li|/tr|/h\d)[^>]*>")
_NO_TEXT = re.compile(r"(?is)<(script|style|head)\b.*?</\1>")


@dataclass(frozen=True)
class Attached:
    """A file that came with a letter."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """A message as people read it."""

    sender: str
    """Whom it says it is from: anybody can write anything there. Empty where it says nothing."""
    name: str
    subject: str
    text: str
    is_automatic: bool
    """A machine wrote it: an answer to it would go round in circles."""
    digest: str
    """The same for the same message, however often and over whichever way it arrives."""
    attached: tuple[Attached, ...] = ()

    @property
    def words(self) -> str:
        """Everything that was written, in one."""
        return f"{self.subject}\n\n{self.text}".strip()


def read(raw: bytes) -> Letter:
    """Read a message. What is broken in it is left out; it never raises."""
    message = email.message_from_bytes(raw)
    name, sender = parseaddr(_header(message, "From"))
    sender = sender.strip().lower()
    if not _ADDRESS.fullmatch(sender) or len(sender) > 254:
        sender = ""
    subject = " ".join(_header(message, "Subject").split())[:200]
    text = _text(message)
    told = "\0".join([_header(message, "Message-ID"), sender, subject, text])
    return Letter(
        sender=sender,
        name=_clean(name)[:160],
        subject=subject,
        text=text,
        is_automatic=_is_automatic(message, sender),
        digest=hashlib.sha256(told.encode()).hexdigest(),
        attached=tuple(_attached(message)),
    )


def addresses_in(text: str) -> tuple[str, ...]:
    """Return the e-mail addresses that a text names, in small letters, each once."""
    found = (one.lower().rstrip(".") for one in _ADDRESS.findall(text))
    return tuple(dict.fromkeys(found))


def _header(message: Message, name: str) -> str:
    value = message.get(name, "")
    with contextlib.suppress(LookupError, ValueError):
        value = str(make_header(decode_header(str(value))))
    return _clean(str(value))


def _clean(text: str) -> str:
    """Without what a database refuses: null characters, halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _is_automatic(message: Message, sender: str) -> bool:
    told = message.get("Auto-Submitted", "no")
    bulk = str(message.get("Precedence", "")).strip().lower() in ("bulk", "junk", "list")
    local = sender.partition("@")[0]
    robot = local in ("mailer-daemon", "postmaster", "noreply", "no-reply")
    listed = "List-Id" in message or "List-Unsubscribe" in message
    return str(told).strip().lower() != "no" or bulk or robot or listed or not sender


def _text(message: Message) -> str:
    parts = [part for part in message.walk() if not part.is_multipart() and not _name(part)]
    plain = [part for part in parts if part.get_content_type() == "text/plain"]
    if plain:
        return "\n\n".join(filter(None, (_decoded(part).strip() for part in plain)))
    markup = [part for part in parts if part.get_content_type() == "text/html"]
    return "\n\n".join(filter(None, (_bare(_decoded(part)) for part in markup)))


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else str(part.get_payload()).encode()
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        with contextlib.suppress(LookupError):
            return _clean(content.decode(charset, "replace").replace("\r\n", "\n"))
    return _clean(content.decode("latin-1"))


def _bare(markup: str) -> str:
    lines = _BLOCKS.sub("\n", _NO_TEXT.sub("", markup))
    text = html.unescape(nh3.clean(lines, tags=set()))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in text.split("\n"))).strip()


def _name(part: Message) -> str:
    with contextlib.suppress(LookupError, ValueError, TypeError):
        return _clean(part.get_filename() or "")
    return ""


def _attached(message: Message) -> "list[Attached]":
    found = []
    for part in message.walk():
        if not part.is_multipart() and (name := _name(part)):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                found.append(Attached(name[:200], payload))
    return found
