"""Answer requests. Set SKOLA_DATABASE_URL and SKOLA_SECRET_KEY; see docs/how-to/run.md."""

import argparse
import os
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--workers", type=int, default=2)


def command(port: int, address: str = "127.0.0.1", workers: int = 2) -> list[str]:
    """Return the command line of the web server. Two threads a worker: each holds a connection."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "skola.wsgi:application"),
        *("--host", address, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", "2"),
        *("--log-level", "warning", "--no-ws", "--workers-kill-timeout", "10"),
    ]


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data)
    line = command(options.port, options.address, options.workers)
    os.execv(line[0], line)  # noqa: S606
    return 0
