"""Reading the courses of the demo from ``content/TENANT-NAME.md``.

A head of ``key: value`` lines, then ``=== Part`` and ``--- Lesson`` lines with Markdown between
them. After the title of a lesson may stand ``{preview}``, ``{exercise}`` (then its questions
follow), ``{file: NAME}``, ``{video: NAME}`` or ``{picture: NAME | what it shows}``.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from skola.services.courses.rules import LessonKind

CONTENT = Path(__file__).parent / "content"
_EXTRA = re.compile(
    r"(?P<title>.*?)\s*(\{(?P<kind>\w+)(:\s*(?P<name>[^|}]+?)\s*(\|(?P<words>[^}]*))?)?\})?"
)


@dataclass
class LessonText:
    """One lesson as it is written in the file."""

    title: str
    kind: LessonKind = LessonKind.TEXT
    name: str = ""
    """The file of ``content`` or the drawing it shows."""
    description: str = ""
    is_preview: bool = False
    text: str = ""


@dataclass
class CourseText:
    """One course as it is written in the file."""

    name: str
    title: str = ""
    summary: str = ""
    language: str = "en"
    age: int = 0
    """For how many days it has been published."""
    needs_seat: bool = False
    by_first: bool = False
    """Whether the first persona of the tenant made it."""
    parts: list[tuple[str, list[LessonText]]] = field(default_factory=list)


def courses_of(tenant: str) -> list[CourseText]:
    """Return the courses of a tenant of the demo, by name."""
    return [_read(file) for file in sorted(CONTENT.glob(f"{tenant}-*.md"))]


@cache
def _read(file: Path) -> CourseText:
    head, *parts = re.split(r"^=== (.*)\n", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    told = dict(line.split(": ", 1) for line in head.strip().splitlines())
    course = CourseText(
        name=file.stem,
        title=told["title"],
        summary=told["summary"],
        language=told["language"],
        age=int(told["age"]),
        needs_seat=told.get("seat") == "yes",
        by_first=told.get("author") == "first",
    )
    for title, body in zip(parts[::2], parts[1::2], strict=True):
        _, *lessons = re.split(r"^--- (.*)\n", body, flags=re.MULTILINE)
        pairs = zip(lessons[::2], lessons[1::2], strict=True)
        course.parts.append((title.strip(), [_lesson(line, text) for line, text in pairs]))
    return course


def _lesson(line: str, text: str) -> LessonText:
    found = _EXTRA.fullmatch(line.strip())
    assert found is not None
    kind, name, words = found["kind"] or "", found["name"] or "", found["words"] or ""
    if kind in ("", "preview"):
        return LessonText(found["title"], is_preview=kind == "preview", text=text.strip())
    return LessonText(
        found["title"], LessonKind(kind), name.strip(), words.strip(), text=text.strip()
    )
