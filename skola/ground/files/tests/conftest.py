from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import storages

from skola.ground.files import kinds
from skola.ground.files.api import Family, Kind, StoredFile, register
from skola.ground.people.api import Person

ALL = frozenset(Family)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: object) -> Iterator[Path]:
    """Objects and keys of one test lie in a folder of their own."""
    settings.DATA = tmp_path  # type: ignore[attr-defined]  # any setting
    objects = storages.create_storage(
        {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "objects"},
        }
    )
    storages._storages["objects"] = objects  # type: ignore[attr-defined]  # how Django's own tests do
    yield tmp_path
    del storages._storages["objects"]  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def registered_kinds() -> Iterator[None]:
    """A kind that takes everything and opens for whoever stored the file, and a narrow one each."""
    before = dict(kinds._kinds)

    def own(person: Person | None, stored: StoredFile, now: object) -> bool:
        return person is not None and person.pk == stored.person_id

    register(Kind("test.any", ALL, 10_000_000, own))
    for family in Family:
        register(Kind(f"test.{family}", frozenset({family}), 10_000_000, own))
    yield
    kinds._kinds.clear()
    kinds._kinds.update(before)
