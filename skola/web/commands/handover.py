"""Hand a service over to another controller's installation, or take one in from there.

The one that takes writes its key (``key``); the one that gives packs for it (``export``), and tells
by another way which key has signed. What was taken in (``import``) leaves a receipt, with which the
copy is erased where it came from (``erase``). Exit code 2 means that it was refused.
"""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    key = verbs.add_parser("key", help="write the key for which an archive is packed (the taker)")
    key.add_argument("--to", type=Path, required=True, metavar="FILE")
    status = verbs.add_parser("status", help="how far it is, and what comes next")
    status.add_argument("tenant", metavar="TENANT")
    export = verbs.add_parser("export", help="close the service and pack it (the giver)")
    export.add_argument("tenant", metavar="TENANT")
    export.add_argument(
        "--for", dest="taker", type=Path, required=True, metavar="KEY", help="the taker's key"
    )
    export.add_argument("--to", type=Path, required=True, metavar="FILE", help="the archive")
    export.add_argument(
        "--wait",
        type=float,
        metavar="SECONDS",
        help="between closing and packing; else a minute, until every process knows",
    )
    reopen = verbs.add_parser("reopen", help="serve people here again, while nothing is confirmed")
    reopen.add_argument("tenant", metavar="TENANT")
    taking = verbs.add_parser("import", help="take in an archive, whole or not at all (the taker)")
    taking.add_argument("file", type=Path, metavar="FILE")
    taking.add_argument(
        "--signed-by",
        required=True,
        metavar="KEY",
        help="the giver's key, NAME+ID+BASE64 or a file; not out of the archive's own hand",
    )
    taking.add_argument(
        "--host", action="append", metavar="HOST", help="in place of its hosts; may be repeated"
    )
    receipt = verbs.add_parser("receipt", help="write the receipt once more (the taker)")
    receipt.add_argument("tenant", metavar="TENANT")
    receipt.add_argument("--to", type=Path, required=True, metavar="FILE")
    erase = verbs.add_parser("erase", help="erase the copy, by the taker's receipt (the giver)")
    erase.add_argument("tenant", metavar="TENANT")
    erase.add_argument("--receipt", type=Path, metavar="FILE")
    for verb in (key, status, export, reopen, taking, receipt, erase):
        verb.add_argument("--data", type=Path, default=argparse.SUPPRESS, metavar="DIR")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data, as_owner=options.verb in ("import", "erase"))
    from skola.ground import clock
    from skola.promises.handover import commands

    now = clock.now()
    if options.verb == "key":
        return commands.key(options.to)
    if options.verb == "status":
        return commands.status(options.tenant, now=now)
    if options.verb == "export":
        wait = commands.WAIT if options.wait is None else options.wait
        return commands.export(options.tenant, options.taker, options.to, wait=wait, now=now)
    if options.verb == "reopen":
        return commands.reopen(options.tenant, now=now)
    if options.verb == "import":
        return commands.take_in(options.file, options.signed_by, options.host, now=now)
    if options.verb == "receipt":
        return commands.receipt(options.tenant, options.to)
    return commands.erase(options.tenant, options.receipt, now=now)
