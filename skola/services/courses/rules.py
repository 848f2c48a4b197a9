"""Decisions about courses: what one lacks before it is published, what a learner does next."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

WORDS_A_MINUTE = 180
"""How fast a lesson is read (Brysbaert 2019 has 238 for prose; lessons are read with care)."""
RESERVED_SLUGS = frozenset({"children", "library", "mine", "making", "new"})
SLUG_LONGEST = 60
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "þ": "th"})


class LessonKind(StrEnum):
    """What a lesson mainly is. Every kind may have a text besides."""

    TEXT = "text"
    PICTURE = "picture"
    VIDEO = "video"
    FILE = "file"
    EXERCISE = "exercise"


class Step(StrEnum):
    """How far a learner is with a lesson."""

    DONE = "done"
    BEGUN = "begun"
    AHEAD = "ahead"


class Gap(StrEnum):
    """Why a course cannot be published yet."""

    SUMMARY = "summary"
    NO_LESSON = "no lesson"
    EMPTY_SECTION = "empty section"
    NO_TEXT = "no text"
    NO_FILE = "no file"
    NO_CAPTIONS = "no captions"
    NO_DESCRIPTION = "no description"
    NO_QUESTIONS = "no questions"


@dataclass(frozen=True)
class LessonFacts:
    """What the checks need to know of a lesson."""

    id: UUID
    kind: LessonKind
    has_text: bool
    has_media: bool
    has_captions: bool
    has_description: bool
    has_questions: bool = False


@dataclass(frozen=True)
class Missing:
    """What is missing and where: the id of a section or a lesson, None for the course."""

    gap: Gap
    where: UUID | None = None


def missing(summary: str, sections: Sequence[tuple[UUID, Sequence[LessonFacts]]]) -> list[Missing]:
    """Return what a course lacks before it can be published, in the order of its pages."""
    found = [] if summary.strip() else [Missing(Gap.SUMMARY)]
    if not any(lessons for _, lessons in sections):
        return [*found, Missing(Gap.NO_LESSON)]
    for section, lessons in sections:
        if not lessons:
            found.append(Missing(Gap.EMPTY_SECTION, section))
        for lesson in lessons:
            found += [Missing(gap, lesson.id) for gap in _gaps(lesson)]
    return found


def _gaps(lesson: LessonFacts) -> Iterable[Gap]:
    if lesson.kind is LessonKind.TEXT:
        if not lesson.has_text:
            yield Gap.NO_TEXT
    elif lesson.kind is LessonKind.EXERCISE:
        if not lesson.has_questions:
            yield Gap.NO_QUESTIONS
    elif not lesson.has_media:
        yield Gap.NO_FILE
    elif lesson.kind is LessonKind.VIDEO and not lesson.has_captions:
        yield Gap.NO_CAPTIONS
    elif lesson.kind is LessonKind.PICTURE and not lesson.has_description:
        yield Gap.NO_DESCRIPTION


@dataclass(frozen=True)
class Seen:
    """What is known of a learner and one lesson, both moments aware."""

    last_at: datetime
    done: bool


def what_next(lessons: Sequence[UUID], seen: dict[UUID, Seen]) -> UUID | None:
    """Return the lesson a learner goes on with, None when the course has no lesson.

    That is the one they looked at last, as long as it is not done; then the next one after it that
    is not done, then the first that is not. When all are done it is the first one again.
    """
    if not lessons:
        return None
    known = [lesson for lesson in lessons if lesson in seen]
    last = max(known, key=lambda lesson: seen[lesson].last_at, default=None)
    start = lessons.index(last) if last is not None else 0
    for lesson in [*lessons[start:], *lessons[:start]]:
        if lesson not in seen or not seen[lesson].done:
            return lesson
    return lessons[0]


def step_of(seen: Seen | None) -> Step:
    """Return how far a learner is with a lesson of which this is known."""
    if seen is None:
        return Step.AHEAD
    return Step.DONE if seen.done else Step.BEGUN


def minutes_to_read(text: str) -> int:
    """Return how long a text takes, in whole minutes and at least one."""
    return max(1, round(len(text.split()) / WORDS_A_MINUTE))


def plain_letters(text: str) -> str:
    """Return a text as it is searched for: small letters without marks, ``gramata`` for grāmata."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(char for char in apart if not unicodedata.combining(char))


