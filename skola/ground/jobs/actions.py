"""Enqueueing jobs, and clearing up after workers that died."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app

from skola.ground.jobs.registry import ATTEMPTS, require_known
from skola.ground.tenants.api import current_id

log = logging.getLogger("skola.jobs")

SILENT_AFTER = timedelta(seconds=60)
"""A worker tells every ten seconds that it lives; after a minute of silence it is dead."""
LONGEST = timedelta(hours=6)
"""No job takes longer; one that does hangs."""
KEEP_FAILED = timedelta(days=7)


def enqueue(
    name: str, *, key: str | None = None, run_at: datetime | None = None, **values: Any
) -> bool:
    """Put a job of the speaking tenant into the queue, in the transaction of the caller.

    ``values`` are plain: texts, numbers, booleans, lists; UUIDs and moments go as text. With
    ``key`` the job waits at most once: False is returned where the same one waits already. Raises
    UnknownJobError and NoTenantError.
    """
    require_known(name)
    tenant = str(current_id())
    lock = f"{tenant}:{name}:{key}" if key else ""
    job = app.configure_task(name, queueing_lock=lock or None, schedule_at=run_at)
    try:
        with transaction.atomic():  # a refusal must not end the transaction of the caller
            job.defer(tenant=tenant, key=lock, values={k: _plain(v) for k, v in values.items()})
    except exceptions.AlreadyEnqueued:
        return False
    return True


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def reap() -> int:
    """Put back the jobs of workers that died or hang, and return how many. Safe to repeat.

    A job that was begun too often is given up; one that waits a second time is dropped.
    """
    stalled = _stalled()
    for job, attempts in stalled:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "select 1 from procrastinate_jobs where id = %s and status = 'doing' for update",
                [job],
            )
            if cursor.fetchone() is None:
                continue
            if attempts >= ATTEMPTS:
                log.error("Job %s stalled %s times and is given up.", job, attempts)
                cursor.execute("select procrastinate_finish_job_v1(%s, 'failed', false)", [job])
            elif not _put_back(job):
                cursor.execute("select procrastinate_finish_job_v1(%s, 'failed', true)", [job])
    return len(stalled)


def _stalled() -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select job.id, job.attempts
              from procrastinate_jobs job
              left join procrastinate_workers worker on worker.id = job.worker_id
             where job.status = 'doing'
               and (worker.id is null
                    or worker.last_heartbeat < now() - make_interval(secs => %(silent)s)
                    or (select max(event.at) from procrastinate_events event
                         where event.job_id = job.id and event.type = 'started')
                        < now() - make_interval(secs => %(longest)s))
             order by job.id
            """,
            {"silent": SILENT_AFTER.total_seconds(), "longest": LONGEST.total_seconds()},
        )
        return [(job, attempts) for job, attempts in cursor.fetchall()]


def _put_back(job: int) -> bool:
    """Return whether the job waits again; not so where the same one waits already."""
    try:
        with transaction.atomic():
            app.job_manager.retry_job_by_id(job, retry_at=_database_now())
    except exceptions.UniqueViolation:
        return False
    return True


def _database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("select now()")
        row = cursor.fetchone()
    assert row is not None
    moment: datetime = row[0]
    return moment


def clear_finished() -> None:
    """Delete the jobs that failed a week ago. Those that succeeded went at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            delete from procrastinate_jobs job
             where job.status not in ('todo', 'doing')
               and (select max(event.at) from procrastinate_events event
                     where event.job_id = job.id) < now() - make_interval(secs => %s)
            """,
            [KEEP_FAILED.total_seconds()],
        )
