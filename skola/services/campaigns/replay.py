"""After a restore: what was refused since the backup is refused again."""

from datetime import datetime
from uuid import UUID

from skola.ground.journal import api as journal
from skola.services.campaigns.models import Refusal, Suppression


@journal.replays("objection")
def refuse_again(subject: UUID | None, at: datetime, detail: dict[str, str]) -> None:
    """Repeat a refusal of a person, or the digest of an address whose person may be gone."""
    what = detail.get("what")
    if what is None:
        return
    if "digest" in detail:
        Suppression.objects.get_or_create(
            digest=detail["digest"], what=what, defaults={"since_at": at}
        )
    elif subject is not None:
        Refusal.objects.get_or_create(
            person_id=subject,
            what=what,
            ended_at=None,
            defaults={
                "way": Refusal.Way.ACCOUNT,
                "told_at": at,
                "apply_by": at,
                "applied_at": at,
            },
        )
