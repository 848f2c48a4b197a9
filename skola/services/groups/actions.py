"""Everything that changes programmes, runs, applications and seats, one function each."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, post, register_person
from skola.promises.origins import api as origins
from skola.services.billing.api import Contract, end_contract, end_offer, offer_contract
from skola.services.documents.api import Learned, issue
from skola.services.groups import identity, queries, rules, trainers, wording
from skola.services.groups.models import Application, Meeting, Participant, Programme, Run

Link = Callable[[Application], str]
"""Gives the address of the page on which somebody sees their application."""


class ClosedError(Exception):
    """The run takes no applications, or this application is decided."""


class NoSeatError(Exception):
    """Every seat of the run is taken."""


class TwiceError(Exception):
    """There is one like that already."""


@dataclass(frozen=True)
class ProgrammeFacts:
    """What a programme is."""

    title: str
    text: str
    hours: int
    price_cents: int
    terms: str
    code_reason: str = ""
    """What asks for participants' national codes; empty where nothing does."""


@dataclass(frozen=True)
class RunFacts:
    """When and where a run is given, and for how many. Days are days of the tenant's zone."""

    code: str
    place: str
    starts_on: date
    ends_on: date
    apply_until: date
    seats: int


@dataclass(frozen=True)
class Applicant:
    """Who applies without an account."""

    given_name: str
    family_name: str
    email: str
    phone: str = ""


@dataclass(frozen=True)
class Sent:
    """How an application came: by which way, beside which notice, in which language."""

    source: str
    notice_version: str
    language: str = "en"
    words: str = ""


@transaction.atomic
def write_programme(
    facts: ProgrammeFacts, *, programme: Programme | None = None, by: str, now: datetime
) -> Programme:
    """Write a programme, or write an existing one anew. Contracts offered before stay as they are.

    Where it asks for national codes no more, those that are held go. Raises TwiceError when
    another one has the title.
    """
    kind = "changed" if programme else "added"
    written = programme or Programme(created_at=now)
    for name, value in asdict(facts).items():
        setattr(written, name, value)
    _once(written, _("There is a programme of this title already. Choose another title."))
    audit.record(f"groups.programme.{kind}", target=written, by=by, at=now)
    if not written.code_reason:
        identity.forget_codes(written, by=by, now=now)
    return written


def _once(row: Programme | Run, problem: str) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as refused:
        raise TwiceError(problem) from refused


@transaction.atomic
def plan_run(programme: Programme, facts: RunFacts, *, by: str, now: datetime) -> Run:
    """Plan a run that nobody else sees yet. Raises TwiceError when another one has the code."""
    run = Run(programme=programme, created_at=now, **asdict(facts))
    _once(run, _("There is a group of this code already. Choose another code."))
    audit.record("groups.run.planned", target=run, by=by, at=now)
    return run


@transaction.atomic
def change_run(run: Run, facts: RunFacts, *, zone: ZoneInfo, by: str, now: datetime) -> None:
    """Change days, place or seats; the access of trainers follows the days.

    Raises TwiceError, and NoSeatError for fewer seats than are taken.
    """
    held = locked(run)
    if facts.seats < held.taken:
        raise NoSeatError(
            _("%(count)s people have a seat already. Let somebody leave before.")
            % {"count": held.taken}
        )
    for name, value in asdict(facts).items():
        setattr(run, name, value)
    _once(run, _("There is a group of this code already. Choose another code."))
    trainers.follow(run, zone=zone, now=now)
    audit.record("groups.run.changed", target=run, by=by, at=now)


@transaction.atomic
def publish_run(run: Run, *, by: str, now: datetime) -> None:
    """Let everybody see a run, and apply for it."""
    if run.published_at is None:
        run.published_at = now
        run.save(update_fields=["published_at"])
        audit.record("groups.run.published", target=run, by=by, at=now)


@transaction.atomic
def cancel_run(run: Run, *, link: Link, today: date, by: str, now: datetime) -> None:
    """Cancel a run: contracts about it end, and who applied or takes part is told.

    Raises ClosedError when that was done before, or the run is over.
    """
    held = locked(run)
    if held.cancelled_at is not None:
        raise ClosedError(_("This group is cancelled already."))
    if today > held.ends_on:
        raise ClosedError(_("This group is over. It cannot be cancelled any more."))
    run.cancelled_at = now
    run.save(update_fields=["cancelled_at"])
    audit.record("groups.run.cancelled", target=run, by=by, at=now)
    identity.forget_codes(run, by=by, now=now)
    seats = Participant.objects.filter(run=run, left_at=None).select_related("contract")
    for contract in {seat.contract for seat in seats if seat.contract}:
        _end(contract, by=by, now=now)
    concerned = Application.objects.filter(run=run, stage__in=(*rules.TO_DECIDE, "admitted"))
    for application in concerned.select_related("person", "run__programme"):
        tell(application, "cancelled", link=link(application), now=now)


