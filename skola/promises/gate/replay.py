"""After a restore, restrictions stand as they stood (``skola.ground.journal``)."""

from datetime import datetime
from uuid import UUID

from skola.ground.journal import api as journal
from skola.promises.gate.models import Restriction

REPEATED = "repeated from the privacy journal after a restore"


@journal.replays("restriction.on")
def restrict_again(subject: UUID | None, at: datetime, detail: dict[str, str]) -> None:
    """Put a restriction back, unless the restored database has it. May run twice."""
    if subject is None:
        return
    ref = UUID(detail["object"]) if "object" in detail else subject
    known = Restriction.objects.filter(person_id=subject, ref=ref)
    if known.filter(lifted_at=None).exists() or known.filter(lifted_at__gte=at).exists():
        return
    Restriction.objects.create(
        person_id=subject,
        ref=ref,
        object_table=detail.get("table", ""),
        ground=detail.get("ground", ""),
        reason=REPEATED,
        owner="system",
        since_at=at,
    )


@journal.replays("restriction.off")
def lift_again(subject: UUID | None, at: datetime, detail: dict[str, str]) -> None:
    """End again what was lifted after the backup. May run twice."""
    if subject is not None:
        ref = UUID(detail["object"]) if "object" in detail else subject
        running = Restriction.objects.filter(person_id=subject, ref=ref, lifted_at=None)
        running.filter(since_at__lte=at).update(lifted_at=at)
