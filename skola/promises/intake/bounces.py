"""Mails of ours that come back: what a report of delivery says (RFC 3464), and of whom.

A report proves nothing by itself, for anybody can write one. It counts where it names a mail by the
number that we signed: that number says whose mail it was.
"""

import contextlib
import email
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.utils import parseaddr

from skola.ground.people.api import Numbered, number_in


@dataclass(frozen=True)
class Failure:
    """A mail did not reach somebody."""

    mail: Numbered
    """Which mail, and whose: read from the number that we signed."""
    addresses: tuple[str, ...]
    """Where it was to go, as the report names it: before and after forwarding."""
    status: str
    """The code of RFC 3463: ``5.1.1``, there is no such mailbox."""
    said: str
    """What the other server said, in its own words."""


Takes = Callable[[Failure, datetime], None]
_takers: list[Takes] = []


def returned(takes: Takes) -> Takes:
    """Let a room hear of mails that came back, inside the tenant that had sent them."""
    _takers.append(takes)
    return takes


def tell(failure: Failure, now: datetime) -> None:
    """Tell every room that wants to hear of it."""
    for takes in _takers:
        takes(failure, now)


def failures_in(raw: bytes) -> tuple[Failure, ...]:
    """Return what a report says did not arrive; empty where the message is no report of our mail.

    What is only late is no failure. What is broken in the report is left out; it never raises.
    """
    message = email.message_from_bytes(raw)
    if message.get_content_type() != "multipart/report":
        return ()
    if str(message.get_param("report-type", "")).lower() != "delivery-status":
        return ()
    mail = number_in(_original(message))
    if mail is None:
        return ()
    return tuple(_failure(mail, fields) for fields in _recipients(message) if _has_failed(fields))


def _original(message: Message) -> str:
    """The number of the mail that came back; the report has its head or the whole of it."""
    for part in message.walk():
        kind = part.get_content_type()
        inner = part.get_payload()
        whole = inner[0] if isinstance(inner, list) and inner else None
        if kind == "message/rfc822" and isinstance(whole, Message):
            return str(whole.get("Message-ID", ""))
        if kind == "text/rfc822-headers":
            head = part.get_payload(decode=True)
            if isinstance(head, bytes):
                return str(email.message_from_bytes(head.strip()).get("Message-ID", ""))
    return ""


def _recipients(message: Message) -> Iterator[Message]:
    """The groups of fields of a report: the first is of the message, each other of a recipient."""
    for part in message.walk():
        groups = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(groups, list):
            for fields in groups[1:]:
                if isinstance(fields, Message):
                    yield fields


def _has_failed(fields: Message) -> bool:
    return str(fields.get("Action", "")).strip().lower() == "failed"


def _failure(mail: Numbered, fields: Message) -> Failure:
    addresses = [_typed(fields, name) for name in ("Original-Recipient", "Final-Recipient")]
    found = [parseaddr(one)[1].strip().lower() for one in addresses if one]
    return Failure(
        mail=mail,
        addresses=tuple(dict.fromkeys(one for one in found if one)),
        status=str(fields.get("Status", "")).split(" ")[0].strip()[:12],
        said=" ".join(_typed(fields, "Diagnostic-Code").split())[:300],
    )


def _typed(fields: Message, name: str) -> str:
    """A field of the form ``type; value``, without its type."""
    with contextlib.suppress(ValueError, TypeError):
        text = str(fields.get(name, "")).replace("\0", "").encode("utf-8", "replace").decode()
        return text.partition(";")[2].strip()
    return ""
