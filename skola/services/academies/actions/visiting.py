"""The operator's staff let in by the client, and each of their looks (learnifier-12.b)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.services.academies.models import Admission, Instruction, OperatorLook
from skola.services.academies.rules import LONGEST_VISIT


class ShutError(Exception):
    """The client has not let the operator's staff in, or no longer."""


@transaction.atomic
def let_in(*, reason: str, span: timedelta, person: Person, by: str, now: datetime) -> Admission:
    """Let the operator's staff look for a time, at most two weeks, and for a reason."""
    made = Admission.objects.create(
        person=person, reason=reason, starts_at=now, ends_at=now + min(span, LONGEST_VISIT)
    )
    Instruction.objects.create(
        person=person, kind=Instruction.Kind.LET_IN, words=reason[:300], at=now
    )
    detail = {"until": made.ends_at.isoformat()}
    audit.record("academies.operator.let_in", target=made, by=by, at=now, detail=detail)
    return made


@transaction.atomic
def shut_out(admission: Admission, *, person: Person, by: str, now: datetime) -> None:
    """End a permission before its time; nobody looks any more from this moment on."""
    ended = Admission.objects.standing_at(now).filter(pk=admission.pk).update(ended_at=now)
    if ended:
        Instruction.objects.create(person=person, kind=Instruction.Kind.SHUT, at=now)
        audit.record("academies.operator.shut_out", target=admission, by=by, at=now)


@transaction.atomic
def look(staff: str, *, at: UUID | None, now: datetime) -> Admission:
    """Note, in the academy, that the operator's staff looks at somebody, or at the list.

    ``staff`` is the pseudonym under which the operator knows who looks. Raises ShutError without a
    permission that stands.
    """
    standing = Admission.objects.standing_at(now).order_by("-ends_at").first()
    if standing is None:
        raise ShutError("The client has not let the operator in.")
    OperatorLook.objects.create(admission=standing, person_id=at, staff=staff, at=now)
    audit.record(
        "academies.operator.looked",
        target=standing,
        subject=at,
        by=staff,
        at=now,
        clause="learnifier-12.b",
    )
    return standing


def refuse(staff: str, *, now: datetime) -> None:
    """Note, in the academy, that the operator's staff tried to look and was refused."""
    audit.record("academies.operator.refused", by=staff, at=now, clause="learnifier-12.b")
