"""The seal of an archive: any change of a byte is found, and nobody else opens it."""

import io
from pathlib import Path
from typing import Any

import pytest

from skola.promises.handover.sealing import (
    PIECE,
    DamagedError,
    Opened,
    Sealing,
    Taker,
    own_keys,
    said_by,
    signed,
)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path / "data"
    return tmp_path


def sealed(file: Path, content: bytes) -> str:
    with file.open("wb") as into:
        sealing = Sealing(into, own_keys(), {"archive": "1"})
        for start in range(0, len(content), 700_001):
            sealing.write(content[start : start + 700_001])
        return sealing.end()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE])
def test_what_was_sealed_is_read_from_anywhere(data: Path, size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    sealed(data / "archive", content)

    with Opened(data / "archive") as opened:
        reader = io.BufferedReader(opened)
        assert reader.read() == content
        reader.seek(size // 2)
        assert reader.read(10) == content[size // 2 : size // 2 + 10]


@pytest.mark.parametrize("place", [60, -1, -17])
def test_a_changed_byte_or_a_missing_end_is_found(data: Path, place: int) -> None:
    sealed(data / "archive", b"x" * (PIECE + 5))
    whole = bytearray((data / "archive").read_bytes())
    cut = whole[:place] if place < -1 else whole[:]
    if place >= -1:
        cut[place] ^= 1
    (data / "archive").write_bytes(cut)

    with pytest.raises(DamagedError):
        Opened(data / "archive").read()


def test_another_installation_opens_nothing(data: Path, settings: Any) -> None:
    sealed(data / "archive", b"x")
    settings.DATA = data / "elsewhere"

    with pytest.raises(DamagedError, match="sealed for another installation"):
        Opened(data / "archive")


def test_keys_are_read_as_they_are_written_and_sign_what_is_said(data: Path) -> None:
    keys = own_keys()

    assert Taker.read(keys.as_text()) == keys == own_keys()
    assert said_by(signed("yes\n"), keys.signs) == "yes\n"
    with pytest.raises(DamagedError):
        said_by(signed("yes\n").replace("yes", "no"), keys.signs)
    for text in ("", "{}", "[]", keys.as_text().replace("key/1", "key/2")):
        with pytest.raises(DamagedError):
            Taker.read(text)
