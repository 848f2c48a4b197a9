"""What a new version changes for people, in one sentence each, and whom it reaches.

``diff`` compares key by key; here each difference of rules becomes something a person can read:
kept longer, a new recipient, a new purpose. Texts and names are no changes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import fields as struct_fields

from skola.promises.policy.diff import Difference, Kind, diff
from skola.promises.policy.forms import in_words
from skola.promises.policy.periods import BadPeriodError, Word, parse_term
from skola.promises.policy.schema import Policy, Purpose, Recipient, Retention
from skola.promises.policy.tables import title


def gettext_noop(text: str) -> str:
    """Mark a sentence for translators; the notices translate it where it is shown."""
    return text


class Turn(StrEnum):
    """What happens to people's data with a change, in words to be filled in."""

    KEPT_SHORTER = gettext_noop(
        "%(name)s: kept for a shorter time, %(becomes)s instead of %(was)s."
    )
    KEPT_LONGER = gettext_noop("%(name)s: kept for a longer time, %(becomes)s instead of %(was)s.")
    KEPT_AT_LEAST = gettext_noop("%(name)s: kept for at least %(becomes)s instead of %(was)s.")
    KEPT_OTHERWISE = gettext_noop("%(name)s: how long this is kept follows another rule.")
    KEPT_BY_NEW_RULE = gettext_noop("%(name)s: there is a new rule for how long this is kept.")
    KEPT_BY_NO_RULE = gettext_noop("%(name)s: its own rule for how long this is kept is gone.")
    PURPOSE_NEW = gettext_noop("A new purpose: %(name)s.")
    PURPOSE_GONE = gettext_noop("A purpose ends: %(name)s.")
    PURPOSE_BASIS = gettext_noop("A purpose has another legal basis: %(name)s.")
    PURPOSE_DATA = gettext_noop("A purpose uses other kinds of data: %(name)s.")
    PURPOSE_OTHERWISE = gettext_noop("A purpose is served in another way: %(name)s.")
    RECIPIENT_NEW = gettext_noop("A new recipient: %(name)s.")
    RECIPIENT_GONE = gettext_noop("No recipient any more: %(name)s.")
    RECIPIENT_OTHERWISE = gettext_noop("A recipient may receive something else: %(name)s.")
    PROCESSOR_NEW = gettext_noop("A new processor works for us: %(name)s.")
    PROCESSOR_GONE = gettext_noop("A processor no longer works for us: %(name)s.")
    PROCESSOR_OTHERWISE = gettext_noop("A processor does something else for us: %(name)s.")
    TRANSFER_NEW = gettext_noop("Data may leave the European Economic Area, to: %(name)s.")
    TRANSFER_GONE = gettext_noop("Data no longer leave the European Economic Area to: %(name)s.")
    TRANSFER_OTHERWISE = gettext_noop("Data leave under other safeguards, to: %(name)s.")
    CATEGORY_NEW = gettext_noop("A new kind of data: %(name)s.")
    CATEGORY_GONE = gettext_noop("A kind of data is no longer held: %(name)s.")
    CATEGORY_OTHERWISE = gettext_noop("Something else belongs to this kind of data: %(name)s.")
    COOKIE_NEW = gettext_noop("A new cookie: %(name)s.")
    COOKIE_GONE = gettext_noop("A cookie is no longer used: %(name)s.")
    COOKIE_OTHERWISE = gettext_noop("A cookie is used in another way: %(name)s.")
    RIGHT_SOONER = gettext_noop("Requests are answered sooner: %(becomes)s instead of %(was)s.")
    RIGHT_LATER = gettext_noop("Requests are answered later: %(becomes)s instead of %(was)s.")
    CONTROLLER = gettext_noop("Another controller: %(becomes)s instead of %(was)s.")
    OTHER = gettext_noop("Another rule changes: %(name)s.")


LONGER = frozenset(
    {Turn.KEPT_LONGER, Turn.KEPT_OTHERWISE, Turn.KEPT_BY_NEW_RULE, Turn.KEPT_BY_NO_RULE}
)
"""What may keep data longer: what was collected before keeps the old promise, where it is shorter.
"""
MATERIAL = frozenset(
    {
        Turn.KEPT_LONGER,
        Turn.KEPT_BY_NO_RULE,
        Turn.PURPOSE_NEW,
        Turn.PURPOSE_BASIS,
        Turn.RECIPIENT_NEW,
        Turn.TRANSFER_NEW,
        Turn.CATEGORY_NEW,
        Turn.RIGHT_LATER,
        Turn.CONTROLLER,
    }
)
"""What no version can call minor."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a version changes for people."""

    turn: Turn
    rule: str
    """The path of the rule: ``retention.calls``."""
    names: Mapping[str, str]
    """What it is about, by language."""
    was: str = ""
    becomes: str = ""
    follows_law: bool = False
    """Whether the rule is the law's: a duty to keep, or a purpose that the law demands."""

    def sentence(self, language: str, template: str = "") -> str:
        """Return the change in a language, by a translation of its turn, or in English."""
        name = self.names.get(language) or self.names.get("en") or next(iter(self.names.values()))
        was, becomes = in_words_of(self.was, language), in_words_of(self.becomes, language)
        return (template or self.turn.value) % {"name": name, "was": was, "becomes": becomes}


