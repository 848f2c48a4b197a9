"""Which clauses are kept by a test that acts from outside. The list of the rest only shrinks."""

import argparse
import json
import sys
from collections import Counter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="every clause with its tests")
    parser.add_argument("--markdown", action="store_true", help="those not kept yet, for docs/")
    parser.add_argument("--open", action="store_true", help="list those not kept yet")


def run(options: argparse.Namespace) -> int:
    from skola.promises.policy.clauses import as_markdown, keepers, register

    if options.markdown:
        print(as_markdown(), end="")
        return 0
    clauses = register()
    kept_by = keepers()
    if options.json:
        rows = [{**clause.as_dict(), "kept_by": kept_by.get(clause.id, [])} for clause in clauses]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    testable = [clause for clause in clauses if clause.testable]
    kept = [clause for clause in testable if clause.id in kept_by]
    if not options.json:
        _table(
            Counter((c.system, c.kind) for c in testable), Counter((c.system, c.kind) for c in kept)
        )
    if options.open:
        for clause in testable:
            if clause.id not in kept_by:
                print(f"{clause.id}  {clause.check}")
    unknown = sorted(set(kept_by) - {clause.id for clause in clauses})
    if unknown:
        words = ", ".join(unknown)
        print(f"skola clauses: tests name clauses that do not exist: {words}", file=sys.stderr)
        return 2
    count = f"{len(kept)} of {len(testable)} clauses kept"
    print(count, file=sys.stderr if options.json else sys.stdout)
    return 0


def _table(all_: Counter[tuple[str, str]], kept: Counter[tuple[str, str]]) -> None:
    systems = sorted({system for system, _ in all_})
    print(f"{'kind':20}" + "".join(f"{system:>12}" for system in systems))
    for kind in sorted({kind for _, kind in all_}):
        cells = [
            f"{kept[system, kind]} of {all_[system, kind]}" if all_[system, kind] else "–"
            for system in systems
        ]
        print(f"{kind:20}" + "".join(f"{cell:>12}" for cell in cells))
