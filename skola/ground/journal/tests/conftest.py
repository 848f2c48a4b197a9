from collections.abc import Callable
from pathlib import Path

import pytest

from skola.ground.journal import registry
from skola.ground.journal.book import Book
from skola.ground.journal.gate import Watch

_PROBLEM = Watch.problem


@pytest.fixture
def journal(tmp_path: Path, settings: pytest.FixtureRequest) -> Book:
    """A journal of this test's own, begun."""
    made = Book(tmp_path / "journal")
    made.begin()
    settings.JOURNAL = made.folder  # type: ignore[attr-defined]  # pytest-django's settings
    return made


@pytest.fixture
def repeats(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[registry.Repeat]]:
    """A registry of this test's own."""
    own: dict[str, list[registry.Repeat]] = {}
    monkeypatch.setattr(registry, "_repeats", own)
    return own


@pytest.fixture
def real_watch() -> Callable[[Watch], str]:
    """What the gate really says; elsewhere in the tests it stands open."""
    return _PROBLEM
