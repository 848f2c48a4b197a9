"""Enter the call list of a telephone provider: a CSV file, with the recordings beside it."""

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tenant", help="short name of the tenant, such as ilearn")
    parser.add_argument("list", type=Path, help="CSV in UTF-8, see docs/how-to/answer-enquiries.md")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data)
    from skola.ground import clock
    from skola.ground.tenants.api import Tenant, by_slug, inside
    from skola.services.desk.api import BadListError, import_list

    try:
        tenant = by_slug(options.tenant)
    except Tenant.DoesNotExist:
        print(f"skola calls: there is no tenant {options.tenant!r}.", file=sys.stderr)
        return 2
    with inside(tenant.pk):
        try:
            report = import_list(options.list, by="skola calls", now=clock.now())
        except BadListError as problem:
            print(f"skola calls: {problem}", file=sys.stderr)
            return 2
    print(
        f"{report.calls} calls entered, {report.recordings} with a recording;"
        f" recordings refused: {report.refused};"
        f" dropped, for the caller objected: {report.dropped}."
    )
    return 0
