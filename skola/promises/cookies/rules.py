"""Decisions about cookies: which may be set, for how long, and what a choice allows.

Nothing here knows Django, the clock or a policy file; ``queries.register_of`` reads the policy.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from hashlib import sha256

NECESSARY, FUNCTIONAL, PERFORMANCE, MARKETING = (
    "necessary",
    "functional",
    "performance",
    "marketing",
)
CLASSES = (NECESSARY, FUNCTIONAL, PERFORMANCE, MARKETING)
LAYOUT = "1"
"""Which banner was shown; another arrangement of it asks everybody again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a register: a cookie, storage key or counting picture."""

    name: str
    """Name, or pattern with ``*``."""
    class_: str
    first_party: bool
    lifetime: timedelta | None
    """None: until the browser closes."""
    kind: str = "cookie"
    host: str = ""
    retired: bool = False
    role: str = ""
    elsewhere: bool = False
    """Its supplier sets it on a page of its own, to which ours lead; ours load nothing of it."""

    def covers(self, name: str) -> bool:
        """Whether a cookie of this name is this entry."""
        return self.kind == "cookie" and fnmatchcase(name, self.name)


@dataclass(frozen=True, slots=True)
class Register:
    """Everything that a policy says about cookies."""

    entries: tuple[Entry, ...] = ()
    offered: tuple[str, ...] = (NECESSARY,)
    honour_gpc: bool = True
    consented_to: str = ""
    """A digest of the purposes, recipients and controller that a choice here consents to."""
    purposes: tuple[tuple[str, str], ...] = ()
    """Class and purpose, for each purpose that is asked with cookies."""

    @property
    def live(self) -> Iterator[Entry]:
        """The entries that are not retired."""
        return (entry for entry in self.entries if not entry.retired)

    @property
    def asked(self) -> frozenset[str]:
        """The classes that wait for consent."""
        return frozenset(self.offered) - {NECESSARY}

    @property
    def followed(self) -> frozenset[str]:
        """The classes that tell others what somebody does: Global Privacy Control refuses them."""
        others = {entry.class_ for entry in self.live if not entry.first_party}
        return self.asked & ({MARKETING} | (others & {PERFORMANCE}))

    @property
    def needs_banner(self) -> bool:
        """Whether something would happen on a visit that nobody asked for.

        Settings that the visitor makes themself need no banner: they last for the visit, and the
        settings page lets them last longer.
        """
        others = any(not entry.first_party for entry in self.live)
        return others or bool(self.asked - {FUNCTIONAL})

    @property
    def version(self) -> str:
        """Eight letters that change when the visitor would be asked something else."""
        asked = sorted(
            (entry.class_, entry.name, entry.first_party, entry.host, str(entry.lifetime))
            for entry in self.live
            if entry.class_ != NECESSARY
        )
        said = (LAYOUT, sorted(self.offered), asked, self.consented_to)
        return sha256(repr(said).encode()).hexdigest()[:8]

    def find(self, name: str) -> Entry | None:
        """The entry of a cookie: one in use before a retired one, a full name before a pattern."""
        found = [entry for entry in self.entries if entry.covers(name)]
        return min(found, key=lambda entry: (entry.retired, entry.name != name), default=None)

    def embed(self, host: str) -> Entry | None:
        """Return the entry under which pages may show content of a host in a frame, if any."""
        return next(
            (
                entry
                for entry in self.live
                if entry.kind == "embed" and (host == entry.host or host.endswith(f".{entry.host}"))
            ),
            None,
        )

    def with_role(self, role: str) -> Entry | None:
        """The cookie that the platform uses for this; None where the policy has none."""
        return next((entry for entry in self.live if entry.role == role), None)


# ---- what may be set ----


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a cookie may be set. ``fault``: our own software tried what the policy forbids."""

    allowed: bool
    reason: str
    max_age: int | None = None
    """Seconds; None: until the browser closes."""
    fault: bool = False


def may_set(name: str, register: Register, consented: Iterable[str]) -> Decision:
    """Say whether the service may set this cookie, and how long it may last.

    Without consent a functional cookie lasts until the browser closes: it is set only when somebody
    changes a setting, and is gone after the visit (kic-cookie-settings). Cookies of others are
    never set from here. Clauses: ilearn-cookie-persistent, kic-cookie-persistent, learnifier-5.e.
    """
    entry = register.find(name)
    if entry is None:
        return Decision(False, "not in the register", fault=True)
    if entry.retired:
        return Decision(False, "retired", fault=True)
    if not entry.first_party:
        return Decision(False, "somebody else's", fault=True)
    if entry.class_ in {NECESSARY, *consented}:
        seconds = None if entry.lifetime is None else int(entry.lifetime.total_seconds())
        return Decision(True, "in the register", seconds)
    if entry.class_ == FUNCTIONAL:
        return Decision(True, "for this visit only")
    return Decision(False, f"no consent to {entry.class_}")


def to_expire(sent: Iterable[str], register: Register, consented: Iterable[str]) -> list[str]:
    """Return which of the cookies that a browser sent are retired, or of a class not allowed."""
    allowed = {NECESSARY, *consented}
    found = ((name, register.find(name)) for name in sent)
    return sorted(
        name for name, entry in found if entry and (entry.retired or entry.class_ not in allowed)
    )


LONGEST_RENEWED = 200
"""Characters; a longer value is none of ours."""


def to_renew(sent: Mapping[str, str], register: Register, consented: Iterable[str]) -> list[str]:
    """Return the settings in the browser that get their term anew (ilearn-cookie-persistent)."""
    if FUNCTIONAL not in set(consented):
        return []
    found = (
        (name, register.find(name)) for name, value in sent.items() if len(value) <= LONGEST_RENEWED
    )
    return [
        name
        for name, entry in found
        if entry and entry.class_ == FUNCTIONAL and entry.first_party and not entry.retired
    ]


