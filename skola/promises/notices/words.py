"""Marks, states and rules in the reader's language."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from babel.dates import format_timedelta
from django.utils.translation import get_language, gettext, ngettext, pgettext

from skola.ground.ui import formats
from skola.promises.notices.comparing import Became
from skola.promises.notices.rules import Mark, State, Tally
from skola.promises.policy.changes import Change, in_words_of
from skola.promises.policy.diff import Kind
from skola.promises.policy.schema import Classification, Policy, in_language
from skola.promises.policy.wording import wording

A_MINUTE = timedelta(minutes=1)


def state_word(state: State) -> str:
    """Return the word of a state, ``Kept``."""
    return {
        State.KEPT: gettext("Kept"),
        State.BROKEN: gettext("Broken"),
        State.STALE: gettext("Not checked lately"),
        State.UNCHECKED: gettext("Not checked by data"),
        State.STATEMENT: gettext("A statement"),
    }[state]


def state_meaning(state: State) -> str:
    """Return what a state means, in a sentence."""
    return {
        State.KEPT: gettext("Compared with the data, and it holds."),
        State.BROKEN: gettext("Compared with the data, and it does not hold."),
        State.STALE: gettext("It was kept when it was last looked at, which is too long ago."),
        State.UNCHECKED: gettext("There is no data yet that could show whether this is kept."),
        State.STATEMENT: gettext("These words tell something, and promise nothing to be checked."),
    }[state]


def finding(mark: Mark) -> str:
    """Return what the check found, as a sentence."""
    facts = {
        name: formats.number(value) if isinstance(value, int) else value
        for name, value in mark.facts.items()
    }
    try:
        return gettext(mark.words) % facts
    except (KeyError, ValueError, TypeError):  # a translation that asks for something else
        return mark.words % facts


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago a moment was: ``just now``, ``1 minute ago``."""
    passed = now - moment
    if passed < A_MINUTE:
        return gettext("just now")
    return format_timedelta(-passed, add_direction=True, locale=formats.locale())


def _broken(tally: Tally) -> str:
    words = ngettext("%(num)s is broken.", "%(num)s are broken.", tally.broken)
    return words % {"num": formats.number(tally.broken)}


def verdict(tally: Tally, now: datetime) -> str:
    """Return the one sentence about the whole service."""
    if tally.checked_at is None:
        return gettext("Nothing was looked at yet. That happens every minute.")
    if tally.stale:
        moment = formats.moment(tally.checked_at)
        said = gettext("Last checked at %(moment)s. Since then nobody knows.") % {"moment": moment}
        return f"{said} {_broken(tally)}" if tally.broken else said
    checked = {"num": formats.number(tally.checked), "when": ago(tally.checked_at, now)}
    if not tally.broken:
        said = ngettext(
            "%(num)s promise checked %(when)s, and kept.",
            "%(num)s promises checked %(when)s, all kept.",
            tally.checked,
        )
        return said % checked
    said = ngettext(
        "%(num)s promises checked %(when)s. %(broken)s is broken.",
        "%(num)s promises checked %(when)s. %(broken)s are broken.",
        tally.broken,
    )
    return said % {**checked, "broken": formats.number(tally.broken)}


def table_word(table: str) -> str:
    """Return what a kind of rule is called."""
    return _TABLES.get(table, lambda: gettext("Rule"))()


_TABLES = {
    "accuracy_review": lambda: gettext("Review of accuracy"),
    "data_quality": lambda: gettext("Checks of the data"),
    "origins": lambda: gettext("Where the data are from"),
    "staff": lambda: gettext("Staff"),
    "undertaking": lambda: gettext("Undertaking of confidentiality"),
    "authority": lambda: gettext("Supervisory authority"),
    "automated": lambda: gettext("Automated decision"),
    "business_transfer": lambda: gettext("Sale of the business"),
    "category": lambda: gettext("Kind of data"),
    "category_group": lambda: gettext("Group of kinds of data"),
    "change": lambda: gettext("Changes of this policy"),
    "communication": lambda: gettext("Messages"),
    "consent": lambda: gettext("Consent"),
    "contact": lambda: gettext("Contact"),
    "controller": lambda: gettext("Controller"),
    "cookie": lambda: gettext("Cookie"),
    "cookies": lambda: gettext("Consent to cookies"),
    "dataset": lambda: gettext("Data of others"),
    "dunning": lambda: gettext("Reminders of debts"),
    "duty": lambda: gettext("Duty"),
    "form_field": lambda: gettext("Field of a form"),
    "heading": lambda: gettext("Heading of purposes"),
    "informational": lambda: gettext("A statement"),
    "marketing": lambda: gettext("Offers"),
    "message": lambda: gettext("Kind of message"),
    "minors": lambda: gettext("Age"),
    "network": lambda: gettext("Outside network"),
    "no_store": lambda: gettext("What is not stored"),
    "notice_at_collection": lambda: gettext("Notice at a form"),
    "on_erasure": lambda: gettext("Erasure and contracts"),
    "passing_on": lambda: gettext("Rules for recipients"),
    "policy": lambda: gettext("Text of this policy"),
    "processor": lambda: gettext("Processor"),
    "processor_list": lambda: gettext("List of processors"),
    "publication": lambda: gettext("What others see"),
    "purpose": lambda: gettext("Purpose"),
    "purpose_lock": lambda: gettext("Purpose lock"),
    "recipient": lambda: gettext("Recipient"),
    "restriction_by_controller": lambda: gettext("Restriction"),
    "retention": lambda: gettext("How long"),
    "right": lambda: gettext("Right"),
    "right_process": lambda: gettext("How to ask"),
    "security": lambda: gettext("Security"),
    "service": lambda: gettext("Service"),
    "statistics": lambda: gettext("Statistics"),
    "subject": lambda: gettext("Whose data"),
    "tracker": lambda: gettext("Measuring"),
    "transfer": lambda: gettext("Transfer"),
}


