"""Two versions of a policy side by side: the rules first, in the reader's language, then the words.

The tables are those that people read in the notice, so a rule stands here as it stands there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from skola.promises.policy.catalogue import Version
from skola.promises.policy.changes import Change
from skola.promises.policy.notice_tables import Row, Shown, table
from skola.promises.policy.prose import Block, NoticeParagraph, notice
from skola.promises.policy.schema import Policy
from skola.promises.policy.vocabulary import TABLES_SHOWN


class Became(StrEnum):
    """What became of a rule or a paragraph."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing that a rule says, in both versions; empty where it says nothing."""

    heading: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A rule in both versions: only what differs of it."""

    rule: str
    name: str
    became: Became
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The rules of one table of the notice that differ."""

    kind: str
    caption: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph that reads otherwise."""

    number: str
    title: str
    """Of its section."""
    became: Became
    was: tuple[Block, ...]
    becomes: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two versions."""

    old: Version
    new: Version
    groups: tuple[Group, ...]
    others: tuple[Change, ...]
    """Rules that no table of the notice shows."""
    words: tuple[Words, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.groups or self.others or self.words)


def compare(old: Version, new: Version, language: str, changes: tuple[Change, ...]) -> Comparison:
    """Return what differs from ``old`` to ``new``, both as they are executed, in a language.

    ``changes`` are what changes for people between the two.
    """
    before, after = old.effective.policy, new.effective.policy
    groups = tuple(_groups(before, after, language))
    shown = {pair.rule.partition(".")[0] for group in groups for pair in group.pairs}
    rules = {pair.rule for group in groups for pair in group.pairs}
    others = tuple(
        one
        for one in changes
        if one.rule not in rules and not (one.rule in _WITHOUT_ID and one.rule in shown)
    )
    return Comparison(old, new, groups, others, tuple(_words(before, after, language)))


_WITHOUT_ID = {"right", "transfer", "cookie"}
"""Tables whose rules have no id: what the notice shows of them is all that is said."""


def _groups(before: Policy, after: Policy, language: str) -> Iterator[Group]:
    for kind in TABLES_SHOWN:
        if kind == "changes":
            continue
        was = table(before, kind, _spoken(before, language), whole=True)
        becomes = table(after, kind, language, whole=True)
        pairs = tuple(_pairs(was, becomes))
        if pairs:
            yield Group(kind, becomes.caption, pairs)


def _spoken(policy: Policy, language: str) -> str:
    """The language, or that which binds where an older version was not told in it."""
    head = policy.policy
    return language if language in head.languages else head.authentic


def _pairs(was: Shown, becomes: Shown) -> Iterator[Pair]:
    old, new = _by_rule(was), _by_rule(becomes)
    names, heads = becomes.headings[0], becomes.headings
    for rule, row in old.items():
        if rule not in new:
            cells = zip(heads[1:], row.cells[1:], strict=False)
            yield Pair(rule, row.cells[0], Became.GONE, _told(Cell(h, c, "") for h, c in cells))
    for rule, row in new.items():
        before = old.get(rule)
        if before is None:
            cells = zip(heads[1:], row.cells[1:], strict=False)
            yield Pair(rule, row.cells[0], Became.NEW, _told(Cell(h, "", c) for h, c in cells))
            continue
        both = zip_longest(heads, before.cells, row.cells, fillvalue="")
        differs = tuple(Cell(h or names, a, b) for h, a, b in both if a != b)
        if differs:
            yield Pair(rule, row.cells[0], Became.CHANGED, differs)


def _told(cells: Iterator[Cell]) -> tuple[Cell, ...]:
    return tuple(one for one in cells if one.was or one.becomes)


def _by_rule(shown: Shown) -> Mapping[str, Row]:
    """Rows by their rule; a second one of the same rule gets a number."""
    found: dict[str, Row] = {}
    for row in shown.rows:
        rule, number = row.rule, 2
        while rule in found:
            rule, number = f"{row.rule} {number}", number + 1
        found[rule] = row
    return found


def _words(before: Policy, after: Policy, language: str) -> Iterator[Words]:
    old, new = _paragraphs(before, _spoken(before, language)), _paragraphs(after, language)
    for number, (title, was) in old.items():
        if number not in new:
            yield Words(number, title, Became.GONE, was.blocks, ())
    for number, (title, becomes) in new.items():
        known = old.get(number)
        if known is None:
            yield Words(number, title, Became.NEW, (), becomes.blocks)
        elif known[1].blocks != becomes.blocks:
            yield Words(number, title, Became.CHANGED, known[1].blocks, becomes.blocks)


def _paragraphs(policy: Policy, language: str) -> dict[str, tuple[str, NoticeParagraph]]:
    return {
        each.id: (section.title, each)
        for section in notice(policy, language, versions=[policy]).sections
        for each in section.paragraphs
    }
