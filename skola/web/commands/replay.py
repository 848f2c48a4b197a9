"""After a restore: repeat what was decided since the backup, sweep, and open again."""

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--undecided",
        choices=["repeat", "drop"],
        help="what becomes of events of which nobody can tell whether they were committed",
    )
    parser.add_argument(
        "--journal-lost",
        action="store_true",
        help="begin a new journal: you answer for what was decided since the backup and is lost",
    )


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data, gate=False)
    from skola.ground import clock
    from skola.ground.journal import api as journal
    from skola.web import replaying

    now = clock.now()
    try:
        if options.journal_lost:
            replaying.begin_anew(now=now)
            print("A new privacy journal was begun, and the audit says so. Nothing was repeated.")
            return 0
        choice = None if options.undecided is None else options.undecided == "repeat"
        done = replaying.replay(now=now, with_unknown=choice)
    except (
        journal.ClosedError,
        journal.UnknownKindError,
        replaying.UndecidedError,
    ) as problem:
        print(f"skola replay: nothing is served. {problem}", file=sys.stderr)
        return 2
    for one in done.repeated:
        print(
            f"{one.tenant.slug}: {one.events} events repeated, {one.absent} of them about people"
            " whom the backup does not have."
        )
    for slug, report in done.swept.items():
        print(f"{slug}: {report.erased} went that were due meanwhile.")
        for stopped in report.refused:
            print(
                f"{slug}: the rule {stopped.rule} would erase far more than was foreseen and was"
                " stopped: look at it, then `skola sweep --release`."
            )
    for slug in done.without_policy:
        print(f"{slug}: not swept, as no policy of it is in force.")
    print("The database knows what the journal knows; serve and worker may start.")
    return _erase_again(options)


def _erase_again(options: argparse.Namespace) -> int:
    """What was handed over before the restore goes once more, as the owner of the tables."""
    import subprocess

    from skola.ground import clock
    from skola.ground.tenants.api import every, inside
    from skola.promises.handover import api as handover
    from skola.web.commands.installation import run_as_owner

    for tenant in every():
        with inside(tenant.pk):
            left = tenant.handed_over_at is not None and handover.unfinished(clock.now())
        if left:
            try:
                run_as_owner("handover", "erase", tenant.slug, "--data", str(options.data))
            except subprocess.CalledProcessError:
                print(f"{tenant.slug}: {left}", file=sys.stderr)
                return 1
    return 0
