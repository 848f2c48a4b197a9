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
from skola.services.documents.models import Document, Reissue, Series
from skola.services.documents.rules import LETTERS


class AnnulledError(Exception):
    """The document is annulled already."""


class NotOfferedError(Exception):
    """Nothing about the holder was corrected since the document was issued."""


@dataclass(frozen=True)
class Learned:
    """What a document says. Days are days of the tenant's zone."""

    title: str
    hours: int
    starts_on: date
    ends_on: date
    signatory: str
    valid_until: date | None = None


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
    by_rule: bool = False,
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
        by_rule=by_rule,
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
    _settle(document, now)
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
    return _again(document, Document.Kind.DUPLICATE, zone=zone, by=by, now=now)


def _again(document: Document, kind: str, *, zone: ZoneInfo, by: str, now: datetime) -> Document:
    """Issue what a document says once more, under a number of its own."""
    learned = Learned(
        document.title,
        document.hours,
        document.starts_on,
        document.ends_on,
        document.signatory,
        document.valid_until,
    )
    return issue(
        document.person,
        learned,
        kind=kind,
        replaces=document,
        by_rule=document.by_rule,
        zone=zone,
        by=by,
        now=now,
    )


def offer_reissue(person: Person, fields: tuple[str, ...], by: str, now: datetime) -> None:
    """The name of a holder was corrected: valid documents in another name wait to be reissued.

    Sources: ilearn-23.b, kic-rights-rectify.
    """
    if not {"given_name", "family_name"} & set(fields):
        return
    valid = Document.objects.filter(person=person, annulled_at=None).exclude(holder=person.name)
    for document in valid:
        _made, is_new = Reissue.objects.get_or_create(
            document=document, settled_at=None, defaults={"offered_at": now}
        )
        if is_new:
            audit.record(
                "documents.reissue.offered", target=document, subject=person.pk, by=by, at=now
            )


@transaction.atomic
def reissue(document: Document, *, zone: ZoneInfo, by: str, now: datetime) -> Document:
    """Issue a document anew in the corrected name; the one in the old name is annulled.

    Raises AnnulledError, and issues nothing, when it was annulled before; NotOfferedError when no
    name was corrected since.
    """
    if not Reissue.objects.filter(document=document, settled_at=None).exists():
        raise NotOfferedError(_("The name on this document was not corrected."))
    annul(document, because=_("It was issued anew in the corrected name."), by=by, now=now)
    return _again(document, document.kind, zone=zone, by=by, now=now)


@transaction.atomic
def keep(document: Document, *, by: str, now: datetime) -> None:
    """The document stays in the name in which it was issued; twice changes nothing."""
    if _settle(document, now):
        audit.record(
            "documents.reissue.declined",
            target=document,
            subject=document.person_id,
            by=by,
            at=now,
        )


def _settle(document: Document, now: datetime) -> int:
    return Reissue.objects.filter(document=document, settled_at=None).update(settled_at=now)