def tell_of_changes(run: Run, *, link: Link, now: datetime) -> None:
    """Write everybody who has a seat that days or place have changed (kic-communication)."""
    concerned = Application.objects.filter(run=run, participant__left_at=None, stage="admitted")
    for application in concerned.select_related("person", "run__programme"):
        tell(application, "moved", link=link(application), now=now)


@transaction.atomic
def add_meetings(
    run: Run, days: Iterable[date], *, begins: time, ends: time, topic: str, by: str, now: datetime
) -> int:
    """Put meetings on these days, where there is none at that time yet. Return how many."""
    known = set(run.meetings.filter(begins=begins).values_list("on", flat=True))
    made = [
        Meeting(run=run, on=day, begins=begins, ends=ends, topic=topic)
        for day in days
        if day not in known
    ]
    Meeting.objects.bulk_create(made)
    audit.record("groups.meetings.added", target=run, by=by, at=now, detail={"count": len(made)})
    return len(made)


@transaction.atomic
def remove_meeting(meeting: Meeting, *, by: str, now: datetime) -> None:
    """Take a meeting out."""
    audit.record("groups.meeting.removed", target=meeting, by=by, at=now)
    meeting.delete()


@transaction.atomic
def apply(
    run: Run,
    who: Person | Applicant,
    sent: Sent,
    *,
    today: date,
    by: str,
    now: datetime,
) -> Application:
    """Take an application; where all seats are taken it stands on the waiting list.

    Who has no account becomes a person without one. Raises ClosedError when the run takes none,
    TwiceError when the person applied before.
    """
    held = locked(run)
    if not rules.takes_applications(
        published_at=held.published_at,
        cancelled_at=held.cancelled_at,
        apply_until=held.apply_until,
        today=today,
    ):
        raise ClosedError(_("This group takes no applications any more. Look at the other ones."))
    person = _person(who, sent, by=by, now=now) if isinstance(who, Applicant) else who
    if Application.objects.filter(run=held, person=person).exists():
        raise TwiceError(_("You have applied for this group already."))
    stage = Application.Stage.RECEIVED if held.free else Application.Stage.WAITING
    application = Application.objects.create(
        run=held, person=person, stage=stage, applied_at=now, **asdict(sent)
    )
    origins.note(
        person.pk,
        origins.Origin.Kind.SERVICE_REQUEST,
        about=application.pk,
        name=held.programme.title,
        now=now,
    )
    audit.record(
        "groups.application.received",
        target=application,
        subject=person.pk,
        by=by,
        at=now,
        detail={"source": sent.source, "stage": str(stage)},
    )
    return application


def _person(who: Applicant, sent: Sent, *, by: str, now: datetime) -> Person:
    return register_person(
        given_name=who.given_name,
        family_name=who.family_name,
        email=who.email,
        phone=who.phone,
        language=sent.language,
        source="application",
        by=by,
        now=now,
    )


def tell(application: Application, what: str, *, link: str, now: datetime) -> None:
    """Write the applicant how the application stands, in the language in which they applied."""
    with translation.override(application.language):
        subject, text = wording.mail_for(what, application.run)
    post(
        person_id=application.person_id,
        address=application.person.email,
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=subject,
        text=f"{text}\n{link}\n",
        now=now,
    )


@transaction.atomic
def admit(application: Application, *, with_contract: bool, by: str, now: datetime) -> Participant:
    """Give the applicant a seat, and offer the contract where the tenant has contracts.

    Raises NoSeatError when all are taken, also when somebody else has just taken the last one, and
    ClosedError when the application is decided or the run cancelled; nothing changes then.
    """
    run = locked(application.run)
    held = _to_decide(application, run)
    if not run.free:
        raise NoSeatError(_("Every seat is taken. Put the application on the waiting list."))
    participant = Participant.objects.create(
        run=run,
        person=held.person,
        application=held,
        contract=_offer(held, run, by=by, now=now) if with_contract else None,
        admitted_at=now,
    )
    _decide(application, Application.Stage.ADMITTED, by=by, now=now)
    return participant


def _offer(application: Application, run: Run, *, by: str, now: datetime) -> Contract:
    with translation.override(application.language):
        text = wording.contract_text(run)
    return offer_contract(
        application.person,
        title=run.programme.title,
        text=text,
        starts_on=run.starts_on,
        ends_on=run.ends_on,
        by=by,
        now=now,
    )


@transaction.atomic
def put_off(application: Application, *, by: str, now: datetime) -> None:
    """Put an application on the waiting list. Raises ClosedError when it is decided."""
    _to_decide(application, locked(application.run))
    _decide(application, Application.Stage.WAITING, by=by, now=now)


