from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.ground.files import api as files
from skola.ground.files.models import DoomedObject, FilePart, ObjectKey
from skola.ground.files.rules import Stretch, stretches

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEAD = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm"
KIND = "test.growing"
pytestmark = pytest.mark.usefixtures("tenant")


@pytest.fixture(autouse=True)
def kind() -> None:
    accepts = frozenset({files.Family.VIDEO})
    files.register(files.Kind(KIND, accepts, 0, lambda *_: False))


def grown(*contents: bytes) -> files.StoredFile:
    made = files.begin(kind=KIND, name="film.webm", by="test", now=NOW)
    for number, content in enumerate(contents):
        files.append(made, content, number=number, now=NOW)
    made.refresh_from_db()
    return made


def test_a_file_that_grew_reads_like_any_other_from_any_place() -> None:
    made = grown(HEAD + b"abc", b"def", b"g" * 10)
    whole = HEAD + b"abcdef" + b"g" * 10

    with files.open_file(made) as stored:
        assert stored.read() == whole
        stored.seek(len(HEAD) + 2)
        assert stored.read(3) == b"cde"
    assert b"".join(files.pieces_of(made)) == whole
    assert (made.size, made.content_type) == (len(whole), "video/webm")


def test_with_the_key_go_all_parts() -> None:
    made = grown(HEAD, b"more")
    names = set(FilePart.objects.values_list("stored_as", flat=True))
    assert files.orphans(now=NOW) == files.Orphans((), ())

    files.forget(made, by="test", now=NOW)

    assert (FilePart.objects.count(), ObjectKey.objects.count()) == (0, 0)
    assert names <= set(DoomedObject.objects.values_list("stored_as", flat=True))
    files.erase_objects(now=NOW)
    assert not any(files.object_exists(name) for name in names)


def test_parts_without_a_row_are_orphans_and_a_missing_part_is_named() -> None:
    grown(HEAD, b"more")
    first, second = FilePart.objects.order_by("number")
    FilePart.objects.filter(pk=second.pk).update(stored_as="nowhere")

    found = files.orphans(now=NOW + timedelta(days=400))

    assert found == files.Orphans((second.stored_as,), ("nowhere",))
    assert files.object_exists(first.stored_as)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.data())
def test_the_stretches_of_a_span_are_exactly_its_bytes(
    sizes: list[int], data: st.DataObject
) -> None:
    parts, start = [], 0
    for number, size in enumerate(sizes):
        parts.append(Stretch(start, size, str(number)))
        start += size
    first = data.draw(st.integers(0, start - 1))
    last = data.draw(st.integers(first, start - 1))

    found = [
        part.start + at
        for part, begin, end in stretches(parts, first, last)
        for at in range(begin, end + 1)
    ]

    assert found == list(range(first, last + 1))
