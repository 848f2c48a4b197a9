"""Questions with answers to choose from: how they are written, and what is answered right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class QuestionsError(ValueError):
    """Questions that cannot be read; ``code`` says why, ``number`` which one."""

    def __init__(self, code: str, number: int = 0) -> None:
        super().__init__(f"{code} {number}")
        self.code, self.number = code, number


@dataclass(frozen=True)
class Question:
    """What is asked, the answers to choose from, and which of them is right."""

    text: str
    options: tuple[str, ...]
    right: int


def questions_in(written: str, *, fewest: int, most: int) -> tuple[Question, ...]:
    """Read questions: blocks between blank lines, first the question, then one answer a line.

    The right answer begins with ``*``. Raises QuestionsError.
    """
    blocks = [block for block in written.replace("\r", "").split("\n\n") if block.strip()]
    if not fewest <= len(blocks) <= most:
        raise QuestionsError("number")
    return tuple(_question(block, number) for number, block in enumerate(blocks, start=1))


def _question(block: str, number: int) -> Question:
    text, *answers = [line.strip() for line in block.strip().split("\n") if line.strip()]
    right = [place for place, answer in enumerate(answers) if answer.startswith("*")]
    if len(answers) < 2:
        raise QuestionsError("answers", number)
    if len(right) != 1:
        raise QuestionsError("right", number)
    return Question(text, tuple(answer.lstrip("* ").strip() for answer in answers), right[0])


def written(questions: Sequence[Question]) -> str:
    """Return questions as they are written, for the next version to begin from."""
    blocks = []
    for one in questions:
        marks = ("* " if place == one.right else "" for place in range(len(one.options)))
        answers = [mark + option for mark, option in zip(marks, one.options, strict=True)]
        blocks.append("\n".join([one.text, *answers]))
    return "\n\n".join(blocks)


def wrong(questions: Sequence[Question], answers: Mapping[int, int]) -> tuple[int, ...]:
    """Return the places of the questions that are not answered right."""
    return tuple(place for place, one in enumerate(questions) if answers.get(place) != one.right)
