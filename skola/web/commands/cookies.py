"""Prove in a real browser that nothing is kept or asked for but what the policy names.

``skola cookies check`` opens every public page before a choice about cookies, after refusing all,
after accepting all and after taking that back, and compares what Chromium kept and whom it asked
with the register of the policy in force. Exit code 0 all is as promised, 1 something is not, 2 it
could not be looked at: no browser, no service.
"""

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="check")
    check = acts.add_parser("check", help="visit every page in Chromium, and compare")
    check.add_argument(
        "where",
        nargs="*",
        metavar="TENANT|ADDRESS",
        help="which services, by name or by address; none: all",
    )
    check.add_argument("--port", type=int, default=8000, help="of services on this machine")
    check.add_argument(
        "--as",
        dest="visitors",
        action="append",
        default=[],
        metavar="WHO",
        help="look signed in, too: a person of the demo by name, or an account by its address,"
        " whose password is asked for",
    )
    check.add_argument("--pages", type=int, default=200, metavar="N", help="at most so many pages")
    check.add_argument(
        "--let-out",
        action="store_true",
        help="let what the policy names reach its host, to see what is set there; else it is"
        " written down and stopped",
    )
    check.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data)
    import json

    from skola.web.cookies_checked import as_json, check, in_words, services
    from skola.web.crawling import NoBrowserError, NotThereError, Visitor, chromium

    visitors = [Visitor(), *(Visitor(name, _password(name)) for name in options.visitors)]
    try:
        found = services(options.where, port=options.port)
        with chromium() as browser:
            reports = [
                check(browser, service, visitor, most=options.pages, let_out=options.let_out)
                for service in found
                for visitor in visitors
            ]
    except (NoBrowserError, NotThereError) as problem:
        print(f"skola cookies: {problem}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps([as_json(one) for one in reports], ensure_ascii=False, indent=1))
    else:
        print("\n\n".join("\n".join(in_words(one)) for one in reports))
    return 1 if any(one.faults or one.walk.broken for one in reports) else 0


def _password(name: str) -> str:
    """Ask for the password of an account; who is invented has none."""
    if "@" not in name:
        return ""
    from getpass import getpass

    return getpass(f"Password of {name}: ")
