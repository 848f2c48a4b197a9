"""The freeze of an erasure: a restriction that stands until the erasure is done or withdrawn.

It is beside a restriction that somebody asked for, which stays when the erasure is withdrawn. The
privacy journal has no line of it: what a restored database has to repeat is the erasure.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, models

from skola.ground.audit import api as audit
from skola.ground.ids import uuid7
from skola.ground.tenants.api import current_id
from skola.promises.gate.models import Restriction
from skola.promises.gate.rules import FREEZE


def freeze(person_id: UUID, *, reason: str, by: str, now: datetime) -> bool:
    """Hide everything about a person from everybody; False where it is hidden so already.

    ``reason`` and ``by`` are those of the erasure, which can be finished from them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into gate_restriction
                (id, tenant_id, person_id, ref, object_table, ground, reason, asked_by, owner,
                 since_at, told_how)
            values (%s, %s, %s, %s, '', %s, %s, '', %s, %s, '')
            on conflict do nothing returning id
            """,
            [uuid7(), current_id(), person_id, person_id, FREEZE, reason, by, now],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    audit.record(
        "gate.restriction.placed",
        target=Restriction(pk=row[0]),
        by=by,
        at=now,
        detail={"ground": FREEZE},  # and no subject: the person's key is about to be destroyed
    )
    return True


def thaw(person_id: UUID) -> bool:
    """Forget the freeze, with the end of the erasure; whether there was one."""
    gone, _ = _frozen(person_id).delete()
    return bool(gone)


def is_frozen(person_id: UUID) -> bool:
    """Whether the freeze of an erasure stands."""
    return _frozen(person_id).exists()


def frozen(*, before: datetime) -> Sequence[Restriction]:
    """Return the freezes that began before a moment and stand, the oldest first."""
    standing = Restriction.objects.filter(ground=FREEZE, lifted_at=None, since_at__lt=before)
    return list(standing.order_by("since_at"))


def _frozen(person_id: UUID) -> models.QuerySet[Restriction]:
    return Restriction.objects.filter(ref=person_id, ground=FREEZE, lifted_at=None)
