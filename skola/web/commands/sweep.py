"""Erase what is due, tenant by tenant, and say what went under which clause."""

import argparse
from datetime import datetime


def moment(text: str) -> datetime:
    """Read a day or a moment; a day alone means its beginning in UTC."""
    from datetime import UTC

    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="say what would go, touch nothing")
    parser.add_argument("--as-of", type=moment, metavar="DATE", help="as if it were this day")
    parser.add_argument("--tenant", metavar="NAME", help="only this tenant")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data)
    from skola.ground import clock
    from skola.promises.retention import commands

    now = options.as_of or clock.now()
    return commands.sweep(now=now, dry_run=options.dry_run, tenant=options.tenant)
