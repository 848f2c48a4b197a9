"""The policy of an academy, made from the template and what the client and the agreement say.

The operator's own policy gives what follows from it: the countries' clocks, the subprocessors that
work on customers' data (learnifier-3.2.d, 3.2.g), and the terms of the agreement (learnifier-12.c).
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from skola.promises.policy.api import Policy, place_in_words

TEMPLATE = Path(__file__).parent / "template" / "academy.toml"
LANGUAGES = ("en", "lv", "lt", "et", "sv")
ZONES = {
    "SE": "Europe/Stockholm",
    "LV": "Europe/Riga",
    "LT": "Europe/Vilnius",
    "EE": "Europe/Tallinn",
}
"""Countries whose law and calendar the platform knows, and their time zones."""
BOOKS = {
    "SE": ("7 years", "fiscal_year.end"),
    "LV": ("5 years", "invoice.issued"),
    "LT": ("10 years", "invoice.issued"),
    "EE": ("7 years", "fiscal_year.end"),
}
"""How long the law of a country wants invoices kept, and from when."""
BOOKS_LAW = {
    "SE": {
        "en": "Accounting Act of Sweden (1999:1078), chapter 7, section 2",
        "lv": "Zviedrijas Grāmatvedības likuma (1999:1078) 7. nodaļas 2. pants",
        "lt": "Švedijos apskaitos įstatymo (1999:1078) 7 skyriaus 2 straipsnis",
        "et": "Rootsi raamatupidamisseaduse (1999:1078) 7. peatüki § 2",
        "sv": "Bokföringslagen (1999:1078) 7 kap. 2 §",
    },
    "LV": {
        "en": "Accounting Act of Latvia",
        "lv": "Grāmatvedības likums",
        "lt": "Latvijos apskaitos įstatymas",
        "et": "Läti raamatupidamisseadus",
        "sv": "Lettlands bokföringslag",
    },
    "LT": {
        "en": "Index of General Document Storage Terms of Lithuania",
        "lv": "Lietuvas Vispārējo dokumentu glabāšanas termiņu rādītājs",
        "lt": "Bendrųjų dokumentų saugojimo terminų rodyklė",
        "et": "Leedu üldiste dokumentide säilitustähtaegade loetelu",
        "sv": "Litauens förteckning över allmänna bevarandetider för handlingar",
    },
    "EE": {
        "en": "Accounting Act of Estonia, section 12",
        "lv": "Igaunijas Grāmatvedības likuma 12. pants",
        "lt": "Estijos apskaitos įstatymo 12 straipsnis",
        "et": "Raamatupidamise seadus § 12",
        "sv": "Estlands bokföringslag, 12 §",
    },
}
"""Which law it is, in each language that an academy can have."""
CUSTOMER_DATA = "client_data"
_TRANSLATED = re.compile(r"[\w.]+\.(en|lv|lt|et|sv) = ")
_VALUE = re.compile(r"@(\w+)@")
_WITHIN = re.compile(r"<<(\w+)>>")
_BLOCK = re.compile(r"#\? (sells|inside|end)")


@dataclass(frozen=True)
class Subprocessor:
    """Who works for the operator on customers' data."""

    id: str
    names: Mapping[str, str]
    does: Sequence[str]
    location: str
    contract: str | Mapping[str, str]
    safeguard: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    """What they do, by language."""

    def where(self, language: str) -> str:
        """Return where the data are, in the language of a page."""
        return place_in_words(self.location, language)


@dataclass(frozen=True)
class Wanted:
    """What a client says about its academy, and what was agreed."""

    slug: str
    hosts: Sequence[str]
    name: str
    """What stands at the head of each page."""
    tagline: str
    accent: str
    organisation: str
    number: str
    address: str
    email: str
    country: str
    languages: Sequence[str]
    operator: str
    reference: str
    """The number of the agreement."""
    days: int
    """For how long everything stays after the end, so that the client can fetch it."""
    subprocessors: Sequence[Subprocessor] = field(default_factory=tuple)
    logo: str = ""
    """Where the picture is, as a path."""
    sells: bool = False
    """Whether it sells courses to others, and not only trains its own people."""


@dataclass(frozen=True)
class Edition:
    """Which version of the policy it is to be."""

    version: str
    published: datetime
    effective: datetime
    replaces: str = ""
    classification: str = "initial"
    reason: Mapping[str, str] = field(default_factory=dict)
    """Why, by language; needed but for the initial one."""


