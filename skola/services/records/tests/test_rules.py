"""A statement is taken as it is made, and in no other form."""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from skola.services.records.rules import (
    Activity,
    NotTakenError,
    Owner,
    Score,
    checked,
    statement,
    told,
    without_actor,
)
from skola.services.records.tests.make import A_DAY, KNOTS

WHO = uuid4()
LESSON = Activity("lesson", uuid4(), "Mezgli", "lv")
MADE = statement(
    "passed",
    LESSON,
    row=uuid4(),
    owner=Owner("https://elsewhere.example", WHO),
    platform="Elsewhere",
    at=A_DAY,
    within=KNOTS,
    score=Score(7, 10),
    success=True,
)


def test_what_is_made_is_taken_without_its_actor() -> None:
    assert checked(MADE, person=str(WHO), now=A_DAY) == without_actor(MADE)
    assert told(MADE).title == "Mezgli"
    assert (told(MADE).raw, told(MADE).most) == (7, 10)


def _set(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(one: Any) -> None:
        for step in path[:-1]:
            one = one[step]
        one[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (_set("actor", "account", "name", to=str(uuid4())), "actor"),
        (_set("actor", "mbox", to="mailto:a@example.org"), "actor"),
        (_set("more", to=1), "statement"),
        (_set("id", to="1"), "id"),
        (_set("verb", "id", to="http://example.org/knew"), "verb"),
        (_set("verb", "display", "en", to="won"), "verb"),
        (_set("object", "definition", "name", to={}), "object"),
        (_set("object", "definition", "name", "lv", to="a\x00b"), "object"),
        (_set("object", "id", to="x" * 501), "object"),
        (_set("context", "contextActivities", "parent", to=[]), "context"),
        (_set("context", "platform", to=""), "context"),
        (_set("timestamp", to=(A_DAY + timedelta(seconds=1)).isoformat()), "timestamp"),
        (_set("timestamp", to="2026-03-02T09:00:00"), "timestamp"),
        (_set("result", "success", to="yes"), "result"),
        (_set("result", "score", "raw", to=11), "result"),
        (_set("result", "score", "raw", to=float("nan")), "result"),
        (_set("result", "score", "max", to=True), "result"),
    ],
)
def test_any_other_form_is_refused_by_its_part(
    change: Callable[[dict[str, Any]], None], part: str
) -> None:
    other = deepcopy(MADE)
    change(other)

    with pytest.raises(NotTakenError, match=f"^{part}$"):
        checked(other, person=str(WHO), now=A_DAY)


@pytest.mark.parametrize("other", [None, [], "statement", 7])
def test_what_is_no_statement_is_refused(other: Any) -> None:
    with pytest.raises(NotTakenError):
        checked(other, person=str(WHO), now=datetime.max.replace(tzinfo=A_DAY.tzinfo))
