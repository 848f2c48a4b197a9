"""``skola policy simulate``: what a changed policy would do, on a terminal or as JSON.

0: nothing would go at another moment. 1: something would. 2: the policy has errors, the tenant is
not there or has no policy, or the years are too many.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from skola.ground.tenants.api import Tenant, by_slug, every, inside
from skola.promises.policy.api import NoPolicyError, PolicyError, diff, in_force
from skola.promises.policy.live import under_law
from skola.promises.policy.source import read
from skola.promises.simulation.change import TooFarError, checked
from skola.promises.simulation.change import simulate as simulate_change
from skola.promises.simulation.rules import Going, Side, Simulation

ASSUMED = (
    "Counted from every row as it stands, on the assumption that nothing further happens: nothing"
    " new is collected, nobody is active, and no contract, consent or hold begins or ends."
)


def simulate(
    file: Path, *, now: datetime, years: int, tenant: str | None = None, as_json: bool = False
) -> int:
    """Print what ``file`` would do to its tenant's data, or to another's; return the exit code."""
    try:
        policy, notes = checked(read(file))
    except PolicyError as error:
        for problem in error.problems:
            print(problem)
        print("Nothing was simulated.", file=sys.stderr)
        return 2
    slug = tenant or policy.policy.tenant
    policy = replace(policy, policy=replace(policy.policy, tenant=slug))
    try:
        with inside(by_slug(slug).pk):
            found = simulate_change(policy, now=now, years=years, progress=_progress)
            changes = [str(one) for one in diff(in_force(now).policy, under_law(policy)).rules]
    except Tenant.DoesNotExist:
        known = ", ".join(one.slug for one in every()) or "none"
        print(f"skola: there is no tenant {slug!r}; there are {known}.", file=sys.stderr)
        return 2
    except (NoPolicyError, TooFarError) as problem:
        print(f"skola: {problem}", file=sys.stderr)
        return 2
    for note in notes:
        print(note, file=sys.stderr)
    if as_json:
        print(json.dumps(as_plain(found, changes), indent=1))
    else:
        print("\n".join(_report(slug, found, changes)))
    return 1 if found.differing else 0


def _progress(done: int, total: int, table: str) -> None:
    if sys.stderr.isatty():
        text = f"{done + 1} of {total}: {table}"
        print(f"\r{text[:78]:78}", end="" if done + 1 < total else "\n", file=sys.stderr)


# ---- as text ---------------------------------------------------------------------------------


def _report(slug: str, found: Simulation, changes: Sequence[str]) -> Iterable[str]:
    telling = found.telling
    first, last = found.months.days[0], found.months.days[-1]
    yield f"{slug}: policy {found.version} and the change, {first:%Y-%m} to {last:%Y-%m}"
    yield ASSUMED
    yield ""
    yield "Rules"
    yield from (f"  {one}" for one in changes or ["The rules say the same."])
    yield ""
    yield (
        f"{found.parts} parts are held; {found.differing} would go at another moment:"
        f" {found.earlier} earlier, {found.later} later, {found.ended} that have no end now,"
        f" {found.never} no longer."
    )
    yield from _going(found)
    yield from _stuck(found)
    yield from _endless(found)
    yield ""
    yield "Who must be told"
    yield f"  It would bind from {telling.binds_at:%Y-%m-%d %H:%M %Z} on."
    yield (
        f"  Published now, it may bind from {telling.earliest:%Y-%m-%d %H:%M %Z} on"
        f" (notice: {telling.notice}); the file says {telling.asked_for:%Y-%m-%d %H:%M %z}."
    )
    ways = ", ".join(telling.channels) or "nothing"
    yield f"  Told by: {ways}; {telling.accounts} open accounts."
    yield (
        f"  {telling.concerned} people have data that would go at another moment;"
        f" {telling.unreached} of them have no open account."
    )


def _going(found: Simulation) -> Iterable[str]:
    rows, same = [], []
    for rule in found.rules:
        own = [one for one in found.going if one.rule == rule]
        months = sorted({(one.month is None, one.month or 0) for one in own})
        lines = [_line(found, rule, [one for one in own if _key(one) == key]) for key in months]
        differing = [
            line for line in lines if line[2] != line[3] or any(n != "0" for n in line[4:])
        ]
        rows += differing
        if not differing:
            same.append(f"{rule} {sum(one.before for one in own)}")
    yield from _table(
        "What goes, where it differs",
        ("rule", "month", "in force", "changed", "earlier", "later", "never", "new end"),
        rows,
    )
    if same:
        yield ""
        yield f"Not changed: {', '.join(same)}."


def _key(one: Going) -> tuple[bool, int]:
    return one.month is None, one.month or 0


def _line(found: Simulation, rule: str, own: Sequence[Going]) -> tuple[str, ...]:
    month = own[0].month
    when = "after" if month is None else f"{found.months.days[month]:%Y-%m}"
    sums = [
        sum(getattr(one, name) for one in own)
        for name in ("before", "after", "earlier", "later", "never", "ended")
    ]
    return rule, when, *map(str, sums)


def _stuck(found: Simulation) -> Iterable[str]:
    yield from _table(
        "Stuck: a ceiling has passed, a floor still keeps it",
        ("ceiling", "floor", "what", "table", "in force", "until", "changed", "until"),
        [
            (
                one.ceiling,
                one.floor,
                one.category,
                one.table,
                str(one.before.parts),
                _until(one.before),
                str(one.after.parts),
                _until(one.after),
            )
            for one in found.stuck
        ],
    )


def _until(side: Side) -> str:
    if not side.parts:
        return ""
    return f"{side.until:%Y-%m-%d}" if side.until else "no end"


def _endless(found: Simulation) -> Iterable[str]:
    yield from _table(
        "Without an end, or on hold",
        ("what", "table", "parts", "no end", "changed", "on hold", "changed"),
        [
            (
                one.category,
                one.table,
                *map(
                    str,
                    (
                        one.parts,
                        one.endless_before,
                        one.endless_after,
                        one.on_hold_before,
                        one.on_hold_after,
                    ),
                ),
            )
            for one in found.held
            if one.endless_before or one.endless_after or one.on_hold_before or one.on_hold_after
        ],
    )


def _table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterable[str]:
    if not rows:
        return
    yield ""
    yield title
    widths = [max(len(row[n]) for row in [headings, *rows]) for n in range(len(headings))]
    for row in [headings, *rows]:
        words = (
            word.rjust(width) if row is not headings and word.isdigit() else word.ljust(width)
            for word, width in zip(row, widths, strict=True)
        )
        yield "  " + "  ".join(words).rstrip()


# ---- as JSON ---------------------------------------------------------------------------------


def as_plain(found: Simulation, changes: Sequence[str]) -> dict[str, Any]:
    """Return everything as plain values: months are days, moments ISO 8601."""
    days = [f"{day:%Y-%m-%d}" for day in found.months.days]
    return {
        "version": found.version,
        "assumes": ASSUMED,
        "now": found.months.now.isoformat(),
        "until": found.months.until.isoformat(),
        "months": days,
        "rules": list(changes),
        "parts": found.parts,
        "differing": found.differing,
        "going": [
            {**asdict(one), "month": None if one.month is None else days[one.month]}
            for one in found.going
        ],
        "stuck": [_plain(asdict(one)) for one in found.stuck],
        "held": [asdict(one) for one in found.held],
        "telling": _plain(asdict(found.telling)),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value.isoformat() if isinstance(value, datetime) else value
