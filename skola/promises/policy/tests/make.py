"""Policies for tests: the example of the reference, with what a test changes."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

from skola.promises.policy.load import parse
from skola.promises.policy.problems import PolicyError, Problem
from skola.promises.policy.schema import Policy
from skola.promises.policy.source import Source, read

ROOT = Path(__file__).parents[4]
EXAMPLE = ROOT / "docs" / "reference" / "example-policy.toml"
REAL = sorted((ROOT / "policies").glob("*/*.toml"))

Raw = dict[str, Any]
Edit = Callable[[Raw], object]

_SOURCES: dict[Path, Source] = {}


def raw(path: Path = EXAMPLE) -> Raw:
    """A policy file as parsed TOML, to be changed at will."""
    if path not in _SOURCES:
        _SOURCES[path] = read(path)
    return deepcopy(_SOURCES[path].raw)


def source(*edits: Edit, path: Path = EXAMPLE) -> Source:
    """A source without text, made of the example with edits."""
    content = raw(path)
    for edit in edits:
        edit(content)
    return Source("test.toml", "", content)


def policy(*edits: Edit, path: Path = EXAMPLE) -> Policy:
    """The example with edits. Raises PolicyError as loading does."""
    return parse(source(*edits, path=path))


def problems(*edits: Edit, path: Path = EXAMPLE) -> tuple[Problem, ...]:
    """What loading the example with edits complains of; empty when nothing."""
    try:
        policy(*edits, path=path)
    except PolicyError as error:
        return error.problems
    return ()


def one(content: Raw, table: str, ident: str) -> Raw:
    """One of several tables, by id, name or the first of its kinds."""
    for each in content[table]:
        names = [each.get("id"), each.get("name"), *each.get("kinds", [])]
        if ident in names:
            found: Raw = each
            return found
    raise KeyError(f"{table} {ident}")


def setting(table: str, ident: str, **keys: object) -> Edit:
    """An edit that sets keys of a table; an empty ``ident`` for a table that stands once."""

    def edit(content: Raw) -> None:
        target = one(content, table, ident) if ident else content[table]
        target.update({key.rstrip("_"): value for key, value in keys.items()})

    return edit


def adding(table: str, **keys: object) -> Edit:
    """An edit that adds a table of a kind of which there may be several."""

    def edit(content: Raw) -> None:
        content.setdefault(table, []).append({key.rstrip("_"): v for key, v in keys.items()})

    return edit


def removing(table: str, ident: str) -> Edit:
    """An edit that takes a table out."""

    def edit(content: Raw) -> None:
        content[table].remove(one(content, table, ident))

    return edit
