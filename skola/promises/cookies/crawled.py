"""What a browser kept and asked for on its way through a service, compared with the register.

Nothing here knows Django, a clock or a browser; ``web/crawling.py`` walks, ``skola cookies check``
tells.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

from skola.promises.cookies.rules import NECESSARY, Entry, Register

SLACK = timedelta(days=1)
"""A browser counts a lifetime from its own clock, in whole seconds."""


class Stage(StrEnum):
    """What the visitor had said when a page was looked at."""

    BEFORE = "before"
    NECESSARY = "necessary"
    ALL = "all"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """What was seen."""

    COOKIE = "cookie"
    STORAGE = "storage"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that was seen on a page."""

    stage: Stage
    page: str
    kind: Kind
    name: str
    """Of a cookie or a storage entry; of a request, the host to which it goes."""
    where: str = ""
    """The domain of a cookie, the kind of storage, or the address that was asked for."""
    lasts: timedelta | None = None
    """Of a cookie: how long from now on; None: until the browser closes."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What was seen and is not as the policy says, and what to do."""

    seen: Seen
    what: str
    remedy: str


def entry_of(seen: Seen, register: Register) -> Entry | None:
    """Return the line of the register that names what was seen; None where none does."""
    if seen.kind is Kind.COOKIE:
        return register.find(seen.name)
    if seen.kind is Kind.STORAGE:
        stored = (one for one in register.entries if one.kind == "local-storage")
        return next((one for one in stored if fnmatchcase(seen.name, one.name)), None)
    others = (one for one in register.live if not one.first_party and not one.elsewhere)
    fitting = [one for one in others if _is_at(seen.name, one.host)]
    allowed = _asked(register, seen.stage)
    return min(fitting, key=lambda one: one.class_ not in allowed, default=None)


def faults(seen: Iterable[Seen], register: Register, own: Iterable[str]) -> Iterator[Fault]:
    """Return what is wrong, each thing once a stage, with the page on which it was first of all.

    What is there when a stage begins was set before, and is to be taken out there. ``own`` are the
    host names of the service; what it asks of itself is no passage to others.
    """
    hosts, told, first = tuple(own), set(), dict[tuple[Kind, str, str], str]()
    for one in seen:
        thing = (one.kind, one.name, one.where if one.kind is Kind.COOKIE else "")
        page = first.setdefault(thing, one.page)
        if (one.stage, *thing) in told or (one.kind is Kind.REQUEST and one.name in hosts):
            continue
        found = _fault(replace(one, page=page), register, hosts)
        if found is not None:
            told.add((one.stage, *thing))
            yield found


def _fault(seen: Seen, register: Register, own: tuple[str, ...]) -> Fault | None:
    entry = entry_of(seen, register)
    if entry is None:
        return Fault(seen, f"The policy names no such {_WORD[seen.kind]}.", _DECLARE[seen.kind])
    if entry.retired:
        return Fault(
            seen,
            "The policy says that it is in use no more.",
            "Take out what sets it, or let a new version of the policy name it as in use.",
        )
    if seen.kind is Kind.COOKIE and not _is_own(seen.where, own):
        if entry.first_party:
            return Fault(
                seen,
                f"The policy calls it the service's own, and {seen.where} sets it.",
                'Let the policy name whose it is: party = "third" and its host.',
            )
        if seen.stage is Stage.WITHDRAWN:  # nobody but its own host can delete it
            return None
    if entry.class_ not in _asked(register, seen.stage):
        if entry.class_ == "functional" and seen.kind is Kind.COOKIE and seen.lasts is None:
            return None  # a setting for this visit
        return Fault(seen, f"It is {entry.class_}, and {_SAID[seen.stage]}.", _WAIT[seen.stage])
    if seen.kind is Kind.COOKIE and _outlives(seen, entry):
        promised = "closes the browser" if entry.lifetime is None else f"{entry.lifetime.days} days"
        return Fault(
            seen,
            f"It lasts {days(seen.lasts)}; the policy says {promised}.",
            "Set it for the time that the policy names, or name the longer one in a new version.",
        )
    return None


def _asked(register: Register, stage: Stage) -> frozenset[str]:
    """The classes that may be used at a stage."""
    necessary = frozenset({NECESSARY})
    return necessary | frozenset(register.offered) if stage is Stage.ALL else necessary


def _is_at(host: str, of: str) -> bool:
    return bool(of) and (host == of or host.endswith(f".{of}"))


def _is_own(domain: str, own: tuple[str, ...]) -> bool:
    name = domain.removeprefix(".")
    return any(_is_at(host, name) or _is_at(name, host) for host in own)


def _outlives(seen: Seen, entry: Entry) -> bool:
    if seen.lasts is None:
        return False
    return entry.lifetime is None or seen.lasts > entry.lifetime + SLACK


def days(lasts: timedelta | None) -> str:
    """Return how long something is kept, in words."""
    if lasts is None:
        return "until the browser closes"
    whole = round(lasts / timedelta(days=1))
    return f"{whole} days" if whole > 1 else f"{max(1, round(lasts / timedelta(hours=1)))} hours"


_WORD = {
    Kind.COOKIE: "cookie",
    Kind.STORAGE: "entry of the browser's storage",
    Kind.REQUEST: "host of somebody else",
}
_DECLARE = {
    Kind.COOKIE: "Take out what sets it (a script, a proxy, a tag), or add a [[cookie]] with its"
    " class, lifetime and what it stores in a new version of the policy.",
    Kind.STORAGE: "Take out the script that stores it, or add a [[cookie]] with"
    ' kind = "local-storage" in a new version of the policy.',
    Kind.REQUEST: "Take out the picture, frame or script that asks it, or add a [[cookie]] with"
    ' party = "third" and this host in a new version of the policy.',
}
_SAID = {
    Stage.BEFORE: "nobody has been asked yet",
    Stage.NECESSARY: "the visitor refused it",
    Stage.ALL: "the policy does not offer this class",
    Stage.WITHDRAWN: "the visitor took the consent back",
}
_WAIT = {
    Stage.BEFORE: "Let it wait for the choice: ask cookies.api.standing(request).consented first.",
    Stage.NECESSARY: "Let it wait for consent: ask cookies.api.standing(request).consented first.",
    Stage.ALL: "Add the class to [cookies] classes in a new version of the policy, or take it out.",
    Stage.WITHDRAWN: "End it when the consent ends: whoever sets it has to look at the choice on"
    " every page.",
}
