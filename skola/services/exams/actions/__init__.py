"""Everything that changes something in exams, one function each."""

from collections.abc import Callable
from datetime import datetime

from skola.ground.people.api import Person
from skola.services.exams.models import Attempt, Exam

__all__ = ["RefusedError", "tell_of_pass", "when_passed"]


class RefusedError(Exception):
    """What cannot be done now. The message, in the reader's language, says why and what now."""


Passed = Callable[[Person, Exam, str, datetime], None]
_WHEN_PASSED: list[Passed] = []


def when_passed(work: Passed) -> None:
    """Let a room that lies above do something when somebody has passed an exam.

    ``work`` is called in the same transaction, with the person, the exam, who gave the result, and
    the moment.
    """
    _WHEN_PASSED.append(work)


def tell_of_pass(attempt: Attempt, *, by: str, now: datetime) -> None:
    """Tell the rooms above of a result, if it is a pass."""
    if attempt.outcome == Attempt.Outcome.PASSED:
        for work in _WHEN_PASSED:
            work(attempt.person, attempt.sitting.exam, by, now)
