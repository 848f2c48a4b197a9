import io

import pytest

from skola.ground.files.cipher import DamagedError, PlainFile, Reader, encrypt
from skola.ground.files.rules import PIECE, TAG, object_size

KEY = bytes(range(32))
SIZES = [1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 5]


def _sealed(plain: bytes, name: str = "t/1/a") -> bytes:
    into = io.BytesIO()
    encrypt(io.BytesIO(plain), into, key=KEY, name=name)
    return into.getvalue()


def _reader(sealed: bytes, size: int, name: str = "t/1/a", key: bytes = KEY) -> Reader:
    return Reader(
        lambda start, length: sealed[start : start + length], key=key, name=name, size=size
    )


def _plain(size: int) -> bytes:
    return (bytes(range(251)) * (size // 251 + 1))[:size]


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_comes_back(size: int) -> None:
    plain = _plain(size)
    sealed = _sealed(plain)
    assert len(sealed) == object_size(size)
    assert b"".join(_reader(sealed, size).span(0, size - 1)) == plain


@pytest.mark.parametrize(
    ("first", "last"), [(0, 0), (PIECE - 1, PIECE), (PIECE, 2 * PIECE), (10, 3 * PIECE + 4)]
)
def test_any_part_of_it_comes_back(first: int, last: int) -> None:
    plain = _plain(3 * PIECE + 5)
    found = b"".join(_reader(_sealed(plain), len(plain)).span(first, last))
    assert found == plain[first : last + 1]


def test_as_a_file_it_can_be_sought_and_read() -> None:
    plain = _plain(PIECE + 100)
    file = io.BufferedReader(PlainFile(_reader(_sealed(plain), len(plain)), len(plain)))
    file.seek(-50, io.SEEK_END)
    tail = file.read()
    file.seek(PIECE - 5)
    middle = file.read(10)
    assert (tail, middle) == (plain[-50:], plain[PIECE - 5 : PIECE + 5])


def test_a_changed_byte_is_found() -> None:
    sealed = bytearray(_sealed(_plain(100)))
    sealed[7] ^= 1
    with pytest.raises(DamagedError):
        _reader(bytes(sealed), 100).piece(0)


def test_pieces_cannot_be_swapped() -> None:
    size = 2 * PIECE + 10
    sealed = _sealed(_plain(size))
    one, two = sealed[: PIECE + TAG], sealed[PIECE + TAG : 2 * (PIECE + TAG)]
    with pytest.raises(DamagedError):
        _reader(two + one + sealed[2 * (PIECE + TAG) :], size).piece(0)


def test_a_missing_end_is_found_even_between_two_pieces() -> None:
    size = 2 * PIECE
    sealed = _sealed(_plain(size))[: PIECE + TAG]
    with pytest.raises(DamagedError):
        _reader(sealed, PIECE).piece(0)


def test_an_object_cannot_stand_in_for_another() -> None:
    with pytest.raises(DamagedError):
        _reader(_sealed(b"mine", "t/1/a"), 4, "t/1/b").piece(0)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(DamagedError):
        _reader(_sealed(b"mine"), 4, key=bytes(32)).piece(0)
