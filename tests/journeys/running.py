"""The demo, running as a newcomer starts it, and the commands beside it."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

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
        if self.process.stdout:
            self.process.stdout.close()
