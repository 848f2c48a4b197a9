"""What the page says in sentences and names."""

from datetime import date

from babel.dates import format_date
from django.utils import translation
from django.utils.translation import gettext, ngettext

from skola.ground.ui import formats
from skola.promises.policy.api import Kind, Policy, Severity, Word, in_words, parse_term
from skola.promises.simulation.rules import HOLD, Going, Held, Side, Simulation, Telling


def titles(*policies: Policy) -> dict[str, str]:
    """Return what rules, purposes and categories are called, in the language of the page."""
    found = {HOLD: gettext("a hold")}
    for policy in policies:
        kinds = {each.id: _word(each.name) or each.id for each in policy.category}
        found |= {f"category:{name}": word for name, word in kinds.items()}
        found |= {each.id: _word(each.name) or each.id for each in policy.purpose}
        for rule in policy.retention:
            own = ", ".join(kinds.get(one, one) for one in rule.categories)
            found[rule.id] = _word(rule.name) or own or rule.id
    return found


def _word(text: dict[str, str]) -> str:
    language = translation.get_language() or "en"
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


def verdict(result: Simulation) -> str:
    """Return the answer in one sentence."""
    if not result.differing:
        return gettext("Nothing would go at another moment.")
    return ngettext(
        "%(num)s part of %(all)s would go at another moment.",
        "%(num)s parts of %(all)s would go at another moment.",
        result.differing,
    ) % {"num": formats.number(result.differing), "all": formats.number(result.parts)}


def stuck_rows(result: Simulation, named: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """Return which floor stands behind which ceiling, of what, and how many until when."""
    return [
        (
            gettext("“%(ceiling)s” would end it, “%(floor)s” keeps it")
            % {
                "ceiling": named.get(one.ceiling, one.ceiling),
                "floor": named.get(one.floor, one.floor),
            },
            f"{named.get(f'category:{one.category}', one.category)} ({one.table})",
            side(one.before),
            side(one.after),
        )
        for one in result.stuck
    ]


def side(one: Side) -> str:
    """Return how many are stuck and until when at the latest."""
    if not one.parts:
        return "–"
    facts = {"num": formats.number(one.parts), "day": formats.short_day(one.until)}
    if one.until is None:
        return gettext("%(num)s, no end known") % facts
    return gettext("%(num)s, until %(day)s") % facts


def notice(telling: Telling) -> str:
    """Return the notice that the policy promises before a change takes effect."""
    term = parse_term(telling.notice, words=frozenset({Word.FROM_PUBLICATION}))
    return in_words(term, translation.get_language() or "en")


def channel(name: str) -> str:
    """Return a way of telling people of a change."""
    return {
        "site": gettext("on the page of the policy"),
        "account": gettext("in the account"),
        "email": gettext("by e-mail"),
        "sms": gettext("by text message"),
    }.get(name, name)


def change_word(kind: Kind) -> str:
    """Return what became of a rule."""
    return {
        Kind.ADDED: gettext("Added"),
        Kind.REMOVED: gettext("Removed"),
        Kind.CHANGED: gettext("Changed"),
        Kind.SHORTENED: gettext("Shortened"),
        Kind.LENGTHENED: gettext("Lengthened"),
    }[kind]


def severity(word: Severity) -> str:
    """Return how bad a finding is."""
    return {
        Severity.ERROR: gettext("Error"),
        Severity.LAW: gettext("Law"),
        Severity.WARN: gettext("Warning"),
        Severity.NOTE: gettext("Note"),
    }[word]


def month(day: date) -> str:
    """Return a month in words, with its year."""
    return format_date(day, "LLL y", locale=formats.locale())


def channels(telling: Telling) -> str:
    """Return all ways of telling in one line."""
    return formats.listing([channel(name) for name in telling.channels]) or gettext("in no way")


def rule_line(name: str, before: int, after: int) -> str:
    """Return what one rule ends within the months, under both policies."""
    return gettext("%(rule)s: %(before)s now, %(after)s changed") % {
        "rule": name,
        "before": formats.number(before),
        "after": formats.number(after),
    }


def by_rule(result: Simulation) -> list[tuple[str, int, int, list[Going]]]:
    """Return each rule with its sums and its lines by month, those that change most first."""
    found = []
    for rule in result.rules:
        lines = [one for one in result.going if one.rule == rule]
        lines.sort(key=lambda one: (one.month is None, one.month or 0, one.category, one.table))
        before, after = sum(one.before for one in lines), sum(one.after for one in lines)
        found.append((rule, before, after, lines))
    return found


def lasting(result: Simulation) -> list[Held]:
    """Return what has no end, or is on hold, under either policy."""
    return [
        one
        for one in result.held
        if one.endless_before or one.endless_after or one.on_hold_before or one.on_hold_after
    ]
