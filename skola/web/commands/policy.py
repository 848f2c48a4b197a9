"""Check, compare and render policies. Exit code 2 means that a policy would be refused."""

import argparse
import os
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    check = verbs.add_parser("check", help="say everything that is wrong, with place and remedy")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.add_argument("--records", action="store_true", help="look at what the tenants hold, too")
    check.add_argument("--data", type=Path, default=argparse.SUPPRESS, metavar="DIR")
    diff = verbs.add_parser("diff", help="what changes for people between two versions")
    diff.add_argument("old", type=Path)
    diff.add_argument("new", type=Path)
    render = verbs.add_parser("render", help="the notice, the record of processing, or DPV")
    render.add_argument("file", type=Path)
    render.add_argument("--language", default="", metavar="L", help="else the binding one")
    render.add_argument(
        "--format", choices=["markdown", "html", "json-ropa", "dpv"], default="markdown"
    )
    simulate = verbs.add_parser(
        "simulate", help="what a changed file would do to the data held today; nothing changes"
    )
    simulate.add_argument("file", type=Path)
    simulate.add_argument("--data", type=Path, default=argparse.SUPPRESS, metavar="DIR")
    simulate.add_argument(
        "--years", type=int, default=12, metavar="N", help="1 to 12 (the default)"
    )
    simulate.add_argument("--tenant", metavar="NAME", help="whose data; else the file's tenant")
    simulate.add_argument("--json", action="store_true")
    publish = verbs.add_parser("publish", help="let a checked file bind its tenant")
    publish.add_argument("file", type=Path)
    publish.add_argument("--data", type=Path, default=argparse.SUPPRESS, metavar="DIR")
    publish.add_argument("--host", help="host name of a new tenant; else TENANT.localhost")
    verbs.add_parser("words", help="the words that a policy may use")


def run(options: argparse.Namespace) -> int:
    from skola.promises.policy import commands

    if options.verb == "check":
        code = commands.check(options.files, fields=_columns())
        return _records(options, code) if options.records else code
    if options.verb == "diff":
        return commands.diff(options.old, options.new)
    if options.verb == "render":
        return commands.render(options.file, options.language, options.format)
    if options.verb == "publish":
        return _publish(options)
    if options.verb == "simulate":
        return _simulate(options)
    return commands.words()


def _columns() -> dict[str, str]:
    """The personal columns of this release; no database is asked."""
    os.environ.setdefault("SKOLA_DATABASE_URL", "postgresql://nobody@localhost/none")
    os.environ.setdefault("SKOLA_SECRET_KEY", "for checks only")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skola.settings")
    import django

    django.setup()
    from skola.promises.inventory.api import fields_known

    return fields_known()


def _records(options: argparse.Namespace, code: int) -> int:
    """Print what is wrong with the records that the tenants of readable policies hold."""
    from skola.web.commands.installation import open_up

    open_up(options.data)
    from skola.ground.tenants.api import Tenant, by_slug, inside
    from skola.promises.policy.api import load, under_law
    from skola.promises.policy.problems import PolicyError
    from skola.promises.reports.api import problems_of_records

    for file in options.files:
        try:
            policy = under_law(load(file))
            tenant = by_slug(policy.policy.tenant)
        except PolicyError:
            continue  # what is wrong with it was said
        except Tenant.DoesNotExist:
            print(f"{file}: nothing is held here for its tenant.")
            continue
        with inside(tenant.pk):
            found = list(problems_of_records(policy, str(file)))
        for problem in found:
            print(problem)
        print(f"{file}: records: {len(found) or 'no'} findings")
    return code


def _simulate(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data)
    from skola.ground import clock
    from skola.promises.simulation import commands

    return commands.simulate(
        options.file,
        now=clock.now(),
        years=options.years,
        tenant=options.tenant,
        as_json=options.json,
    )


def _publish(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data, as_owner=True)
    from skola.ground import clock
    from skola.promises.policy.problems import PolicyError
    from skola.web.tenancy import publish_for

    try:
        policy = publish_for(options.file, host=options.host, now=clock.now())
    except PolicyError as error:
        for problem in error.problems:
            print(problem)
        print("Nothing was published; what is in force stays in force.", file=sys.stderr)
        return 2
    head = policy.policy
    binds = f"{head.effective:%d %B %Y %H:%M %z}"
    print(f"{head.tenant} {head.version} is published and binds from {binds}.")
    return 0
