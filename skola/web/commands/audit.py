"""Show what happened, newest first: when, what, by whom (a pseudonym), under which clause."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tenant", metavar="NAME", help="only this tenant")
    parser.add_argument("--kind", metavar="PREFIX", help="only kinds that begin so: retention.")
    parser.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data)
    import json

    from skola.ground.audit.api import Entry
    from skola.ground.tenants.api import every, inside

    chosen = [tenant for tenant in every() if options.tenant in (None, tenant.slug)]
    if not chosen:
        print(f"skola audit: there is no tenant {options.tenant!r}; leave --tenant out to see all.")
        return 2
    for tenant in chosen:
        with inside(tenant.pk):
            entries = Entry.objects.filter(kind__startswith=options.kind or "").order_by("-at")
            for entry in entries[: options.limit]:
                row = {
                    "tenant": tenant.slug,
                    "at": entry.at.isoformat(timespec="seconds"),
                    "kind": entry.kind,
                    "by": entry.by[:12],
                    "target": entry.target,
                    "clause": entry.clause,
                    "detail": entry.detail,
                }
                print(json.dumps(row, ensure_ascii=False) if options.json else _line(row))
    return 0


def _line(row: dict[str, object]) -> str:
    parts = [row["tenant"], row["at"], row["kind"], row["by"], row["target"], row["clause"]]
    detail = row["detail"] if isinstance(row["detail"], dict) else {}
    return "  ".join(str(part) for part in [*parts, *(f"{k}={v}" for k, v in detail.items())])
