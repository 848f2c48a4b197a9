"""Stopping a use, and what becomes of it. Nothing here reaches back: what was done stays done."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.journal import api as journal
from skola.promises.policy.api import in_force
from skola.promises.rights.models import Objection
from skola.promises.rights.objections import besides, rules

State = Objection.State
AtStop = Callable[[UUID, str, datetime], None]
_at_stop: list[AtStop] = []


def when_stopped(act: AtStop) -> AtStop:
    """Register what a room does when somebody stops a purpose for themselves.

    It is called with person, purpose and moment, in the transaction of the objection, also when one
    is repeated after a restore; so it may delete what the purpose held, and must not send anything.
    """
    _at_stop.append(act)
    return act


@transaction.atomic
def stop(
    person_id: UUID, wanted: Iterable[str], *, request: UUID | None, by: str, now: datetime
) -> Sequence[Objection]:
    """Pause the purposes that somebody objects to, all of them where none is named.

    Direct marketing ends at once and is not weighed (GDPR Art. 21(3)), nor is what may be objected
    to besides (``besides``); what is stopped already stays as it is. Source: ilearn-23.e,
    ema-1.5.5, ema-9.1.4.
    """
    policy, wanted = in_force(now).policy, frozenset(wanted)
    known = set(
        Objection.objects.stopping().filter(person_id=person_id).values_list("purpose", flat=True)
    )
    made = []
    for purpose in rules.named(policy, wanted):
        if purpose.id not in known:
            ends = purpose.basis.marketing
            one = Objection.objects.create(
                person_id=person_id,
                purpose=purpose.id,
                request=request,
                state=State.UPHELD if ends else State.PAUSED,
                since_at=now,
                decided_at=now if ends else None,
            )
            _told(one, by, now)
            made.append(one)
    made += [
        _stop_named(person_id, one.name, request=request, by=by, now=now)
        for one in besides.open_at(now, wanted)
    ]
    return made


@transaction.atomic
def stop_automated(person_id: UUID, decision: str, *, by: str, now: datetime) -> Objection:
    """The software decides this about somebody no more, at once; what is stopped stays as it is.

    Nothing is weighed: a person decides instead (GDPR Art. 22(3)). Source: ilearn-13.b.
    """
    return _stop_named(person_id, rules.automated(decision), by=by, now=now)


@transaction.atomic
def stop_handover(person_id: UUID, *, by: str, now: datetime) -> Objection:
    """Somebody's data do not go over to a new controller; what is stopped already stays as it is.

    Nothing is weighed: the controller promised that people may object (learnifier-15, ema-7.3.2).
    """
    return _stop_named(person_id, rules.HANDOVER, by=by, now=now)


def _stop_named(
    person_id: UUID, purpose: str, *, request: UUID | None = None, by: str, now: datetime
) -> Objection:
    known = Objection.objects.stopping().filter(person_id=person_id, purpose=purpose).first()
    if known is not None:
        return known
    made = Objection.objects.create(
        person_id=person_id,
        purpose=purpose,
        request=request,
        state=State.UPHELD,
        since_at=now,
        decided_at=now,
    )
    _told(made, by, now)
    return made


@transaction.atomic
def decide(request: UUID, upheld: Iterable[str], *, by: str, now: datetime) -> None:
    """Uphold the objection to these purposes and no other; the others go on from now.

    What the request never paused is left alone. Source: ilearn-10.d.
    """
    wanted = frozenset(upheld)
    for one in _of(request, State.PAUSED):
        _become(one, State.UPHELD if one.purpose in wanted else State.REFUSED, by, now)


@transaction.atomic
def overrule(request: UUID, *, by: str, now: datetime) -> None:
    """Uphold what was refused: somebody else looked at it again. Source: ilearn-24.f."""
    for one in _of(request, State.REFUSED):
        again = Objection.objects.stopping().filter(person_id=one.person_id, purpose=one.purpose)
        if not again.exists():
            _become(one, State.UPHELD, by, now)


@transaction.atomic
def give_up(request: UUID, *, by: str, now: datetime) -> None:
    """The person withdrew the request: what it paused goes on."""
    for one in _of(request, State.PAUSED):
        _become(one, State.WITHDRAWN, by, now)


@transaction.atomic
def allow_again(objection: Objection, *, by: str, now: datetime) -> None:
    """The person wants the use again; nothing changes where it is not stopped."""
    held = Objection.objects.select_for_update().get(pk=objection.pk)
    if held.state == State.UPHELD:
        _become(held, State.WITHDRAWN, by, now)


def _of(request: UUID, state: str) -> Sequence[Objection]:
    found = Objection.objects.select_for_update().filter(request=request, state=state)
    return list(found.order_by("purpose"))


def _become(one: Objection, state: str, by: str, now: datetime) -> None:
    one.state, one.decided_at = state, now
    one.save(update_fields=["state", "decided_at"])
    _told(one, by, now)


def _told(one: Objection, by: str, now: datetime) -> None:
    detail = {"purpose": one.purpose, "objection": str(one.state)}
    journal.write("objection", subject=one.person_id, at=now, detail=detail)
    audit.record(
        f"rights.objection.{one.state}",
        target=one,
        subject=one.person_id,
        by=by,
        at=now,
        detail={"purpose": one.purpose},
    )
    _stopped(one.person_id, one.purpose, str(one.state), now)


def _stopped(person_id: UUID, purpose: str, state: str, now: datetime) -> None:
    if state in Objection.STOPPING:
        for act in _at_stop:
            act(person_id, purpose, now)


@journal.replays("objection")
def repeat(subject: UUID | None, at: datetime, detail: dict[str, str]) -> None:
    """After a restore: what somebody stopped since then is stopped. May run twice."""
    if subject is None or "purpose" not in detail:
        return
    theirs = Objection.objects.filter(person_id=subject, purpose=detail["purpose"])
    stops = theirs.stopping().filter(since_at__lte=at)
    state = State(detail["objection"])
    decided_at = None if state == State.PAUSED else at
    known = stops.update(state=state, decided_at=decided_at)
    if not known and state in Objection.STOPPING and not theirs.filter(since_at=at).exists():
        Objection.objects.create(
            person_id=subject,
            purpose=detail["purpose"],
            state=state,
            since_at=at,
            decided_at=decided_at,
        )
    _stopped(subject, detail["purpose"], state, at)
