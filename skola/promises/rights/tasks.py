from datetime import datetime
from uuid import UUID

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.ground.journal import api as journal
from skola.promises.rights.access import tasks as access
from skola.promises.rights.erasing import actions
from skola.promises.rights.requests import escalating

__all__ = ["access", "erase_again", "finish_erasure", "finish_frozen", "warn_of_deadlines"]


@jobs.handler("rights.finish_erasure")
def finish_erasure(erasure: str, person: str) -> None:
    """An erasure of very many rows that a dead process left is carried through."""
    actions.finish(UUID(erasure), UUID(person), now=clock.now())


@jobs.every("*/5 * * * *", to_the_end=True)
@jobs.handler("rights.finish_frozen")
def finish_frozen() -> None:
    """Who was frozen by a process that died is erased."""
    actions.finish_frozen(now=clock.now())


@jobs.every("11 * * * *")
@jobs.handler("rights.warn_of_deadlines")
def warn_of_deadlines() -> None:
    """Staff are written to about requests whose time runs out, each step once."""
    escalating.warn_of_deadlines(now=clock.now())


@journal.replays("erasure.granted")
def erase_again(subject: UUID | None, at: datetime, detail: dict[str, str]) -> None:
    """After a restore whoever was erased since the backup is erased again."""
    if subject is not None:
        reason = detail.get("reason", "asked")
        actions.erase_again(subject, granted_at=at, reason=reason, now=clock.now())
