"""From a changed policy to what would be executed: when it may bind, and what binds until then."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from msgspec import structs

from skola.ground.people.api import Account
from skola.promises.policy.api import (
    Policy,
    PolicyError,
    Problem,
    Severity,
    earliest_effect,
    in_force,
    lint,
)
from skola.promises.policy.load import parse
from skola.promises.policy.schema import Classification
from skola.promises.policy.source import Source
from skola.promises.retention.live import promises_after, promises_in_force
from skola.promises.simulation.queries import Progress, Stage, Timeline, count
from skola.promises.simulation.rules import LONGEST, Simulation, Telling, months_from


def checked(source: Source, tenant: str = "") -> tuple[Policy, tuple[Problem, ...]]:
    """Return the policy that a source says, and the findings on it that are no errors.

    With ``tenant`` it must be that tenant's. Raises PolicyError with everything that publishing
    would refuse about the file itself.
    """
    policy = parse(source)
    found = lint(policy, source=source, law=Path(settings.LAW), clauses=Path(settings.CLAUSES))
    if tenant and policy.policy.tenant != tenant:
        message = f'this is the policy of "{policy.policy.tenant}", not of "{tenant}"'
        remedy = "Take a copy of the policy in force, and change that."
        line = source.line("policy", 0, "tenant")
        found.append(Problem(source.file, "[policy]", "tenant", message, remedy, line=line))
    if any(problem.severity is Severity.ERROR for problem in found):
        raise PolicyError(found)
    return policy, tuple(found)


class TooFarError(ValueError):
    """A simulation over less than a year, or more than ``LONGEST``."""


def simulate(
    policy: Policy, *, now: datetime, years: int = LONGEST, progress: Progress | None = None
) -> Simulation:
    """Say what would go when, were ``policy`` published ``now``; nothing is changed.

    ``policy`` is the changed one as its file says; the law is applied to it. Until it may bind, the
    versions in force and announced are executed, and what was collected under them keeps what they
    promised. Raises TooFarError and NoPolicyError.
    """
    if not 1 <= years <= LONGEST:
        raise TooFarError(f"A simulation looks ahead 1 to {LONGEST} years, not {years}.")
    found = in_force(now)
    head = policy.policy
    months = months_from(now, years * 12, ZoneInfo(found.policy.policy.timezone))
    earliest = earliest_binding(policy, now)
    binds_at = max(earliest, head.effective)
    before = timeline(now)
    after = with_change(before, policy, binds_at, now)
    counts = count(before, after, months, progress=progress)
    telling = Telling(
        binds_at=binds_at,
        asked_for=head.effective,
        earliest=earliest,
        notice=policy.change.notice,
        channels=channels(policy),
        accounts=Account.objects.filter(is_active=True).count(),
        concerned=counts.concerned,
        unreached=counts.unreached,
    )
    return Simulation(months, found.version.name, counts.going, counts.stuck, counts.held, telling)


def timeline(now: datetime) -> Timeline:
    """Return what binds the speaking tenant from ``now`` on, announced versions included."""
    stages = [Stage(now, promises_in_force(now))]
    for version in in_force(now).announced:
        at = version.written.policy.effective
        stages.append(Stage(at, promises_in_force(at)))
    return tuple(stages)


def with_change(before: Timeline, policy: Policy, binds_at: datetime, now: datetime) -> Timeline:
    """Return the timeline with the changed policy in its place.

    It takes the place of an announced version of the same name. One that takes effect later than
    the change replaces it in turn.
    """
    first, *announced = before
    others = [stage for stage in announced if stage.promises.version != policy.policy.version]
    head = structs.replace(policy.policy, effective=binds_at)
    if len(others) == len(announced):  # no draft of a version: what binds now has its say, too
        head = structs.replace(head, version=f"change of {binds_at.isoformat()}")
    changed = promises_after(structs.replace(policy, policy=head), now)
    stages = [stage for stage in (first, *others) if stage.since < binds_at]
    stages.append(Stage(binds_at, changed))
    for stage in others:
        if stage.since > binds_at:
            earlier = stages[-1].promises.every
            stages.append(replace(stage, promises=replace(stage.promises, earlier=earlier)))
    return tuple(stages)


def earliest_binding(policy: Policy, now: datetime) -> datetime:
    """Return from when a changed policy may bind at the earliest, were it published ``now``.

    A file that calls itself the initial version counts as a material change: it is none, where
    there is a policy already.
    """
    head = policy.policy
    if head.classification is Classification.INITIAL:
        head = structs.replace(head, classification=Classification.MATERIAL)
        policy = structs.replace(policy, policy=head)
    return earliest_effect(policy, now)


def channels(policy: Policy) -> tuple[str, ...]:
    """Return where [change] promises to tell of the change; mail and SMS when it is material."""
    found = list(policy.change.publish_in)
    if policy.policy.classification in (Classification.MATERIAL, Classification.INITIAL):
        found += policy.change.also_notify
    return tuple(dict.fromkeys(found))