def slug_of(title: str, taken: Iterable[str]) -> str:
    """Return a free part of an address for a title: small ASCII letters, digits, hyphens."""
    base = re.sub(r"[^a-z0-9]+", "-", plain_letters(title)).strip("-")[:SLUG_LONGEST].strip("-")
    base = base or "untitled"
    used = set(taken) | RESERVED_SLUGS
    slug, number = base, 2
    while slug in used:
        slug, number = f"{base}-{number}", number + 1
    return slug


class Direction(StrEnum):
    """Where a lesson or a section is moved."""

    UP = "up"
    DOWN = "down"


def moved(
    order: Sequence[tuple[UUID, Sequence[UUID]]], lesson: UUID, direction: Direction
) -> list[tuple[UUID, list[UUID]]]:
    """Return sections with their lessons after one lesson moved by one place.

    At the edge of its section it goes over to the neighbouring one; at the edge of the course
    nothing changes.
    """
    result = [(section, list(lessons)) for section, lessons in order]
    at = next((n for n, (_, lessons) in enumerate(result) if lesson in lessons), None)
    if at is None:
        return result
    here = result[at][1]
    place = here.index(lesson)
    step = -1 if direction is Direction.UP else 1
    if 0 <= place + step < len(here):
        here[place], here[place + step] = here[place + step], here[place]
    elif 0 <= at + step < len(result):
        here.remove(lesson)
        there = result[at + step][1]
        there.insert(len(there) if direction is Direction.UP else 0, lesson)
    return result


def swapped(order: Sequence[UUID], one: UUID, direction: Direction) -> list[UUID]:
    """Return the order after ``one`` moved by one place; at the edge nothing changes."""
    result = list(order)
    if one in result:
        place = result.index(one)
        other = place + (-1 if direction is Direction.UP else 1)
        if 0 <= other < len(result):
            result[place], result[other] = result[other], result[place]
    return result


# ---- what others show in a lesson ----

_ALONE = re.compile(r"https://[^\s<>]+", re.ASCII)
_YOUTUBE = re.compile(
    r"https://(?:www\.|m\.)?(?:youtube\.com/watch\?(?:\S*&)?v=|youtu\.be/)([\w-]{6,20})\S*",
    re.ASCII,
)
_FENCES = ("```", "~~~")


def player_of(address: str) -> str:
    """Return where a video is shown in a frame, if its page is named; else the address itself."""
    found = _YOUTUBE.fullmatch(address)
    return f"https://www.youtube-nocookie.com/embed/{found[1]}" if found else address


def blocks_of(text: str) -> list[tuple[str, bool]]:
    """Return a text in parts, each with whether it is an address that stands alone in a paragraph.

    What stands between fences is code, and no address.
    """
    blocks: list[tuple[str, bool]] = []
    in_code = False
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        alone = not in_code and _ALONE.fullmatch(block.strip()) is not None
        in_code ^= sum(line.lstrip().startswith(_FENCES) for line in block.split("\n")) % 2 == 1
        if alone:
            blocks.append((block.strip(), True))
        elif blocks and not blocks[-1][1]:
            blocks[-1] = (f"{blocks[-1][0]}\n\n{block}", False)
        else:
            blocks.append((block, False))
    return blocks


MOST_TAGS, LONGEST_TAG = 6, 30


def tags_in(text: str) -> list[str]:
    """Return the tags in what an author wrote between commas: small letters, each once."""
    found = (" ".join(one.replace("|", " ").split()).casefold() for one in text.split(","))
    return [one for one in dict.fromkeys(found) if one]


def joined(tags: Iterable[str]) -> str:
    """Return tags as they are stored, so that one is found by ``|tag|``."""
    found = list(tags)
    return f"|{'|'.join(found)}|" if found else ""
