"""The sweeper and its database are struck while they work: nothing is done by halves.

A real installation, a durable database, a sweeper in a process of its own; it is killed with
SIGKILL, or the database is stopped at once and recovers from its log, or has no room for its log.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from conftest import sized
from skola.ground.db.local import LocalServer
from tests.journeys.running import ROOT, environment, skola
from tests.journeys.sweeping import PEOPLE

PARTS = 2 * PEOPLE
STRIKES = sized(4, 12)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    data = tmp_path_factory.mktemp("struck")
    made = skola("migrate", "--quiet", "--data", str(data))
    assert made.returncode == 0, made.stderr
    policy = sorted((ROOT / "policies" / "ilearn").glob("*.toml"))[0]
    bound = skola(
        "policy", "publish", str(policy), "--host", "ilearn.localhost", "--data", str(data)
    )
    assert bound.returncode == 0, bound.stdout + bound.stderr
    with program(data, "make") as making:
        assert making.wait() == 0
    yield data
    LocalServer(data / "postgres").stop()


def program(data: Path, task: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.sweeping", str(data), task],
        cwd=ROOT,
        env={**environment(), "SKOLA_DEMO": "yes"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def counted(data: Path) -> dict[str, int]:
    """What is there; the local server is started first where it was stopped, and recovers."""
    with program(data, "count") as asking:
        assert asking.stdout
        found: dict[str, int] = json.loads(asking.stdout.readlines()[-1])
    return found


def stop_at_once(data: Path) -> None:
    """Stop the database as a power cut would: no checkpoint, no farewell to clients."""
    pid_file = data / "postgres" / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGQUIT)
    while pid_file.exists():
        time.sleep(0.05)


def test_struck_at_any_moment_nothing_is_half_done_and_the_next_run_finishes(
    installation: Path,
) -> None:
    chance = Random(20817)
    stages = set()
    for strike in range(STRIKES):
        sweeper = program(installation, "sweep")
        assert sweeper.stdout
        for _ in range(chance.randint(1, 30)):
            assert sweeper.stdout.readline() == "batch\n"
        time.sleep(chance.uniform(0, 0.02))
        if strike % 2:
            stop_at_once(installation)
        else:
            sweeper.kill()
        sweeper.wait()
        sweeper.stdout.close()

        found = counted(installation)
        assert found["half"] == 0
        assert found["audited"] == PARTS - found["left"], f"strike {strike}: {found}"
        stages.add(found["left"])

    with program(installation, "sweep") as last:
        last.communicate()
        assert last.returncode == 0
    assert counted(installation) == {"left": 0, "half": 0, "audited": PARTS}
    assert len(stages) >= 3, "the strikes must meet the sweep at work"


SEGMENT, ROOM = 16 << 20, 12 << 20
"""Bytes of one file of PostgreSQL's log, and how many of each there is room for."""


def leave_no_room_for_the_log(data: Path, left: int) -> None:
    """Let the database write no file beyond ``ROOM``, with ``left`` bytes of its log until then."""
    server = LocalServer(data / "postgres")
    first = int((server.data / "postmaster.pid").read_text().split()[0])
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        run = connection.execute
        run("select pg_switch_wal()")
        run("checkpoint")  # the next file is there
        for (process,) in [(first,), *run("select pid from pg_stat_activity").fetchall()]:
            hard = resource.prlimit(process, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(process, resource.RLIMIT_FSIZE, (ROOM, hard))
        while (free := _free(connection)) > left + 2_000:
            text = f"repeat('x', {min(free - left, 1_000_000)})"
            run(f"select pg_logical_emit_message(false, 'full', {text})")


def _free(connection: "psycopg.Connection[Any]") -> int:
    used = connection.execute("select pg_current_wal_insert_lsn() - '0/0'").fetchone()
    assert used is not None
    return ROOM - int(used[0]) % SEGMENT


def test_where_the_log_of_the_database_has_no_room_nothing_is_half_done_and_it_goes_on(
    installation: Path,
) -> None:
    with program(installation, "make") as making:
        assert making.wait() == 0
    before = counted(installation)
    leave_no_room_for_the_log(installation, 900_000)

    with program(installation, "sweep") as sweeper:
        sweeper.communicate()
        assert sweeper.returncode != 0
    with suppress(FileNotFoundError, ProcessLookupError):  # it may have ended by itself
        stop_at_once(installation)  # it has no room to end in order; started again, it has

    found = counted(installation)
    assert found["half"] == 0
    assert 0 < found["left"] <= before["left"]
    assert found["audited"] - before["audited"] == before["left"] - found["left"]
    with program(installation, "sweep") as last:
        last.communicate()
        assert last.returncode == 0
    assert counted(installation)["left"] == 0
    assert "File too large" in (installation / "postgres" / "server.log").read_text()
