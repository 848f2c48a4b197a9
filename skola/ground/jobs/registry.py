"""Which function does which job, and which jobs come round by the clock."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from skola.ground.journal import api as journal
from skola.ground.tenants.api import every as every_tenant
from skola.ground.tenants.api import every_served, inside

log = logging.getLogger("skola.jobs")

Work = Callable[..., None]
Listener = Callable[[str, Exception], None]
AnyWork = TypeVar("AnyWork", bound=Work)

QUEUE = "skola"
ATTEMPTS = 6
HALF_AN_HOUR = 1800
PATIENCE = 14 * 48
"""Half hours: a fortnight."""
IsAway = Callable[[BaseException], bool]


def pause(attempts: int, *, is_away: bool = False) -> int | None:
    """Seconds until the next try: 3, 9, 27, 81, 243 and 729; None where there is none.

    Then the job counts as failed and stays for a week. Where somebody else is away, and the job
    waits for them, it is tried every half hour for a fortnight before.
    """
    if attempts < ATTEMPTS:
        seconds: int = 3 ** (attempts + 1)
        return seconds
    return HALF_AN_HOUR if is_away and attempts < ATTEMPTS + PATIENCE else None


class Retry(BaseRetryStrategy):
    """When a job that failed is done again; ``waits_for`` tells that somebody else is away."""

    def __init__(self, waits_for: IsAway) -> None:
        self.waits_for = waits_for

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        seconds = pause(job.attempts, is_away=self.waits_for(exception))
        return None if seconds is None else RetryDecision(retry_in={"seconds": seconds})


def _for_nobody(_error: BaseException) -> bool:
    return False


class UnknownJobError(Exception):
    """A name for which no handler is registered."""


_watch = journal.Watch()
_names: dict[Work, str] = {}
_around: list[Callable[[str], AbstractContextManager[None]]] = []
_told: list[Listener] = []


def around(enter: Callable[[str], AbstractContextManager[None]]) -> None:
    """Enter a context around each job, made from the name of the job's module."""
    _around.append(enter)


def tell_of_failures(listener: Listener) -> Listener:
    """Have a function told of a job that failed for good: the name of its module, and the error.

    That is after its last try, or when the same job waits already; as the job's tenant.
    """
    _told.append(listener)
    return listener


def handler(name: str, *, waits_for: IsAway = _for_nobody) -> Callable[[AnyWork], AnyWork]:
    """Register a function of plain keyword values as the one that does ``room.job``.

    It runs as the tenant that was speaking when the job was enqueued, and may run twice. While the
    gate of the journal is closed it is refused, and tried again. It ``waits_for`` somebody else,
    for a fortnight, where that function says of an error that they are away.
    """

    def register(work: AnyWork) -> AnyWork:
        def run(context: JobContext, tenant: str, key: str, values: dict[str, Any]) -> None:
            if closed := _watch.problem():
                raise journal.ClosedError(closed)
            with inside(UUID(tenant)), ExitStack() as stack:
                for enter in _around:
                    stack.enter_context(enter(work.__module__))
                try:
                    work(**values)
                except Exception as error:
                    given_up = bool(key) and _waits(key)
                    next_try = pause(context.job.attempts, is_away=waits_for(error))
                    if given_up or next_try is None:
                        for listener in _told:
                            listener(work.__module__, error)
                    if given_up:
                        log.exception("Job %s failed; the same job waits already.", name)
                        return  # to retry it would collide with the one that waits
                    raise

        app.task(name=name, queue=QUEUE, retry=Retry(waits_for), pass_context=True)(run)
        _names[work] = name
        return work

    return register


def every(cron: str, *, to_the_end: bool = False) -> Callable[[AnyWork], AnyWork]:
    """Let a registered handler, which takes no values, run for each tenant by the clock (UTC).

    ``cron`` has five fields. A round is left out for a tenant whose last one has not begun yet, and
    for one whose service was handed over, unless it goes ``to_the_end``: what is still here ends
    by its terms, whoever serves people now.
    """

    def register(work: AnyWork) -> AnyWork:
        name = _names[work]

        def round_(timestamp: int) -> None:
            enqueue_for_each_tenant(name, to_the_end=to_the_end)

        task = app.task(name=f"{name}:every", queue=QUEUE, queueing_lock=f"{name}:every")(round_)
        app.periodic(cron=cron)(task)
        return work

    return register


def enqueue_for_each_tenant(name: str, *, to_the_end: bool = False) -> None:
    """Enqueue one job per tenant whose service is open; ``to_the_end`` for the others, too."""
    from skola.ground.jobs.actions import enqueue

    for tenant in every_tenant() if to_the_end else every_served():
        with inside(tenant.pk):
            enqueue(name, key="every")


def require_known(name: str) -> None:
    """Raise UnknownJobError unless a handler of this name is registered."""
    if name not in app.tasks:
        raise UnknownJobError(f"No room does the job {name!r}: register it with @jobs.handler.")


def _waits(lock: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from procrastinate_jobs where queueing_lock = %s and status = 'todo'", [lock]
        )
        return cursor.fetchone() is not None
