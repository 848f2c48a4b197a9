"""Do the jobs of every tenant: the sweep, mail, files. Any number may run side by side."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do what waits, then stop")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data)
    from skola.ground.jobs.api import worker

    worker(until_idle=options.once)
    return 0
