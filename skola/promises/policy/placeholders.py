"""Numbers and names in the prose are referred to: ``{retention.calls.at_most.period}``.

A placeholder is the path of a key: table, id where there may be several, key. What stands there is
put into words of the language, so words and rules cannot part. ``{…:genitive}`` asks for a case
(see ``forms.CASES``), ``{…:amount}`` for the bare number, ``{…:lower}`` for a name within a
sentence. ``{{`` and ``}}`` are plain braces.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from skola.promises.policy import fields
from skola.promises.policy.forms import CASES, in_words
from skola.promises.policy.periods import BadPeriodError, Period, Word, parse_term
from skola.promises.policy.problems import Problem
from skola.promises.policy.schema import Latest, Policy, Text
from skola.promises.policy.source import Source
from skola.promises.policy.tables import tables_of, title
from skola.promises.policy.wording import wording

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_ANY_WORD = frozenset(Word)
LOWER = "lower"

PROSE = {
    "paragraph": ("text",),
    "summary": ("line", "page"),
    "notice_at_collection": ("text",),
    "cookies": ("effect",),
    "automated": ("consequence",),
}
"""The keys whose texts may hold placeholders."""


class PlaceholderError(LookupError):
    """A placeholder that leads nowhere; the message says where it stopped."""


def fill(policy: Policy, text: str, language: str) -> str:
    """A text with its placeholders put into words. Raises PlaceholderError."""

    def one(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        if found[1] is None:
            raise PlaceholderError(f'a single "{found[0]}"; write it twice for a plain brace')
        return _in_words(policy, found[1], language)

    return _BRACES.sub(one, text)


def spoken(policy: Policy, text: Text, language: str) -> str:
    """A text of the policy in a language, else in English, else in any, with its placeholders in
    words; nothing where nothing is written.
    """
    code = next((each for each in (language, "en", *text) if each in text), "")
    return fill(policy, text[code], code) if code else ""


def paths(text: str) -> list[str]:
    """The placeholders of a text, without braces and cases, in order."""
    return [found[1].partition(":")[0] for found in _BRACES.finditer(text) if found[1] is not None]


def _in_words(policy: Policy, placeholder: str, language: str) -> str:
    path, _, form = placeholder.partition(":")
    known = (*CASES, "amount", LOWER)
    if form and form not in known:
        raise PlaceholderError(
            f'{{{placeholder}}}: there is no form "{form}"; known are {", ".join(known)}'
        )
    struct, key, value = resolve(policy, path)
    return _word(policy, struct, key, value, language, form)


def resolve(policy: Policy, path: str) -> tuple[Struct, str, object]:
    """What stands at a path: the table, its key, the value. Raises PlaceholderError."""
    table, _, rest = path.partition(".")
    attribute = _attribute(policy, table)
    if attribute is None or table == "schema":
        raise PlaceholderError(f'{{{path}}}: there is no table "{table}"')
    here: object = getattr(policy, attribute)
    if isinstance(here, list):
        here, rest = _one_of(here, table, rest, path)
    if here is None:
        raise PlaceholderError(f"{{{path}}}: this policy has no [{table}]")
    struct: Struct = policy
    key = table
    while rest:
        if not isinstance(here, Struct):
            raise PlaceholderError(f'{{{path}}}: "{key}" has no parts')
        struct = here
        key, _, rest = rest.partition(".")
        attribute = _attribute(here, key)
        if attribute is None:
            raise PlaceholderError(f'{{{path}}}: there is no key "{key}"')
        here = getattr(here, attribute)
        if here is None or here == "" or here == {} or here == []:
            raise PlaceholderError(f'{{{path}}}: "{key}" is not given')
    if isinstance(here, Struct) and not isinstance(here, Latest):
        raise PlaceholderError(f'{{{path}}}: name a key of "{key}"')
    return struct, key, here


def _attribute(struct: Struct, key: str) -> str | None:
    """The Python name of a key as it is written in the file."""
    names = dict(zip(struct.__struct_encode_fields__, struct.__struct_fields__, strict=True))
    return names.get(key)


def _one_of(tables: list[Struct], table: str, rest: str, path: str) -> tuple[Struct, str]:
    """Of several tables, the one that the path names by id, name or kind; ids may have dots."""
    best: tuple[Struct, str] | None = None
    longest = -1
    for each in tables:
        for name in (*_names(each), *_patterns(each)):
            if (rest == name or rest.startswith(f"{name}.")) and len(name) > longest:
                best, longest = (each, rest[len(name) + 1 :]), len(name)
    if best is None:
        known = ", ".join(name for each in tables for name in _names(each)) or "none"
        first = rest.partition(".")[0]
        raise PlaceholderError(f'{{{path}}}: there is no [[{table}]] "{first}"; there is {known}')
    return best


def _names(struct: Struct) -> Iterator[str]:
    for key in ("id", "name", "kinds", "purpose", "to"):
        value = getattr(struct, key, None)
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (each for each in value if isinstance(each, str))


def _patterns(struct: Struct) -> Iterator[str]:
    """A cookie's name without its star: ``_ga`` for ``_ga*``."""
    name = getattr(struct, "name", None)
    if isinstance(name, str) and name.endswith("*"):
        yield name.rstrip("*").rstrip("/")


