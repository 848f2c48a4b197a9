"""Walks a parsed policy beside its schema and collects everything that is wrong with it.

``msgspec`` stops at the first mistake. A policy writer wants all of them at once, each with table,
key, line and remedy; so this walk comes first, and ``msgspec`` converts what it found to be right.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec.inspect as types

from skola.promises.policy import fields, vocabulary
from skola.promises.policy.consistency import CHECKS
from skola.promises.policy.periods import BadPeriodError, parse_term
from skola.promises.policy.problems import Problem
from skola.promises.policy.schema import Policy
from skola.promises.policy.source import Source


@cache
def schema_type() -> types.StructType:
    """The schema as a tree of types."""
    found = types.type_info(Policy)
    assert isinstance(found, types.StructType)
    return found


@cache
def _fields_of(struct: type) -> Mapping[str, types.Field]:
    found = types.type_info(struct)
    assert isinstance(found, types.StructType)
    return {field.encode_name: field for field in found.fields}


def label(table: str, raw: object, number: int, *, many: bool) -> str:
    """A table as a person would find it: ``[[retention]] "calls"``."""
    if not many:
        return f"[{table}]"
    for key in ("id", "name", "kinds", "purpose", "what"):
        value = raw.get(key) if isinstance(raw, dict) else None
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            value = ", ".join(value)
        if isinstance(value, str) and value:
            return f'[[{table}]] "{value}"'
    return f"[[{table}]] number {number + 1}"


@dataclass(frozen=True)
class Spot:
    """A place in the policy during the walk."""

    table: str = ""
    number: int = 0
    title: str = ""
    key: str = ""

    def at(self, key: str) -> "Spot":
        """The same place, one key deeper."""
        return replace(self, key=f"{self.key}.{key}" if self.key else key)

    def item(self, number: int) -> "Spot":
        """The same place, one element of its list."""
        return replace(self, key=f"{self.key}[{number}]")


class Walk:
    """One walk over one source; ``problems`` grows as it goes."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.ids = {name: _ids(value) for name, value in source.raw.items()}
        head = source.raw.get("policy")
        languages = head.get("languages") if isinstance(head, dict) else None
        self.languages = (
            [code for code in languages if code in vocabulary.LANGUAGES]
            if isinstance(languages, list)
            and all(isinstance(language, str) for language in languages)
            else []
        )

    def add(self, spot: Spot, message: str, remedy: str, code: str = "") -> None:
        """Note a problem at a spot."""
        line = self.source.line(spot.table, spot.number, spot.key)
        self.problems.append(
            Problem(self.source.file, spot.title, spot.key, message, remedy, code=code, line=line)
        )

    def run(self) -> list[Problem]:
        """Walk the whole policy."""
        top = {field.encode_name: field for field in schema_type().fields}
        for name, value in self.source.raw.items():
            if name not in top:
                self._unknown_table(name, value, list(top))
            elif isinstance(value, dict) or _is_tables(value) or value == []:
                self._tables(name, value, top[name].type)
            else:
                self.value(value, top[name].type, Spot(key=name), ("Policy", name))
        for name, field in top.items():
            if field.required and name not in self.source.raw:
                kind = _plain(field.type)
                if isinstance(kind, types.ListType):
                    self.add(Spot(), f"no [[{name}]] at all", f"Write at least one [[{name}]].")
                elif isinstance(kind, types.StructType):
                    self.add(Spot(), f"the table [{name}] is missing", f"Write [{name}].")
                else:
                    self.add(Spot(), f'the key "{name}" is missing', "Put it first in the file.")
        return self.problems

    def _unknown_table(self, name: str, value: object, known: Sequence[str]) -> None:
        table = isinstance(value, dict) or _is_tables(value)
        brackets = ("[[", "]]") if isinstance(value, list) else ("[", "]")
        title = f"{brackets[0]}{name}{brackets[1]}" if table else ""
        spot = Spot(name, 0, title, "" if table else name)
        kind = "table" if table else "key"
        if not table:
            spot = replace(spot, table="")
        self.add(spot, f'unknown {kind} "{name}"', _did_you_mean(name, known))

    def _tables(self, name: str, value: Any, declared: types.Type) -> None:
        kind = _plain(declared)
        if isinstance(kind, types.ListType):
            if isinstance(value, dict):
                spot = Spot(name, 0, f"[{name}]")
                self.add(
                    spot, "there may be several of these", f"Write [[{name}]] in two brackets."
                )
                value = [value]
            self._doubles(name, value)
            for number, each in enumerate(value):
                title = label(name, each, number, many=True)
                self.value(each, kind.item_type, Spot(name, number, title), (name, name))
            if kind.min_length and not value:
                self.add(Spot(key=name), f"no [[{name}]] at all", f"Write at least one [[{name}]].")
        elif isinstance(kind, types.StructType):
            spot = Spot(name, 0, f"[{name}]")
            if isinstance(value, list):
                self.add(
                    spot, "there is only one of these", f"Write [{name}] in single brackets, once."
                )
                return
            self.value(value, kind, spot, (name, name))
        else:
            self.add(Spot(name, 0, f"[{name}]"), "this is a key, not a table", f"Write {name} = …")

    def _doubles(self, name: str, tables: Sequence[object]) -> None:
        seen: dict[object, int] = {}
        for number, each in enumerate(tables):
            own = each.get("id") if isinstance(each, dict) else None
            if not isinstance(own, str):
                continue
            if own in seen:
                first = self.source.line(name, seen[own])
                self.add(
                    Spot(name, number, f'[[{name}]] "{own}"', "id"),
                    f'the id "{own}" is used twice'
                    + (f", first in line {first}" if first is not None else ""),
                    "Give one of them another id.",
                )
            seen.setdefault(own, number)

    # ---- one value ----

    def value(
        self, value: object, declared: types.Type, spot: Spot, field: tuple[str, str]
    ) -> None:
        """Check one value against its type, then against the rule of its field."""
        kind = _choose(value, declared)
        match kind:
            case types.StructType() if isinstance(value, dict):
                self.struct(value, kind, spot)
            case types.ListType() if isinstance(value, list):
                self._list(value, kind, spot, field)
            case types.DictType() if isinstance(value, dict):
                self._text(value, spot)
            case types.StrType() if isinstance(value, str):
                self._string(value, kind, spot, field)
            case types.EnumType() if isinstance(value, str):
                known = [member.value for member in kind.cls]
                if value not in known:
                    self.add(spot, f'"{value}" is not known', _did_you_mean(value, known))
            case types.BoolType() if isinstance(value, bool):
                pass
            case types.IntType() if isinstance(value, int) and not isinstance(value, bool):
                self._number(value, kind, spot)
            case types.DateTimeType() if isinstance(value, datetime):
                if value.tzinfo is None:
                    self.add(
                        spot,
                        "a moment without an offset",
                        "Write it like 2020-08-17T00:00:00+03:00.",
                    )
            case _:
                self._wrong_type(value, declared, spot)

    def struct(self, raw: Mapping[str, object], kind: types.StructType, spot: Spot) -> None:
        """Check a table: its keys, each value, and what the keys say together."""
        known = _fields_of(kind.cls)
        name = kind.cls.__name__
        for key, value in raw.items():
            if key in known:
                self.value(value, known[key].type, spot.at(key), (name, key))
            else:
                self.add(spot.at(key), f'unknown key "{key}"', self._remedy(key, value, known))
        for key, field in known.items():
            if field.required and key not in raw:
                self.add(
                    spot.at(key), f'the key "{key}" is missing', f"Write {key} = {_sample(field)}."
                )
        if name in CHECKS:
            for key, message, remedy in CHECKS[name](raw):
                self.add(spot.at(key) if key else spot, message, remedy)

    def _remedy(self, key: str, value: object, known: Mapping[str, types.Field]) -> str:
        top = {field.encode_name for field in schema_type().fields}
        if key in top and (isinstance(value, dict) or _is_tables(value)):
            return f"Write [{key}] as a table of its own, not inside another."
        return _did_you_mean(key, list(known))

    def _list(
        self, value: Sequence[object], kind: types.ListType, spot: Spot, field: tuple[str, str]
    ) -> None:
        if kind.min_length and len(value) < kind.min_length:
            self.add(spot, "the list is empty", "Name at least one.")
        for number, each in enumerate(value):
            inner = spot if isinstance(each, str) else spot.item(number)
            self.value(each, kind.item_type, inner, field)
        words = [each for each in value if isinstance(each, str)]
        for word in sorted({word for word in words if words.count(word) > 1}):
            self.add(spot, f'"{word}" is named twice', "Name it once.")

    def _text(self, value: Mapping[str, object], spot: Spot) -> None:
        for language, words in value.items():
            if not isinstance(words, str):
                self._wrong_type(words, types.StrType(), spot.at(language))
            elif not words.strip():
                self.add(spot.at(language), "the text is empty", "Write it, or leave the key out.")
            if language not in vocabulary.LANGUAGES:
                remedy = _did_you_mean(language, list(vocabulary.LANGUAGES))
                self.add(spot.at(language), f'"{language}" is not a language code', remedy)
            elif self.languages and language not in self.languages:
                self.add(
                    spot.at(language),
                    f"the policy has no {vocabulary.LANGUAGES[language]} ({language})",
                    "Add it to [policy] languages, or leave it out here.",
                )
        for language in self.languages:
            if language not in value:
                self.add(
                    spot,
                    f"the {vocabulary.LANGUAGES[language]} text ({language}) is missing",
                    f"Write {language} = … beside the others.",
                )

    def _string(self, value: str, kind: types.StrType, spot: Spot, field: tuple[str, str]) -> None:
        if kind.pattern is not None and re.search(kind.pattern, value) is None:
            self.add(spot, f'"{value}" is not of the right form', _FORMS.get(kind.pattern, ""))
        elif kind.min_length and len(value) < kind.min_length:
            self.add(spot, "the text is empty", "Write it.")
        elif kind.max_length and len(value) > kind.max_length:
            self.add(
                spot, f"{len(value)} characters are too many", f"Use at most {kind.max_length}."
            )
        rule = fields.RULES.get(field)
        if rule is not None:
            self._rule(value, rule, spot)

    def _number(self, value: int, kind: types.IntType, spot: Spot) -> None:
        if kind.ge is not None and value < kind.ge:
            self.add(spot, f"{value} is too small", f"Write {kind.ge} or more.")
        if kind.le is not None and value > kind.le:
            self.add(spot, f"{value} is too large", f"Write {kind.le} or less.")

    def _wrong_type(self, value: object, declared: types.Type, spot: Spot) -> None:
        remedy = f"Write {_in_words(declared)}."
        if isinstance(value, date) and isinstance(_plain(declared), types.StrType):
            remedy = "Put the day in quotes."
        self.add(spot, f"{_found(value)} where {_in_words(declared)} is expected", remedy)

    # ---- what the words mean ----

    def _rule(self, value: str, rule: fields.Rule, spot: Spot) -> None:
        if not value and getattr(rule, "optional", False):
            return
        match rule:
            case fields.Words():
                if value not in rule.words:
                    remedy = _did_you_mean(value, list(rule.words))
                    self.add(spot, f'"{value}" is no known {rule.what}', remedy, rule.code)
            case fields.Term():
                try:
                    parse_term(value, words=rule.words)
                except BadPeriodError as problem:
                    message, _, remedy = str(problem).partition("; ")
                    self.add(spot, message, f"{remedy[:1].upper()}{remedy[1:]}." if remedy else "")
            case fields.Ref():
                for part in value.split(rule.separator) if rule.separator else [value]:
                    self._reference(part.strip(), rule, spot)
            case fields.State():
                self._state(value, rule, spot)
            case fields.Zone():
                self._zone(value, spot)
            case fields.Day():
                try:
                    date.fromisoformat(value)
                except ValueError:
                    self.add(spot, f'"{value}" is not a day', 'Write it like "2018-05-03".')

    def _reference(self, value: str, rule: fields.Ref, spot: Spot) -> None:
        known = [*self.ids.get(rule.table, ()), *(rule.or_words or ())]
        if value in known:
            return
        remedy = _did_you_mean(value, known) if known else f"Write a [[{rule.table}]] first."
        if rule.table == "category" and value in vocabulary.CATEGORIES:
            remedy = f'Add a [[category]] with id = "{value}".'
        self.add(spot, f'there is no [[{rule.table}]] "{value}"', remedy)

    def _state(self, value: str, rule: fields.State, spot: Spot) -> None:
        if rule.or_word and value == rule.or_word:
            return
        if value.startswith("consent:"):
            self._reference(value.removeprefix("consent:"), fields.Ref("purpose"), spot)
            return
        if value == "consent":
            self.add(spot, '"consent" does not say to what', 'Write "consent:PURPOSE".', "P002")
        elif value not in vocabulary.STATES:
            words = [*vocabulary.STATES, *([rule.or_word] if rule.or_word else [])]
            self.add(spot, f'"{value}" is no known state', _did_you_mean(value, words), "P002")

    def _zone(self, value: str, spot: Spot) -> None:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, LookupError):
            remedy = f"Write an IANA zone, like {', '.join(_ZONES)}."
            self.add(spot, f'"{value}" is no known time zone', remedy)


