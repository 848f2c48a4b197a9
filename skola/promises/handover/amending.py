"""The next version of a policy, in which nothing but the controller is another.

The file is edited line by line, so that its comments and its order stay; what comes out is read and
checked like any other file before anybody relies on it. No Django here.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

_OF_HEAD = ("version", "published", "effective", "classification", "replaces", "reason")
_OF_CONTROLLER = ("name", "reg_no", "address", "country", "email")


@dataclass(frozen=True)
class Edition:
    """The head of the new version."""

    version: str
    replaces: str
    published: datetime
    effective: datetime
    reason: Mapping[str, str]
    """By language."""


@dataclass(frozen=True)
class NewController:
    """Who decides about the data from then on."""

    name: str
    reg_no: str
    address: str
    country: str
    email: str


def amended(text: str, edition: Edition, to: NewController) -> str:
    """Return the text of a policy with another head and another controller.

    Contacts for questions about personal data become the new controller's; so do those by the old
    one's e-mail. Telephones stay: they belong to the service.
    """
    old_email = str(tomllib.loads(text)["controller"].get("email", ""))
    head = {
        "version": edition.version,
        "published": edition.published,
        "effective": edition.effective,
        "classification": "material",
        "replaces": edition.replaces,
        **{f"reason.{language}": said for language, said in edition.reason.items()},
    }
    controller = {
        "name": to.name,
        "reg_no": to.reg_no,
        "address": to.address,
        "country": to.country,
        "email": to.email,
    }
    found = []
    for header, lines in _sections(text):
        if header == "[policy]":
            found += _edited(lines, _OF_HEAD, head)
        elif header == "[controller]":
            found += _edited(lines, _OF_CONTROLLER, controller)
        elif header == "[[contact]]":
            found += _contact(lines, old_email, to)
        else:
            found += lines
    return "\n".join(found) + "\n"


def _sections(text: str) -> list[tuple[str, list[str]]]:
    """The text in parts, each beginning with the line of a table; before the first, its own."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in text.splitlines():
        if line.startswith("[") and line.split("#")[0].rstrip().endswith("]"):
            parts.append((line.split("#")[0].strip(), []))
        parts[-1][1].append(line)
    return parts


def _edited(lines: list[str], keys: tuple[str, ...], values: Mapping[str, object]) -> list[str]:
    """The lines of a table without these keys, and with these values after its first line."""
    rest = [line for key, entry in _entries(lines[1:]) if key not in keys for line in entry]
    said = [f"{key} = {_written(value)}" for key, value in values.items() if value]
    return [lines[0], *said, *rest]


def _entries(lines: list[str]) -> list[tuple[str, list[str]]]:
    """The entries of a table by their key, each with all of its lines; comments have none."""
    found: list[tuple[str, list[str]]] = []
    waiting: list[str] = []
    for line in lines:
        if not waiting and (not line.strip() or line.lstrip().startswith("#")):
            found.append(("", [line]))
            continue
        waiting.append(line)
        try:
            told = tomllib.loads("\n".join(waiting))
        except tomllib.TOMLDecodeError:
            continue
        found.append((next(iter(told), ""), waiting))
        waiting = []
    return [*found, ("", waiting)] if waiting else found


def _contact(lines: list[str], old_email: str, to: NewController) -> list[str]:
    """A contact: the new controller's address where it was the old one's, or asks about data."""
    told = tomllib.loads("\n".join(lines))["contact"][0]
    own = told.get("kind") == "data-protection"
    if not own and (not old_email or told.get("email") != old_email):
        return lines
    values = {"email": to.email}
    if own and "address" in told:
        values["address"] = to.address
    return _edited(lines, tuple(values), values)


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)
