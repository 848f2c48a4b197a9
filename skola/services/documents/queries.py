"""Reads of the register that more than one caller needs."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare

from skola.promises.policy.api import in_force
from skola.services.documents import rules
from skola.services.documents.models import Document, Reissue

CAPABILITY = "documents.education"


def zone(now: datetime) -> ZoneInfo:
    """Return the time zone of the speaking tenant."""
    return ZoneInfo(in_force(now).policy.policy.timezone)


def today(now: datetime) -> date:
    """Return the day of the speaking tenant."""
    return now.astimezone(zone(now)).date()


def state(document: Document, now: datetime) -> rules.Answer:
    """Say how a document stands."""
    return rules.answer(
        found=True,
        annulled_at=document.annulled_at,
        valid_until=document.valid_until,
        today=today(now),
    )


def checked(number: str, code: str, now: datetime) -> rules.Answer:
    """Say how the document of this number and check code stands, to whoever asks."""
    parts = rules.read_label(number)
    document = None
    if parts is not None:
        document = Document.objects.filter(series=parts[0], number=parts[1]).first()
    known = document.check_code if document else ""
    fits = constant_time_compare(known, rules.read_code(code))
    return state(document, now) if fits and document else rules.Answer.UNKNOWN


def register(sought: str = "") -> QuerySet[Document]:
    """Return the register, newest on top; or what has this number or this in the holder's name."""
    found = Document.objects.select_related("person").order_by("-issued_at", "-number")
    if not sought:
        return found
    parts = rules.read_label(sought)
    if parts is not None:
        return found.filter(series=parts[0], number=parts[1])
    return found.filter(holder__icontains=sought)


def newest(document: Document) -> Document:
    """Return what took the place of a document, or the document itself."""
    while document.annulled_at is not None:
        other = Document.objects.filter(replaces=document).select_related("person").first()
        if other is None:
            return document
        document = other
    return document


def to_reissue() -> QuerySet[Document]:
    """Return the documents whose holder has a corrected name and which wait to be issued anew."""
    found = Document.objects.filter(reissues__isnull=False, reissues__settled_at=None)
    return found.select_related("person").order_by("reissues__offered_at", "pk")


def offered(document: Document) -> Reissue | None:
    """Return the offer to issue a document anew, while it waits."""
    return document.reissues.filter(settled_at=None).first()
