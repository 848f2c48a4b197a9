"""Answer requests. Set SKOLA_DATABASE_URL and SKOLA_SECRET_KEY; see docs/how-to/run.md."""

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Tls:
    """A certificate with its chain, and its key (PKCS#8), both as PEM files."""

    certificate: Path
    key: Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--tls", type=Path, nargs=2, metavar=("CERTIFICATE", "KEY"), help="speak TLS 1.2 and later"
    )


def command(
    port: int, address: str = "127.0.0.1", workers: int = 2, tls: Tls | None = None
) -> list[str]:
    """Return the command line of the web server. Two threads a worker: each holds a connection.

    With ``tls`` it speaks TLS 1.2 and later, and nothing else (learnifier-13.b).
    """
    line = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "skola.wsgi:application"),
        *("--host", address, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", "2"),
        *("--log-level", "warning", "--no-ws", "--workers-kill-timeout", "10"),
    ]
    if tls is not None:
        line += ["--ssl-certificate", str(tls.certificate), "--ssl-keyfile", str(tls.key)]
        line += ["--ssl-protocol-min", "tls1.2"]
    return line


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data)
    tls = Tls(*options.tls) if options.tls else None
    line = command(options.port, options.address, options.workers, tls)
    os.execv(line[0], line)  # noqa: S606
    return 0
