"""What every test of a restore begins with: a journal and backups of its own, and a real gate."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages

from skola.ground.journal import api as journal
from skola.ground.journal.gate import Watch
from skola.ground.tenants.models import Tenant
from tests.promises.restore.copies import (
    START,
)


@pytest.fixture
def the_gate_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the gate opens and closes by itself; only its look at each session is left out."""
    monkeypatch.setattr(Watch, "problem", lambda _watch: "")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """The journal, the backups, their keys, and the objects: each in a folder of its own."""
    settings.DATA = tmp_path / "data"
    settings.JOURNAL = tmp_path / "journal"
    settings.BACKUPS = tmp_path / "backups"
    settings.BACKUP_KEYS = tmp_path / "keys"
    before = storages._storages.get("objects")  # type: ignore[attr-defined]  # as Django's own tests do
    storages._storages["objects"] = storages.create_storage(  # type: ignore[attr-defined]
        {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "data" / "objects"},
        }
    )
    yield tmp_path
    if before is not None:
        storages._storages["objects"] = before  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def opened(tenant: Tenant, place: Path) -> None:
    """The installation was open before its disaster."""
    journal.demand_open(now=START)
