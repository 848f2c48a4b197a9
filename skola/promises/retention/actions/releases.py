"""Who a longer promise reaches: people accept a version, do not object in time, or object."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.journal import api as journal
from skola.promises.retention.actions.clocks import settle_dates
from skola.promises.retention.live import clockworks, promises_known
from skola.promises.retention.models import Release

KINDS = {
    Release.How.ACCEPTED: "retention.promise.accepted",
    Release.How.NOT_OBJECTED: "retention.promise.not-objected",
    Release.How.OBJECTED: "retention.promise.objected",
}


@transaction.atomic
def record_release(
    person_id: UUID,
    *,
    version: str,
    through: datetime,
    how: Release.How,
    clause: str = "",
    by: str,
    now: datetime,
) -> Release:
    """Record whether a longer promise reaches what a person gave before it.

    ``through`` is when the version takes effect; nothing moves before that. What was due by ``now``
    is gone and stays so. Saying the same again changes nothing; a later word replaces an earlier
    one, and silence replaces none.
    """
    known = Release.objects.select_for_update().filter(person=person_id, version=version).first()
    if known is not None and how in (known.how, Release.How.NOT_OBJECTED):
        return known
    said = {"through": through, "how": how, "is_free": how != Release.How.OBJECTED, "at": now}
    release, _ = Release.objects.update_or_create(
        person_id=person_id, version=version, defaults=said
    )
    promised = promises_known(now)
    reached = [
        work
        for promises in promised
        for work in clockworks(promises)
        if work.changes and work.changes[0] <= through
    ]
    settle_dates(reached, [person_id], now, promised)
    if how == Release.How.OBJECTED:
        detail = {"version": version, "through": through.isoformat()}
        journal.write("objection", subject=person_id, at=now, detail=detail)
    audit.record(
        KINDS[how],
        by=by,
        at=now,
        subject=person_id,
        clause=clause,
        detail={"version": version},
    )
    return release


@journal.replays("objection")
def object_again(subject: UUID | None, at: datetime, detail: dict[str, str]) -> None:
    """After a restore: who objected to a longer promise since then keeps the old one."""
    if subject is None or "through" not in detail:
        return
    record_release(
        subject,
        version=detail["version"],
        through=datetime.fromisoformat(detail["through"]),
        how=Release.How.OBJECTED,
        by="skola replay",
        now=at,
    )
