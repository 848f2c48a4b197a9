"""What banner and settings page show: the register in words, in the language of the page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.promises.connectors.api import unused_lately
from skola.promises.cookies import rules
from skola.promises.cookies.queries import CARD_PAYMENTS, Standing, standing
from skola.promises.policy.api import in_force, spoken
from skola.promises.policy.connectors import CONNECTORS
from skola.promises.policy.forms import in_words
from skola.promises.policy.periods import Word, parse_term
from skola.promises.policy.schema import Cookie, Policy, Processor, Text


@dataclass(frozen=True)
class Row:
    """One cookie in words: the six columns of the table (ema-11.2-table, ilearn-cookie-types)."""

    name: str
    purpose: str
    created: str
    lasts: str
    data: str
    kind: str
    """Session or persistent; storage or picture."""
    party: str
    host: str
    supplier: str
    more_url: str
    opt_out: str
    retired: bool


@dataclass(frozen=True)
class Group:
    """One class of cookies, and what happens without it."""

    name: str
    title: str
    purpose: str
    without: str
    suppliers: Sequence[str]
    """Who else gets something, in use now."""
    rows: Sequence[Row]
    """Empty where no table is drawn."""
    fixed: bool
    allowed: bool


def said(text: Text) -> str:
    """Return a text of the policy in the language of the page, else in English, else in any."""
    language = translation.get_language() or "en"
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


def effect() -> str:
    """Return what does not work without cookies, in the language of the page."""
    policy = in_force(clock.now()).policy
    return spoken(policy, policy.cookies.effect, translation.get_language() or "en")


def groups(request: Any, *, with_rows: bool = True) -> list[Group]:
    """Return the classes that the tenant's policy offers, with their cookies or without."""
    at, now = clock.now(), standing(request)
    policy = in_force(at).policy
    idle = unused_lately(policy, at) if _by_processors(policy) else frozenset()
    return [
        _group(policy, class_, now, idle, with_rows=with_rows) for class_ in now.register.offered
    ]


def _by_processors(policy: Policy) -> bool:
    """Whether a cookie is of somebody who can be switched off."""
    switched = {one.id for one in policy.processor if one.task in CONNECTORS}
    return any(cookie.processor in switched for cookie in policy.cookie if not cookie.retired)


def _group(
    policy: Policy, class_: str, now: Standing, idle: Collection[str], *, with_rows: bool
) -> Group:
    title, purpose, without = _words(class_)
    own = [cookie for cookie in policy.cookie if cookie.class_ == class_]
    suppliers = [
        _supplier(policy, cookie)
        for cookie in own
        if not cookie.retired and cookie.processor not in idle
    ]
    return Group(
        name=class_,
        title=title,
        purpose=purpose,
        without=without,
        suppliers=list(dict.fromkeys(filter(None, suppliers))),
        rows=[_row(policy, cookie) for cookie in own] if with_rows else [],
        fixed=class_ == rules.NECESSARY,
        allowed=class_ == rules.NECESSARY or class_ in now.consented,
    )


def _words(class_: str) -> tuple[str, str, str]:
    """Title, purpose, and what is missing without it."""
    if class_ == rules.NECESSARY:
        return (
            _("Necessary"),
            _("So that signing in, forms and your choice about cookies work."),
            _("They cannot be switched off: nothing that needs them would work."),
        )
    if class_ == rules.FUNCTIONAL:
        return (
            _("Functional"),
            _("To remember your language, and how you want pages to look."),
            _("Without them these settings are gone when you close the browser."),
        )
    if class_ == rules.PERFORMANCE:
        return (
            _("Performance"),
            _("To count visits and errors, and to make the pages better."),
            _("Without them your visit is not counted."),
        )
    return (
        _("Marketing"),
        _("To recognise your device and show offers that fit your interests."),
        _("Without them you may see offers, but none chosen for you."),
    )


def _row(policy: Policy, cookie: Cookie) -> Row:
    term = parse_term(cookie.lifetime, words=frozenset({Word.SESSION}))
    session = isinstance(term, Word)
    language = translation.get_language() or "en"
    supplier = _processor(policy, cookie)
    first = cookie.party == "first"
    return Row(
        name=cookie.name,
        purpose=said(cookie.stores),
        created=_created(cookie, elsewhere=bool(supplier and supplier.task == CARD_PAYMENTS)),
        lasts=_("Until you close the browser") if session else in_words(term, language),
        data=said(cookie.data) or _data(cookie),
        kind=_kind(cookie, session=session),
        party=_("First party: our own") if first else _("Third party: somebody else's"),
        host="" if first else cookie.host,
        supplier=_supplier(policy, cookie),
        more_url=supplier.website if supplier and not first else "",
        opt_out=cookie.opt_out,
        retired=cookie.retired,
    )


def _processor(policy: Policy, cookie: Cookie) -> Processor | None:
    return next((one for one in policy.processor if one.id == cookie.processor), None)


def _supplier(policy: Policy, cookie: Cookie) -> str:
    """Whose cookie it is, where it is not our own."""
    if cookie.party == "first":
        return ""
    found = _processor(policy, cookie)
    return (", ".join(found.names) or said(found.name) if found else "") or cookie.host


def _kind(cookie: Cookie, *, session: bool) -> str:
    if cookie.kind == "local-storage":
        return _("Storage of the browser")
    if cookie.kind == "beacon":
        return _("Counting picture")
    return _("Session cookie") if session else _("Persistent cookie")


def _created(cookie: Cookie, *, elsewhere: bool) -> str:
    """Say when a cookie comes into being."""
    if cookie.retired:
        return _("Never: it is not in use")
    own = {
        "session": _("When you sign in"),
        "csrf": _("When you open a form"),
        "choice": _("When you choose about cookies"),
        "language": _("When you choose a language"),
        "display": _("When you change how pages look"),
        "interests": _("When you look at something after you allowed this kind"),
        "chat": _("When you start a chat"),
    }
    if cookie.party == "first":
        return own.get(cookie.role) or _("When you do what it is for")
    if elsewhere:
        return _("On the page of its supplier, when you go there to pay")
    return _("After you allow this kind, when its service is used")


def _data(cookie: Cookie) -> str:
    """Say what is in a cookie."""
    own = {
        "session": _("A random number, no personal data"),
        "csrf": _("A random number, no personal data"),
        "choice": _("The kinds you allowed, and the day"),
        "language": _("The code of the language"),
        "display": _("Contrast, size, letters, light or dark"),
        "interests": _("A random number, no personal data"),
        "chat": _("The number of your chat, signed against forgery"),
    }
    if cookie.role in own:
        return own[cookie.role]
    return _("None") if cookie.retired else _("What its supplier writes there, see their page")