def in_words_of(text: str, language: str) -> str:
    """Return a term in words of the language; anything else as it is."""
    try:
        return in_words(parse_term(text, words=frozenset(Word)), language)
    except BadPeriodError:
        return text


def changes(old: Policy, new: Policy) -> tuple[Change, ...]:
    """Return what changes for people from ``old`` to ``new``, both as they are executed."""
    before, after = _by_title(old), _by_title(new)
    found: dict[tuple[object, ...], Change] = {}
    for each in diff(old, new).rules:
        was, becomes = before.get(each.table), after.get(each.table)
        table, struct = becomes or was or (each.table.strip("[]"), None)
        turn = _turn(table, each)
        names = _names(table, struct, new if becomes else old) or {"en": _place(each)}
        is_law = _is_law(was[1] if was else None) or _is_law(becomes[1] if becomes else None)
        rule = f"{table}.{getattr(struct, 'id', '')}".rstrip(".")
        change = Change(turn, rule, names, each.was, each.becomes, is_law)
        found.setdefault((turn, rule, tuple(names.items())), change)
    return tuple(found.values())


def _place(each: Difference) -> str:
    return " ".join(part for part in (each.table, each.key) if part)


def _by_title(policy: Policy) -> dict[str, tuple[str, Struct]]:
    found: dict[str, tuple[str, Struct]] = {}
    for field in struct_fields(Policy):
        tables = getattr(policy, field.name)
        for number, each in enumerate(tables if isinstance(tables, list) else []):
            found.setdefault(title(field.name, each, number), (field.name, each))
    return found


def _turn(table: str, each: Difference) -> Turn:
    whole = not each.key
    match table:
        case "retention":
            return _turn_of_retention(each)
        case "purpose":
            if each.key in ("basis.kind", "basis.art", "basis.law"):
                return Turn.PURPOSE_BASIS
            if each.key == "categories":
                return Turn.PURPOSE_DATA
        case "right":
            kinds = {Kind.SHORTENED: Turn.RIGHT_SOONER, Kind.LENGTHENED: Turn.RIGHT_LATER}
            return kinds.get(each.kind, Turn.OTHER) if each.key == "deadline" else Turn.OTHER
        case "controller":
            return Turn.CONTROLLER if each.key in ("name", "reg_no") else Turn.OTHER
    if table in ("purpose", "recipient", "processor", "transfer", "category", "cookie"):
        word = "otherwise"
        if whole:
            word = {Kind.ADDED: "new", Kind.REMOVED: "gone"}[each.kind]
        return Turn[f"{table}_{word}".upper()]
    return Turn.OTHER


def _turn_of_retention(each: Difference) -> Turn:
    if not each.key:
        return Turn.KEPT_BY_NEW_RULE if each.kind is Kind.ADDED else Turn.KEPT_BY_NO_RULE
    if each.key == "at_least.period":
        return Turn.KEPT_AT_LEAST
    if each.key in ("at_most.period", "then.within", "backstop.period"):
        kinds = {Kind.SHORTENED: Turn.KEPT_SHORTER, Kind.LENGTHENED: Turn.KEPT_LONGER}
        return kinds.get(each.kind, Turn.KEPT_OTHERWISE)
    return Turn.KEPT_OTHERWISE


def _names(table: str, struct: Struct | None, policy: Policy) -> dict[str, str]:
    match struct:
        case Retention(name=own, categories=held):
            known = {each.id: each.name for each in policy.category}
            return dict(own) or {
                language: ", ".join(known[one].get(language, one) for one in held if one in known)
                for language in policy.policy.languages
            }
        case None:
            return {}
    if table == "transfer":
        return dict(getattr(struct, "detail", {})) or {"en": str(getattr(struct, "to", ""))}
    name = getattr(struct, "name", None)
    if isinstance(name, str):
        return {"en": name}
    return dict(name) if name else {}


def _is_law(struct: Struct | None) -> bool:
    match struct:
        case Retention(at_least=floor):
            return floor is not None and (floor.class_ == "hard" or bool(floor.law))
        case Purpose(basis=basis):
            return basis.kind == "legal-obligation"
        case Recipient(role=role):
            return role == "authority"
    return False


def not_minor(found: tuple[Change, ...]) -> Iterator[Change]:
    """Return what a version cannot change and call itself minor."""
    return (each for each in found if each.turn in MATERIAL)


def not_of_law(found: tuple[Change, ...]) -> Iterator[Change]:
    """Return what a version cannot change and say that it only follows the law."""
    return (each for each in found if not each.follows_law)
