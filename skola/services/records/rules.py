"""Learning records as xAPI statements: how one is made, and which ones are taken from a file.

A file comes from anywhere, so a statement is taken only in the form in which this software gives
it: known verbs, known kinds of activities, nothing beside. Standard: xAPI 2.0 (IEEE 9274.1.1).
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

ADL = "http://adlnet.gov/expapi"
VERBS = {
    name: f"{ADL}/verbs/{name}"
    for name in ("registered", "completed", "attempted", "passed", "failed")
}
ACTIVITIES = {
    "course": f"{ADL}/activities/course",
    "lesson": f"{ADL}/activities/lesson",
    "exercise": f"{ADL}/activities/interaction",
    "exam": f"{ADL}/activities/assessment",
}
LONGEST_TITLE = 200
LONGEST_ID = 500
LONGEST_PLATFORM = 120
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NAMES_VERB = {address: name for name, address in VERBS.items()}
_NAMES_ACTIVITY = {address: name for name, address in ACTIVITIES.items()}


class NotTakenError(ValueError):
    """A statement is not in the form in which statements are taken. Says which part."""


@dataclass(frozen=True)
class Activity:
    """What was learned."""

    kind: str
    """One of ``ACTIVITIES``."""
    key: UUID
    title: str
    language: str


@dataclass(frozen=True)
class Score:
    """How much of it was right."""

    raw: float
    most: float


@dataclass(frozen=True)
class Owner:
    """Whose statement it is, at which service."""

    site: str
    person: UUID


def statement(
    verb: str,
    activity: Activity,
    *,
    row: UUID,
    owner: Owner,
    platform: str,
    at: datetime,
    within: Activity | None = None,
    score: Score | None = None,
    success: bool | None = None,
) -> dict[str, Any]:
    """Return a statement of a learning record; the same row gives the same statement each time."""
    made: dict[str, Any] = {
        "id": str(uuid5(row, verb)),
        "actor": actor(owner),
        "verb": {"id": VERBS[verb], "display": {"en": verb}},
        "object": _object(activity),
        "context": {"platform": platform[:LONGEST_PLATFORM]},
        "timestamp": at.isoformat(),
    }
    if within is not None:
        made["context"]["contextActivities"] = {"parent": [_object(within)]}
    result: dict[str, Any] = {}
    if success is not None:
        result["success"] = success
    if verb in ("completed", "passed", "failed"):
        result["completion"] = True
    if score is not None and score.most > 0:
        scaled = round(score.raw / score.most, 4)
        result["score"] = {"scaled": scaled, "raw": score.raw, "min": 0, "max": score.most}
    return {**made, "result": result} if result else made


def actor(owner: Owner) -> dict[str, Any]:
    """Return whose statement it is, by an account and without a name."""
    account = {"homePage": owner.site, "name": str(owner.person)}
    return {"objectType": "Agent", "account": account}


def _object(activity: Activity) -> dict[str, Any]:
    definition = {
        "type": ACTIVITIES[activity.kind],
        "name": {activity.language: activity.title[:LONGEST_TITLE]},
    }
    return {"objectType": "Activity", "id": activity.key.urn, "definition": definition}


# ---- reading -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A statement as it is shown: what, of what, when, and how it ended."""

    verb: str
    activity: str
    title: str
    at: datetime
    raw: float | None
    most: float | None
    platform: str


def told(one: Mapping[str, Any]) -> Told:
    """Return the words of a statement that was made or checked here."""
    definition = one["object"]["definition"]
    score = one.get("result", {}).get("score", {})
    return Told(
        _NAMES_VERB[one["verb"]["id"]],
        _NAMES_ACTIVITY[definition["type"]],
        next(iter(definition["name"].values())),
        datetime.fromisoformat(one["timestamp"]),
        score.get("raw"),
        score.get("max"),
        one["context"]["platform"],
    )


