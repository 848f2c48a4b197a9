"""The first of the README's two commands, as a newcomer runs it."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TENANTS = ("ilearn", "kic", "learnifier", "ema", "ekool")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment() -> dict[str, str]:
    """The environment of a newcomer: nothing of ours is set."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SKOLA_")}


def skola(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "skola", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )


class Demo:
    """A running demo."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        command = ["demo", "--port", str(self.port), "--data", str(data), "--people", "6"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "skola", *command],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if line == "ready\n":
                return
        raise AssertionError(self.said)

    def get(self, host: str, path: str) -> tuple[int, str, list[str]]:
        address = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(address, headers={"Host": f"{host}:{self.port}"})
        try:
            with urllib.request.urlopen(request) as answer:
                cookies = answer.headers.get_all("Set-Cookie") or []
                return answer.status, answer.read().decode(), cookies
        except urllib.error.HTTPError as problem:
            return problem.code, problem.read().decode(), []

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = Demo(tmp_path_factory.mktemp("demo"))
    yield running
    running.stop()


def test_it_ends_with_the_five_addresses_and_ready(demo: Demo) -> None:
    addresses = re.findall(r"http://(\w+)\.localhost:\d+/", demo.said)

    assert addresses == list(TENANTS)


@pytest.mark.parametrize("tenant", TENANTS)
def test_each_service_answers_with_its_own_name_and_sets_no_cookie(demo: Demo, tenant: str) -> None:
    status, page, cookies = demo.get(f"{tenant}.localhost", "/")

    assert status == 200
    assert tenant in page.lower()
    assert cookies == []


@pytest.mark.parametrize("tenant", TENANTS)
def test_each_notice_is_there(demo: Demo, tenant: str) -> None:
    status, page, cookies = demo.get(f"{tenant}.localhost", "/privacy/")

    assert status == 200
    assert len(page) > 20_000
    assert cookies == []


def test_an_unknown_host_gets_a_plain_page(demo: Demo) -> None:
    status, page, _cookies = demo.get("nobody.localhost", "/")

    assert status == 404
    assert "ilearn" not in page.lower()


def test_the_sweep_says_what_is_due_and_a_dry_run_touches_nothing(demo: Demo) -> None:
    first = skola("sweep", "--dry-run", "--data", str(demo.data))
    second = skola("sweep", "--dry-run", "--data", str(demo.data))

    assert first.returncode == 0, first.stderr
    assert "ilearn-" in first.stdout
    assert first.stdout == second.stdout


def test_a_taken_port_is_told_with_the_remedy(demo: Demo, tmp_path: Path) -> None:
    done = skola("demo", "--port", str(demo.port), "--data", str(tmp_path))

    assert done.returncode == 2
    assert "--port" in done.stdout
