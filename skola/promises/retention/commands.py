"""``skola sweep``: what a sweep says on a terminal."""

from datetime import datetime

from skola.ground.clock import Clocks
from skola.ground.tenants.api import Tenant, by_slug, every, inside
from skola.promises.policy.api import NoPolicyError
from skola.promises.retention.actions.breakers import NothingToReleaseError, release_rule
from skola.promises.retention.actions.clock_guard import ClockDoubtError, confirm_clock
from skola.promises.retention.actions.runs import release_all, run_sweep
from skola.promises.retention.actions.sweeps import sweep as sweep_tenant
from skola.promises.retention.report import Refused, SweepReport

HEADINGS = ("rule", "clauses", "what", "table", "count", "due since")


def sweep(
    *, now: datetime, clocks: Clocks, dry_run: bool = False, tenant: str | None = None
) -> int:
    """Sweep one tenant or all, print what went, and return the exit code.

    0 when all were swept, 1 when one has no policy in force, its clock is doubtful or a breaker
    stopped a rule, 2 when there is no such tenant.
    """
    tenants = _tenants(tenant)
    if tenants is None:
        return 2
    code = 0
    for one in tenants:
        with inside(one.pk):
            try:
                report = sweep_tenant(now=now, dry_run=True) if dry_run else None
                report = report or run_sweep(now=now, clocks=clocks)
            except (NoPolicyError, ClockDoubtError) as problem:
                print(f"{one.slug}: not swept. {problem}")
                code = 1
                continue
        print(f"{one.slug}: {summary(report, dry_run=dry_run)}")
        if report.lines:
            print(table(report))
        for each in report.refused:
            print(f"{one.slug}: {stopped(each)}")
            code = 1
    return code


def release(rule: str, *, reason: str, now: datetime, tenant: str | None = None) -> int:
    """Let a rule that the breaker stopped go on, or with ``all`` every one; return the exit code.

    0 when something was released, 1 when nothing was stopped, 2 when there is no such tenant.
    """
    tenants = _tenants(tenant)
    if tenants is None:
        return 2
    released = 0
    for one in tenants:
        with inside(one.pk):
            try:
                if rule == "all":
                    found = release_all(reason=reason, by="skola sweep", now=now)
                else:
                    found = [release_rule(rule, reason=reason, by="skola sweep", now=now)]
            except (NothingToReleaseError, NoPolicyError):
                continue
        for breaker in found:
            print(f"{one.slug}: released {breaker.rule}: {breaker.due} may go within a day.")
            released += 1
    if not released:
        print(
            f"skola: no breaker stops {rule!r}." if rule != "all" else "skola: nothing is stopped."
        )
    return 0 if released else 1


def confirm(*, now: datetime, clocks: Clocks, tenant: str | None = None) -> int:
    """Believe the clocks from now on, and return the exit code: 0, or 1 when they disagree."""
    tenants = _tenants(tenant)
    if tenants is None:
        return 2
    for one in tenants:
        with inside(one.pk):
            try:
                confirm_clock(clocks=clocks, by="skola sweep", now=now)
            except ClockDoubtError as doubt:
                print(f"{one.slug}: not confirmed. {doubt}")
                return 1
        print(f"{one.slug}: it is {now:%Y-%m-%d %H:%M} UTC. The next sweep goes on.")
    return 0


def _tenants(name: str | None) -> list[Tenant] | None:
    """Return the tenant of this name or all; None, and say so, where there is no such tenant."""
    try:
        return every() if name is None else [by_slug(name)]
    except Tenant.DoesNotExist:
        known = ", ".join(one.slug for one in every()) or "none"
        print(f"skola: there is no tenant {name!r}; there are {known}.")
        return None


def stopped(one: Refused) -> str:
    """Return what a stopped rule would have erased, and what now."""
    return (
        f"{one.rule} is stopped: {one.due} are due, {one.foreseen} were foreseen,"
        f" {one.allowed} may go. If they are right: skola sweep --release {one.rule} --reason WHY"
    )


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
