"""Everything that adds to the register or annuls in it, one function each."""

from base64 import b32encode
from dataclasses import asdict, dataclass
from datetime import date, datetime
from secrets import token_bytes
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.services.documents.models import Document, Series
from skola.services.documents.rules import LETTERS


class AnnulledError(Exception):
    """The document is annulled already."""


@dataclass(frozen=True)
class Learned:
    """What a document says. Days are days of the tenant's zone."""

    title: str
    hours: int
    starts_on: date
    ends_on: date
    signatory: str


def check_code() -> str:
    """Return a new check code, of letters and digits that are not mistaken for each other."""
    return b32encode(token_bytes(10)).decode()[:LETTERS]


@transaction.atomic
def issue(
    person: Person,
    learned: Learned,
    *,
    kind: str = Document.Kind.CERTIFICATE,
    replaces: Document | None = None,
    zone: ZoneInfo,
    by: str,
    now: datetime,
) -> Document:
    """Issue a document in the name of a person, under the next number of the year's series.

    No number is given twice and none is missing, also when two are issued at once
    (kic-purpose-documents).
    """
    series, number = _next_number(now.astimezone(zone).year)
    document = Document.objects.create(
        person=person,
        kind=kind,
        series=series,
        number=number,
        check_code=check_code(),
        holder=person.name,
        issued_at=now,
        replaces=replaces,
        **asdict(learned),
    )
    audit.record(
        "documents.document.issued",
        target=document,
        subject=person.pk,
        by=by,
        at=now,
        clause="kic-purpose-documents",
        detail={"kind": str(kind)},
    )
    return document


def _next_number(year: int) -> tuple[str, int]:
    name = str(year)
    Series.objects.get_or_create(name=name)
    series = Series.objects.select_for_update().get(name=name)
    series.last += 1
    series.save(update_fields=["last"])
    return name, series.last


@transaction.atomic
def annul(document: Document, *, because: str, by: str, now: datetime) -> None:
    """Take a document's validity; the check page says so from now on. Raises AnnulledError."""
    held = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if held.annulled_at is not None:
        raise AnnulledError(_("This document is annulled already."))
    document.annulled_at, document.annulled_because = now, because
    document.save(update_fields=["annulled_at", "annulled_because"])
    audit.record(
        "documents.document.annulled",
        target=document,
        subject=document.person_id,
        by=by,
        at=now,
    )


@transaction.atomic
def issue_duplicate(document: Document, *, zone: ZoneInfo, by: str, now: datetime) -> Document:
    """Issue a duplicate of a lost document, in the name that the person has today.

    The lost one is annulled. Raises AnnulledError, and issues nothing, when it was annulled before.
    """
    annul(document, because=_("A duplicate was issued."), by=by, now=now)
    learned = Learned(
        document.title,
        document.hours,
        document.starts_on,
        document.ends_on,
        document.signatory,
    )
    return issue(
        document.person,
        learned,
        kind=Document.Kind.DUPLICATE,
        replaces=document,
        zone=zone,
        by=by,
        now=now,
    )
