"""The policy at work: which one binds the tenant that is speaking, and what it switches on."""

import functools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase

from skola.ground import clock
from skola.ground.tenants.api import Tenant, current_id
from skola.promises.policy import catalogue
from skola.promises.policy.catalogue import InForce, Version
from skola.promises.policy.overlays import apply, load_overlays
from skola.promises.policy.schema import Policy

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]


_offered: set[str] = set()


def offer(*capabilities: str) -> None:
    """Say that a room of this release stands behind these capabilities; ``needs`` says it too."""
    _offered.update(capabilities)


def offered() -> frozenset[str]:
    """The capabilities that rooms of this release stand behind, whatever a policy enables."""
    return frozenset(_offered)


@functools.lru_cache(maxsize=4096)
def _slug(tenant_id: UUID) -> str:
    return Tenant.objects.only("slug").get(pk=tenant_id).slug


def in_force(now: datetime) -> InForce:
    """Return the policy that binds the speaking tenant at ``now``, law applied, with its problems.

    Only published versions count (``publish``); their files are read when they change. Raises
    NoPolicyError when none is in force.
    """
    folder, law = Path(settings.POLICIES), Path(settings.LAW)
    return catalogue.in_force(folder, _slug(current_id()), now, law=law)


def before(policy: Policy) -> tuple[Version, ...]:
    """Return the speaking tenant's versions that take effect before ``policy`` does, oldest first.

    A version of the same name is not among them: ``policy`` may be its draft.
    """
    folder, law = Path(settings.POLICIES), Path(settings.LAW)
    found, _ = catalogue.versions(folder, _slug(current_id()), law=law)
    head = policy.policy
    return tuple(
        each
        for each in found
        if each.written.policy.effective < head.effective and each.name != head.version
    )


def under_law(policy: Policy) -> Policy:
    """Return a policy as it would be executed: tightened by the laws that it names."""
    return apply(policy, load_overlays(policy.policy.law, Path(settings.LAW))).policy


def has(capability: str, *, now: datetime) -> bool:
    """Whether a live purpose of the speaking tenant's policy enables this capability."""
    return capability in in_force(now).capabilities


def needs(*capabilities: str) -> Callable[[View[P]], View[P]]:
    """Let a view exist only where the tenant's policy enables one of the capabilities; else 404."""
    offer(*capabilities)

    def wrap(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def gated(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            now = clock.now()
            if not any(has(capability, now=now) for capability in capabilities):
                raise Http404
            return view(request, *args, **kwargs)

        return gated

    return wrap
