"""Which versions of a tenant's policy there are, which one is in force, and which is announced.

A folder has one folder a tenant, with one file a version: ``policies/ilearn/2020-08-17.toml``.
Files are read again only when they change.

Publishing keeps a sealed copy of each version, ``policies/ilearn/.published/VERSION.HASH.toml``.
Where the file is broken, edited or gone, the copy binds, and the problem is told: a tenant is never
without a policy because of a file.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from skola.promises.policy.canonical import policy_hash
from skola.promises.policy.lints import keepable
from skola.promises.policy.load import parse
from skola.promises.policy.overlays import LAW_FOLDER, Effective, apply, load_overlays
from skola.promises.policy.problems import PolicyError, Problem, Severity
from skola.promises.policy.schema import Policy
from skola.promises.policy.source import read

Stamp = tuple[int, int]
"""When a file changed last, in nanoseconds, and its size."""
Stamps = tuple[tuple[str, Stamp], ...]
"""The policies or laws of a folder by name, with their stamps."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version that was read without errors."""

    file: Path
    written: Policy
    """As its file says."""
    effective: Effective
    """As it is executed, law applied."""
    hash: str
    problems: tuple[Problem, ...] = ()
    """What the checks said of it; no errors among them."""

    @property
    def name(self) -> str:
        """The version as the file names it."""
        return self.written.policy.version


@dataclass(frozen=True, slots=True)
class InForce:
    """The policy that binds a tenant at a moment."""

    version: Version
    problems: tuple[Problem, ...]
    """Files of the tenant that cannot be used, and why; empty when all is well."""
    announced: tuple[Version, ...]
    """Versions that were published and are not yet in force, soonest first."""
    capabilities: frozenset[str]
    earlier: tuple[Version, ...] = ()
    """The versions that bound before, oldest first: what they promised of old data still counts."""

    @property
    def policy(self) -> Policy:
        """The policy as it is executed, law applied."""
        return self.version.effective.policy

    @property
    def effective(self) -> Effective:
        """The same, with what the law changed."""
        return self.version.effective

    @property
    def file(self) -> Path:
        """The file that is in force."""
        return self.version.file

    @property
    def hash(self) -> str:
        """What consents, notices and audit entries refer to."""
        return self.version.hash