@transaction.atomic
def refuse(application: Application, *, by: str, now: datetime) -> None:
    """Do not admit somebody. Raises ClosedError when the application is decided."""
    _to_decide(application, locked(application.run))
    _decide(application, Application.Stage.REFUSED, by=by, now=now)


@transaction.atomic
def withdraw(
    application: Application,
    *,
    ending: str = Contract.Ending.WITHDRAWN,
    today: date,
    by: str,
    now: datetime,
) -> None:
    """The applicant steps back; a seat that they have is free again, and its contract ends.

    ``ending`` says how an offer ends that nobody accepted. Raises ClosedError when the application
    has ended, or the run with it.
    """
    held = Application.objects.select_for_update(of=("self",)).select_related("run")
    application = held.get(pk=application.pk)
    seat = Participant.objects.filter(application=application, left_at=None).first()
    result = seat.result if seat else ""
    ends_on = application.run.ends_on
    if not rules.can_withdraw(application.stage, result=result, ends_on=ends_on, today=today):
        raise ClosedError(_("This application has ended already."))
    if seat is not None:
        leave(seat, ending=ending, by=by, now=now)
    _decide(application, Application.Stage.WITHDRAWN, by=by, now=now)


@transaction.atomic
def leave(
    participant: Participant,
    *,
    ending: str = Contract.Ending.WITHDRAWN,
    by: str,
    now: datetime,
) -> None:
    """Free a seat; the contract about it ends. Raises ClosedError when it was freed before."""
    held = Participant.objects.select_for_update().get(pk=participant.pk)
    if held.left_at is not None:
        raise ClosedError(_("This seat is free already."))
    participant.left_at = now
    participant.save(update_fields=["left_at"])
    _end_contract_of(participant, ending=ending, by=by, now=now)
    identity.forget_code(participant, by=by, now=now)
    audit.record(
        "groups.seat.freed", target=participant, subject=participant.person_id, by=by, at=now
    )


@transaction.atomic
def record_result(participant: Participant, result: str, *, by: str, now: datetime) -> None:
    """Record how a participant did; another result takes the place of an earlier one.

    Raises ClosedError for a seat that was freed.
    """
    if participant.left_at is not None:
        raise ClosedError(_("Who has left the group has no result."))
    participant.result, participant.result_at = result, now
    participant.save(update_fields=["result", "result_at"])
    audit.record(
        "groups.result.recorded",
        target=participant,
        subject=participant.person_id,
        by=by,
        at=now,
        detail={"result": result},
    )


def _end_contract_of(
    participant: Participant,
    *,
    ending: str = Contract.Ending.WITHDRAWN,
    by: str,
    now: datetime,
) -> None:
    contract = participant.contract
    if contract is None:
        return
    if not Participant.objects.filter(contract=contract, left_at=None).exists():
        _end(contract, ending=ending, by=by, now=now)


def _end(
    contract: Contract,
    *,
    ending: str = Contract.Ending.WITHDRAWN,
    by: str,
    now: datetime,
) -> None:
    """End the contract about a seat; that of a company ends with its last seat."""
    if contract.closed_at is not None:
        return
    if contract.accepted_at is None:
        end_offer(contract, ending=ending, by=by, now=now)
    else:
        end_contract(contract, ending=Contract.Ending.STAFF, by=by, now=now)


def locked(run: Run) -> Any:
    """Return the run with its seats, held until the transaction ends: no seat is given twice."""
    Run.objects.select_for_update().get(pk=run.pk)
    return Run.objects.with_counts().select_related("programme").get(pk=run.pk)


def _to_decide(application: Application, run: Run) -> Application:
    held = Application.objects.select_related("person").get(pk=application.pk)
    if held.stage not in rules.TO_DECIDE or run.cancelled_at is not None:
        raise ClosedError(_("This application is decided. Look at it again."))
    return held


def _decide(application: Application, stage: str, *, by: str, now: datetime) -> None:
    application.stage, application.decided_at = stage, now
    application.save(update_fields=["stage", "decided_at"])
    audit.record(
        "groups.application.decided",
        target=application,
        subject=application.person_id,
        by=by,
        at=now,
        detail={"stage": str(stage)},
    )


@transaction.atomic
def issue_documents(
    run: Run, *, signatory: str, zone: ZoneInfo, by: str, now: datetime
) -> list[Participant]:
    """Issue a document to everybody who completed the run and has none, and return who got one.

    Twice is as once (kic-purpose-documents).
    """
    locked(run)
    programme = run.programme
    learned = Learned(programme.title, programme.hours, run.starts_on, run.ends_on, signatory)
    seats = list(queries.without_document(run))
    for seat in seats:
        seat.document = issue(seat.person, learned, zone=zone, by=by, now=now)
        seat.save(update_fields=["document"])
    return seats
