"""The policy at work: which one binds the tenant that is speaking, and what it switches on."""

import functools
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import get_resolver

from skola.ground import clock
from skola.ground.db.purposes import reading_for_these
from skola.ground.tenants.api import Tenant, current_id
from skola.promises.policy import catalogue
from skola.promises.policy.catalogue import InForce, NoPolicyError, Version
from skola.promises.policy.overlays import apply, load_overlays
from skola.promises.policy.schema import Policy

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]


_offered: set[str] = set()
_of_rooms: dict[str, set[str]] = {}
"""What the pages of each room need."""


def offer(*capabilities: str) -> None:
    """Say that a room of this release stands behind these capabilities; ``needs`` says it too."""
    _offered.update(capabilities)


def offered() -> frozenset[str]:
    """The capabilities that rooms of this release stand behind, whatever a policy enables.

    Pages say what they need when they are read, which a worker or a command may not have done yet.
    """
    read_pages()
    return frozenset(_offered)


def read_pages() -> None:
    """Read the pages of all rooms, once a process."""
    get_resolver().url_patterns  # noqa: B018 - reading them is all


@functools.lru_cache(maxsize=4096)
def _slug(tenant_id: UUID) -> str:
    return Tenant.objects.only("slug").get(pk=tenant_id).slug


def in_force(now: datetime) -> InForce:
    """Return the policy that binds the speaking tenant at ``now``, law applied, with its problems.

    Only published versions count (``publish``); their files are read when they change. Raises
    NoPolicyError when none is in force.
    """
    folder, law = _folders(settings.POLICIES, settings.LAW)
    return catalogue.in_force(folder, _slug(current_id()), now, law=law)


@functools.lru_cache(maxsize=16)
def _folders(policies: str | Path, law: str | Path) -> tuple[Path, Path]:
    return Path(policies), Path(law)


def before(policy: Policy) -> tuple[Version, ...]:
    """Return the speaking tenant's versions that take effect before ``policy`` does, oldest first.

    A version of the same name is not among them: ``policy`` may be its draft.
    """
    folder, law = _folders(settings.POLICIES, settings.LAW)
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


def purposes_for(capabilities: Collection[str], *, now: datetime) -> frozenset[str]:
    """Return the purposes of the speaking tenant's policy that enable one of the capabilities."""
    return frozenset(
        one.id
        for one in in_force(now).policy.purpose
        if not set(capabilities).isdisjoint(one.enables)
    )


@contextmanager
def reading_for_room(*modules: str) -> Iterator[None]:
    """Read in this block for the purposes that the rooms of the modules serve, if any does.

    They are those that enable what its pages need. What a job or a home page does for a room is
    done for these purposes, as on the room's own pages.
    """
    read_pages()
    wanted = {one for module in modules for one in _of_rooms.get(_room(module), ())}
    if not wanted:
        yield
        return
    try:
        purposes = purposes_for(wanted, now=clock.now())
    except NoPolicyError:
        purposes = frozenset()
    with reading_for_these(purposes):
        yield


def _room(module: str) -> str:
    return ".".join(module.split(".")[:3])


def needs(*capabilities: str) -> Callable[[View[P]], View[P]]:
    """Let a view exist only where the tenant's policy enables one of the capabilities; else 404.

    It reads for the purposes that enable them: what is sealed for one of these is there.
    """
    offer(*capabilities)

    def wrap(view: View[P]) -> View[P]:
        _of_rooms.setdefault(_room(view.__module__), set()).update(capabilities)

        @functools.wraps(view)
        def gated(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            now = clock.now()
            if not any(has(capability, now=now) for capability in capabilities):
                raise Http404
            with reading_for_these(purposes_for(capabilities, now=now)):
                return view(request, *args, **kwargs)

        vars(gated)["needed"] = capabilities
        return gated

    return wrap


def is_there(view: Callable[..., object], *, now: datetime) -> bool:
    """Whether a view exists for the speaking tenant: it needs nothing, or the policy enables it."""
    needed: tuple[str, ...] = getattr(view, "needed", ())
    return not needed or any(has(one, now=now) for one in needed)
