"""Check, compare and render policies. Exit code 2 means that a policy would be refused."""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    check = verbs.add_parser("check", help="say everything that is wrong, with place and remedy")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    diff = verbs.add_parser("diff", help="what changes for people between two versions")
    diff.add_argument("old", type=Path)
    diff.add_argument("new", type=Path)
    render = verbs.add_parser("render", help="the notice, the record of processing, or DPV")
    render.add_argument("file", type=Path)
    render.add_argument("--language", default="en")
    render.add_argument(
        "--format", choices=["markdown", "html", "json-ropa", "dpv"], default="markdown"
    )
    verbs.add_parser("words", help="the words that a policy may use")


def run(options: argparse.Namespace) -> int:
    from skola.promises.policy import commands

    if options.verb == "check":
        return commands.check(options.files)
    if options.verb == "diff":
        return commands.diff(options.old, options.new)
    if options.verb == "render":
        return commands.render(options.file, options.language, options.format)
    return commands.words()
