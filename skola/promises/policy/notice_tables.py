"""The tables below the paragraphs of a notice, generated from the rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from babel import Locale

from skola.promises.policy.forms import in_words
from skola.promises.policy.periods import Word, parse, parse_term
from skola.promises.policy.placeholders import fill
from skola.promises.policy.schema import (
    Latest,
    Policy,
    Purpose,
    Retention,
    Right,
    Text,
    in_language,
)
from skola.promises.policy.vocabulary import BY_CONTRACT
from skola.promises.policy.wording import Wording, wording

_WORDS = frozenset(Word)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the rule it shows (``retention.calls``), its clauses, and its cells."""

    rule: str
    clause: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A table in one language."""

    kind: str
    caption: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def table(
    policy: Policy,
    kind: str,
    language: str,
    *,
    versions: Sequence[Policy] = (),
    whole: bool = False,
) -> Shown:
    """One of the tables of ``vocabulary.TABLES_SHOWN``. Raises KeyError for another.

    ``whole`` keeps the columns in which nothing stands, so that two versions have the same.
    """
    words = wording(language)
    if kind == "changes":
        headings, rows = _changes(policy, words, versions)
    else:
        headings, rows = _MAKERS[kind](policy, words)
        if not whole:
            headings, rows = _without_empty(headings, rows)
    return Shown(
        kind,
        words.word("captions", kind),
        tuple(words.word("headings", heading) for heading in headings),
        tuple(rows),
    )


Made = tuple[Sequence[str], list[Row]]


def _without_empty(headings: Sequence[str], rows: list[Row]) -> Made:
    """A table without the columns in which nothing stands."""
    kept = [n for n in range(len(headings)) if any(row.cells[n] for row in rows)]
    if len(kept) == len(headings) or not rows:
        return headings, rows
    return [headings[n] for n in kept], [
        replace(row, cells=tuple(row.cells[n] for n in kept)) for row in rows
    ]


def _named(policy: Policy, words: Wording, ids: Sequence[str]) -> str:
    names = {category.id: category.name[words.language] for category in policy.category}
    return ", ".join(names.get(each, each) for each in ids)


def _purposes(policy: Policy, words: Wording) -> Made:
    rows = []
    for purpose in policy.purpose:
        basis = words.word("bases", purpose.basis.kind)
        why = purpose.basis.interest.get(words.language) or in_language(
            purpose.basis.law, words.language
        )
        article = f"{basis} ({words.sentence('article', art=purpose.basis.art)})"
        rows.append(
            Row(
                f"purpose.{purpose.id}",
                tuple(purpose.clause),
                (
                    purpose.name[words.language],
                    f"{article}: {why}" if why else article,
                    _used(policy, words, purpose),
                ),
            )
        )
    return ("purpose", "basis", "data"), rows


def _used(policy: Policy, words: Wording, purpose: Purpose) -> str:
    """The data of a purpose, and those of which it makes numbers and keeps nothing."""
    held = _named(policy, words, purpose.categories)
    counted = purpose.output.counts if purpose.output else []
    if not counted:
        return held
    return f"{held}; {words.sentence('counted', what=_named(policy, words, counted))}"


def _retention(policy: Policy, words: Wording) -> Made:
    rows = [
        Row(
            f"retention.{rule.id}",
            tuple(rule.clause),
            (
                rule.name.get(words.language) or _named(policy, words, rule.categories),
                _named(policy, words, rule.categories),
                " ".join(terms_in_words(rule, words)),
            ),
        )
        for rule in policy.retention
    ]
    return ("name", "data", "term"), rows


def terms_in_words(rule: Retention, words: Wording) -> list[str]:
    """What a retention rule says, one sentence for each of its terms."""
    said = []
    if rule.at_least is not None:
        if rule.at_least.while_:
            states = words.word("states", rule.at_least.while_.partition(":")[0])
            full = words.lists["states"].get(rule.at_least.while_, states)
            said.append(words.sentence("at_least_while", states=full))
        elif rule.at_least.period != "law":
            said.append(
                words.sentence(
                    "at_least",
                    period=parse(rule.at_least.period),
                    event=_event(rule.at_least.after, words),
                )
            )
    if rule.keep_while:
        said.append(_kept_while(rule, words))
    if rule.at_most is not None:
        said.append(
            words.sentence(
                "at_most",
                period=parse(rule.at_most.period),
                event=_event(rule.at_most.after, words),
                action=words.word("actions", rule.at_most.action),
            )
        )
    if rule.override is not None and rule.override.by in BY_CONTRACT:
        said.append(
            words.sentence(
                "by_contract",
                shortest=parse(rule.override.shortest),
                longest=parse(rule.override.longest),
                event=words.word("events", BY_CONTRACT[rule.override.by]),
            )
        )
    if rule.backstop is not None:
        said.append(
            words.sentence(
                "backstop",
                period=parse(rule.backstop.period),
                event=_event(rule.backstop.after, words),
            )
        )
    return said


def _kept_while(rule: Retention, words: Wording) -> str:
    within = rule.then.within if rule.then else "1 day"
    action = words.word("actions", rule.then.action if rule.then else "erase")
    term = parse_term(within, words=_WORDS)
    name = "keep_any" if isinstance(rule.keep_while, str) else "keep_while"
    states = ""
    if isinstance(rule.keep_while, list):
        states = words.lists["sentences"]["or"].join(
            words.lists["states"].get(state) or words.word("states", state.partition(":")[0])
            for state in rule.keep_while
        )
    if isinstance(term, Word):
        return words.sentence(f"{name}_at_once", states=states, action=action)
    return words.sentence(name, states=states, within=term, action=action)


def _event(after: str | Latest, words: Wording) -> str:
    if isinstance(after, Latest):
        events = ", ".join(words.word("events", event) for event in after.latest)
        return words.sentence("latest", events=events)
    return words.word("events", after)


def _cookies(policy: Policy, words: Wording) -> Made:
    rows = []
    for cookie in policy.cookie:
        stores = cookie.stores[words.language]
        if cookie.retired:
            stores = f"{stores} ({words.lists['sentences']['retired']})"
        party = words.word("parties", cookie.party)
        rows.append(
            Row(
                f"cookie.{cookie.name}",
                tuple(cookie.clause),
                (
                    cookie.name,
                    words.word("cookie_classes", cookie.class_),
                    f"{party}, {cookie.host}" if cookie.host else party,
                    in_words(parse_term(cookie.lifetime, words=_WORDS), words.language),
                    stores,
                ),
            )
        )
    return ("name", "class", "set_by", "lifetime", "stores"), rows


def _detail(detail: Text, english: str, words: Wording) -> str:
    """A text of the policy; the English word list stands for it in the English notice only."""
    return detail.get(words.language) or (english if words.language == "en" else "")


def _recipients(policy: Policy, words: Wording) -> Made:
    rows = [
        Row(
            f"recipient.{each.id}",
            tuple(each.clause),
            (
                each.name[words.language],
                words.word("roles", each.role),
                _detail(each.detail, each.for_, words),
                _named(policy, words, each.categories) or words.lists["sentences"]["all_data"],
            ),
        )
        for each in policy.recipient
    ]
    return ("recipient", "role", "why", "data"), rows


def _processors(policy: Policy, words: Wording) -> Made:
    rows = [
        Row(
            f"processor.{each.id}",
            tuple(each.clause),
            (
                ", ".join(
                    [
                        each.name[words.language],
                        *(one for one in each.names if one not in each.name[words.language]),
                    ]
                ),
                _detail(each.detail, ", ".join(each.does), words),
                place_in_words(each.location, words.language),
            ),
        )
        for each in policy.processor
    ]
    return ("name", "does", "location"), rows


def place_in_words(place: str, language: str) -> str:
    """Where, in the language; a place described in English only is a third country elsewhere."""
    words = wording(language)
    if len(place) == 2 and place not in words.lists["places"]:
        return str(Locale.parse(words.language).territories.get(place, place))
    if words.language == "en" or len(place) <= 3 or place in words.lists["places"]:
        return words.word("places", place)
    return words.word("places", "third countries" if "outside" in place else place)


def _rights(policy: Policy, words: Wording) -> Made:
    rows = [
        Row(
            f"right.{right.kinds[0]}",
            tuple(right.clause),
            (
                ", ".join(words.word("rights", kind) for kind in right.kinds),
                _answer(right, words),
            ),
        )
        for right in policy.right
    ]
    return ("right", "answer"), rows


def _answer(right: Right, words: Wording) -> str:
    term = parse_term(right.deadline, words=_WORDS)
    if not right.extendable:
        return in_words(term, words.language)
    return words.sentence(
        "extendable", period=term, extension=parse_term(right.extendable, words=_WORDS)
    )


def _contacts(policy: Policy, words: Wording) -> Made:
    people = [
        Row(
            f"contact.{each.id}",
            tuple(each.clause),
            (
                words.word("contact_kinds", each.kind),
                ", ".join(part for part in (each.email, each.phone, each.address) if part),
            ),
        )
        for each in policy.contact
    ]
    offices = [
        Row(
            f"authority.{each.id}",
            tuple(each.clause),
            (
                each.name[words.language],
                ", ".join(part for part in (each.email, each.website, each.address) if part),
            ),
        )
        for each in policy.authority
    ]
    return ("kind", "reach"), [*people, *offices]


def _categories(policy: Policy, words: Wording) -> Made:
    rows = [
        Row(
            f"category.{each.id}",
            tuple(each.clause),
            (
                each.name[words.language],
                _detail(
                    each.detail,
                    ", ".join(word.rstrip("?").replace("_", " ") for word in each.holds),
                    words,
                ),
                ", ".join(words.source(one) for one in each.sources),
            ),
        )
        for each in policy.category
    ]
    return ("data", "holds", "source"), [*_groups(policy, words), *rows]


def _groups(policy: Policy, words: Wording) -> list[Row]:
    """Groups of categories, each with its parts by name; they stand before the categories."""
    return [
        Row(
            f"category_group.{each.id}",
            tuple(each.clause),
            (each.name[words.language], _named(policy, words, each.categories), ""),
        )
        for each in policy.category_group
    ]


def _changes(policy: Policy, words: Wording, versions: Sequence[Policy]) -> Made:
    known = {each.policy.version: each for each in [policy, *versions]}
    newest_first = sorted(known.values(), key=lambda each: each.policy.effective, reverse=True)
    rows = [
        Row(
            f"policy.{each.policy.version}",
            tuple(each.policy.clause),
            (
                each.policy.version,
                fill(each, "{policy.effective}", words.language),
                each.policy.reason.get(words.language, ""),
            ),
        )
        for each in newest_first
    ]
    older = sorted(policy.log, key=lambda entry: entry.on, reverse=True)
    rows.extend(
        Row("log", tuple(entry.clause), (entry.on, entry.on, entry.text[words.language]))
        for entry in older
    )
    return ("version", "effective", "reason"), rows


def _transfers(policy: Policy, words: Wording) -> Made:
    workers = {each.id: each.name[words.language] for each in policy.processor}
    rows = []
    for number, each in enumerate(policy.transfer, 1):
        english = words.language == "en"
        who = [
            workers.get(one, one) if isinstance(one, str) else one[words.language]
            for one in each.who
            if english or isinstance(one, dict) or one in workers
        ]
        place = each.to if english else words.word("places", "third countries")
        rows.append(
            Row(
                f"transfer.{number}",
                tuple(each.clause),
                (
                    each.detail.get(words.language) or place,
                    ", ".join(who),
                    ", ".join(words.word("safeguards", one) for one in each.safeguard),
                ),
            )
        )
    return ("to", "who", "safeguard"), rows


_MAKERS: Mapping[str, Callable[[Policy, Wording], Made]] = {
    "purposes": _purposes,
    "retention": _retention,
    "cookies": _cookies,
    "recipients": _recipients,
    "processors": _processors,
    "rights": _rights,
    "contacts": _contacts,
    "categories": _categories,
    "transfers": _transfers,
}
