"""``skola COMMAND``: everything that is done from a shell. ``skola --help`` lists the commands."""

import argparse
import importlib
import sys
from pathlib import Path

COMMANDS = {
    "demo": "five services with invented people, on this machine",
    "serve": "answer requests (production: with --tls, or behind a proxy that speaks TLS)",
    "worker": "do the jobs: sweep, mail, files",
    "migrate": "bring the database up to date and build the walls between tenants",
    "policy": "check, compare, render policies; list the words they may use",
    "role": "give somebody a role: how the first administrator comes in",
    "sweep": "erase what is due, and say under which clause",
    "access": "a copy of a person's data, as a ZIP",
    "erase": "erase a person, but for what a law or a hold keeps, and print the receipt",
    "handover": "give a service to another controller's installation, or take one in",
    "backup": "copy the database and the objects, and their keys elsewhere; end old copies",
    "restore": "restore a backup, after checking every file of it",
    "replay": "after a restore: repeat what was decided since, sweep, and open again",
    "testdata": "records for tests, shaped by a tenant's and about nobody",
    "cookies": "prove in a real browser that only what the policy names is kept and asked for",
    "clauses": "which clauses are kept by a test, and which are not yet",
    "calls": "enter the call list of a telephone provider",
    "mail": "take in mail at the addresses of the policies, one message or by SMTP",
    "audit": "what happened; verify and copy the log of it",
    "keys": "seal files and national codes with a fresh key",
    "doctor": "what is missing or unsafe in this installation, in words",
    "bench": "measure, each figure beside its limit in the same run",
    "test": "everything that a change must pass",
    "mutate": "whether the tests notice each small change of the engine",
}
DATA = Path(__file__).resolve().parent.parent / ".skola" / "demo"


def parser() -> argparse.ArgumentParser:
    """Return the parser with every command's own options."""
    whole = argparse.ArgumentParser(prog="skola", description=__doc__)
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, purpose in COMMANDS.items():
        module = importlib.import_module(f"skola.web.commands.{name}")
        command = commands.add_parser(name, help=purpose, description=module.__doc__)
        command.add_argument(
            "--data", type=Path, default=DATA, metavar="DIR", help="where everything is kept"
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return whole


def main(words: list[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 something is short, 2 refused."""
    from skola.ground import space
    from skola.ground.db import away
    from skola.ground.db.local import NoServerError

    options = parser().parse_args(words)
    try:
        return int(options.run(options))
    except NoServerError as problem:
        print(f"skola: {problem}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as problem:
        known = {space.WORDS: space.is_full, away.WORDS: away.is_away}
        for words_of_it, is_it in known.items():
            if is_it(problem):
                print(f"skola: {words_of_it.format(problem=str(problem).strip())}", file=sys.stderr)
                return 2
        raise


if __name__ == "__main__":
    sys.exit(main())
