"""Everything that changes calls, recordings and what is to be done after them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.files import api as files
from skola.ground.people.api import Person, register_person
from skola.services.billing.api import Contract
from skola.services.desk import rules
from skola.services.desk.models import Call, CallTask, Line, Recording
from skola.services.desk.unrecorded import is_unrecorded

AUDIO = "desk.recording"
"""The kind of file a recording is."""


@dataclass(frozen=True)
class Rung:
    """What the telephone says about a call."""

    line: Line
    direction: str
    number: str
    started_at: datetime
    seconds: int = 0


@dataclass(frozen=True)
class Imported:
    """What became of an import: the call, or why its recording was refused."""

    call: Call | None
    refusal: rules.Refusal = rules.Refusal.NONE
    is_dropped: bool = False
    """Whether its sound was left out, for the caller objected to being recorded."""


@transaction.atomic
def set_up_line(line: Line, *, by: str, now: datetime) -> None:
    """Keep a line, new or changed. What was recorded before stays as it was announced then."""
    line.number = rules.plain_number(line.number)
    line.save()
    audit.record(
        "desk.line.set_up",
        target=line,
        by=by,
        at=now,
        detail={"announced": line.announced, "callee_role": str(line.callee_role)},
    )


@transaction.atomic
def import_call(
    rung: Rung,
    *,
    audio: "UploadedFile[Any] | None",
    kind: str = Recording.Kind.QUALITY,
    person: Person | None = None,
    contract: Contract | None = None,
    agent: Person | None = None,
    by: str,
    now: datetime,
) -> Imported:
    """Enter a call into the register, with its sound where there is one.

    A recording of a line that does not tell its callers, or that neither advises nor takes orders,
    is refused: nothing of it is kept, and the refusal is in the audit (ema-4.3). A call to a number
    that left a voicemail answers it (ema-4.1-recording). Of who objected, the call is entered and
    its sound dropped (ema-4.2). Raises files.RefusedError for a file that is no sound.
    """
    refusal = rules.refusal(announced=rung.line.announced, callee_role=rung.line.callee_role)
    if audio is not None and refusal:
        audit.record(
            "desk.recording.refused",
            target=rung.line,
            by=by,
            at=now,
            clause="ema-4.3",
            detail={"because": str(refusal)},
        )
        return Imported(None, refusal)
    call = Call.objects.create(
        person=person or (contract.person if contract else None),
        line=rung.line,
        direction=rung.direction,
        number=rules.plain_number(rung.number),
        agent=agent,
        started_at=rung.started_at,
        seconds=rung.seconds,
        answers=_voicemail_of(rung),
    )
    audit.record("desk.call.entered", target=call, subject=call.person_id, by=by, at=now)
    if audio is None:
        return Imported(call)
    if kind != Recording.Kind.ORAL and is_unrecorded(rung.number, now=now):
        audit.record(
            "desk.recording.dropped",
            target=call,
            subject=call.person_id,
            by=by,
            at=now,
            clause="ema-4.2",
        )
        return Imported(call, is_dropped=True)
    _keep_sound(call, audio, kind=kind, contract=contract, by=by, now=now)
    return Imported(call)


def _voicemail_of(rung: Rung) -> Call | None:
    number = rules.plain_number(rung.number)
    if rung.direction != Call.Direction.OUTGOING or not number:
        return None
    left = Call.objects.filter(
        direction=Call.Direction.VOICEMAIL,
        number=number,
        started_at__gte=rung.started_at - rules.CALL_BACK_WITHIN,
    ).prefetch_related("call_backs")
    found = rules.voicemail_answered_by(
        (
            rules.Voicemail(one, one.number, one.started_at, bool(one.call_backs.all()))
            for one in left
        ),
        number=number,
        at=rung.started_at,
    )
    return found.key if found and isinstance(found.key, Call) else None


def _keep_sound(
    call: Call,
    audio: "UploadedFile[Any]",
    *,
    kind: str,
    contract: Contract | None,
    by: str,
    now: datetime,
) -> Recording:
    recording = Recording.objects.create(
        person_id=call.person_id,
        call=call,
        kind=kind,
        audio=files.store(audio, kind=AUDIO, person_id=None, by=by, now=now),
        callee_role=call.line.callee_role,
        announced=call.line.announced,
        recorded_at=call.started_at,
        contract=contract,
        contract_closed_at=contract.closed_at if contract else None,
    )
    audit.record(
        "desk.recording.kept",
        target=recording,
        subject=call.person_id,
        by=by,
        at=now,
        detail={"class": str(kind)},
    )
    return recording


@transaction.atomic
def adopt_number(number: str, by: str, now: datetime) -> Person:
    """Make the calls of a number, that are nobody's yet, those of the person known under it.

    Where nobody is known it is a data subject with nothing but the number. So what is held of a
    caller is found, copied and erased as everybody else's (ilearn-4.c).
    """
    plain = rules.plain_number(number)
    calls = Call.objects.select_for_update(of=("self",)).filter(number=plain)
    known = calls.exclude(person=None).select_related("person").order_by("-started_at").first()
    person = known.person if known else None
    if person is None:
        person = register_person(
            given_name="", family_name="", phone=plain, source="request", by=by, now=now
        )
    free = [one.pk for one in calls.filter(person=None)]
    Recording.objects.filter(call__in=free, person=None).update(person=person)
    CallTask.objects.filter(call__in=free, person=None).update(person=person)
    Call.objects.filter(pk__in=free).update(person=person)
    if free:
        detail = {"calls": len(free)}
        audit.record("desk.call.claimed", subject=person.pk, by=by, at=now, detail=detail)
    return person


@transaction.atomic
def bind_to_contract(recording: Recording, contract: Contract, *, by: str, now: datetime) -> None:
    """Mark a recording as the proof of an oral agreement: from now on it follows the contract.

    Source: ilearn-11.j, ilearn-20.b.
    """
    recording.kind = Recording.Kind.ORAL
    recording.contract = contract
    recording.contract_closed_at = contract.closed_at
    recording.person_id = contract.person_id
    recording.save(update_fields=["kind", "contract", "contract_closed_at", "person"])
    Call.objects.filter(recording=recording).update(person_id=contract.person_id)
    audit.record(
        "desk.recording.bound",
        target=recording,
        subject=contract.person_id,
        by=by,
        at=now,
        clause="ilearn-11.j",
    )


@transaction.atomic
def play(recording: Recording, *, reason: str, by: str, now: datetime) -> None:
    """Record that somebody listens, and for which of the reasons on the list (ilearn-11.h)."""
    audit.record(
        "desk.recording.played",
        target=recording,
        subject=recording.person_id,
        by=by,
        at=now,
        clause="ilearn-11.h",
        detail={"reason": reason},
    )


@transaction.atomic
def note_task(call: Call, *, text: str, author: Person, by: str, now: datetime) -> CallTask:
    """Write down what is to be done after a call, so that its sound may go (ilearn-11.i)."""
    recording = Recording.objects.filter(call=call).first()
    task = CallTask.objects.create(
        person_id=call.person_id,
        call=call,
        recording=recording,
        recording_deleted_at=call.recording_deleted_at,
        text=text,
        author=author,
        created_at=now,
    )
    audit.record("desk.task.noted", target=task, subject=call.person_id, by=by, at=now)
    return task


@transaction.atomic
def finish_task(task: CallTask, *, by: str, now: datetime) -> None:
    """Say that what was to be done is done."""
    task.done_at = now
    task.save(update_fields=["done_at"])
    audit.record("desk.task.done", target=task, subject=task.person_id, by=by, at=now)