def without_actor(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a statement says, whosever it is."""
    return {key: value for key, value in one.items() if key != "actor"}


def checked(one: Any, *, person: str, now: datetime) -> dict[str, Any]:
    """Return a statement of a file without its actor. Raises NotTakenError.

    ``person`` is the id that the file's person has at the service that made it: a statement of
    anybody else is refused.
    """
    _only(one, "statement", {"id", "actor", "verb", "object", "context", "timestamp"}, {"result"})
    _actor(one["actor"], person)
    _uuid(one["id"])
    _only(one["verb"], "verb", {"id", "display"})
    if one["verb"]["id"] not in _NAMES_VERB:
        raise NotTakenError("verb")
    if one["verb"]["display"] != {"en": _NAMES_VERB[one["verb"]["id"]]}:
        raise NotTakenError("verb")
    _activity(one["object"])
    _context(one["context"])
    _moment(one["timestamp"], now)
    if "result" in one:
        _result(one["result"])
    return without_actor(one)


def _only(
    one: Any, name: str, needed: set[str], also: frozenset[str] | set[str] = frozenset()
) -> None:
    if not isinstance(one, dict) or not needed <= set(one) <= needed | also:
        raise NotTakenError(name)


def _actor(one: Any, person: str) -> None:
    _only(one, "actor", {"objectType", "account"})
    _only(one["account"], "actor", {"homePage", "name"})
    _text(one["account"]["homePage"], "actor", LONGEST_ID)
    if one["objectType"] != "Agent" or one["account"]["name"] != person:
        raise NotTakenError("actor")


def _uuid(one: Any) -> None:
    try:
        same = isinstance(one, str) and str(UUID(one)) == one
    except ValueError:
        same = False
    if not same:
        raise NotTakenError("id")


def _text(one: Any, name: str, longest: int) -> None:
    if not isinstance(one, str) or not 0 < len(one) <= longest or _CONTROL.search(one):
        raise NotTakenError(name)


def _activity(one: Any) -> None:
    _only(one, "object", {"objectType", "id", "definition"})
    _text(one["id"], "object", LONGEST_ID)
    definition = one["definition"]
    _only(definition, "object", {"type", "name"})
    names = definition["name"]
    if one["objectType"] != "Activity" or definition["type"] not in _NAMES_ACTIVITY:
        raise NotTakenError("object")
    if not isinstance(names, dict) or len(names) != 1 or not _LANGUAGE.fullmatch(next(iter(names))):
        raise NotTakenError("object")
    _text(next(iter(names.values())), "object", LONGEST_TITLE)


def _context(one: Any) -> None:
    _only(one, "context", {"platform"}, {"contextActivities"})
    _text(one["platform"], "context", LONGEST_PLATFORM)
    if "contextActivities" in one:
        around = one["contextActivities"]
        _only(around, "context", {"parent"})
        if not isinstance(around["parent"], list) or len(around["parent"]) != 1:
            raise NotTakenError("context")
        _activity(around["parent"][0])


def _moment(one: Any, now: datetime) -> None:
    try:
        at = datetime.fromisoformat(one) if isinstance(one, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at > now or at.year < 1990:
        raise NotTakenError("timestamp")


def _result(one: Any) -> None:
    _only(one, "result", set(), {"success", "completion", "score"})
    if not all(isinstance(one[name], bool) for name in ("success", "completion") if name in one):
        raise NotTakenError("result")
    if "score" in one:
        score = one["score"]
        _only(score, "result", {"scaled", "raw", "min", "max"})
        if not all(_number(value) for value in score.values()):
            raise NotTakenError("result")
        if not score["min"] <= score["raw"] <= score["max"] or not -1 <= score["scaled"] <= 1:
            raise NotTakenError("result")


def _number(one: Any) -> bool:
    plain = isinstance(one, int | float) and not isinstance(one, bool)
    return plain and math.isfinite(one) and abs(one) <= 1_000_000
