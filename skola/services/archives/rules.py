"""What a package says of itself, and whether one that comes back is what it says."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FORMAT = "skola.school-year/1"
MANIFEST = "manifest.json"
PEOPLE = "people.jsonl"


class DamagedError(ValueError):
    """A package is not what was made. Says which part."""


def table_path(table: str) -> str:
    """Return where the rows of a table are in a package."""
    return f"tables/{table}.jsonl"


def entry(path: str, content: bytes) -> dict[str, Any]:
    """Return the line of a manifest for one file."""
    return {"path": path, "bytes": len(content), "sha256": digest(content)}


def digest(content: bytes) -> str:
    """Return the SHA-256 of something in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def same_checksum(told: str, known: str) -> bool:
    """Whether somebody told the checksum, however they grouped or capitalised it."""
    return "".join(told.split()).lower() == known


def checked(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the manifest of a package whose files are exactly those of it. Raises DamagedError."""
    try:
        manifest = json.loads(files[MANIFEST])
        listed = {one["path"]: one for one in manifest["files"]}
        kind = manifest["format"]
    except (KeyError, TypeError, ValueError) as problem:
        raise DamagedError(MANIFEST) from problem
    if kind != FORMAT or set(listed) != set(files) - {MANIFEST}:
        raise DamagedError(MANIFEST)
    for path, one in listed.items():
        if one != entry(path, files[path]):
            raise DamagedError(path)
    found: dict[str, Any] = manifest
    return found
