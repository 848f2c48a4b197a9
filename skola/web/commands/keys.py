"""Rotate the key that seals files and short texts such as national codes.

``skola keys rotate`` makes a fresh key, which seals what comes from then on, and wraps the keys of
all objects with it. Those before stay in the folder of keys, and open what they sealed.
"""

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    verbs.add_parser("rotate", help="seal with a fresh key from now on")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data)
    from skola.ground import clock
    from skola.ground.files.api import KeyLostError, rewrap, rotate
    from skola.ground.tenants.api import every, inside

    print(f"skola keys: what comes from now on is sealed by {rotate()}. Copy the folder of keys.")
    for tenant in every():
        with inside(tenant.pk):
            try:
                count = rewrap(by="skola keys", now=clock.now())
            except KeyLostError as problem:
                print(f"{tenant.slug}: {problem}", file=sys.stderr)
                return 2
        print(f"{tenant.slug}: {count} keys of files are wrapped with it.")
    return 0
