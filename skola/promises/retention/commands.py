"""``skola sweep``: what a sweep says on a terminal."""

from datetime import datetime

from skola.ground.tenants.api import Tenant, by_slug, every, inside
from skola.promises.policy.api import NoPolicyError
from skola.promises.retention.actions.sweeps import sweep as sweep_tenant
from skola.promises.retention.report import SweepReport

HEADINGS = ("rule", "clauses", "what", "table", "count", "due since")


def sweep(*, now: datetime, dry_run: bool = False, tenant: str | None = None) -> int:
    """Sweep one tenant or all, print what went, and return the exit code.

    0 when all were swept, 1 when one has no policy in force, 2 when there is no such tenant.
    """
    try:
        tenants = every() if tenant is None else [by_slug(tenant)]
    except Tenant.DoesNotExist:
        known = ", ".join(one.slug for one in every()) or "none"
        print(f"skola: there is no tenant {tenant!r}; there are {known}.")
        return 2
    code = 0
    for one in tenants:
        with inside(one.pk):
            try:
                report = sweep_tenant(now=now, dry_run=dry_run)
            except NoPolicyError as problem:
                print(f"{one.slug}: not swept. {problem}")
                code = 1
                continue
        print(f"{one.slug}: {summary(report, dry_run=dry_run)}")
        if report.lines:
            print(table(report))
    return code


def summary(report: SweepReport, *, dry_run: bool) -> str:
    """Return one line: how much, as of when, under which version of the policy."""
    would = "would go" if dry_run else "went"
    as_of = f"as of {report.swept_at:%Y-%m-%d %H:%M} UTC, policy {report.version}"
    if not report.lines:
        return f"nothing is due {as_of}"
    return f"{report.erased} {would} {as_of}"


def table(report: SweepReport) -> str:
    """Return the lines of a report as a table."""
    rows = [
        (
            line.rule,
            ", ".join(line.clauses),
            line.category,
            line.table,
            str(line.count),
            f"{line.oldest:%Y-%m-%d}",
        )
        for line in report.lines
    ]
    widths = [max(len(row[n]) for row in [HEADINGS, *rows]) for n in range(len(HEADINGS))]
    widths = [min(width, 40) for width in widths]
    return "\n".join(
        "  "
        + "  ".join(_fit(word, width) for word, width in zip(row, widths, strict=True)).rstrip()
        for row in [HEADINGS, *rows]
    )


def _fit(word: str, width: int) -> str:
    return word.ljust(width) if len(word) <= width else f"{word[: width - 1]}…"
