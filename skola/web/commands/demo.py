"""Five learning services on this machine, each started from its own privacy policy.

All state is kept under DIR; a second start finds it again, ``--fresh`` begins anew. The people are
invented. Ends with ``ready`` when the pages answer; Ctrl-C stops everything.
"""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from skola.ground.db.local import LocalServer

PATIENCE_SECONDS = 180
"""How long a slow machine may take from the start of the pages to their first answer."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--people", type=int, default=120, metavar="N", help="people per tenant")
    parser.add_argument(
        "--school", type=int, default=0, metavar="N", help="pupils of the school, at most 1000"
    )
    parser.add_argument(
        "--company", type=int, default=0, metavar="N", help="employees of the company, 300 to 10000"
    )
    parser.add_argument("--fresh", action="store_true", help="forget everything and begin anew")


def run(options: argparse.Namespace) -> int:
    data: Path = options.data.resolve()
    if options.people < 0:
        print("skola demo: --people takes a number from 0 on.", file=sys.stderr)
        return 2
    if not 0 <= options.school <= 1_000:
        print("skola demo: --school takes a number from 0 to 1000.", file=sys.stderr)
        return 2
    if options.company and not 300 <= options.company <= 10_000:
        print("skola demo: --company takes a number from 300 to 10000.", file=sys.stderr)
        return 2
    if _answers(options.port):
        print(
            f"skola demo: port {options.port} is taken. Choose another: --port {options.port + 1}"
        )
        return 2
    if options.fresh:
        _forget(data)
    signal.signal(signal.SIGTERM, _stop)
    os.environ["SKOLA_DEMO"] = "yes"
    os.environ.setdefault("SKOLA_SITE", f"http://{{host}}:{options.port}")
    os.environ.setdefault("SKOLA_MAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
    with _database(data):
        _fill(options)
        with _processes(options.port, data) as running:
            _wait_until_it_answers(options.port, running)
            _say_where(options.port)
            print("ready", flush=True)
            with contextlib.suppress(KeyboardInterrupt):
                while all(process.poll() is None for process in running):
                    time.sleep(0.5)
    return 0


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _forget(data: Path) -> None:
    if (data / "postgres").exists():
        LocalServer(data / "postgres").stop()
    for name in ("postgres", "objects", "keys", "mail", "policies", "static"):
        shutil.rmtree(data / name, ignore_errors=True)
    if "SKOLA_JOURNAL" not in os.environ:  # one that was named may belong to others
        shutil.rmtree(data.parent / f"{data.name}-journal", ignore_errors=True)


@contextlib.contextmanager
def _database(data: Path) -> Iterator[None]:
    from skola.ground.db.environment import enter

    _say("Starting the database")
    server = enter(data)
    try:
        yield
    finally:
        if server is not None:
            server.stop()


def _fill(options: argparse.Namespace) -> None:
    from skola.web.commands.installation import run_as_owner

    _say("Preparing the tables and the walls between tenants")
    run_as_owner("migrate", "--quiet", "--data", str(options.data))
    environment = {**os.environ, "SKOLA_AS_OWNER": "yes"}
    sizes = [str(size) for size in (options.people, options.school, options.company)]
    seed = [sys.executable, "-m", "skola.web.demo", *sizes]
    subprocess.run(seed, env=environment, check=True)  # noqa: S603


@contextlib.contextmanager
def _processes(port: int, data: Path) -> "Iterator[list[subprocess.Popen[bytes]]]":
    from skola.web.commands.serve import command

    _say("Starting the pages and the worker")
    worker = [sys.executable, "-m", "skola", "worker", "--data", str(data)]
    lines = (command(port), worker)
    running = [subprocess.Popen(line, start_new_session=True) for line in lines]  # noqa: S603
    try:
        yield running
    finally:
        for process in running:
            process.terminate()
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            _end_all_of(process)


def _end_all_of(process: "subprocess.Popen[bytes]") -> None:
    """End a process, and those that it started and left behind."""
    if sys.platform == "win32":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _answers(port: int) -> bool:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/", headers={"Host": f"ilearn.localhost:{port}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310
            return True
    except OSError as problem:
        return isinstance(problem, urllib.request.HTTPError)


def _wait_until_it_answers(port: int, running: "list[subprocess.Popen[bytes]]") -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not _answers(port):
        if time.monotonic() > end or any(process.poll() is not None for process in running):
            raise SystemExit("skola demo: the pages do not answer. What went wrong stands above.")
        time.sleep(0.2)


def _say(text: str) -> None:
    print(f"  {text} …", flush=True)


def _say_where(port: int) -> None:
    from skola.web.demo.tenants import SERVICES

    print()
    for service in SERVICES:
        print(f"  {service.name:12} http://{service.slug}.localhost:{port}/")
        for persona in service.personas:
            print(f"{'':15}{persona.given_name} {persona.family_name}: {persona.does}")
    print("    and at Learnifier two client academies, each a tenant of its own:")
    for word, name in (("bergslag", "Bergslags akademi"), ("kusten", "Kustens akademi")):
        print(f"  {name:18} http://{word}.learnifier.localhost:{port}/")
    print("\n  Enter as any of them from the page /demo/ of each service. Ctrl-C stops.\n")