_NAMED = (
    "purpose",
    "heading",
    "recipient",
    "processor",
    "authority",
    "category",
    "category_group",
    "subject",
    "message",
)
"""Tables that carry a name in every language."""


def titles(policy: Policy, language: str) -> dict[str, str]:
    """Return what each rule is about, in a language of the policy, by the path of the rule."""
    names = {each.id: each.name[language] for each in policy.category}
    found: dict[str, str] = {}
    for table in _NAMED:
        found |= {f"{table}.{each.id}": each.name[language] for each in getattr(policy, table)}
    for rule in policy.retention:
        held = ", ".join(names.get(each, each) for each in rule.categories)
        found[f"retention.{rule.id}"] = rule.name.get(language) or held
    found |= {f"cookie.{each.name}": each.name for each in policy.cookie}
    found |= {f"security.{each.id}": each.measure[language] for each in policy.security}
    found |= {f"duty.{each.id}": in_language(each.text, language) for each in policy.duty}
    found |= {f"form_field.{each.id}": each.label[language] for each in policy.form_field}
    found |= {f"automated.{each.id}": each.name[language] for each in policy.automated if each.name}
    words = wording(language)
    for right in policy.right:
        kinds = ", ".join(words.word("rights", kind) for kind in right.kinds)
        found[f"right.{right.kinds[0]}"] = kinds
    for contact in policy.contact:
        found[f"contact.{contact.id}"] = words.word("contact_kinds", contact.kind)
    for consent in policy.consent:
        first = consent.purpose[0]
        found[f"consent.{first}"] = found.get(f"purpose.{first}", first)
    return found


def title(rule: str, known: Mapping[str, str]) -> str:
    """Return what a rule is about; a rule without a name of its own is named after its kind."""
    return known.get(rule) or table_word(rule.partition(".")[0])


def rule_id(rule: str) -> str:
    """Return by what a rule is known in the file; one without an id goes by its table."""
    return rule.partition(".")[0] if " " in rule else rule


def test_name(test: str) -> str:
    """Return what a test shows, in the words of its name."""
    return test.rpartition("::")[2].removeprefix("test_").replace("_", " ")


def basis(kind: str, language: str) -> str:
    """Return the word of a legal basis in a language of the policy."""
    return wording(language).word("bases", kind)


def safeguard(kind: str, language: str) -> str:
    """Return the words of a safeguard of a transfer in a language of the policy."""
    return wording(language).word("safeguards", kind)


def log_day(day: str) -> str:
    """Return the day of a line of the change log."""
    return formats.day(date.fromisoformat(day))


def classification(kind: Classification) -> str:
    """Return how a version changes its predecessor, in words."""
    return {
        Classification.INITIAL: gettext("The first version"),
        Classification.MINOR: gettext("A minor change"),
        Classification.MATERIAL: gettext("A material change"),
        Classification.LEGISLATION: gettext("A change that follows the law"),
    }[kind]


def change_sentence(change: Change, language: str) -> str:
    """Return what a version changes for people, as a sentence; names in the policy's language."""
    return change.sentence(language, gettext(change.turn.value))


def term(text: str, language: str) -> str:
    """Return what a rule says: a term in words of the language, anything else as it is written."""
    return in_words_of(text, language)


def became_word(became: Became) -> str:
    """Return what became of a rule or a paragraph."""
    return {
        Became.NEW: pgettext("of a rule", "New"),
        Became.GONE: pgettext("of a rule", "Gone"),
        Became.CHANGED: pgettext("of a rule", "Changed"),
    }[became]


def said(text: Mapping[str, str]) -> str:
    """Return a text of the policy in the language of the page, else in English, else in any."""
    return text.get(get_language() or "") or text.get("en") or next(iter(text.values()), "")


def short_answer(how: str) -> str:
    """Return in a word or two what somebody said to a longer promise, for a table."""
    return {
        "accepted": gettext("accepted"),
        "not-objected": gettext("did not object"),
        "objected": gettext("objected"),
    }.get(how, "")


def answer_word(how: str) -> str:
    """Return what somebody said to a longer promise."""
    return {
        "accepted": gettext("You accepted it: the new promise holds for all your data."),
        "not-objected": gettext(
            "You were told and did not object in time: the new promise holds for all your data."
        ),
        "objected": gettext(
            "You objected: what you gave before this version keeps the old promise."
        ),
    }.get(how, "")


def change_word(kind: Kind) -> str:
    """Return what became of a rule."""
    return {
        Kind.ADDED: gettext("Added"),
        Kind.REMOVED: gettext("Removed"),
        Kind.CHANGED: gettext("Changed"),
        Kind.SHORTENED: gettext("Shortened"),
        Kind.LENGTHENED: gettext("Lengthened"),
    }[kind]