def _ids(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(
        each["id"] for each in value if isinstance(each, dict) and isinstance(each.get("id"), str)
    )


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(x, dict) for x in value)


def _plain(kind: types.Type) -> types.Type:
    """A type without "or nothing"."""
    if isinstance(kind, types.UnionType):
        rest = [one for one in kind.types if not isinstance(one, types.NoneType)]
        return rest[0] if len(rest) == 1 else kind
    return kind


def _choose(value: object, declared: types.Type) -> types.Type:
    """Of several types that are allowed, the one that fits the value."""
    kind = _plain(declared)
    if not isinstance(kind, types.UnionType):
        return kind
    fitting: dict[type, type] = {
        str: types.StrType,
        list: types.ListType,
        dict: types.StructType,
        int: types.IntType,
    }
    wanted = fitting.get(type(value))
    found = next((one for one in kind.types if wanted and isinstance(one, wanted)), None)
    if found is None and isinstance(value, dict):
        found = next((one for one in kind.types if isinstance(one, types.DictType)), None)
    return found or kind


def _in_words(declared: types.Type) -> str:
    names: dict[type, str] = {
        types.StrType: "a text in quotes",
        types.ListType: "a list in [ ]",
        types.StructType: "a table in { }",
        types.DictType: 'a text in each language, { en = "…" }',
        types.IntType: "a whole number",
        types.BoolType: "true or false",
        types.DateTimeType: "a moment with an offset (2020-08-17T00:00:00+03:00)",
        types.EnumType: "a text in quotes",
    }
    kind = _plain(declared)
    if isinstance(kind, types.UnionType):
        return " or ".join(names[type(one)] for one in kind.types if type(one) in names)
    return names.get(type(kind), "something else")