def _word(policy: Policy, struct: Struct, key: str, value: object, language: str, form: str) -> str:
    match value:
        case bool():
            return "✓" if value else "✗"
        case int():
            return str(value)
        case datetime():
            return wording(language).moment(value, ZoneInfo(policy.policy.timezone))
        case dict():
            said = str(value.get(language) or value[policy.policy.authentic])
            return _within(said) if form == LOWER else said
        case Latest():
            return _words(policy, struct, key, value.latest, language, form)
        case list():
            return _words(policy, struct, key, value, language, form)
        case str():
            return _text(policy, struct, key, value, language, form)
        case _:
            raise PlaceholderError(f'"{key}" cannot be put into words')


def _within(name: str) -> str:
    """A name as it stands within a sentence; an abbreviation such as CRM keeps its letters."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _words(
    policy: Policy, struct: Struct, key: str, values: Sequence[object], language: str, form: str
) -> str:
    return ", ".join(_word(policy, struct, key, each, language, form) for each in values)


_LISTS = {
    "event": "events",
    "class": "cookie_classes",
    "right": "rights",
    "basis": "bases",
    "action": "actions",
    "role": "roles",
    "safeguard": "safeguards",
    "party": "parties",
}


def _text(policy: Policy, struct: Struct, key: str, value: str, language: str, form: str) -> str:
    rule = fields.RULES.get((type(struct).__name__, key))
    match rule:
        case fields.Term():
            return _term(value, language, form)
        case fields.Words() if rule.what in _LISTS:
            return wording(language).word(_LISTS[rule.what], value)
        case fields.Ref():
            for each in getattr(policy, rule.table):
                if each.id == value:
                    name = getattr(each, "name", None)
                    return str(name[language]) if isinstance(name, dict) and name else value
            return value
        case fields.Day():
            return wording(language).day(datetime.fromisoformat(value).date())
        case _:
            return value


def _term(value: str, language: str, form: str) -> str:
    try:
        term = parse_term(value, words=_ANY_WORD)
    except BadPeriodError as problem:
        raise PlaceholderError(str(problem)) from None
    if form == "amount":
        if not isinstance(term, Period):
            raise PlaceholderError(f'"{value}" has no amount')
        return str(term.amount)
    return in_words(term, language, form or "nominative")


def problems(policy: Policy, source: Source) -> Iterator[Problem]:
    """Every placeholder of the policy that leads nowhere, where it stands, and a remedy."""
    seen: dict[str, int] = {}
    for table, item, content in tables_of(policy):
        number = seen.get(table, 0)
        seen[table] = number + 1
        for key in PROSE.get(table, ()):
            value = getattr(content, key)
            for text in value if isinstance(value, list) else [value]:
                for language, words in text.items():
                    message = _trouble(policy, words, language)
                    if message is not None:
                        yield Problem(
                            source.file,
                            title(table, item, number),
                            f"{key}.{language}",
                            f"a placeholder that leads nowhere: {message}",
                            "Correct the path: table, id, key, as in "
                            "{retention.calls.at_most.period}.",
                            line=source.line(table, number, key),
                        )


def _trouble(policy: Policy, text: str, language: str) -> str | None:
    try:
        fill(policy, text, language)
    except PlaceholderError as problem:
        return str(problem)
    return None