class NoPolicyError(LookupError):
    """No version of the tenant is in force at that moment. ``problems`` says why."""

    def __init__(self, message: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(message, problems)  # as it was called: it crosses processes
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join([self.args[0], *(str(problem) for problem in self.problems)])


def enabled(policy: Policy) -> set[str]:
    """The capabilities that a policy switches on: those of its purposes, and the operator's own."""
    found = {capability for purpose in policy.purpose for capability in purpose.enables}
    return found | set(policy.service.capabilities)


@lru_cache(maxsize=256)
def _version(path: Path, stamp: Stamp, law: Path, laws: Stamps) -> Version:
    """Read one version. Raises PolicyError when it cannot be kept."""
    source = read(path)
    policy = parse(source)
    effective = apply(policy, load_overlays(policy.policy.law, law))
    problems = tuple(keepable(policy, source=source, law=law))
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    folder = path.parent.parent if path.parent.name == SEALED else path.parent
    if policy.policy.tenant != folder.name:
        errors.append(
            Problem(
                str(path),
                "[policy]",
                "tenant",
                f'the policy of "{policy.policy.tenant}" lies in the folder "{folder.name}"',
                "Move the file, or correct the tenant.",
                line=source.line("policy", 0, "tenant"),
            )
        )
    if errors:
        raise PolicyError(errors)
    return Version(path, policy, effective, policy_hash(policy), problems)


@lru_cache(maxsize=256)
def _failed(path: Path, stamp: Stamp, law: Path, laws: Stamps) -> tuple[Problem, ...]:
    try:
        _version(path, stamp, law, laws)
    except PolicyError as error:
        return error.problems
    return ()


SEALED = ".published"


def sealed_path(folder: Path, tenant: str, version: str, digest: str) -> Path:
    """Return where the sealed copy of a published version lies."""
    return folder / tenant / SEALED / f"{version}.{digest}.toml"


Key = tuple[Path, Stamp, Path, Stamps]


@dataclass(frozen=True)
class _Answer:
    """What is in force from ``since`` on, and until just before ``until``."""

    since: datetime
    until: datetime
    found: "InForce"


@dataclass
class _Look:
    """What was seen in a block in which one look is enough."""

    folders: dict[Path, Stamps] = field(default_factory=dict)
    answers: dict[tuple[Path, str, Path], _Answer] = field(default_factory=dict)


_seen: ContextVar[_Look | None] = ContextVar("seen", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Look at each folder once in this block, a request: it is answered by one policy throughout.

    What is published in the block counts at once.
    """
    token = _seen.set(_Look())
    try:
        yield
    finally:
        _seen.reset(token)


def look_again() -> None:
    """Forget what was seen in this block, for a version was published in it."""
    if (seen := _seen.get()) is not None:
        seen.folders.clear()
        seen.answers.clear()


def _stamps(folder: Path) -> Stamps:
    """Look at a folder without reading its files: every page asks, so it must be quick."""
    seen = _seen.get()
    if seen is None:
        return _look(folder)
    if folder not in seen.folders:
        seen.folders[folder] = _look(folder)
    return seen.folders[folder]


def _look(folder: Path) -> Stamps:
    try:
        with os.scandir(folder) as found:
            files = [(one.name, one.stat()) for one in found if one.name.endswith(".toml")]
    except FileNotFoundError:
        return ()
    return tuple(sorted((name, (at.st_ctime_ns, at.st_size)) for name, at in files))


def _sealed(own: Path, stamps: Stamps, law: Path, laws: Stamps) -> dict[str, Version]:
    """Return the sealed copies by the file that each stands for; a spoilt copy is none."""
    found = {}
    for name, stamp in stamps:
        path = own / SEALED / name
        version, _, digest = path.stem.rpartition(".")
        key = (path, stamp, law, laws)
        if not _failed(*key) and _version(*key).hash == digest:
            found[version] = replace(_version(*key), file=own / f"{version}.toml")
    return found


def tenants(folder: Path) -> list[str]:
    """The tenants that have a folder with policies, in order."""
    if not folder.is_dir():
        return []
    return sorted(each.name for each in folder.iterdir() if any(each.glob("*.toml")))


def versions(
    folder: Path, tenant: str, *, law: Path = LAW_FOLDER
) -> tuple[tuple[Version, ...], tuple[Problem, ...]]:
    """All versions of a tenant that can be used, by the moment they take effect; and problems.

    What was published binds to the letter: a file that differs from its sealed copy is a problem.
    Of two versions with the same effective moment neither can be chosen, so both are a problem.
    """
    own = folder / tenant
    return _versions(own, _stamps(own), _stamps(own / SEALED), law, _stamps(law))


@lru_cache(maxsize=256)
def _versions(
    own: Path, stamps: Stamps, copies: Stamps, law: Path, laws: Stamps
) -> tuple[tuple[Version, ...], tuple[Problem, ...]]:
    good: list[Version] = []
    problems: list[Problem] = []
    sealed = _sealed(own, copies, law, laws)
    for name, stamp in stamps:
        path = own / name
        key: Key = (path, stamp, law, laws)
        failed, copy = _failed(*key), sealed.pop(path.stem, None)
        problems.extend(failed)
        if failed:
            good += [copy] if copy else []
        elif copy and _version(*key).hash != copy.hash:
            problems.append(_edited(copy))
            good.append(copy)
        else:
            good.append(_version(*key))
    problems += [_missing(copy) for copy in sealed.values()]
    good += sealed.values()
    good.sort(key=lambda version: version.written.policy.effective)
    twice = _same_moment(good)
    problems.extend(twice)
    unclear = {problem.file for problem in twice}
    return tuple(each for each in good if str(each.file) not in unclear), tuple(problems)


def _same_moment(good: list[Version]) -> list[Problem]:
    moments = [version.written.policy.effective for version in good]
    return [
        Problem(
            str(version.file),
            "[policy]",
            "effective",
            f"another version takes effect at the same moment, {version.written.policy.effective}",
            "Give one of them another moment.",
            code="P013",
        )
        for version in good
        if moments.count(version.written.policy.effective) > 1
    ]


def in_force(folder: Path, tenant: str, now: datetime, *, law: Path = LAW_FOLDER) -> InForce:
    """The policy that binds ``tenant`` at ``now``: the latest whose effective moment has come.

    A broken newest file leaves the last good version in force, and its problems are told. Raises
    NoPolicyError when nothing is in force. A page asks a hundred times: within ``one_look`` the
    answer is worked out once.
    """
    look, key = _seen.get(), (folder, tenant, law)
    if look is None:
        return _in_force(folder, tenant, now, law).found
    known = look.answers.get(key)
    if known is None or not known.since <= now < known.until:
        known = look.answers[key] = _in_force(folder, tenant, now, law)
    return known.found


def _in_force(folder: Path, tenant: str, now: datetime, law: Path) -> _Answer:
    good, problems = versions(folder, tenant, law=law)
    live = [each for each in good if each.written.policy.effective <= now]
    if not live:
        raise NoPolicyError(
            f'no policy of "{tenant}" is in force at {now.isoformat()} in {folder / tenant}',
            problems,
        )
    announced = tuple(
        each
        for each in good
        if each.written.policy.published <= now < each.written.policy.effective
    )
    chosen = live[-1]
    capabilities = frozenset(enabled(chosen.written))
    found = InForce(chosen, problems, announced, capabilities, tuple(live[:-1]))
    heads = [each.written.policy for each in good]
    turns = [turn for head in heads for turn in (head.published, head.effective)]
    since = max(turn for turn in turns if turn <= now)
    until = min((turn for turn in turns if turn > now), default=datetime.max.replace(tzinfo=UTC))
    return _Answer(since, until, found)


def _missing(version: Version) -> Problem:
    return Problem(
        str(version.file),
        "[policy]",
        "version",
        f'the file of version "{version.name}" is gone; its published text binds',
        "Put the file back, to the letter as it was published.",
        code="P013",
    )


def _edited(version: Version) -> Problem:
    return Problem(
        str(version.file),
        "[policy]",
        "version",
        f'version "{version.name}" was edited after it was published; the published text binds',
        "Undo the edit, and publish it as a version of its own.",
        code="P013",
    )
