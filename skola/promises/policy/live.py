"""The policy at work: which one binds the tenant that is speaking, and what it switches on."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from skola.ground import clock
from skola.ground.tenants.api import Tenant, current_id
from skola.promises.policy.load import load
from skola.promises.policy.overlays import Effective, apply, load_overlays
from skola.promises.policy.problems import PolicyError, Problem
from skola.promises.policy.schema import Policy

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponse]


@functools.lru_cache(maxsize=4096)
def _slug(tenant_id: Any) -> str:
    return Tenant.objects.only("slug").get(pk=tenant_id).slug


@dataclass(frozen=True)
class InForce:
    """The policy that binds at a moment, as it is executed."""

    policy: Policy
    """With the law applied."""
    effective: Effective
    file: Path
    capabilities: frozenset[str]
    problems: tuple[Problem, ...]
    """Of newer files that are broken and therefore not in force."""


class NoPolicy(Exception):
    """The tenant has no policy in force; then nothing of it is served."""


def in_force(now: datetime) -> InForce:
    """Return the policy that binds the speaking tenant at ``now``. Raises NoPolicy.

    Files are read when they change. A broken newest file leaves the last good version in force.
    """
    folder = Path(settings.POLICIES) / _slug(current_id())
    files = sorted(folder.glob("*.toml"))
    stamps = tuple((file, file.stat().st_mtime_ns) for file in files)
    versions, problems = _versions(stamps)
    binding = [version for version in versions if version.policy.policy.effective <= now]
    if not binding:
        raise NoPolicy(f"{folder}: no policy is in force at {now:%d %B %Y %H:%M}.")
    newest = max(binding, key=lambda version: version.policy.policy.effective)
    return replace(newest, problems=problems)


@functools.lru_cache(maxsize=256)
def _versions(
    stamps: tuple[tuple[Path, int], ...],
) -> tuple[tuple[InForce, ...], tuple[Problem, ...]]:
    good, problems = [], []
    for file, _changed in stamps:
        try:
            policy = load(file)
            effective = apply(policy, load_overlays(policy.policy.law, Path(settings.LAW)))
        except PolicyError as error:
            problems += error.problems
            continue
        enabled = {word for purpose in policy.purpose for word in purpose.enables}
        switched_on = frozenset(enabled | set(policy.service.capabilities))
        good.append(InForce(effective.policy, effective, file, switched_on, ()))
    return tuple(good), tuple(problems)


def has(capability: str, *, now: datetime) -> bool:
    """Whether a live purpose of the speaking tenant's policy enables this capability."""
    return capability in in_force(now).capabilities


def needs(*capabilities: str) -> Callable[[View[P]], View[P]]:
    """Let a view exist only where the tenant's policy enables one of the capabilities; else 404."""

    def wrap(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def gated(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            now = clock.now()
            if not any(has(capability, now=now) for capability in capabilities):
                raise Http404
            return view(request, *args, **kwargs)

        return gated

    return wrap
