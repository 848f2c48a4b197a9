"""Bring the database up to date: migrations as the owner, then the walls between tenants."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="say nothing but errors")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data, as_owner=True, tables=False)
    from django.core.management import call_command

    from skola.ground.ui import catalogues

    catalogues.compile_all()
    call_command("migrate", verbosity=0 if options.quiet else 1, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    from skola.ground import clock
    from skola.ground.journal import api as journal

    try:
        journal.demand_open(now=clock.now())  # a new installation begins its journal here
    except journal.ClosedError as problem:
        print(f"skola migrate: the tables are up to date, but nothing is served. {problem}")
    return 0
