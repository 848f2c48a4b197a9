"""Signed notes: the published example, and everything that is refused."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from skola.ground.audit.note import Checkpoint, NoteError, PublicKey, Signer, read_note

EXAMPLE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
EXAMPLE_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
EXAMPLE_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
EXAMPLE = (
    EXAMPLE_TEXT + "\n— PeterNeumann"
    " x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6Ry"
    "yBwJnAM=\n"
)
"""The example of the package that defined the format (golang.org/x/mod/sumdb/note)."""

HERE = "school.example/.well-known/skola-audit"


def signer(name: str = HERE, secret: bytes = b"k" * 32) -> Signer:
    return Signer(name, Ed25519PrivateKey.from_private_bytes(secret))


def test_the_published_example_is_read() -> None:
    key = PublicKey.read(EXAMPLE_KEY)

    assert str(key) == EXAMPLE_KEY
    assert read_note(EXAMPLE, key) == EXAMPLE_TEXT


def test_the_published_example_is_signed_byte_for_byte() -> None:
    secret = base64.b64decode(EXAMPLE_SECRET)[1:]

    assert signer("PeterNeumann", secret).sign(EXAMPLE_TEXT) == EXAMPLE


def test_a_checkpoint_comes_back() -> None:
    made = Checkpoint(HERE, 20_852_163, b"r" * 32)
    note = signer().sign(str(made))

    assert Checkpoint.read(note, signer().public) == made
    assert note.split("\n")[:2] == [HERE, "20852163"]


def test_other_signatures_are_passed_over() -> None:
    note = signer().sign(str(Checkpoint(HERE, 1, b"r" * 32)))
    witnessed = note + EXAMPLE.rpartition("\n\n")[2]

    assert Checkpoint.read(witnessed, signer().public).size == 1


@pytest.mark.parametrize("place", range(0, 150, 7))
def test_a_checkpoint_with_a_flipped_bit_is_refused(place: int) -> None:
    note = signer().sign(str(Checkpoint(HERE, 12, b"r" * 32))).encode()
    place %= len(note)
    flipped = note[:place] + bytes([note[place] ^ 1]) + note[place + 1 :]

    with pytest.raises(NoteError):
        Checkpoint.read(flipped.decode(errors="replace"), signer().public)


@pytest.mark.parametrize(
    "text",
    [
        f"{HERE}\n1\n",
        f"{HERE}\n01\n{base64.b64encode(b'r' * 32).decode()}\n",
        f"{HERE}\n-1\n{base64.b64encode(b'r' * 32).decode()}\n",
        f"{HERE}\n1\n{base64.b64encode(b'r' * 31).decode()}\n",
        f"other.example\n1\n{base64.b64encode(b'r' * 32).decode()}\n",
    ],
)
def test_what_is_signed_and_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.read(signer().sign(text), signer().public)


def test_another_key_of_the_same_name_is_not_believed() -> None:
    note = signer(secret=b"o" * 32).sign(str(Checkpoint(HERE, 1, b"r" * 32)))

    with pytest.raises(NoteError, match="is not signed by"):
        Checkpoint.read(note, signer().public)


@pytest.mark.parametrize(
    "text",
    ["", "a+b", "a+00000000+!!", EXAMPLE_KEY.replace("c74f", "c74e"), EXAMPLE_KEY[:-4] + "AAAA"],
)
def test_a_miswritten_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        PublicKey.read(text)
