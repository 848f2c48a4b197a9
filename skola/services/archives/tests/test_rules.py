"""A package is what its manifest says, or it is refused by the part that is not."""

import json

import pytest

from skola.services.archives.rules import FORMAT, DamagedError, checked, entry, same_checksum

ROWS = b'{"id": 1}\n'


def files(**more: bytes) -> dict[str, bytes]:
    manifest = {"format": FORMAT, "files": [entry("tables/a.jsonl", ROWS)]}
    return {"tables/a.jsonl": ROWS, "manifest.json": json.dumps(manifest).encode(), **more}


def test_a_whole_package_gives_its_manifest() -> None:
    assert checked(files())["format"] == FORMAT


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ({"tables/a.jsonl": b'{"id": 2}\n'}, "tables/a.jsonl"),
        ({"more.txt": b""}, "manifest.json"),
        ({"manifest.json": b"{"}, "manifest.json"),
        ({"manifest.json": b'{"format": "other", "files": []}'}, "manifest.json"),
    ],
)
def test_what_is_not_as_it_was_made_is_refused(more: dict[str, bytes], part: str) -> None:
    with pytest.raises(DamagedError, match=part):
        checked(files(**more))


def test_a_checksum_is_the_same_however_it_is_grouped() -> None:
    assert same_checksum("AB cd\n", "abcd")
    assert not same_checksum("abce", "abcd")
