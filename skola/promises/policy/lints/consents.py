"""Checks of consent, offers, fees and cookies: P004, P005, P007, P009, P016, P018."""

import re
from collections.abc import Iterator

from skola.promises.policy.lints.context import Context
from skola.promises.policy.periods import Word, compare, parse, parse_term
from skola.promises.policy.problems import Problem, Severity

SLOWEST_OPT_OUT = parse("48 hours")

_BY_USE = re.compile(
    r"\b(us(?:e|es|ing|age)\b|visit|browsing|enter(?:ing|s)?\b|regist(?:er|ration)|"
    r"submi(?:t|ssion)|provid|continu|silence|default)",
    re.IGNORECASE,
)
_ACTS = re.compile(r"\b(tick|box|banner|switch|button|active|choice|sign(?:ed|ing|ature)?)\b", re.I)


def withdrawal_is_as_easy(context: Context) -> Iterator[Problem]:
    """P004: who can say yes somewhere can say no there, and an opt-out takes effect in two days."""
    for rule in context.policy.consent:
        missing = [route for route in rule.give_by if route not in rule.withdraw_by]
        if missing:
            yield context.found(
                "P004",
                Severity.ERROR,
                "consent",
                rule,
                "withdraw_by",
                f"consent can be given by {', '.join(missing)}, but not withdrawn there",
                "Add what is missing to withdraw_by (GDPR Art. 7(3)).",
            )
    marketing = context.policy.marketing
    if marketing is None:
        return
    words = frozenset({Word.AT_ONCE})
    target = parse_term(marketing.opt_out_target, words=words)
    promise = parse_term(marketing.opt_out_promise, words=words)
    if compare(target, SLOWEST_OPT_OUT) not in (-1, 0):
        yield context.found(
            "P004",
            Severity.ERROR,
            "marketing",
            None,
            "opt_out_target",
            f"{target} is too slow for stopping offers",
            'Write "48 hours" or less; the source\'s own promise stays in opt_out_promise.',
        )
    if promise is not Word.AT_ONCE and compare(target, promise) == 1:
        yield context.found(
            "P004",
            Severity.ERROR,
            "marketing",
            None,
            "opt_out_target",
            f"the aim, {target}, is later than the promise, {promise}",
            "Write a shorter opt_out_target.",
        )


def consent_by_use(context: Context) -> Iterator[Problem]:
    """P005: using a site, registering or handing in data is no consent."""
    for rule in context.policy.consent:
        claimed = [rule.claimed] if rule.claimed else []
        claimed += [way for way in rule.give_by if _is_by_use(way.replace("-", " "), strict=True)]
        if claimed:
            yield context.found(
                "P005",
                Severity.LAW,
                "consent",
                rule,
                "give_by",
                f"consent is claimed without an act of consent ({claimed[0]})",
                "The platform asks for each consent explicitly.",
            )
    for purpose in context.policy.purpose:
        given_by = purpose.basis.given_by
        if purpose.basis.kind == "consent" and given_by and _is_by_use(given_by):
            yield context.found(
                "P005",
                Severity.LAW,
                "purpose",
                purpose,
                "basis.given_by",
                f"consent is claimed without an act of consent ({given_by})",
                "The platform asks for each consent explicitly.",
            )


def _is_by_use(words: str, *, strict: bool = False) -> bool:
    if _ACTS.search(words) or (strict and "form" in words):
        return False
    return _BY_USE.search(words) is not None


def fee(context: Context) -> Iterator[Problem]:
    """P007: a second request may cost something only when a person decides so."""
    for right in context.policy.right:
        if right.fee is not None:
            yield context.found(
                "P007",
                Severity.LAW,
                "right",
                right,
                "fee",
                f"{right.fee.free} free per {right.fee.per}: no fee is ever taken automatically",
                "A person decides on each fee, with reasons (GDPR Art. 12(5)).",
            )


def cookies_by_use(context: Context) -> Iterator[Problem]:
    """P009: cookies wait for a choice between equal buttons."""
    cookies = context.policy.cookies
    reasons = [
        (cookies.claimed, "claimed", cookies.claimed),
        (cookies.default != "refuse", "default", "cookies are set before anybody chose"),
        (not cookies.equal_buttons, "equal_buttons", "refusing is harder than accepting"),
    ]
    for applies, key, reason in reasons:
        if applies:
            yield context.found(
                "P009",
                Severity.LAW,
                "cookies",
                None,
                key,
                f"the source says otherwise: {reason.rstrip('.')}",
                "The platform sets nothing but necessary cookies before a choice.",
            )


def cookie_classes(context: Context) -> Iterator[Problem]:
    """P016: nobody else's cookie is necessary, and every cookie's class is offered."""
    yield from cookie_roles(context)
    yield from cookie_consents(context)
    cookies = context.policy.cookies
    for cookie in context.policy.cookie:
        if cookie.class_ == "necessary" and cookie.party == "third" and not cookie.retired:
            yield context.found(
                "P016",
                Severity.ERROR,
                "cookie",
                cookie,
                "class",
                "a cookie of somebody else is never necessary",
                'Write class = "functional", "performance" or "marketing".',
            )
        if cookie.class_ not in {*cookies.classes, "necessary"} and not cookie.retired:
            yield context.found(
                "P016",
                Severity.ERROR,
                "cookie",
                cookie,
                "class",
                f'the class "{cookie.class_}" is not offered in the banner',
                "Add it to [cookies] classes.",
            )