def _found(value: object) -> str:
    names: Sequence[tuple[type, str]] = (
        (bool, "true or false"),
        (str, "a text"),
        (int, "a number"),
        (float, "a decimal number"),
        (list, "a list"),
        (dict, "a table"),
        (date, "a day"),
    )
    if isinstance(value, datetime):
        return "a moment"
    return next((name for kind, name in names if isinstance(value, kind)), "something")


def _sample(field: types.Field) -> str:
    match _plain(field.type):
        case types.ListType():
            return "[…]"
        case types.StructType() | types.DictType():
            return "{ … }"
        case types.BoolType():
            return "true or false"
        case types.IntType():
            return "a number"
        case types.DateTimeType():
            return "2020-08-17T00:00:00+03:00"
        case _:
            return '"…"'


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f'Did you mean "{close[0]}"?'
    ends = [name for name in known if word and (word in name or name in word)]
    if len(ends) == 1:
        return f'Did you mean "{ends[0]}"?'
    return f"Known are: {', '.join(known)}."


_ZONES = tuple(
    f'"Europe/{city}"' for city in ("Riga", "Vilnius", "Tallinn", "Stockholm", "Helsinki")
)

_FORMS = {
    r"^[a-z][a-z0-9_.-]*$": "Begin with a small letter; then small letters, digits, _ . and -.",
    r"^[a-z][a-z0-9-]*$": "Begin with a small letter; then small letters, digits and -."
    " It is a folder and the first part of a host name.",
    r"^[A-Za-z0-9][A-Za-z0-9_.-]*$": 'Use letters, digits, _ . and -, best the day: "2026-09-01".'
    " It is a file and a part of an address.",
    r"^(/files/[0-9a-f-]{36}/)?$": 'Write "/files/…/", where this service keeps the picture.',
    r"^(https://|http://localhost:)": "Write an address that begins with https://.",
    r"^#[0-9a-f]{6}$": 'Write a colour as "#b4690e", in small letters.',
}


def problems_of(source: Source) -> Iterator[Problem]:
    """Everything that keeps a source from being a policy, in the order of the file."""
    found = Walk(source).run()
    yield from sorted(found, key=lambda problem: (problem.line or 0, problem.key))
