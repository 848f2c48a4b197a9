"""Give somebody a role, or end it: how the first administrator of a tenant comes in.

With ``--new`` the account is opened, too; its owner comes in with a code by e-mail.
"""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", metavar="EMAIL", help="the address of the account")
    parser.add_argument("kind", metavar="ROLE", help="administrator, officer, support, …")
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--tenant", metavar="NAME", help="the tenant at which the role is held")
    place.add_argument("--host", metavar="HOST", help="the same, by the tenant's host name")
    parser.add_argument(
        "--new", nargs=2, metavar=("GIVEN", "FAMILY"), help="open the account where there is none"
    )
    parser.add_argument("--end", action="store_true", help="end the role instead")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data)
    from skola.ground import clock
    from skola.web.people import commands

    return commands.role(
        options.email,
        options.kind,
        tenant=options.tenant,
        host=options.host,
        new=tuple(options.new) if options.new else None,
        end=options.end,
        now=clock.now(),
    )
