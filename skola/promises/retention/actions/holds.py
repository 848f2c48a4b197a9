"""Legal holds: what is under one stays, and goes when it ends if it should have gone before."""

from datetime import datetime
from uuid import UUID

from django.db import models, transaction

from skola.ground.audit import api as audit
from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.journal import api as journal
from skola.promises.inventory.api import declaration_of
from skola.promises.retention.actions.clocks import (
    clock_table,
    forget_all_dates,
    forget_dates,
    forget_dates_of_object,
)
from skola.promises.retention.live import clockworks, promises_in_force
from skola.promises.retention.models import Hold
from skola.promises.retention.sql import Clockwork

REPLAY = "skola replay"
PLACED_AGAIN = "Placed again after a restore; its reason is with who placed it."


class HoldUnclearError(ValueError):
    """A hold that covers nobody and nothing, or more than one of these."""


@reading_for(ENGINE)
@transaction.atomic
def place_hold(
    *,
    reason: str,
    person_id: UUID | None = None,
    category: str = "",
    target: models.Model | None = None,
    ends_at: datetime | None = None,
    by: str,
    now: datetime,
) -> Hold:
    """Keep a person's data (or one category of them), or one object, until released.

    A category without a person is held for everybody; the sweep keeps all of that kind.

    What was due before ``now`` is gone and stays so, whether or not a sweep has passed. Raises
    HoldUnclearError. Source: GDPR Art. 17(3)(e), 18(1)(c).
    """
    if sum((person_id is not None, target is not None, bool(category and not person_id))) != 1:
        raise HoldUnclearError(
            "A hold covers a person, a category of one or of all persons, or one object."
        )
    hold = Hold.objects.create(
        reason=reason,
        owner=by,
        person_id=person_id,
        category=category,
        object_table="" if target is None else declaration_of(target._meta.label_lower).table,
        object_id=None if target is None else target.pk,
        starts_at=now,
        ends_at=ends_at,
    )
    for work in _covered(hold, now):
        _forget(work, hold, now)
    audit.record("retention.hold.placed", target=hold, subject=person_id, by=by, at=now)
    journal.write("hold.on", subject=person_id, at=now, detail=_told(hold))
    return hold


def _told(hold: Hold) -> dict[str, str]:
    """What the journal must know to place the hold again. The reason is not for it to know."""
    return {
        "hold": str(hold.pk),
        "category": hold.category,
        "table": hold.object_table,
        "object": "" if hold.object_id is None else str(hold.object_id),
        "ends_at": "" if hold.ends_at is None else hold.ends_at.isoformat(),
    }


@journal.replays("hold.on")
@transaction.atomic
def place_again(subject: UUID | None, at: datetime, detail: dict[str, str]) -> None:
    """After a restore: a hold that was placed since then stands again, from the same moment on."""
    if Hold.objects.filter(pk=detail["hold"]).exists():
        return
    hold = Hold.objects.create(
        pk=UUID(detail["hold"]),
        reason=PLACED_AGAIN,
        owner="system",
        person_id=subject,
        category=detail["category"],
        object_table=detail["table"],
        object_id=UUID(detail["object"]) if detail["object"] else None,
        starts_at=at,
        ends_at=datetime.fromisoformat(detail["ends_at"]) if detail["ends_at"] else None,
    )
    for work in _covered(hold, at):
        _forget(work, hold, at)
    audit.record("retention.hold.placed", target=hold, subject=subject, by=REPLAY, at=at)


@reading_for(ENGINE)
@transaction.atomic
def release_hold(hold: Hold, *, by: str, now: datetime) -> None:
    """End a hold: what should have gone meanwhile is due at once, in this transaction."""
    Hold.objects.filter(pk=hold.pk, released_at=None).update(released_at=now)
    for work in _covered(hold, now):
        _forget(work, hold, now)
        clock_table(work, now=now)
    audit.record("retention.hold.released", target=hold, subject=hold.person_id, by=by, at=now)
    journal.write("hold.off", subject=hold.person_id, at=now, detail={"hold": str(hold.pk)})


@journal.replays("hold.off")
def release_again(subject: UUID | None, at: datetime, detail: dict[str, str]) -> None:
    """After a restore: a hold that was released since then is released."""
    hold = Hold.objects.filter(pk=detail["hold"], released_at=None).first()
    if hold is not None:
        release_hold(hold, by=REPLAY, now=at)


def _covered(hold: Hold, now: datetime) -> list[Clockwork]:
    found = clockworks(promises_in_force(now))
    if hold.object_table:
        return [work for work in found if work.declaration.table == hold.object_table]
    return [work for work in found if hold.category in ("", work.part.category)]


def _forget(work: Clockwork, hold: Hold, now: datetime) -> None:
    if hold.object_id is not None:
        forget_dates_of_object(work, hold.object_id, now)
    elif hold.person_id is not None:
        forget_dates(work, [hold.person_id], now)
    else:
        forget_all_dates(work, now)