def subprocessors_of(operator: Policy) -> tuple[Subprocessor, ...]:
    """Return who, by the operator's own policy, works on customers' data."""
    return tuple(
        Subprocessor(
            id=f"sub-{one.id}",
            names=one.name,
            does=one.does,
            location=one.location,
            contract=one.contract,
            safeguard=one.safeguard,
            detail=one.detail,
        )
        for one in operator.processor
        if CUSTOMER_DATA in one.categories
    )


@cache
def _template() -> tuple[str, ...]:
    return tuple(TEMPLATE.read_text(encoding="utf-8").splitlines())


def written(wanted: Wanted, edition: Edition) -> str:
    """Return the text of the policy file of an academy."""
    values = _values(wanted, edition)
    within = {"reference": wanted.reference}
    lines = []
    for line in _lines("sells" if wanted.sells else "inside"):
        translated = _TRANSLATED.match(line)
        if translated and translated[1] not in wanted.languages:
            continue
        filled = _VALUE.sub(lambda found: values[found[1]], line)
        lines.append(_WITHIN.sub(lambda found: _text(within[found[1]])[1:-1], filled))
    return "\n".join(lines) + "\n"


def _lines(kind: str) -> Iterator[str]:
    """The lines of the template for all academies, and those for one of this kind."""
    block = ""
    for line in _template():
        if found := _BLOCK.fullmatch(line):
            block = "" if found[1] == "end" else found[1]
        elif block in ("", kind):
            yield line


def _text(value: str) -> str:
    """Return a basic string of TOML, which JSON's strings are but for the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _values(wanted: Wanted, edition: Edition) -> dict[str, str]:
    period, after = BOOKS[wanted.country]
    source = f"Processing agreement {wanted.reference} with {wanted.operator}"
    return {
        "slug": _text(wanted.slug),
        "version": _text(edition.version),
        "source": _text(source),
        "languages": _list(wanted.languages),
        "authentic": _text(wanted.languages[0]),
        "published": edition.published.isoformat(),
        "effective": edition.effective.isoformat(),
        "timezone": _text(ZONES[wanted.country]),
        "country": _text(wanted.country),
        "law": _list(("EU", wanted.country)),
        "change": "\n".join(_change(wanted, edition)),
        "name": _text(wanted.name),
        "accent": _text(wanted.accent),
        "logo": _text(wanted.logo),
        "tagline": _text(wanted.tagline),
        "organisation": _text(wanted.organisation),
        "number": _text(wanted.number),
        "address": _text(wanted.address),
        "email": _text(wanted.email),
        "hosts": _list(wanted.hosts),
        "operator": _text(wanted.operator),
        "agreement": _text(f"art28: {wanted.reference}"),
        "days": _text(f"{wanted.days} days"),
        "silent": _text("2 years"),
        "accounting_period": _text(period),
        "accounting_after": _text(after),
        **{f"accounting_law_{code}": _text(law) for code, law in BOOKS_LAW[wanted.country].items()},
        "subprocessors": "\n".join(_subprocessors(wanted)),
    }


def _change(wanted: Wanted, edition: Edition) -> Iterator[str]:
    yield f"classification = {_text(edition.classification)}"
    if edition.replaces:
        yield f"replaces = {_text(edition.replaces)}"
    for language in wanted.languages if edition.reason else ():
        yield f"reason.{language} = {_text(edition.reason[language])}"


def _in_each(key: str, text: Mapping[str, str], languages: Sequence[str]) -> Iterator[str]:
    """A text of the operator in the languages of an academy; English stands for one it lacks."""
    for language in languages:
        said = text.get(language) or text.get("en") or next(iter(text.values()))
        yield f"{key}.{language} = {_text(said)}"


def _subprocessors(wanted: Wanted) -> Iterator[str]:
    for one in wanted.subprocessors:
        yield "\n[[processor]]"
        yield f"id = {_text(one.id)}"
        yield from _in_each("name", one.names, wanted.languages)
        yield f"does = {_list(one.does)}"
        if one.detail:
            yield from _in_each("detail", one.detail, wanted.languages)
        if isinstance(one.contract, str):
            yield f"contract = {_text(one.contract)}"
        else:
            yield from _in_each("contract", one.contract, wanted.languages)
        yield f"location = {_text(one.location)}"
        if one.safeguard:
            yield f"safeguard = {_text(one.safeguard)}"
