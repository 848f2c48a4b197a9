"""Make a backup, and remove those whose days are over. The keys of the objects go elsewhere."""

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="else SKOLA_BACKUPS")
    parser.add_argument("--prune", action="store_true", help="only remove what is over")
    parser.add_argument("--list", action="store_true", help="which backups there are, and how old")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data, gate=not options.list)
    from skola.ground import clock
    from skola.ground.backup import api as backup
    from skola.ground.journal import api as journal

    now = clock.now()
    if options.list:
        for kept in backup.inventory():
            print(
                f"{kept.name}  {(now - kept.made_at).days:>3} days  {_state(kept)}  {kept.folder}"
            )
        return 0
    try:
        if not options.prune:
            made = backup.back_up(into=options.output, now=now)
            count = sum(name.startswith("objects/") for name in made.manifest.files)
            print(f"The database and {count} objects are in {made.folder}.")
            print(
                f"Their keys are in {made.keys}: keep them on another disk, no longer than a week."
            )
    except (backup.RefusedError, backup.ProgramError, journal.ClosedError) as problem:
        print(f"skola backup: {problem}", file=sys.stderr)
        return 2
    for words in backup.prune(now=now):
        print(f"Removed {words}, whose days are over.")
    journal.forget_before(backup.needed_from(now))
    return 0


def _state(kept: object) -> str:
    if getattr(kept, "out_of_reach", False):
        return "out of reach"
    return "with keys   " if getattr(kept, "keys", "") else "without keys"