def cookie_consents(context: Context) -> Iterator[Problem]:
    """P016: a purpose that is asked with cookies rests on consent, and is asked there."""
    ways = {
        purpose: set(rule.give_by) for rule in context.policy.consent for purpose in rule.purpose
    }
    for purpose in context.policy.purpose:
        if not purpose.cookies:
            continue
        if purpose.basis.kind != "consent" or not ways.get(purpose.id, set()) & _WITH_COOKIES:
            message = f'"{purpose.id}" is not consented to with cookies'
            remedy = 'Let it rest on consent, with "cookie-settings" or "cookie-banner" in give_by.'
        elif purpose.cookies not in {*context.policy.cookies.classes} - {"necessary"}:
            message = f'the class "{purpose.cookies}" is not offered in the banner'
            remedy = "Add it to [cookies] classes, or name another one."
        else:
            continue
        yield context.found("P016", Severity.ERROR, "purpose", purpose, "cookies", message, remedy)


def visits(context: Context) -> Iterator[Problem]:
    """P018: visits are measured on a consent, and what is kept of one is said."""
    asked = {f"consent:{one.id}" for one in context.policy.purpose if one.basis.kind == "consent"}
    for tracker in context.policy.tracker:
        if "visits" not in tracker.measures:
            continue
        if tracker.needs not in asked:
            message, key = "visits are measured without a consent", "needs"
            remedy = "Name a purpose on consent: consent:PURPOSE."
        elif not tracker.fields:
            message, key = "nothing says what is kept of a visit", "fields"
            remedy = 'Write fields = ["page"], with what else the policy names.'
        else:
            continue
        yield context.found("P018", Severity.ERROR, "tracker", tracker, key, message, remedy)


_WITH_COOKIES = {"cookie-banner", "cookie-settings"}
_FIXED = {"session": "sessionid", "csrf": "csrftoken", "display": "display"}
"""Cookies whose names are the platform's; the others are named by the policy."""


def cookie_roles(context: Context) -> Iterator[Problem]:
    """P016: the platform's own cookies are listed, so that the gate lets them through."""
    listed = {cookie.role: cookie for cookie in context.policy.cookie if not cookie.retired}
    needed = ["session", "csrf"]
    if set(context.policy.cookies.classes) - {"necessary"}:
        needed.append("choice")
    chats = any("support.chat" in purpose.enables for purpose in context.policy.purpose)
    if chats and "chat" not in listed:
        message = "a visitor's chat is found again by a cookie, and none is listed"
        remedy = 'Add one with role = "chat", class = "functional" and party = "first".'
        yield context.found("P016", Severity.ERROR, "cookies", None, "", message, remedy)
    for role in needed:
        if role not in listed:
            yield context.found(
                "P016",
                Severity.ERROR,
                "cookies",
                None,
                "",
                f"no [[cookie]] has the role {role}",
                f'Add one with role = "{role}", class = "necessary" and party = "first".',
            )
    for role in ("language", "display"):
        if role not in listed:
            yield context.found(
                "P016",
                Severity.WARN,
                "cookies",
                None,
                "",
                f"no [[cookie]] has the role {role}, so what a visitor chooses there is forgotten",
                f'Add one with role = "{role}", class = "functional" and party = "first".',
            )
    for role, cookie in listed.items():
        if role in needed and (cookie.class_, cookie.party) != ("necessary", "first"):
            key, remedy = "class", 'Write class = "necessary" and party = "first".'
            message = f"the platform cannot work without its {role} cookie"
        elif role in _FIXED and cookie.name != _FIXED[role]:
            key, remedy = "name", f'Write name = "{_FIXED[role]}".'
            message = f"the platform's {role} cookie has another name"
        else:
            continue
        yield context.found("P016", Severity.ERROR, "cookie", cookie, key, message, remedy)


def consent_purposes(context: Context) -> Iterator[Problem]:
    """P018: a purpose on consent can be consented to, and lives only while it is."""
    yield from visits(context)
    asked = {purpose for rule in context.policy.consent for purpose in rule.purpose}
    kinds = {purpose.id: purpose.basis.kind for purpose in context.policy.purpose}
    for purpose in context.policy.purpose:
        if purpose.basis.kind != "consent":
            continue
        if purpose.id not in asked:
            yield context.found(
                "P018",
                Severity.ERROR,
                "purpose",
                purpose,
                "basis.kind",
                f'nobody can consent to "{purpose.id}"',
                "Name it in a [[consent]].",
            )
        others = [state for state in purpose.alive_while if not state.startswith("consent:")]
        if others or not purpose.alive_while:
            yield context.found(
                "P018",
                Severity.ERROR,
                "purpose",
                purpose,
                "alive_while",
                f"a purpose on consent also lives while {', '.join(others)}",
                f'Write alive_while = ["consent:{purpose.id}"].',
            )
    for rule in context.policy.consent:
        for name in rule.purpose:
            if kinds[name] != "consent":
                yield context.found(
                    "P018",
                    Severity.ERROR,
                    "consent",
                    rule,
                    "purpose",
                    f'"{name}" rests on {kinds[name]}, so asking for consent would mislead',
                    'Take it out, or write basis kind = "consent".',
                )
