"""Restore a backup. Everything is checked first; afterwards nothing is served before a replay."""

import argparse
import subprocess
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("backup", type=Path, metavar="DIR", help="the folder of one backup")
    parser.add_argument("--keys", type=Path, metavar="FILE", help="the keys made with it")
    parser.add_argument("--into", metavar="NAME", help="into another database, to look at")
    parser.add_argument("--replace", action="store_true", help="in place of the one that is there")
    parser.add_argument("--yes", action="store_true", help="do not ask before replacing")
    parser.add_argument("--check", action="store_true", help="check the backup and do nothing else")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up, run_as_owner

    open_up(options.data, as_owner=True, tables=False)
    from django.db import connection

    from skola.ground import clock
    from skola.ground.backup import api as backup
    from skola.ground.journal import api as journal

    database = dict(connection.settings_dict)
    if options.into:
        database["NAME"] = options.into
    try:
        checked = backup.check(options.backup, options.keys)
        print(f"Every file is what was made on {checked.manifest.made_at:%Y-%m-%d %H:%M} UTC.")
        if not checked.is_proven:
            print("There is no privacy journal here, so nobody can tell who made this backup.")
        if options.check:
            return 0
        if options.replace and not options.yes and not _is_sure(str(database["NAME"])):
            print("Nothing was changed.")
            return 2
        aside = backup.restore(checked, database, replace=options.replace, now=clock.now())
    except (
        backup.DamagedError,
        backup.NotEmptyError,
        backup.ProgramError,
        journal.MissingError,
        journal.TamperedError,
    ) as problem:
        print(f"skola restore: nothing was changed. {problem}", file=sys.stderr)
        return 2
    if options.into:
        print(f"Restored into {options.into}. It serves nobody; drop it when you have seen enough.")
        return 0
    objects, policies = backup.put_objects(checked), backup.put_policies(checked)
    print(f"Restored; {objects} objects and {policies} policies were put back.")
    if checked.keys is None:
        print("Without the keys none of the objects of this backup can be opened.")
    if aside:
        print(f"The database that was there is called {aside}: drop it when it is not needed.")
    try:
        run_as_owner("migrate", "--quiet", "--data", str(options.data))
    except subprocess.CalledProcessError:
        print("Everything is back, but `skola migrate` failed: run it again first.")
        return 1
    return 0


def _is_sure(name: str) -> bool:
    print(f"The database {name} will be replaced, and what it knows since then is set aside.")
    try:
        return input(f"Write {name} to go on: ").strip() == name
    except EOFError:
        return False
