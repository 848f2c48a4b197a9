"""What the rules of forums answer."""

from itertools import product
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.forums.rules import (
    Kind,
    Reads,
    Setting,
    Visitor,
    contacts_in,
    mark_of,
    may_answer,
    may_begin,
    may_read,
    moderates,
)

COURSE, OTHER = uuid4(), uuid4()
VISITORS = {
    "nobody": Visitor(),
    "somebody": Visitor(is_known=True),
    "learner": Visitor(is_known=True, takes=frozenset({COURSE})),
    "maker": Visitor(is_known=True, makes=frozenset({COURSE})),
    "another's maker": Visitor(is_known=True, makes=frozenset({OTHER})),
    "author": Visitor(is_known=True, blogs=True),
    "staff": Visitor(is_known=True, runs=True, blogs=True),
}
KNOWN = set(VISITORS) - {"nobody"}
OF_COURSE = {"learner", "maker", "staff"}
READS = {Reads.EVERYBODY: set(VISITORS), Reads.SIGNED_IN: KNOWN, Reads.COURSE: OF_COURSE}


def who(rule: object, forum: Setting) -> set[str]:
    assert callable(rule)
    return {name for name, visitor in VISITORS.items() if rule(visitor, forum)}


@pytest.mark.parametrize(("kind", "reads"), list(product(Kind, Reads)))
def test_who_reads_writes_and_moderates(kind: Kind, reads: Reads) -> None:
    course = COURSE if reads is Reads.COURSE else None
    forum = Setting(kind, reads, course)
    runs = {"staff", "maker"} if course else {"staff"}

    assert who(may_read, forum) == READS[reads]
    assert who(may_answer, forum) == READS[reads] & KNOWN
    tell = (runs | {"author", "staff"}) if kind is Kind.BLOG else KNOWN
    assert who(may_begin, forum) == READS[reads] & tell
    assert who(moderates, forum) == runs
    closed = Setting(kind, reads, course, is_closed=True)
    assert who(may_answer, closed) == who(may_begin, closed) == set()
    assert who(may_read, closed) == READS[reads]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to anna.ozola+bees@example.org, please.", ("anna.ozola+bees@example.org",)),
        ("anna (at) example.org", ("anna (at) example.org",)),
        ("Ring +371 2555 5555 or 2555-5556.", ("+371 2555 5555", "2555-5556")),
        ("00371 (67) 555 555, twice 00371 (67) 555 555", ("00371 (67) 555 555",)),
        ("On 2026-03-02, 02.03.2026 or 2. 3. 2026, in 2025-2026", ()),
        ("Page 123456, 12 x 34, 3.14, v1.20.300.4000", ()),
        ("@anna said so; a@b", ()),
        ("", ()),
    ],
)
def test_contact_data_in_a_text(text: str, found: tuple[str, ...]) -> None:
    assert contacts_in(text) == found


@given(st.text(alphabet=st.characters(exclude_categories=["Nd"], exclude_characters="@([")))
def test_without_digits_and_signs_there_are_no_contact_data(text: str) -> None:
    assert contacts_in(text) == ()


def test_a_confirmation_holds_for_exactly_what_was_found() -> None:
    assert mark_of(["a@b.lv", "c@d.lv"]) == mark_of(["c@d.lv", "a@b.lv"])
    assert len({mark_of([]), mark_of(["a@b.lv"]), mark_of(["a@b.lv", "c@d.lv"])}) == 3
