from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.courses.rules import (
    RESERVED_SLUGS,
    Direction,
    Gap,
    LessonFacts,
    LessonKind,
    Missing,
    Seen,
    Step,
    blocks_of,
    joined,
    minutes_to_read,
    missing,
    moved,
    plain_letters,
    player_of,
    slug_of,
    step_of,
    swapped,
    tags_in,
    what_next,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
A, B, C, D = (UUID(int=number) for number in range(1, 5))


def _facts(
    kind: LessonKind = LessonKind.TEXT,
    *,
    text: bool = False,
    media: bool = False,
    captions: bool = False,
    description: bool = False,
) -> LessonFacts:
    return LessonFacts(B, kind, text, media, captions, description)


def _seen(minutes: int, *, done: bool) -> Seen:
    return Seen(last_at=NOW + timedelta(minutes=minutes), done=done)


def test_an_empty_course_lacks_a_summary_and_a_lesson() -> None:
    assert missing(" ", []) == [Missing(Gap.SUMMARY), Missing(Gap.NO_LESSON)]


@pytest.mark.parametrize(
    ("facts", "gaps"),
    [
        (_facts(), [Gap.NO_TEXT]),
        (_facts(text=True), []),
        (_facts(LessonKind.FILE, text=True), [Gap.NO_FILE]),
        (_facts(LessonKind.FILE, media=True), []),
        (_facts(LessonKind.VIDEO), [Gap.NO_FILE]),
        (_facts(LessonKind.VIDEO, media=True), [Gap.NO_CAPTIONS]),
        (_facts(LessonKind.VIDEO, media=True, captions=True), []),
        (_facts(LessonKind.PICTURE, media=True), [Gap.NO_DESCRIPTION]),
        (_facts(LessonKind.PICTURE, media=True, description=True), []),
    ],
)
def test_what_a_lesson_lacks(facts: LessonFacts, gaps: list[Gap]) -> None:
    assert missing("About", [(A, [facts])]) == [Missing(gap, B) for gap in gaps]


def test_an_empty_part_is_named_when_another_has_lessons() -> None:
    assert missing("About", [(A, [_facts(text=True)]), (C, [])]) == [Missing(Gap.EMPTY_SECTION, C)]


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        ({}, A),
        ({A: _seen(1, done=False)}, A),
        ({A: _seen(1, done=True)}, B),
        ({A: _seen(1, done=True), B: _seen(2, done=False)}, B),
        ({B: _seen(2, done=False), A: _seen(3, done=False)}, A),
        ({C: _seen(2, done=True)}, A),
        ({A: _seen(1, done=True), C: _seen(2, done=True)}, B),
        ({one: _seen(1, done=True) for one in (A, B, C)}, A),
        ({D: _seen(9, done=False)}, A),
    ],
)
def test_a_learner_goes_on_where_they_stopped(seen: dict[UUID, Seen], wanted: UUID) -> None:
    assert what_next([A, B, C], seen) == wanted


def test_in_a_course_without_lessons_there_is_nowhere_to_go() -> None:
    assert what_next([], {A: _seen(1, done=False)}) is None


@given(st.dictionaries(st.sampled_from([A, B, C, D]), st.booleans()))
def test_nobody_is_led_to_a_lesson_that_is_done_while_one_is_open(done: dict[UUID, bool]) -> None:
    seen = {one: _seen(number, done=state) for number, (one, state) in enumerate(done.items())}
    wanted = what_next([A, B, C, D], seen)
    assert wanted is not None
    assert not done.get(wanted, False) or all(done.get(one) for one in (A, B, C, D))


@pytest.mark.parametrize(
    ("seen", "step"),
    [(None, Step.AHEAD), (_seen(0, done=False), Step.BEGUN), (_seen(0, done=True), Step.DONE)],
)
def test_a_step_is_told_from_what_was_seen(seen: Seen | None, step: Step) -> None:
    assert step_of(seen) is step


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("First aid at work", "first-aid-at-work"),
        ("Grāmatvedības pamati: 1. daļa", "gramatvedibas-pamati-1-dala"),
        ("Õppimine ja Ärevus", "oppimine-ja-arevus"),
        ("Введение", "untitled"),
        ("Mine", "mine-2"),
        ("Taken", "taken-3"),
        ("x" * 200, "x" * 60),
    ],
)
def test_the_address_of_a_title(title: str, slug: str) -> None:
    assert slug_of(title, ["taken", "taken-2"]) == slug


