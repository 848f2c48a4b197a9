"""Erase a person: everything that no law and no hold keeps, at once, and print the receipt."""

import argparse

REASONS = ("asked", "objected", "unlawful", "court", "minor")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("person", metavar="PERSON", help="the person's id or e-mail address")
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--tenant", metavar="NAME", help="the tenant at which the person is known")
    place.add_argument("--host", metavar="HOST", help="the same, by the tenant's host name")
    parser.add_argument("--dry-run", action="store_true", help="say what would go, touch nothing")
    parser.add_argument("--reason", choices=REASONS, default=REASONS[0])


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data)
    from skola.ground import clock
    from skola.promises.rights.erasing import commands

    return commands.erase(
        options.person,
        tenant=options.tenant,
        host=options.host,
        reason=options.reason,
        dry_run=options.dry_run,
        now=clock.now(),
    )
