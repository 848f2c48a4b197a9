"""Read the register of the policy in force, and what a request says about consent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest

from skola.ground import clock
from skola.ground.tenants.models import Host
from skola.promises.consents.api import standing_of
from skola.promises.cookies import rules
from skola.promises.cookies.rules import Choice, Entry, Register
from skola.promises.cookies.sealing import opened
from skola.promises.policy.api import NoPolicyError, consented_to, in_force
from skola.promises.policy.periods import Unit, Word, parse_term
from skola.promises.policy.schema import Cookie, Policy

_DAYS = {Unit.DAY: 1, Unit.WORKING_DAY: 1, Unit.WEEK: 7, Unit.MONTH: 30, Unit.YEAR: 365}
_TIMES = {Unit.MINUTE: timedelta(minutes=1), Unit.HOUR: timedelta(hours=1)}
REFUSED = "cookies.refused"
CARD_PAYMENTS = "card-payments"
"""The task of a supplier that works on a page of its own only (ema-11.2-chat)."""
CHANNELS = frozenset({"cookie-banner", "cookie-settings"})
"""How a policy calls a choice made here, among the ways to give a consent."""


def lifetime(text: str) -> timedelta | None:
    """Return how long a register entry lasts; None until the browser closes.

    A year counts 365 days and a month 30: never longer than the calendar would allow.
    """
    term = parse_term(text, words=frozenset({Word.SESSION}))
    if isinstance(term, Word):
        return None
    if term.unit in _TIMES:
        return term.amount * _TIMES[term.unit]
    if term.unit is Unit.MONTH:
        years, months = divmod(term.amount, 12)
        return timedelta(days=years * 365 + months * 30)
    return term.amount * timedelta(days=_DAYS[term.unit])


def _entry(cookie: Cookie, elsewhere: Collection[str]) -> Entry:
    return Entry(
        name=cookie.name,
        class_=cookie.class_,
        first_party=cookie.party == "first",
        lifetime=lifetime(cookie.lifetime),
        kind=cookie.kind,
        host=cookie.host,
        retired=cookie.retired,
        role=cookie.role,
        elsewhere=cookie.processor in elsewhere,
    )


def register_of(policy: Policy) -> Register:
    """Return the register of a policy."""
    elsewhere = {one.id for one in policy.processor if one.task == CARD_PAYMENTS}
    return Register(
        entries=tuple(_entry(cookie, elsewhere) for cookie in policy.cookie),
        offered=tuple(each for each in rules.CLASSES if each in policy.cookies.classes),
        honour_gpc=policy.cookies.honour_gpc,
        consented_to=consented_to(policy, CHANNELS),
        purposes=tuple((one.cookies, one.id) for one in policy.purpose if one.cookies),
    )


def register(now: datetime) -> Register:
    """Return the register of the speaking tenant; without a policy nothing may be set at all."""
    try:
        return register_of(in_force(now).policy)
    except NoPolicyError:
        return Register()


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for one request: the register, the choice made, and what it allows."""

    register: Register
    choice: Choice | None
    gpc: bool
    """The browser sends Global Privacy Control, and the policy honours it."""
    consented: frozenset[str]
    purposes: frozenset[str] = frozenset()
    """The purposes asked with cookies that may be followed now."""


def standing(request: Any) -> Standing:
    """Return what holds for this request; read once. Outside of a tenant nothing is allowed."""
    known: Standing | None = getattr(request, "cookie_standing", None)
    if known is None:
        known = request.cookie_standing = _standing(request)
    return known


def _standing(request: HttpRequest) -> Standing:
    if getattr(request, "tenant", None) is None:
        return Standing(Register(), None, False, frozenset())
    now = clock.now()
    found = register(now)
    gpc = found.honour_gpc and request.headers.get("Sec-GPC") == "1"
    entry = found.with_role("choice")
    value = request.COOKIES.get(entry.name, "") if entry else ""
    choice = rules.decode(opened(value), found, now.date())
    classes = rules.consented(choice, found, gpc=gpc)
    purposes = frozenset(one for class_, one in found.purposes if class_ in classes)
    if purposes and (person := getattr(request, "person", None)):
        agreed = {one.purpose for one in standing_of(person.pk, now=now)}
        classes = rules.agreed_by_both(classes, found, agreed)
        purposes &= agreed
    return Standing(found, choice, gpc, classes, purposes)


def domain_of(request: Any) -> str:
    """Return the domain for cookies that hold on all hosts of the tenant; empty: this host only.

    Clauses: ilearn-cookie-scope, ilearn-cookie-firstparty.
    """
    hosts = Host.objects.values_list("name", "tenant_id")
    own = [name for name, tenant in hosts if tenant == request.tenant.pk]
    others = [name for name, tenant in hosts if tenant != request.tenant.pk]
    host = request.get_host().partition(":")[0].lower()
    return rules.shared_domain(host, own, others)


def refusals() -> dict[str, int]:
    """Return the cookies that the software tried to set against the policy, and how often."""
    counted: dict[str, int] = cache.get(REFUSED, {})
    return counted
