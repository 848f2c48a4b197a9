"""The worker on a real queue: committed jobs, threads, and a process that is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import make_tenant
from skola.ground.jobs import registry
from skola.ground.jobs import worker as module
from skola.ground.jobs.api import counts, enqueue, reap, worker
from skola.ground.jobs.registry import ATTEMPTS
from skola.ground.tenants.api import Tenant, current_id, inside

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NO_JOBS = "truncate procrastinate_jobs, procrastinate_workers cascade"
"""Others may have left some that were committed."""


@pytest.fixture
def place(transactional_db: None) -> Iterator[Tenant]:
    _sql(NO_JOBS)
    yield make_tenant("ilearn", A_DAY)
    _sql(NO_JOBS)


def _sql(statement: str, *values: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else None


def _begin_and_die(attempts: int = 0) -> None:
    """Leave every waiting job as a worker does that was killed a while ago."""
    _sql("insert into procrastinate_workers (last_heartbeat) values (now() - interval '5 minutes')")
    _sql("select procrastinate_fetch_job_v2(null, (select max(id) from procrastinate_workers))")
    _sql("update procrastinate_jobs set attempts = %s where status = 'doing'", attempts)


def test_the_worker_does_a_job_as_its_tenant(place: Tenant, done: list[Any]) -> None:
    other = make_tenant("kic", A_DAY)
    for tenant, count in ((place, 1), (other, 2)):
        with inside(tenant.pk):
            enqueue("test.note", count=count)

    worker(until_idle=True)

    assert sorted(done, key=str) == sorted(
        [(place.pk, {"count": 1}), (other.pk, {"count": 2})], key=str
    )
    assert ProcrastinateJob.objects.count() == 0


def test_a_job_that_fails_is_tried_again_later(place: Tenant, done: list[Any]) -> None:
    with inside(place.pk):
        enqueue("test.fail")
    worker(until_idle=True)
    job = ProcrastinateJob.objects.get()
    assert (job.status, job.attempts, len(done)) == ("todo", 1, 1)
    assert job.scheduled_at is not None


@pytest.mark.parametrize(("attempts", "told"), [(0, 0), (ATTEMPTS - 1, 0), (ATTEMPTS, 1)])
def test_a_job_is_told_of_when_its_last_try_failed(
    place: Tenant, monkeypatch: pytest.MonkeyPatch, attempts: int, told: int
) -> None:
    heard: list[tuple[Any, str, str]] = []
    monkeypatch.setattr(registry, "_told", [])
    registry.tell_of_failures(
        lambda module, error: heard.append((current_id(), module, type(error).__name__))
    )
    with inside(place.pk):
        enqueue("test.fail")
    _sql("update procrastinate_jobs set attempts = %s", attempts)

    worker(until_idle=True)

    assert heard == [(place.pk, "skola.ground.jobs.tests.conftest", "ValueError")] * told


def test_a_job_that_fails_gives_way_to_the_same_one_that_waits(
    place: Tenant, done: list[Any], note: Callable[..., None]
) -> None:
    from skola.ground.jobs.api import handler

    @handler("test.fail_and_repeat")
    def fail_and_repeat(again: bool) -> None:
        done.append((None, {"again": again}))
        if again:
            enqueue("test.fail_and_repeat", key="a", again=False)
            raise ValueError("the next one does it")

    with inside(place.pk):
        enqueue("test.fail_and_repeat", key="a", again=True)
    worker(until_idle=True)
    assert [values["again"] for _, values in done] == [True, False]
    assert ProcrastinateJob.objects.count() == 0


def test_jobs_enqueued_by_a_job_that_fails_do_not_exist(place: Tenant, done: list[Any]) -> None:
    """The transaction of a job is Django's, and so is what it enqueues."""
    from django.db import transaction

    from skola.ground.jobs.api import handler

    @handler("test.undone")
    def undone() -> None:
        with transaction.atomic():
            enqueue("test.note")
            raise ValueError("and nothing of it happened")

    with inside(place.pk):
        enqueue("test.undone")
    worker(until_idle=True)
    assert (done, counts()) == ([], {"todo": 1})


def test_a_stalled_job_is_put_back_and_done(place: Tenant, done: list[Any]) -> None:
    with inside(place.pk):
        enqueue("test.note", count=1)
    _begin_and_die()
    assert counts() == {"doing": 1}
    assert reap() == 1
    worker(until_idle=True)
    assert done == [(place.pk, {"count": 1})]


def test_the_worker_begins_with_what_dead_workers_left(place: Tenant, done: list[Any]) -> None:
    with inside(place.pk):
        enqueue("test.note")
    _begin_and_die()
    worker(until_idle=True)
    assert len(done) == 1


def test_the_job_of_a_worker_that_lives_is_left_alone(place: Tenant) -> None:
    with inside(place.pk):
        enqueue("test.note")
    _begin_and_die()
    _sql("update procrastinate_workers set last_heartbeat = now()")
    assert (reap(), counts()) == (0, {"doing": 1})


def test_a_job_that_hangs_in_a_living_worker_is_put_back(place: Tenant) -> None:
    with inside(place.pk):
        enqueue("test.note")
    _begin_and_die()
    _sql("update procrastinate_workers set last_heartbeat = now()")
    _sql("update procrastinate_events set at = at - interval '7 hours'")
    assert (reap(), counts()) == (1, {"todo": 1})


def test_a_job_that_stalls_again_and_again_is_given_up(place: Tenant) -> None:
    with inside(place.pk):
        enqueue("test.note")
    _begin_and_die(attempts=ATTEMPTS)
    reap()
    assert counts() == {"failed": 1}


def test_a_stalled_job_whose_like_waits_is_dropped(place: Tenant, done: list[Any]) -> None:
    with inside(place.pk):
        enqueue("test.note", key="a", count=1)
        _begin_and_die()
        enqueue("test.note", key="a", count=2)
    assert (reap(), counts()) == (1, {"todo": 1})


def test_the_worker_comes_back_when_the_database_was_away(
    place: Tenant, done: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    away = [OperationalError("gone"), OperationalError("still gone")]
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)

    def run(until_idle: bool, concurrency: int) -> None:
        if away:
            raise away.pop()

    monkeypatch.setattr(module, "_run", run)
    worker()
    assert pauses == [1.0, 2.0]


PROGRAM = """
import os, sys, time
import django
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = os.environ["TEST_DATABASE"]
from skola.ground.jobs.api import handler, worker

@handler("test.note")
def note(**values):
    print("begun", flush=True)
    time.sleep(60)

worker()
"""


def test_a_job_survives_the_death_of_its_worker(
    place: Tenant, done: list[Any], tmp_path: Path
) -> None:
    with inside(place.pk):
        enqueue("test.note", count=7)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "SKOLA_JOURNAL": str(tmp_path / "journal"),  # not the one that other tests write to
        "PYTHONPATH": os.pathsep.join([str(settings.ROOT), *sys.path]),
    }
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", PROGRAM], env=environment, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        if process.stdout:
            process.stdout.close()
    left = ProcrastinateJob.objects.filter(task_name="test.note")
    assert [job.status for job in left] == ["doing"]

    _sql("update procrastinate_workers set last_heartbeat = now() - interval '2 minutes'")
    worker(until_idle=True)

    assert done == [(place.pk, {"count": 7})]
    assert not left.all().exists()
