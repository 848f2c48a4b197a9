"""Publishing: a checked file becomes a version that binds the tenant."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from msgspec.structs import replace

from skola.ground.audit import api as audit
from skola.ground.tenants.api import Tenant, inside
from skola.promises.policy import catalogue
from skola.promises.policy.canonical import policy_hash
from skola.promises.policy.changes import changes, not_minor, not_of_law
from skola.promises.policy.lints import lint
from skola.promises.policy.lints.versions import across, earliest_effect
from skola.promises.policy.live import under_law
from skola.promises.policy.load import parse
from skola.promises.policy.periods import OutsideCalendarError
from skola.promises.policy.problems import PolicyError, Problem, Severity
from skola.promises.policy.schema import Classification, Policy, Purpose
from skola.promises.policy.source import read


def publish(file: Path, *, by: str, now: datetime, announced_at: datetime | None = None) -> Policy:
    """Check ``file`` against the language, the law and the tenant's versions, and publish it.

    The version takes effect when its ``effective`` says, once its notice has run from ``now``, or
    from ``announced_at`` where people were told of it elsewhere before (a hand-over).
    Publishing the same text again changes nothing. Raises PolicyError that names every problem, and
    leaves what is in force as it was; raises Tenant.DoesNotExist where the tenant is not there.
    """
    catalogue.look_again()
    source = read(file)
    policy = parse(source)
    tenant = Tenant.objects.get(slug=policy.policy.tenant)
    folder = Path(settings.POLICIES)
    sealed = catalogue.sealed_path(folder, tenant.slug, policy.policy.version, policy_hash(policy))
    known, _ = catalogue.versions(folder, tenant.slug, law=Path(settings.LAW))
    hashes = {version.name: version.hash for version in known}
    found = lint(policy, source=source, law=Path(settings.LAW), clauses=Path(settings.CLAUSES))
    problems = [problem for problem in found if problem.severity is Severity.ERROR]
    if hashes.get(policy.policy.version) == policy_hash(policy) and not problems:
        _seal(file, sealed)
        catalogue.look_again()
        return policy
    problems += across([(str(v.file), v.written) for v in known] + [(str(file), policy)], hashes)
    told_at = min(announced_at or now, now)
    problems += _too_soon(file, policy, known, told_at, now) if known else []
    problems += _not_assessed(file, policy, known)
    if problems:
        raise PolicyError(problems)
    with inside(tenant.pk), transaction.atomic():
        audit.record(
            "policy.version.published",
            by=by,
            at=now,
            clause=", ".join(policy.policy.clause),
            detail={"version": policy.policy.version, "hash": policy_hash(policy)},
        )
        for one in _later(policy, known):
            audit.record(
                "policy.purpose.registered",
                by=by,
                at=now,
                clause=", ".join(one.clause),
                detail={
                    "purpose": one.id,
                    "version": policy.policy.version,
                    "assessment": one.compatibility,
                },
            )
        _put(folder / tenant.slug / f"{policy.policy.version}.toml", file.read_bytes())
        _seal(file, sealed)
    catalogue.look_again()
    return policy


def _seal(file: Path, sealed: Path) -> None:
    """Keep a copy of what was published, which binds whatever becomes of the file."""
    if not sealed.exists():
        _put(sealed, file.read_bytes())


def _too_soon(
    file: Path,
    policy: Policy,
    known: Sequence[catalogue.Version],
    told_at: datetime,
    now: datetime,
) -> list[Problem]:
    """A later version cannot pretend that it was announced earlier, or that it is the first.

    The notice is the one that was promised, or the new one where that is longer: a version cannot
    shorten the notice of itself.
    """
    head = policy.policy
    problems = []
    if head.classification is Classification.INITIAL:
        problems.append(
            Problem(
                str(file),
                "[policy]",
                "classification",
                "the tenant has a policy already, so this is not its initial version",
                'Write classification = "minor", "material" or "legislation", and a reason.',
                code="P013",
            )
        )
    binding = [each.written.change for each in known if each.written.policy.effective <= now]
    try:
        earliest = max(
            earliest_effect(replace(policy, change=change), max(told_at, head.published))
            for change in (policy.change, *binding[-1:])
        )
    except OutsideCalendarError as problem:
        remedy = "Bring the working-day tables up to date: skola/promises/policy/calendars.json."
        return [
            *problems,
            Problem(str(file), "[policy]", "effective", str(problem), remedy, code="P013"),
        ]
    problems += _misnamed(file, policy, known)
    if head.effective < earliest:
        moment = _whole_minute(earliest).astimezone(ZoneInfo(head.timezone)).isoformat()
        problems.append(
            Problem(
                str(file),
                "[policy]",
                "effective",
                f"published now, it may take effect from {moment} on, not on"
                f" {head.effective.isoformat()}",
                f"Write {moment} or later.",
                code="P013",
            )
        )
    return problems


def _whole_minute(moment: datetime) -> datetime:
    """The moment, or the first whole minute after it: what somebody would write in a file."""
    minute = moment.replace(second=0, microsecond=0)
    return minute if minute == moment else minute + timedelta(minutes=1)


def _later(policy: Policy, known: Sequence[catalogue.Version]) -> list[Purpose]:
    """The purposes that the version before did not have; those of the first are not later ones."""
    before = [each for each in known if each.written.policy.effective < policy.policy.effective]
    if not before:
        return []
    had = {one.id for one in before[-1].written.purpose}
    return [one for one in policy.purpose if one.id not in had]


def _not_assessed(
    file: Path, policy: Policy, known: Sequence[catalogue.Version]
) -> Iterator[Problem]:
    """A purpose comes later only with an assessment, unless people consent to it (ekool-4.3)."""
    for one in _later(policy, known):
        if one.basis.kind != "consent" and not one.compatibility:
            yield Problem(
                str(file),
                f'[[purpose]] "{one.id}"',
                "compatibility",
                "a new purpose that nobody assessed",
                "Write why it goes with what the data were collected for (GDPR Art. 6(4)).",
                code="P013",
            )


def _misnamed(file: Path, policy: Policy, known: Sequence[catalogue.Version]) -> Iterator[Problem]:
    """What a version may not change under the name that it gives itself to skip the notice."""
    head = policy.policy
    before = [each for each in known if each.written.policy.effective < head.effective]
    if not before:
        return
    found = changes(before[-1].effective.policy, under_law(policy))
    if head.classification is Classification.MINOR and policy.change.material_only:
        wrong, claim = list(not_minor(found)), "a change that is not minor"
    elif head.classification is Classification.LEGISLATION:
        wrong, claim = list(not_of_law(found)), "a change that the law does not ask for"
    else:
        return
    for each in wrong:
        yield Problem(
            str(file),
            "[policy]",
            "classification",
            f"{claim}: {each.sentence('en')}",
            'Write classification = "material", and give the notice that was promised.',
            code="P013",
        )


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".writing")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
