"""What changes between two versions: rules first, words apart.

A difference of rules changes what happens to people's data; a difference of texts changes how it is
told. Numbers of a version (its name, its dates) are neither.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import fields as struct_fields
from msgspec.structs import replace

from skola.promises.policy import fields
from skola.promises.policy.canonical import part_hash, plain
from skola.promises.policy.periods import Word, compare, parse_term
from skola.promises.policy.schema import Policy, Purpose
from skola.promises.policy.tables import title


class Kind(StrEnum):
    """What became of a table or a key."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SHORTENED = "shortened"
    LENGTHENED = "lengthened"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: where, and what it was and becomes, as text."""

    kind: Kind
    table: str
    """As it is written, with its id: ``[[retention]] "calls"``."""
    key: str
    """``at_most.period``; empty when the whole table came or went."""
    was: str = ""
    becomes: str = ""

    def __str__(self) -> str:
        where = f"{self.table}, {self.key}" if self.key else self.table
        if self.was and self.becomes:
            return f"{self.kind}: {where}: {self.was} → {self.becomes}"
        said = self.was or self.becomes
        return f"{self.kind}: {where}: {said}" if said else f"{self.kind}: {where}"


@dataclass(frozen=True, slots=True)
class Diff:
    """The differences of two versions."""

    rules: tuple[Difference, ...]
    texts: tuple[Difference, ...]


TEXT_TABLES = frozenset({"paragraph", "section", "summary", "log", "informational"})
TEXT_KEYS = frozenset(
    {"clause", "claimed", "balancing", "why", "name", "title", "source", "detail"}
)
"""Keys that tell and do not rule; so is every text in several languages."""

PROMISES = frozenset(
    {
        ("duty", "text"),
        ("transfer", "who"),
        ("purpose", "law"),
        ("retention", "law"),
        ("processor", "contract"),
        ("business_transfer", "buyer"),
    }
)
"""Texts that are the promise itself, in whatever languages."""

OF_THE_VERSION = frozenset(
    {"version", "published", "effective", "replaces", "classification", "reason"}
)


def diff(old: Policy, new: Policy) -> Diff:
    """What changes from ``old`` to ``new``; give them as they are executed to see the law too."""
    found = list(_tables(old, new))
    return Diff(
        rules=tuple(difference for is_text, difference in found if not is_text),
        texts=tuple(difference for is_text, difference in found if is_text),
    )


Found = Iterator[tuple[bool, Difference]]


def _tables(old: Policy, new: Policy) -> Found:
    for field in struct_fields(Policy):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if isinstance(before, list) and isinstance(after, list):
            yield from _several(field.name, before, after)
        elif isinstance(before, Struct) and isinstance(after, Struct):
            yield from _keys(field.name, f"[{field.name}]", "", before, after)
        elif before != after and isinstance(before or after, Struct):
            kind = Kind.ADDED if before is None else Kind.REMOVED
            yield field.name in TEXT_TABLES, Difference(kind, f"[{field.name}]", "")
        elif before != after:
            yield False, Difference(Kind.CHANGED, "", field.name, str(before), str(after))


def _several(table: str, before: Sequence[Struct], after: Sequence[Struct]) -> Found:
    old, new = _named(table, before), _named(table, after)
    is_text = table in TEXT_TABLES
    for name in old:
        if name not in new:
            yield is_text, Difference(Kind.REMOVED, name, "")
    for name, each in new.items():
        if name in old:
            yield from _keys(table, name, "", old[name], each)
        else:
            yield is_text, Difference(Kind.ADDED, name, "")


def _named(table: str, tables: Sequence[Struct]) -> Mapping[str, Struct]:
    """Tables by what a person calls them; the second of one name gets a number."""
    found: dict[str, Struct] = {}
    for number, each in enumerate(tables):
        name = title(table, each, number)
        found[name if name not in found else f"{name} number {number + 1}"] = each
    return found


def _keys(table: str, name: str, prefix: str, before: Struct, after: Struct) -> Found:
    for field in struct_fields(type(before)):
        if table == "policy" and field.name in OF_THE_VERSION:
            continue
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old == new:
            continue
        key = f"{prefix}{field.encode_name}"
        if isinstance(old, Struct) and type(old) is type(new):
            yield from _keys(table, name, f"{key}.", old, new)
            continue
        rules = (table, field.name) in PROMISES
        is_text = not rules and (_tells(table, field.name) or _is_text(old) or _is_text(new))
        yield is_text, _difference(before, field.encode_name, name, key, old, new)


def _tells(table: str, key: str) -> bool:
    """Whether a key only tells; who the controller is, is no matter of words."""
    if table == "controller":
        return key != "name" and key in TEXT_KEYS
    return table in TEXT_TABLES or key in TEXT_KEYS


def _is_text(value: object) -> bool:
    if isinstance(value, list):
        return any(_is_text(each) for each in value)
    return isinstance(value, dict) and bool(value)


def _difference(
    struct: Struct, own_key: str, table: str, key: str, old: object, new: object
) -> Difference:
    was, becomes = _said(old), _said(new)
    rule = fields.RULES.get((type(struct).__name__, own_key))
    if isinstance(rule, fields.Term) and isinstance(old, str) and isinstance(new, str):
        if old and new:
            words = frozenset(Word)
            order = compare(parse_term(new, words=words), parse_term(old, words=words))
            kinds = {-1: Kind.SHORTENED, 1: Kind.LENGTHENED}
            return Difference(kinds.get(order or 0, Kind.CHANGED), table, key, was, becomes)
        return Difference(Kind.ADDED if new else Kind.REMOVED, table, key, was, becomes)
    if _is_plain_list(old) and _is_plain_list(new):
        assert isinstance(old, list)
        assert isinstance(new, list)
        gone = [f"−{each}" for each in old if each not in new]
        came = [f"+{each}" for each in new if each not in old]
        if gone or came:
            return Difference(Kind.CHANGED, table, key, "", ", ".join([*gone, *came]))
        return Difference(Kind.CHANGED, table, key, was, becomes)
    if not was and becomes:
        return Difference(Kind.ADDED, table, key, "", becomes)
    if was and not becomes:
        return Difference(Kind.REMOVED, table, key, was, "")
    return Difference(Kind.CHANGED, table, key, was, becomes)


def _is_plain_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _said(value: object) -> str:
    if value is None or value in ("", [], {}):
        return ""
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            return "; ".join(f"{language}: {words}" for language, words in sorted(value.items()))
        case list():
            return ", ".join(_said(each) for each in value)
        case Struct():
            content = plain(value)
            assert isinstance(content, dict)
            return ", ".join(f"{key} {_flat(each)}" for key, each in content.items())
        case _:
            return str(value)


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_flat(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(_flat(each) for each in value)
    return str(value)


def stale_consents(old: Policy, new: Policy) -> set[str]:
    """The purposes whose consents must be asked anew: purpose, recipients or controller changed.

    Which of the three counts says ``reaccept_when`` of either version; where both are silent, all
    do, for a consent is given to one controller for one purpose (GDPR Art. 4(11)). Consents to the
    other purposes stand.
    """
    watched = {*old.change.reaccept_when, *new.change.reaccept_when} or REACCEPT
    before = {each.id: each for each in old.purpose if each.basis.kind == "consent"}
    after = {each.id: each for each in new.purpose if each.basis.kind == "consent"}
    kept = before.keys() & after.keys()
    if "new-controller" in watched and _who_asks(old) != _who_asks(new):
        return set(kept)
    return {
        each
        for each in kept
        if ("new-purpose-on-consent" in watched and _asked(before[each]) != _asked(after[each]))
        or (
            "new-recipient-on-consent" in watched
            and not _receivers(new, after[each]) <= _receivers(old, before[each])
        )
    }


def ended_consents(old: Policy, new: Policy) -> set[str]:
    """The purposes to which nobody consents any more: they are gone, or have another basis."""
    before = {each.id for each in old.purpose if each.basis.kind == "consent"}
    return before - {each.id for each in new.purpose if each.basis.kind == "consent"}


def consented_to(policy: Policy, channels: Container[str]) -> str:
    """Return a digest of everything that a consent given by one of these channels is given to.

    It changes exactly when a consent of those purposes has to be asked anew.
    """
    given = {
        purpose
        for rule in policy.consent
        if any(channel in channels for channel in rule.give_by)
        for purpose in rule.purpose
    }
    asked = sorted(
        (each.id, _asked(each), sorted(_receivers(policy, each)))
        for each in policy.purpose
        if each.id in given and each.basis.kind == "consent"
    )
    return sha256(repr((_who_asks(policy), asked)).encode()).hexdigest()


REACCEPT = {"new-purpose-on-consent", "new-recipient-on-consent", "new-controller"}


def _who_asks(policy: Policy) -> tuple[str, str]:
    return policy.controller.name, policy.controller.reg_no


def _asked(purpose: Purpose) -> str:
    """What a consent was given to: the purpose without its clauses and what the software makes."""
    return part_hash(
        replace(purpose, clause=[], enables=[], assessment="", compatibility="", cookies="")
    )


def _receivers(policy: Policy, purpose: Purpose) -> set[str]:
    held = set(purpose.categories)
    return {
        f"{kind}:{each.id}"
        for kind, everyone in (("recipient", policy.recipient), ("processor", policy.processor))
        for each in everyone
        if not each.categories or held.intersection(each.categories)
    }
