"""What the pages of a copy tell beside the data: everything that GDPR Art. 15(1) and (2) demand.

Drawn from the policy that is in force, for the categories of which something is held.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from skola.ground.db.purposes import CLAIMS
from skola.ground.ui import formats
from skola.promises.disclosures.api import Given
from skola.promises.policy.api import InForce, Row, Shown, spoken, table, wording
from skola.promises.policy.prose import without
from skola.promises.policy.schema import Category, Policy, Purpose
from skola.promises.policy.vocabulary import CATEGORIES
from skola.promises.rights.access import words
from skola.promises.rights.access.rules import may_be_taken_along


@dataclass(frozen=True)
class Service:
    """Who made the copy, under which policy."""

    name: str
    controller: str
    reach: str
    version: str
    digest: str
    timezone: str


@dataclass(frozen=True)
class Section:
    """One question of Art. 15 with its answer: sentences, and tables of the policy."""

    anchor: str
    title: str
    words: tuple[str, ...]
    tables: tuple[Shown, ...] = ()


def service(found: InForce) -> Service:
    """Return who the controller is and which version of the policy was in force."""
    policy = found.policy
    contacts = [each for each in policy.contact if each.kind == "data-protection"]
    contact = (contacts or policy.contact)[0]
    reach = [policy.controller.address, contact.email, contact.phone]
    return Service(
        policy.service.name,
        policy.controller.name,
        ", ".join(part for part in reach if part),
        found.version.name,
        found.version.hash,
        policy.policy.timezone,
    )


def category_words(policy: Policy, category: str, language: str) -> tuple[str, str]:
    """Return what a category is called and what belongs to it."""
    said = _category(policy, category)
    english = CATEGORIES.get(category, "") if language == "en" else ""
    if said is None:
        return category.replace("_", " ").capitalize(), english
    return said.name[language], said.detail.get(language) or english


def sealed_words(
    kept: Iterable[tuple[str, datetime | None]], policy: Policy, language: str
) -> tuple[tuple[str, datetime | None], ...]:
    """Return for what alone something is kept, each until when, by the names of the policy.

    A rule of which no purpose speaks is called by its own name.
    """
    purposes = {each.id: each.name[language] for each in policy.purpose}
    rules = {each.id: each.name.get(language, each.id) for each in policy.retention}
    names = {**rules, **purposes, CLAIMS: _("a legal claim")}
    found = [(names.get(word, word), end, word in purposes or word == CLAIMS) for word, end in kept]
    told = [(name, end) for name, end, is_purpose in found if is_purpose]
    return tuple(told or [(name, end) for name, end, _is_purpose in found])


def _category(policy: Policy, category: str) -> Category | None:
    return next((each for each in policy.category if each.id == category), None)


def to_take_along(policy: Policy, category: str) -> bool:
    """Whether a category belongs to portability: provided, and kept on contract or consent."""
    said = _category(policy, category)
    bases = [each.basis.kind for each in _purposes(policy, {category})]
    return said is not None and may_be_taken_along(said.sources, bases)


def _purposes(policy: Policy, held: Collection[str]) -> list[Purpose]:
    return [each for each in policy.purpose if set(each.categories) & set(held)]


def sections(
    found: InForce,
    held: Collection[str],
    language: str,
    given: Sequence[Given],
    unused: Collection[str] = (),
) -> tuple[Section, ...]:
    """Return the answers of Art. 15 for data of these categories, in a language of the policy.

    ``given`` is what was passed on about the person within a year (ema-9.1.2-content). Processors
    that are ``unused`` receive nothing, and are not told of.
    """
    policy = found.policy
    return (
        Section(
            "why",
            _("Why your data are used, and on what legal basis"),
            (),
            (_only(policy, "purposes", language, _ids("purpose", policy.purpose, held)),),
        ),
        Section(
            "sources",
            _("Where your data come from"),
            (),
            (_only(policy, "categories", language, {f"category.{each}" for each in held}),),
        ),
        _recipients(without(policy, unused), held, language),
        _passed_on(given),
        Section(
            "how-long",
            _("How long your data are kept"),
            (_("The days that follow from this for your own data stand with each kind of data."),),
            (_only(policy, "retention", language, _ids("retention", policy.retention, held)),),
        ),
        Section("decisions", _("Decisions taken by software"), tuple(_decisions(policy, language))),
        _rights(policy, language),
        Section(
            "complaints",
            _("Where to turn, and where to complain"),
            (
                _(
                    "You may complain to the supervisory authority at any time, or go to court."
                    " Nobody may treat you worse for it."
                ),
            ),
            (table(policy, "contacts", language),),
        ),
    )


def _ids(kind: str, items: Collection[object], held: Collection[str]) -> set[str]:
    """The rules of a kind that concern these categories; one that names none concerns all."""
    found = set()
    for item in items:
        categories = getattr(item, "categories", [])
        if not categories or set(categories) & set(held):
            found.add(f"{kind}.{getattr(item, 'id', '')}")
    return found


def _only(policy: Policy, kind: str, language: str, rules: Collection[str]) -> Shown:
    whole = table(policy, kind, language)
    return replace(whole, rows=tuple(row for row in whole.rows if row.rule in rules))


def _recipients(policy: Policy, held: Collection[str], language: str) -> Section:
    tables = [
        _only(policy, "recipients", language, _ids("recipient", policy.recipient, held)),
        _only(policy, "processors", language, _ids("processor", policy.processor, held)),
    ]
    if policy.transfer:
        tables.append(table(policy, "transfers", language))
    said = _("These are all who may receive data of these kinds.")
    return Section(
        "recipients",
        _("Who may receive your data"),
        (said,),
        tuple(each for each in tables if each.rows),
    )


A_YEAR = timedelta(days=365)
"""How far back people are told who was given their data."""


def _passed_on(given: Sequence[Given]) -> Section:
    """Each passing on of the last year: when, to whom, why, on which ground, what."""
    caption = _("What was passed on about you in the last year")
    if not given:
        return Section("passed-on", caption, (_("Nothing."),))
    return Section("passed-on", caption, (), (passed_table(given),))


def passed_table(given: Sequence[Given]) -> Shown:
    """Return what was passed on as a table, in the active language."""
    caption = _("What was passed on about you in the last year")
    headings = (_("When"), _("To whom"), _("Why, and on which ground"), _("What"))
    rows = [Row("", (), (formats.day(one.at), _whom(one), _why(one), _what(one))) for one in given]
    return Shown("passed-on", caption, headings, tuple(rows))


def _whom(one: Given) -> str:
    role = _("third party") if one.third else _("works for us")
    return f"{one.recipient} ({', '.join(each for each in (role, one.where) if each)})"


def _why(one: Given) -> str:
    return "; ".join(each for each in (one.why, one.ground, one.reference) if each)


def _what(one: Given) -> str:
    return one.what or fields_in_words(one.fields)


def fields_in_words(fields: Iterable[str]) -> str:
    """Return fields as a policy names them in words, those of one record together."""
    by_record: dict[str, list[str]] = {}
    for name in fields:
        model, _dot, column = name.rpartition(".")
        by_record.setdefault(words.record(model), []).append(words.column(column))
    return "; ".join(f"{record}: {', '.join(columns)}" for record, columns in by_record.items())


def _decisions(policy: Policy, language: str) -> Iterator[str]:
    if not policy.automated:
        yield _(
            "No decision that has legal effects for you, or affects you similarly strongly, is"
            " taken by software alone."
        )
        return
    yield _("The policy names these decisions. You may ask for a person to review each of them.")
    for each in policy.automated:
        yield spoken(policy, each.consequence, language) or each.effect


def _rights(policy: Policy, language: str) -> Section:
    spoken = wording(language)
    contacts = [each for each in policy.contact if each.kind == "data-protection"]
    contact = (contacts or policy.contact)[0]
    ways = {
        "account": _("in your account"),
        "email": _("by e-mail to %(address)s") % {"address": contact.email},
        "in-person": _("in person, with a document that shows who you are"),
        "post": _("by post"),
    }
    named = [ways[each.channel] for each in policy.right_process.submit if each.channel in ways]
    kinds = {kind for right in policy.right for kind in right.kinds}
    said = [_("You can ask %(ways)s.") % {"ways": "; ".join(named)}] if named else []
    also = ("rectification", "erasure", "restriction", "objection")
    missing = [spoken.word("rights", kind) for kind in also if kind not in kinds]
    if missing:
        said.append(_("By law you may also ask for: %(rights)s.") % {"rights": ", ".join(missing)})
    return Section(
        "rights",
        _("What you may ask for, and how"),
        tuple(said),
        (table(policy, "rights", language),),
    )


def right_of(found: InForce, kind: str) -> tuple[str, ...] | None:
    """Return the clauses of a right; None where neither policy nor law gives it."""
    clauses = [
        clause for right in found.policy.right if kind in right.kinds for clause in right.clause
    ]
    has_right = any(kind in right.kinds for right in found.policy.right)
    return tuple(dict.fromkeys(clauses)) if has_right else None


def answer_due(found: InForce, kind: str, asked_at: datetime) -> date | None:
    """Return the last day on which a request may be answered; None where nothing says one."""
    try:
        return found.effective.answer_by(kind, asked_at).limit_on
    except LookupError:
        return None
