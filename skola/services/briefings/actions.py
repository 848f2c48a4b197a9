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
from skola.services.briefings import sealing
from skola.services.briefings.models import Agreement, Edition, Numbers, Record, Signature
from skola.services.briefings.queries import newest_edition
from skola.services.briefings.rules.signing import Refusal, Side, refusal
from skola.services.courses.api import Question
from skola.services.workforce.api import Assignment, Employment, Post, Training, ask_again, complete
from skola.services.workforce.api import instructors_of as instructors_over

PROVIDER: sealing.Provider = sealing.SimpleSignature()


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
def sign(told: Signing, *, zone: ZoneInfo, by: str, now: datetime) -> Record:
    """Sign today's record of a briefing; the first signature opens it under the next number.

    With the second one the training is done. A half of an earlier day is never completed: it stays
    in the journal, and a new record is opened. Raises CannotSignError. Source: ema-2.1.8.
    """
    employment, today = told.task.employment, now.astimezone(zone).date()
    Numbers.objects.get_or_create(company=employment.company)
    numbers = Numbers.objects.select_for_update().get(company=employment.company)
    record = Record.objects.filter(employment=employment, edition=told.edition, day=today).first()
    agreement = _agreement(told, employment)
    refused = refusal(
        told.side,
        signed=[one.side for one in record.signatures.all()] if record else [],
        has_agreement=agreement is not None,
        is_instructed=told.signer.pk == employment.person_id,
        is_newest=newest_edition(told.task.training) == told.edition,
    )
    if refused or agreement is None:
        raise CannotSignError(refused)
    if record is None:
        record = _open(told, numbers, today, now)
    place = Post.objects.held().select_related("unit", "position").get(employment=employment)
    at = now.astimezone(zone)
    sealed = PROVIDER.sign(statement(told, record, place=place, agreement=agreement, at=at))
    Signature.objects.create(
        record=record,
        side=told.side,
        person=told.signer,
        signed_at=now,
        note=sealed.note,
        key=sealed.key,
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
        detail={"side": told.side.value, "text": told.edition.digest},
    )
    if record.signatures.count() == len(Side):
        complete(told.task, done_on=today, evidence=f"{record.number}", by=by, now=now)
    return record


def _agreement(told: Signing, employment: Employment) -> Agreement | None:
    held = Agreement.objects.filter(
        employment__company=employment.company_id,
        employment__person=told.signer,
        employment__ended_on=None,
    )
    return held.select_related("employment__staff_number").first()


def _open(told: Signing, numbers: Numbers, today: date, now: datetime) -> Record:
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
        opened_at=now,
    )


def statement(
    told: Signing, record: Record, *, place: Post, agreement: Agreement, at: datetime
) -> dict[str, Any]:
    """Return what a side signs: who, when, which record, which version of which text, of whom.

    ``place`` is where the briefed person works, ``agreement`` that of who signs, ``at`` a moment in
    the tenant's time zone. No answers stand in it.
    """
    employment, edition = told.task.employment, told.edition
    company = employment.company
    return {
        "company": {"name": company.name, "number": company.number},
        "record": record.number,
        "day": record.day.isoformat(),
        "at": at.isoformat(timespec="seconds"),
        "side": told.side.value,
        "signer": {"name": told.signer.name, "number": agreement.employment.staff_number.shown},
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
        "agreement": {"on": agreement.agreed_on.isoformat(), "reference": agreement.reference},
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
