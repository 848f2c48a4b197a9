"""Everything that changes briefings, one function each."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, language_of, post
from skola.ground.ui import formats
from skola.promises.policy.api import in_force
from skola.promises.retention.api import record_event
from skola.services.briefings import certified, queries, sealing
from skola.services.briefings.models import Agreement, Edition, Numbers, Record, Signature
from skola.services.briefings.queries import newest_edition
from skola.services.briefings.rules.signing import Refusal, Side, Way, refusal
from skola.services.courses.api import Question
from skola.services.workforce.api import Assignment, Employment, Post, Training, ask_again, complete
from skola.services.workforce.api import instructors_of as instructors_over


class CannotSignError(Exception):
    """Somebody cannot sign; ``refusal`` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


@dataclass(frozen=True)
class Text:
    """What a version of a briefing says and asks."""

    form: str
    text: str
    questions: Sequence[Question]
    change: str = ""


@transaction.atomic
def publish_edition(
    training: Training, told: Text, *, again: bool, today: date, by: str, now: datetime
) -> Edition:
    """Publish the next version of a text. It is never changed; another text is another version.

    ``again``: whoever did the briefing before has to do it anew. Source: ema-2.1.8.
    """
    held = Training.objects.select_for_update().get(pk=training.pk)
    last = newest_edition(held)
    made = Edition.objects.create(
        training=held,
        version=last.version + 1 if last else 1,
        form=told.form,
        title=held.title,
        text=told.text,
        questions=[asdict(one) for one in told.questions],
        change=told.change,
        published_at=now,
    )
    audit.record(
        "briefings.text.published",
        target=made,
        by=by,
        at=now,
        clause="ema-2.1.8",
        detail={"version": made.version, "text": made.digest},
    )
    if last is not None and again:
        ask_again(held, today=today, by=by, now=now)
    return made


@transaction.atomic
def record_agreement(
    employment: Employment, *, agreed_on: date, reference: str, by: str, now: datetime
) -> Agreement:
    """Put on file that somebody agreed in writing to sign in the simple way."""
    made, _made = Agreement.objects.update_or_create(
        employment=employment,
        defaults={"agreed_on": agreed_on, "reference": reference, "recorded_at": now},
    )
    audit.record(
        "briefings.agreement.recorded",
        target=made,
        subject=employment.person_id,
        by=by,
        at=now,
        clause="ema-2.1.8",
    )
    return made


@dataclass(frozen=True)
class Signing:
    """Who signs which task and version, on which side, and when they proved who they are."""

    task: Assignment
    edition: Edition
    side: Side
    signer: Person
    proven_at: datetime | None


@transaction.atomic
def sign(
    told: Signing,
    *,
    zone: ZoneInfo,
    by: str,
    now: datetime,
    signed: certified.SignedRecord | None = None,
) -> Record:
    """Sign today's record of a briefing; the first signature opens it under the next number.

    In the simple way, or, where ``signed`` brings the PDF with a signature in it, with a
    certificate. With the second one the training is done. A half of an earlier day is never
    completed: it stays in the journal, and a new record is opened. Raises CannotSignError. Source:
    ema-2.1.8.
    """
    employment, today = told.task.employment, now.astimezone(zone).date()
    way = Way.PADES if signed else Way.SIMPLE
    Numbers.objects.get_or_create(company=employment.company)
    numbers = Numbers.objects.select_for_update().get(company=employment.company)
    record = todays(told, today)
    agreement = queries.agreement_of(told.signer, employment)
    demand_may_sign(told, record, way=way, has_agreement=agreement is not None)
    if signed is not None and not signed.follows(record):
        raise CannotSignError(Refusal.MEANWHILE)
    if record is None:
        record = _open(told, numbers, today, now, way=way)
    place = Post.objects.held().select_related("unit", "position").get(employment=employment)
    facts = statement(
        told,
        record,
        place=place,
        agreement=agreement,
        own=queries.own_employment(told.signer, employment),
        signed=signed,
        at=now.astimezone(zone),
    )
    sealed = sealing.seal_statement(facts, way)
    Signature.objects.create(
        record=record,
        side=told.side,
        person=told.signer,
        signed_at=now,
        note=sealed.note,
        key=sealed.key,
        document=certified.keep(signed, by=by, now=now) if signed else None,
    )
    own = "task.completed" if told.side is Side.INSTRUCTED else "any_action"
    record_event(told.signer.pk, own, at=now)
    audit.record(
        "briefings.record.signed",
        target=record,
        subject=told.signer.pk,
        by=by,
        at=now,
        clause="ema-2.1.8",
        detail={"side": told.side.value, "text": told.edition.digest, "way": way.value},
    )
    if Signature.objects.filter(record=record).count() == len(Side):
        complete(told.task, done_on=today, evidence=f"{record.number}", by=by, now=now)
    return record


