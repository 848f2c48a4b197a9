import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.ground.files.rules import (
    PIECE,
    TAG,
    Family,
    OutOfReachError,
    Span,
    asked_span,
    clean_name,
    object_size,
    tell_type,
)


@pytest.mark.parametrize(
    ("head", "family", "content_type"),
    [
        (b"\x89PNG\r\n\x1a\n....", Family.PICTURE, "image/png"),
        (b"\xff\xd8\xff\xe0", Family.PICTURE, "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Family.PICTURE, "image/webp"),
        (b"GIF89a", Family.PICTURE, "image/gif"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", Family.VIDEO, "video/webm"),
        (b"\x00\x00\x00\x20ftypisom", Family.VIDEO, "video/mp4"),
        (b"WEBVTT\n\n00:00", Family.CAPTIONS, "text/vtt; charset=utf-8"),
        (b"\xef\xbb\xbfWEBVTT", Family.CAPTIONS, "text/vtt; charset=utf-8"),
        (b"%PDF-1.7", Family.DOCUMENT, "application/pdf"),
        (b"<svg onload=alert(1)>", Family.DOCUMENT, "application/octet-stream"),
        (b"<!doctype html>", Family.DOCUMENT, "application/octet-stream"),
        (b"WEBVTTX", Family.DOCUMENT, "application/octet-stream"),
        (b"RIFF\x00\x00\x00\x00WAVE", Family.AUDIO, "audio/wav"),
        (b"ID3\x04", Family.AUDIO, "audio/mpeg"),
        (b"OggS\x00", Family.AUDIO, "audio/ogg"),
        (b"RIFF\x00\x00\x00\x00AVI ", Family.DOCUMENT, "application/octet-stream"),
        (b"", Family.DOCUMENT, "application/octet-stream"),
    ],
)
def test_a_type_is_told_from_the_first_bytes(
    head: bytes, family: Family, content_type: str
) -> None:
    found = tell_type(head)
    assert (found.family, found.content_type) == (family, content_type)


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-99", Span(0, 99)),
        ("bytes=500-", Span(500, 999)),
        ("bytes=-10", Span(990, 999)),
        ("bytes=-5000", Span(0, 999)),
        ("bytes=990-2000", Span(990, 999)),
        ("bytes=999-999", Span(999, 999)),
        ("bytes=10-5", None),
        ("bytes=0-1,4-5", None),
        ("bytes=-", None),
        ("lines=1-2", None),
        ("", None),
    ],
)
def test_a_range_of_a_thousand_bytes(header: str, span: Span | None) -> None:
    assert asked_span(header, 1000) == span


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=-0"])
def test_a_range_behind_the_end_is_out_of_reach(header: str) -> None:
    with pytest.raises(OutOfReachError):
        asked_span(header, 1000)


@given(st.text(max_size=40), st.integers(1, 10**12))
def test_a_range_never_leaves_the_file(header: str, size: int) -> None:
    try:
        span = asked_span("bytes=" + header, size)
    except OutOfReachError:
        return
    assert span is None or 0 <= span.first <= span.last < size


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(1, 2000))
def test_a_range_is_what_slicing_gives(first: int, last: int, size: int) -> None:
    whole = bytes(index % 251 for index in range(size))
    try:
        span = asked_span(f"bytes={first}-{last}", size)
    except OutOfReachError:
        assert first >= size
        return
    if span is not None:
        assert whole[span.first : span.last + 1] == whole[first : last + 1]


def test_an_object_is_larger_by_one_tag_a_piece() -> None:
    sizes = [1, PIECE, PIECE + 1]
    assert [object_size(size) - size for size in sizes] == [TAG, TAG, 2 * TAG]


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\Plan.pdf", "Plan.pdf"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("", "file"),
        ("...", "file"),
        ("ē" * 200 + ".pdf", "ē" * 116 + ".pdf"),
        ("x" * 200, "x" * 120),
    ],
)
def test_a_name_keeps_its_words_and_loses_its_tricks(given_: str, kept: str) -> None:
    assert clean_name(given_) == kept
