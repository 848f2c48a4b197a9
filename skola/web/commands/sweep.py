"""Erase what is due, tenant by tenant, and say what went under which clause."""

import argparse
from dataclasses import replace
from datetime import datetime


def moment(text: str) -> datetime:
    """Read a day or a moment; a day alone means its beginning in UTC."""
    from datetime import UTC

    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="say what would go, touch nothing")
    parser.add_argument("--as-of", type=moment, metavar="DATE", help="as if it were this day")
    parser.add_argument("--release", metavar="RULE", help="let a stopped rule go on; or all")
    parser.add_argument("--reason", default="", help="why what is due may go; with --release")
    parser.add_argument("--confirm-clock", action="store_true", help="it is really now")
    parser.add_argument("--tenant", metavar="NAME", help="only this tenant")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data)
    from django.conf import settings

    from skola.ground import clock
    from skola.promises.retention import commands

    now, clocks = options.as_of or clock.now(), clock.clocks()
    if options.as_of is not None:
        if options.as_of > clock.now() and not (options.dry_run or settings.DEMO):
            print("skola sweep: a later day only with --dry-run: it would erase too early.")
            return 2
        clocks = replace(clocks, is_declared=True)
    if options.confirm_clock:
        return commands.confirm(now=now, clocks=clocks, tenant=options.tenant)
    if options.release:
        if not options.reason.strip():
            print("skola sweep: --release needs --reason WHY; it stands in the audit's record.")
            return 2
        code = commands.release(
            options.release, reason=options.reason.strip()[:200], now=now, tenant=options.tenant
        )
        if code:
            return code
    return commands.sweep(now=now, clocks=clocks, dry_run=options.dry_run, tenant=options.tenant)
