"""The notice laid out for a page: what stands beside each paragraph, and how it is said."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from markupsafe import Markup, escape

from skola.ground.ui.api import outside_mark
from skola.promises.notices import words
from skola.promises.notices.rules import Mark, State, anchor, marks_of, state_of
from skola.promises.notices.truth import Truth
from skola.promises.policy.catalogue import Version
from skola.promises.policy.clauses import known_keepers, known_register
from skola.promises.policy.notice_tables import Shown, table
from skola.promises.policy.prose import Block, Notice, NoticeParagraph, notice, without
from skola.promises.policy.schema import Policy
from skola.promises.policy.vocabulary import TABLES_SHOWN

MOST_MARKS = 3
"""Rules shown beside one paragraph; the page of all promises has the others."""


@dataclass(frozen=True, slots=True)
class Side:
    """What stands beside a paragraph."""

    state: State
    marks: tuple[Mark, ...]
    more: int
    """Rules that did not find room."""
    clauses: tuple[str, ...]
    tests: tuple[str, ...]
    """The tests that keep its clauses, as ``path::test``."""

    @property
    def partly(self) -> bool:
        """Whether some of its rules are kept and others could not be checked."""
        return self.state is State.KEPT and any(m.state is State.UNCHECKED for m in self.marks)

    @property
    def checked_at(self) -> datetime | None:
        """When its rules were last compared with the data."""
        return next((mark.checked_at for mark in self.marks if mark.checked_at), None)


@dataclass(frozen=True, slots=True)
class Beside:
    """A paragraph with what stands beside it."""

    id: str
    anchor: str
    number: str
    """The paragraph's own number; empty where it has only a name."""
    blocks: tuple[Block, ...]
    tables: tuple[Shown, ...]
    side: Side


@dataclass(frozen=True, slots=True)
class Part:
    """A section."""

    id: str
    title: str
    paragraphs: tuple[Beside, ...]

    @property
    def broken(self) -> int:
        """How many of its paragraphs hold a broken promise."""
        return sum(each.side.state is State.BROKEN for each in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Page:
    """A version of the policy in one language, with the marks."""

    version: Version
    notice: Notice
    parts: tuple[Part, ...]
    titles: Mapping[str, str]
    """What each rule is about, by its path."""


def lay_out(
    version: Version,
    language: str,
    truth: Truth | None,
    *,
    versions: Sequence[Version],
    unused: Collection[str] = (),
) -> Page:
    """Lay out a version; without ``truth`` (an old version) nothing stands beside it.

    Processors that are ``unused`` are left out (ema-2.4).
    """
    policy = version.effective.policy
    before = [each.effective.policy for each in versions]
    said = notice(policy, language, versions=before, unused=unused)
    hidden = {f"processor.{one}" for one in unused}
    marks = tuple(one for one in truth.marks if one.rule not in hidden) if truth else ()
    parts = tuple(
        Part(
            f"s-{section.id}",
            section.title,
            tuple(_beside(each, marks) for each in section.paragraphs),
        )
        for section in said.sections
    )
    rest = tuple(_rest(without(policy, unused), language, said, marks))
    if rest:
        parts = (*parts, Part("s-registers", gettext("Registers"), rest))
    return Page(version, said, parts, words.titles(policy, language))


def _rest(policy: Policy, language: str, said: Notice, marks: Sequence[Mark]) -> Iterator[Beside]:
    """Yield the tables that no paragraph shows: every notice is whole (learnifier-3.2.g)."""
    shown = {
        each.kind
        for section in said.sections
        for paragraph in section.paragraphs
        for each in paragraph.tables
    }
    for kind in TABLES_SHOWN:
        if kind in shown or kind == "changes":
            continue
        made = table(policy, kind, language)
        if made.rows:
            found = marks_of((), [row.rule for row in made.rows], marks)
            more = max(0, len(found) - MOST_MARKS)
            side = Side(state_of(found), found[:MOST_MARKS], more, (), ())
            yield Beside(kind, anchor(f"all-{kind}"), "", (), (made,), side)


def _beside(paragraph: NoticeParagraph, marks: Sequence[Mark]) -> Beside:
    found = marks_of(paragraph.clause, paragraph.rules, marks)
    kept_by = known_keepers()
    tests = tuple(
        dict.fromkeys(test for clause in paragraph.clause for test in kept_by.get(clause, ()))
    )
    promising = tuple(mark for mark in found if mark.state is not State.STATEMENT)
    state = state_of(promising)
    if not promising and _promises(paragraph.clause):
        state = State.UNCHECKED
    return Beside(
        id=paragraph.id,
        anchor=anchor(paragraph.id),
        number=paragraph.id if paragraph.id[:1].isdigit() else "",
        blocks=paragraph.blocks,
        tables=paragraph.tables,
        side=Side(
            state,
            promising[:MOST_MARKS],
            max(0, len(promising) - MOST_MARKS),
            paragraph.clause,
            tests,
        ),
    )


def _promises(clauses: Sequence[str]) -> bool:
    """Whether the register knows a way to check one of the clauses."""
    register = known_register()
    return any(register[clause].testable for clause in clauses if clause in register)


def paragraph_of(version: Version, clauses: Sequence[str]) -> str:
    """Return the anchor of the paragraph that tells of one of these clauses; empty where none."""
    named = set(clauses)
    for paragraph in version.written.paragraph:
        if named.intersection(paragraph.clause):
            return anchor(paragraph.id)
    return ""


def linked(text: str) -> Markup:
    """Return prose with its addresses as links; those of other hosts are marked as leaving.

    Clauses: ilearn-38, learnifier-1.b, ema-8.1, ekool-8.6.
    """
    parts: list[Markup] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(".,;:)")
        parts.append(escape(text[end : found.start()]))
        parts.append(_link(address))
        end = found.start() + len(address)
    return Markup("").join([*parts, escape(text[end:])])


_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>()„“”\"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)


def _link(address: str) -> Markup:
    if "@" in address and "/" not in address:
        return Markup('<a href="mailto:{0}">{0}</a>').format(address)
    target = address if "://" in address else f"https://{address}"
    return Markup('<a class="external" href="{}" rel="noopener noreferrer">{}{}</a>').format(
        target, address, outside_mark()
    )


@dataclass(frozen=True, slots=True)
class Stroke:
    """The ticks of one state on the strip: one for each promise, in the order of the policy."""

    state: State
    path: str


def strip(marks: Sequence[Mark]) -> tuple[Stroke, ...]:
    """Return the strip of all promises, a tick each: its height is its state."""
    heights = {
        State.BROKEN: 24,
        State.KEPT: 15,
        State.STALE: 11,
        State.UNCHECKED: 7,
        State.STATEMENT: 3,
    }
    return tuple(
        Stroke(state, "".join(f"M{n * 4 + 2} 24v-{height}" for n in places))
        for state, height in heights.items()
        if (places := [n for n, mark in enumerate(marks) if mark.state is state])
    )
