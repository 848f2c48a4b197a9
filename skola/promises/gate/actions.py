"""Restricting and lifting: one row each, whatever is stored about the person."""

from datetime import date, datetime
from uuid import UUID

from django.db import models, transaction

from skola.ground.audit import api as audit
from skola.ground.journal import api as journal
from skola.promises.gate import queries
from skola.promises.gate.models import Restriction
from skola.promises.gate.rules import FREEZE, may_be_lifted
from skola.promises.inventory.api import declaration_of


class NotToldError(RuntimeError):
    """The person was not told yet that the restriction is going to be lifted. Nothing changed."""


@transaction.atomic
def restrict(
    person_id: UUID,
    *,
    reason: str,
    by: str,
    now: datetime,
    ground: str = "",
    asked_by: str = "",
    asked_on: date | None = None,
    until_on: date | None = None,
    target: models.Model | None = None,
) -> Restriction:
    """Stop all reading of a person's data, or of one object of theirs, but by themselves.

    ``ground`` and ``asked_by`` are words of ``Restriction``; ``asked_on`` and ``until_on`` days in
    the tenant's time zone. Storage goes on, and with it the retention; legal claims may read (GDPR
    Art. 18(2)). Where it is restricted already, the restriction that stands is returned and nothing
    changes.
    """
    made, is_new = Restriction.objects.exclude(ground=FREEZE).get_or_create(
        ref=person_id if target is None else target.pk,
        lifted_at=None,
        defaults={
            "person_id": person_id,
            "object_table": "" if target is None else _table_of(target),
            "ground": ground,
            "reason": reason,
            "asked_by": asked_by,
            "asked_on": asked_on,
            "until_on": until_on,
            "owner": by,
            "since_at": now,
        },
    )
    if is_new:
        journal.write("restriction.on", subject=person_id, at=now, detail=_repeatable(made))
        audit.record(
            "gate.restriction.placed",
            target=made,
            subject=person_id,
            by=by,
            at=now,
            detail={"ground": ground, "asked_by": asked_by},
        )
    return made


@transaction.atomic
def record_telling(
    restriction: Restriction, *, how: str, on: date | None = None, by: str, now: datetime
) -> bool:
    """Record how the person is told that it is going to be lifted; False where they were already.

    Another way may follow a mail, which may never arrive. ``on`` is the day on which an officer
    told them. Source: GDPR Art. 18(3).
    """
    open_ = Restriction.objects.filter(pk=restriction.pk, lifted_at=None)
    usual = ("", Restriction.Told.MAIL) if how != Restriction.Told.MAIL else ("",)
    if not open_.filter(told_how__in=usual).update(told_how=how, told_at=now, told_on=on):
        return False
    audit.record(
        "gate.restriction.told",
        target=restriction,
        subject=restriction.person_id,
        by=by,
        at=now,
        detail={"how": how},
    )
    return True


@transaction.atomic
def lift_restriction(restriction: Restriction, *, by: str, now: datetime) -> None:
    """End a restriction; nothing changes where it is lifted already.

    Raises NotToldError before the person was told of it. Source: GDPR Art. 18(3); ilearn-23.d.
    """
    told = Restriction.objects.get(pk=restriction.pk)
    delivered = bool(queries.delivered([told]))
    if not may_be_lifted(told.ground, told.told_how, delivered=delivered):
        raise NotToldError("The person has to be told before the restriction is lifted.")
    running = Restriction.objects.filter(pk=restriction.pk, lifted_at=None)
    if running.update(lifted_at=now):
        person_id = restriction.person_id
        journal.write("restriction.off", subject=person_id, at=now, detail=_repeatable(restriction))
        audit.record(
            "gate.restriction.lifted", target=restriction, subject=person_id, by=by, at=now
        )


def _table_of(target: models.Model) -> str:
    return declaration_of(target._meta.label_lower).table


def _repeatable(restriction: Restriction) -> dict[str, str]:
    """What the journal keeps of it: enough to repeat it, and no reason, which is personal."""
    kept = {"ground": restriction.ground} if restriction.ground else {}
    if restriction.object_table:
        kept |= {"table": restriction.object_table, "object": str(restriction.ref)}
    return kept