@given(st.text(max_size=80), st.sets(st.text(alphabet="ab-2", max_size=4)))
def test_an_address_is_free_and_can_be_an_address(title: str, taken: set[str]) -> None:
    slug = slug_of(title, taken)
    assert slug not in taken | RESERVED_SLUGS
    assert slug.isascii()
    assert slug.replace("-", "").isalnum()
    assert len(slug) <= 70


def test_plain_letters_make_marks_and_capitals_equal() -> None:
    assert plain_letters("GRĀMATVEDĪBA Straße šķērslis") == "gramatvediba strasse skerslis"


def test_a_text_takes_at_least_a_minute() -> None:
    assert [minutes_to_read(""), minutes_to_read("word " * 900)] == [1, 5]


ORDER: list[tuple[UUID, Sequence[UUID]]] = [(UUID(int=10), [A, B]), (UUID(int=11), [C])]


@pytest.mark.parametrize(
    ("lesson", "direction", "after"),
    [
        (B, Direction.UP, [[B, A], [C]]),
        (A, Direction.DOWN, [[B, A], [C]]),
        (B, Direction.DOWN, [[A], [B, C]]),
        (C, Direction.UP, [[A, B, C], []]),
        (A, Direction.UP, [[A, B], [C]]),
        (C, Direction.DOWN, [[A, B], [C]]),
        (D, Direction.UP, [[A, B], [C]]),
    ],
)
def test_a_lesson_moves_by_one_place(
    lesson: UUID, direction: Direction, after: list[list[UUID]]
) -> None:
    assert [lessons for _, lessons in moved(ORDER, lesson, direction)] == after


@given(st.lists(st.sampled_from([A, B, C]), max_size=12), st.sampled_from(list(Direction)))
def test_moving_loses_no_lesson(steps: list[UUID], direction: Direction) -> None:
    order: Sequence[tuple[UUID, Sequence[UUID]]] = ORDER
    for lesson in steps:
        order = moved(order, lesson, direction)
    assert {one for _, lessons in order for one in lessons} == {A, B, C}


def test_a_part_moves_by_one_place_and_not_over_the_edge() -> None:
    assert swapped([A, B, C], B, Direction.UP) == [B, A, C]
    assert swapped([A, B, C], A, Direction.UP) == [A, B, C]
    assert swapped([A, B, C], C, Direction.DOWN) == [A, B, C]
    assert swapped([A, B], D, Direction.UP) == [A, B]


def test_an_address_that_stands_alone_is_content_and_in_code_it_is_not() -> None:
    code = "```\n\nhttps://b.example/\n\n```"
    text = f"One.\n\nTwo, https://a.example/ here.\n\nhttps://c.example/\n\n{code}"
    assert blocks_of(text) == [
        ("One.\n\nTwo, https://a.example/ here.", False),
        ("https://c.example/", True),
        (code, False),
    ]


def test_the_page_of_a_video_becomes_its_player_and_other_addresses_stay() -> None:
    player = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"
    assert player_of("https://youtu.be/dQw4w9WgXcQ?t=3") == player
    assert player_of("https://www.youtube.com/watch?list=x&v=dQw4w9WgXcQ") == player
    assert player_of("https://maps.example/") == "https://maps.example/"


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", []),
        (" , ,", []),
        ("Nature", ["nature"]),
        ("first  aid, Nature,nature", ["first aid", "nature"]),
        ("a|b, Ēka", ["a b", "ēka"]),
    ],
)
def test_tags_are_small_words_each_once(text: str, tags: list[str]) -> None:
    assert tags_in(text) == tags


@given(st.text(max_size=60))
def test_each_tag_is_found_in_what_is_stored(text: str) -> None:
    tags = tags_in(text)
    assert all(f"|{one}|" in joined(tags) for one in tags)
    assert tags_in(", ".join(tags)) == tags
