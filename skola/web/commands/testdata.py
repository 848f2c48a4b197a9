"""Write a data set for developing and testing in which nobody stands (ekool-4.2.4)."""

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tenant", metavar="TENANT", help="whose records it is shaped by")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="- is stdout")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data)
    from skola.ground import clock
    from skola.ground.tenants.api import Tenant, by_slug, inside
    from skola.promises.reports import testdata

    try:
        found = by_slug(options.tenant)
    except Tenant.DoesNotExist:
        print(f"skola testdata: there is no tenant {options.tenant!r}.", file=sys.stderr)
        return 2
    by, now = "skola testdata", clock.now()
    with inside(found.pk):
        if options.output == "-":
            testdata.write(sys.stdout, by=by, now=now)
            return 0
        with Path(options.output).open("w", encoding="utf-8") as file:
            count = testdata.write(file, by=by, now=now)
    print(f"{options.output}: {count} records, about nobody.")
    return 0