def shared_domain(host: str, own: Iterable[str], others: Iterable[str]) -> str:
    """Return the domain on which the choice of ``host`` holds for its sister hosts too.

    That is the shortest own host above ``host`` that has own subdomains and no host of another
    controller beneath; empty keeps the cookie on the host alone (ilearn-cookie-firstparty).
    """
    own = sorted(own, key=len)
    for parent in own:
        beneath = [one for one in own if one.endswith(f".{parent}")]
        above = host == parent or host.endswith(f".{parent}")
        if above and beneath and not any(other.endswith(f".{parent}") for other in others):
            return parent
    return ""


# ---- the choice ----


@dataclass(frozen=True, slots=True)
class Choice:
    """What a visitor chose, on which day, when asked which version of the question."""

    version: str
    classes: frozenset[str]
    on: date
    under_gpc: bool = False
    """The browser asked not to be followed, and the visitor still chose each class by hand."""


_LETTERS = {class_: class_[0] for class_ in CLASSES[1:]}
_COMPACT = re.compile(r"([0-9a-f]{8})\.(0|[fpm]{1,3})\.([0-9]{8})(\.g)?", re.ASCII)


def encode(choice: Choice) -> str:
    """Return the value of the choice cookie, such as ``1f0c7a9e.fp.20260302``: no one is in it."""
    letters = "".join(_LETTERS[each] for each in CLASSES[1:] if each in choice.classes) or "0"
    gpc = ".g" if choice.under_gpc else ""
    return f"{choice.version}.{letters}.{choice.on:%Y%m%d}{gpc}"


def decode(value: str, register: Register, today: date) -> Choice | None:
    """Return the choice in a cookie; None when it is broken, too old, or about another question.

    It holds for the lifetime of its entry, counted from the day of the choice
    (ilearn-cookie-consent-1y).
    """
    found = _COMPACT.fullmatch(value)
    entry = register.with_role("choice")
    if found is None or entry is None or found[1] != register.version:
        return None
    try:
        on = date(int(found[3][:4]), int(found[3][4:6]), int(found[3][6:]))
    except ValueError:
        return None
    lasts = entry.lifetime or timedelta(days=1)
    if not on - timedelta(days=1) <= today < on + lasts:
        return None
    classes = {each for each, letter in _LETTERS.items() if letter in found[2]}
    return Choice(found[1], frozenset(classes) & register.asked, on, bool(found[4]))


def choose(
    register: Register, answer: str, ticked: Iterable[str], *, gpc: bool, today: date
) -> Choice:
    """Turn a button into a choice: ``all``, ``none``, or ``chosen`` with the ticked classes.

    Where the browser sends Global Privacy Control, "all" leaves out what it refuses; only a class
    ticked by hand says otherwise. Anything unknown counts as ``none``.
    """
    gpc = gpc and register.honour_gpc
    classes: frozenset[str] = frozenset()
    if answer == "all":
        classes = register.asked - (register.followed if gpc else frozenset())
    elif answer == "chosen":
        classes = register.asked & frozenset(ticked)
    return Choice(register.version, classes, today, under_gpc=gpc)


def consented(choice: Choice | None, register: Register, *, gpc: bool) -> frozenset[str]:
    """Return the classes that may be used now. No choice is a no (ema-11.3).

    A signal that came after the choice withdraws what it refuses.
    """
    if choice is None:
        return frozenset()
    refused = register.followed if gpc and register.honour_gpc and not choice.under_gpc else set()
    return choice.classes - refused


def agreed_by_both(
    classes: frozenset[str], register: Register, agreed: Iterable[str]
) -> frozenset[str]:
    """Return the classes that hold where somebody is signed in: browser and account say yes.

    A class that no purpose is asked with is the browser's alone. What was withdrawn on one device
    is off on all, and what one device refuses stays off there (kic-rights-targeted).
    """
    agreed = set(agreed)
    asked = {class_ for class_, _ in register.purposes}
    granted = {class_ for class_, purpose in register.purposes if purpose in agreed}
    return frozenset(each for each in classes if each not in asked or each in granted)


def switched(
    choice: Choice | None,
    register: Register,
    purpose: str,
    *,
    agreed: Iterable[str],
    gpc: bool,
    today: date,
) -> Choice | None:
    """Return the browser's choice after a switch in the account; None where it stays as it is.

    ``agreed`` are the purposes to which the account consents now. A class goes off with its last
    purpose, and on with its first. The switch is a choice by hand, whatever the browser signals.
    """
    class_ = next((each for each, one in register.purposes if one == purpose), None)
    if class_ is None:
        return None
    agreed = set(agreed)
    wanted = any(one in agreed for each, one in register.purposes if each == class_)
    chosen = choice.classes if choice else frozenset()
    if (class_ in chosen) == wanted:
        return None
    classes = (chosen | {class_}) if wanted else (chosen - {class_})
    return Choice(register.version, classes, today, under_gpc=gpc)


# ---- what pages may load ----

_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)


def vendor_sources(register: Register, consented: Iterable[str]) -> tuple[str, ...]:
    """Return the origins of others that pages may contact, for the content security policy."""
    allowed = set(consented)
    hosts = {
        entry.host
        for entry in register.live
        if not entry.first_party
        and not entry.elsewhere
        and entry.class_ in allowed
        and _HOST.fullmatch(entry.host)
    }
    return tuple(f"https://{prefix}{host}" for host in sorted(hosts) for prefix in ("", "*."))
