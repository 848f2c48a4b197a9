"""What a connector can send: one type for each task, and nothing beside its fields.

Every value has a form of its own; one of another form is left empty, so that nothing which
somebody entered can ride along. What the policy does not list in ``sends`` is cut off.
"""

import re
import traceback
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from skola.promises.policy.connectors import CONNECTORS

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}", re.ASCII)
_PLACE = re.compile(r"skola(?:\.[a-z_0-9]+)+:[A-Za-z_0-9<>]{1,60}", re.ASCII)
_PAGE = re.compile(r"/[a-z0-9…/._-]{0,199}")
_PART = re.compile(r"<[^<>]*>")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_RELEASE = re.compile(r"[0-9][0-9a-z.+-]{0,29}", re.ASCII)
_BROWSER = re.compile(r"[A-Z][A-Za-z ]{1,19}", re.ASCII)
LONGEST = 4_000
"""Characters of a report."""


@dataclass(frozen=True)
class ErrorEvent:
    """Something broke: which class of error, where in our code, on which kind of page.

    A job that failed has no page, method nor status.
    """

    task = "error-logging"
    error: str
    place: str
    release: str
    page: str
    method: str
    status: int | None
    service: str


@dataclass(frozen=True)
class ProblemReport:
    """Somebody tells of a problem, in words that were scrubbed and that they have seen."""

    task = "bug-reporting"
    words: str
    page: str
    browser: str
    release: str
    service: str


@dataclass(frozen=True)
class Figure:
    """How often a page was opened on a day."""

    task = "usage-analysis"
    day: date
    page: str
    visits: int


@dataclass(frozen=True)
class Letter:
    """A mail, as the server of the processor is given it."""

    task = "mail-sending"
    address: str
    sender: str
    subject: str
    text: str
    number: str


Payload = ErrorEvent | ProblemReport | Figure | Letter


def cut(payload: Payload, sends: Collection[str]) -> dict[str, Any]:
    """Return what leaves: the fields that the policy lists, each in its form, empty ones not."""
    listed = [word for word in CONNECTORS[payload.task] if word in sends]
    told = {**asdict(payload)}
    found = {word: _formed(word, told[word]) for word in listed}
    return {word: value for word, value in found.items() if value not in ("", None)}


def _formed(word: str, value: Any) -> Any:
    """Return a value in the form of its field; empty where it has another one."""
    match word:
        case "error":
            return _if(_NAME, value)
        case "place":
            return _if(_PLACE, value)
        case "page":
            return _if(_PAGE, value)
        case "release":
            return _if(_RELEASE, value)
        case "browser":
            return _if(_BROWSER, value)
        case "service":
            return value
        case "method":
            return value if value in _METHODS else ""
        case "day":
            return value.isoformat()
        case "words":
            return value[:LONGEST]
        case _:
            return value


def _if(form: re.Pattern[str], value: object) -> str:
    return value if isinstance(value, str) and form.fullmatch(value) else ""


def page_of(route: str) -> str:
    """Return a page of the site map, with a dot for whatever stands for something: ``/people/…/``.

    Slugs, too: a name can be in them.
    """
    plain = route.partition("(")[0].lstrip("^").rstrip("$") if "(" in route else route
    return f"/{_PART.sub('…', plain)}"[:200]


def place_of(error: BaseException) -> str:
    """Return the last function of ours that an error went through: ``skola.web.views:home``."""
    frames = [one for one, _ in traceback.walk_tb(error.__traceback__)]
    names = [(one.f_globals.get("__name__", ""), one.f_code.co_name) for one in frames]
    own = [f"{module}:{name}" for module, name in names if module.startswith("skola.")]
    return own[-1][:120] if own else ""
