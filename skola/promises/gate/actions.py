"""Restricting and lifting: one row each, whatever is stored about the person."""

from datetime import datetime
from uuid import UUID

from django.db import models, transaction

from skola.ground.audit import api as audit
from skola.ground.journal import api as journal
from skola.promises.gate.models import Restriction
from skola.promises.inventory.api import declaration_of


@transaction.atomic
def restrict(
    person_id: UUID, *, reason: str, by: str, now: datetime, target: models.Model | None = None
) -> Restriction:
    """Stop all reading of a person's data, or of one object of theirs, but by themselves.

    Storage goes on, and with it the retention; legal claims may read (GDPR Art. 18(2)). Where it is
    restricted already, the restriction that stands is returned and nothing changes.
    """
    made, is_new = Restriction.objects.get_or_create(
        ref=person_id if target is None else target.pk,
        lifted_at=None,
        defaults={
            "person_id": person_id,
            "object_table": "" if target is None else _table_of(target),
            "reason": reason,
            "owner": by,
            "since_at": now,
        },
    )
    if is_new:
        journal.write("restriction.on", subject=person_id, at=now, detail=_told(made))
        audit.record("gate.restriction.placed", target=made, subject=person_id, by=by, at=now)
    return made


@transaction.atomic
def lift_restriction(restriction: Restriction, *, by: str, now: datetime) -> None:
    """End a restriction; nothing changes where it is lifted already.

    The person is told before it is lifted, which is the business of the caller (GDPR Art. 18(3)).
    """
    running = Restriction.objects.filter(pk=restriction.pk, lifted_at=None)
    if running.update(lifted_at=now):
        person_id = restriction.person_id
        journal.write("restriction.off", subject=person_id, at=now, detail=_told(restriction))
        audit.record(
            "gate.restriction.lifted", target=restriction, subject=person_id, by=by, at=now
        )


def _table_of(target: models.Model) -> str:
    return declaration_of(target._meta.label_lower).table


def _told(restriction: Restriction) -> dict[str, str]:
    """What the journal keeps of it: enough to repeat it, and no reason, which is personal."""
    if not restriction.object_table:
        return {}
    return {"table": restriction.object_table, "object": str(restriction.ref)}
