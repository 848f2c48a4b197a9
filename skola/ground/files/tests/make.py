"""Makers of uploads and stored files."""

import io
from datetime import UTC, datetime
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from skola.ground.files.api import StoredFile, store

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def upload(content: bytes = b"hello", name: str = "notes.txt") -> SimpleUploadedFile:
    """A file as a browser sends it, with a content type nobody should believe."""
    return SimpleUploadedFile(name, content, content_type="text/html")


def picture(form: str = "PNG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    """The bytes of a small picture."""
    into = io.BytesIO()
    Image.new("RGB", size, "#b4690e").save(into, form, **options)
    return into.getvalue()


def stored(
    content: bytes = b"hello",
    *,
    name: str = "notes.txt",
    kind: str = "test.any",
    person_id: UUID | None = None,
) -> StoredFile:
    """A stored file of the speaking tenant."""
    return store(upload(content, name), kind=kind, person_id=person_id, by="system", now=NOW)