def sign_with_certificate(
    told: Signing, *, answer: str = "", zone: ZoneInfo, by: str, now: datetime
) -> Record:
    """Sign today's record in its PDF, with a certificate of the installation's provider (PAdES).

    ``answer`` is what the signer told the provider. Nothing is locked while the provider, and with
    it perhaps a person, takes its time; nothing is kept unless all of it went well. Raises
    CannotSignError. Source: ema-2.1.8.
    """
    today = now.astimezone(zone).date()
    record = todays(told, today)
    demand_may_sign(told, record, way=Way.PADES, has_agreement=False)
    try:
        signed = certified.sign(
            told.task,
            told.edition,
            told.side,
            told.signer,
            record=record,
            answer=answer,
            today=today,
            now=now,
        )
    except certified.NotSignedError as problem:
        raise CannotSignError(problem.refusal) from problem
    return sign(told, zone=zone, by=by, now=now, signed=signed)


def todays(told: Signing, today: date) -> Record | None:
    """Return today's record of a briefing, once somebody has signed it."""
    held = Record.objects.filter(employment=told.task.employment, edition=told.edition, day=today)
    return held.prefetch_related("signatures__document").first()


def demand_may_sign(told: Signing, record: Record | None, *, way: Way, has_agreement: bool) -> None:
    """Raise CannotSignError where this side cannot sign this record of today."""
    refused = refusal(
        told.side,
        signed=[one.side for one in record.signatures.all()] if record else [],
        has_agreement=has_agreement,
        is_instructed=told.signer.pk == told.task.employment.person_id,
        is_newest=newest_edition(told.task.training) == told.edition,
        way=way,
        begun=record.way if record else "",
    )
    if refused:
        raise CannotSignError(refused)


def _open(told: Signing, numbers: Numbers, today: date, now: datetime, *, way: Way) -> Record:
    numbers.last += 1
    numbers.save(update_fields=["last"])
    employment = told.task.employment
    return Record.objects.create(
        company=employment.company,
        number=numbers.last,
        person=employment.person,
        employment=employment,
        edition=told.edition,
        day=today,
        way=way,
        opened_at=now,
    )


def statement(
    told: Signing,
    record: Record,
    *,
    place: Post,
    agreement: Agreement | None,
    own: Employment | None,
    at: datetime,
    signed: certified.SignedRecord | None = None,
) -> dict[str, Any]:
    """Return what a side signs: who, when, which record, which version of which text, of whom.

    ``place`` is where the briefed person works, ``agreement`` that of who signs in the simple way,
    ``own`` the employment of who signs, ``at`` a moment in the tenant's time zone. No answers stand
    in it.
    """
    employment, edition = told.task.employment, told.edition
    company = employment.company
    proof: dict[str, Any] = {}
    if signed is not None:
        proof["document"], proof["certificate"] = signed.pdf.digest, signed.pdf.certificate
        proof["issuer"] = signed.pdf.signer.issuer
    elif agreement is not None:
        on = agreement.agreed_on.isoformat()
        proof["agreement"] = {"on": on, "reference": agreement.reference}
    return {
        "company": {"name": company.name, "number": company.number},
        "record": record.number,
        "day": record.day.isoformat(),
        "at": at.isoformat(timespec="seconds"),
        "side": told.side.value,
        "signer": {"name": told.signer.name, "number": own.staff_number.shown if own else ""},
        "instructed": {
            "name": employment.person.name,
            "number": employment.staff_number.shown,
            "unit": place.unit.name,
            "position": place.position.name,
        },
        "text": edition.digest,
        "title": edition.title,
        "version": edition.version,
        "form": edition.form,
        "questions": len(edition.questions),
        **proof,
        "proven_at": told.proven_at.isoformat(timespec="seconds") if told.proven_at else "",
    }


def tell_of_missing_halves(*, today: date, by: str, now: datetime) -> int:
    """Tell both sides of every record that stayed half signed when its day ended; return how many.

    Safe to repeat: each record is told of once.
    """
    found = Record.objects.missing_a_half(today).filter(told_at=None)
    told = 0
    for record in found.select_related("person", "edition", "employment"):
        with transaction.atomic():
            held = Record.objects.select_for_update().get(pk=record.pk)
            if held.told_at is None:
                _tell(record, now)
                Record.objects.filter(pk=record.pk).update(told_at=now)
                audit.record("briefings.half.told", target=record, by=by, at=now)
                told += 1
    return told


def _tell(record: Record, now: datetime) -> None:
    signed = list(record.signatures.select_related("person"))
    people = {record.person_id: record.person}
    people |= {one.person.pk: one.person for one in signed if one.person is not None}
    if record.employment is not None and len(people) == 1:
        people |= {one.pk: one for one in instructors_over(record.employment, today=record.day)}
    half = Signature.Sides(signed[0].side)
    service = in_force(now).policy.service.name
    for person in people.values():
        if not person.email:
            continue
        with translation.override(language_of(person)):
            facts = {
                "title": record.edition.title,
                "number": record.number,
                "day": formats.day(record.day),
                "side": half.label,
            }
            subject = _("A signature is missing: %(title)s") % facts
            text = _(
                "Record %(number)s of %(day)s was signed by one side only (%(side)s). It proves no"
                " briefing. Both sides have to sign again, on one day."
            )
            post(
                person_id=person.pk,
                address=person.email,
                sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
                subject=subject,
                text=f"{text % facts}\n",
                now=now,
                about=f"record {record.pk}",
            )
