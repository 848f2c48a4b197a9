"""Reads of briefings that more than one caller needs."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery

from skola.ground.audit.api import NoteError
from skola.ground.people.api import Person
from skola.promises.policy.api import in_force, parse_period
from skola.services.briefings.models import Agreement, Edition, Record, Signature
from skola.services.briefings.rules.signing import SIGNATURE, Side, is_missing_a_half
from skola.services.briefings.sealing import opened
from skola.services.workforce.api import Assignment, Company, Employment, Post, Training

BRIEFING = Training.Kind.BRIEFING


@dataclass(frozen=True)
class ShownSignature:
    """A signature as it is shown: what was signed, and whether its seal fits."""

    signature: Signature
    said: dict[str, Any]
    holds: bool


@dataclass(frozen=True)
class ShownRecord:
    """An entry of the journal as it is shown."""

    record: Record
    halves: dict[str, ShownSignature]
    newest: int
    """The newest version of the text by now."""
    state: str
    """``whole``, ``waiting``, ``missing`` (its day is over), or ``altered``."""


def read_signature(signature: Signature, record: Record) -> ShownSignature:
    """Return what was signed, and whether it is what the record says and its seal fits."""
    try:
        first, line = opened(signature.note, signature.key)
        said = json.loads(line)
        holds = first == SIGNATURE and (
            (said["record"], said["day"], said["side"], said["text"])
            == (record.number, record.day.isoformat(), signature.side, record.edition.digest)
            and said["method"] == record.way
            and said.get("document", "")
            == (signature.document.sha256 if signature.document else "")
        )
    except (NoteError, ValueError, KeyError):
        return ShownSignature(signature, {}, holds=False)
    return ShownSignature(signature, said, holds=holds)


def shown(record: Record, today: date) -> ShownRecord:
    """Return an entry of the journal, every seal of it checked."""
    halves = {one.side: read_signature(one, record) for one in record.signatures.all()}
    newest: Any = record
    if not all(one.holds for one in halves.values()):
        state = "altered"
    elif len(halves) == len(Side):
        state = "whole"
    else:
        lost = is_missing_a_half(list(halves), day=record.day, today=today)
        state = "missing" if lost else "waiting"
    return ShownRecord(record, halves, newest.newest, state)


def records() -> QuerySet[Record]:
    """Return records with signatures, text and person, latest first, in two queries."""
    newest = Edition.objects.filter(training=OuterRef("edition__training")).order_by("-version")
    signed = Signature.objects.select_related("document").order_by("signed_at")
    return (
        Record.objects.annotate(newest=Subquery(newest.values("version")[:1]))
        .select_related("edition", "person", "employment")
        .prefetch_related(Prefetch("signatures", signed))
        .order_by("-number")
    )


def journal(company: Company, posts: QuerySet[Post] | None = None) -> QuerySet[Record]:
    """Return the journal of a company, or that of the people who hold these places now."""
    found = records().filter(company=company)
    return found if posts is None else found.filter(employment__in=posts.values("employment"))


def entries(company: Company, posts: QuerySet[Post] | None = None) -> QuerySet[Record]:
    """Return the same as bare rows."""
    found = Record.objects.filter(company=company)
    return found if posts is None else found.filter(employment__in=posts.values("employment"))


def newest_edition(training: Training) -> Edition | None:
    """Return the version of a text that is signed now."""
    return Edition.objects.filter(training=training).order_by("-version").first()


def agreement_of(signer: Person, employment: Employment) -> Agreement | None:
    """Return somebody's written agreement with the employer of a briefing, if it is on file."""
    held = Agreement.objects.filter(
        employment__company=employment.company_id,
        employment__person=signer,
        employment__ended_on=None,
    )
    return held.select_related("employment__staff_number").first()


def own_employment(signer: Person, employment: Employment) -> Employment | None:
    """Return the employment of who signs at the employer of a briefing."""
    found = Employment.objects.filter(company=employment.company_id, person=signer, ended_on=None)
    return found.select_related("staff_number").first()


def editions_of(company: Company) -> list[tuple[Training, list[Edition]]]:
    """Return the briefings of a company with their versions, newest first."""
    versions = Prefetch("editions", Edition.objects.order_by("-version"))
    found = Training.objects.filter(company=company, kind=BRIEFING).prefetch_related(versions)
    made: list[Any] = list(found.order_by("title"))
    return [(one, list(one.editions.all())) for one in made]


def to_sign(posts: QuerySet[Post], today: date) -> QuerySet[Assignment]:
    """Return the briefings that people of these places have to do, what is due first on top."""
    half = _of_today(today)
    return (
        Assignment.objects.open()
        .filter(training__kind=BRIEFING, employment__in=posts.values("employment"))
        .exclude(done_on=today)
        .annotate(today=Subquery(half.values("pk")[:1]), way=Subquery(half.values("way")[:1]))
        .select_related("training", "employment__person", "employment__company")
        .order_by("today", "due_on", "employment__person__family_name", "pk")
    )


def signable(found: QuerySet[Assignment], instructor: Person, today: date) -> QuerySet[Assignment]:
    """Return those that an instructor can sign now.

    Not their own, as nobody is both sides, and not what the instructor's side has signed today.
    """
    signed = _of_today(today).filter(signatures__side=Side.INSTRUCTOR)
    return found.exclude(employment__person=instructor).exclude(Exists(signed))


def _of_today(today: date) -> QuerySet[Record]:
    """Return today's record of an assignment, under the text that is signed now."""
    newest = Edition.objects.filter(training=OuterRef(OuterRef("training"))).order_by("-version")
    return Record.objects.filter(
        employment=OuterRef("employment"), edition=Subquery(newest.values("pk")[:1]), day=today
    )


def own_evidence(employment: Employment) -> QuerySet[Record]:
    """Return what one employer has of a person, first to last."""
    return records().filter(employment=employment).order_by("number")


def half_signed(posts: QuerySet[Post], day: date) -> QuerySet[Record]:
    """Return the records of a day that only the one who was briefed has signed, at these places."""
    half = Record.objects.filter(
        day=day, employment__in=posts.values("employment"), signatures__side=Side.INSTRUCTED
    )
    return half.exclude(signatures__side=Side.INSTRUCTOR)


def ending_soon(company: Company, now: datetime) -> QuerySet[Record]:
    """Return the entries of a journal that end within the longest warning of the policy (ema-2.6).

    The policy says how long before the end of data it warns, rule by rule (``warn``).
    """
    warnings = [
        parse_period(each).longest_days
        for rule in in_force(now).policy.retention
        if "signature" in rule.categories
        for each in rule.warn
    ]
    until = now + timedelta(days=max(warnings, default=0))
    return Record.objects.filter(company=company, due_at__gt=now, due_at__lt=until)
