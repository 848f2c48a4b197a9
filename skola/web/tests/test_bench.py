"""Every measure of ``skola bench`` can be taken. Here few rows are made: no figure is looked at."""

from importlib import import_module
from types import ModuleType

import pytest
from django.db import connection

from skola.ground.db.setup import OWNER
from skola.web.commands.bench import ROOMS
from tests.server import SERVER

SMALL = {
    "ACTS": 3,
    "CANDIDATES": 2,
    "CLIENTS": 2,
    "EVENTS": 20,
    "KEYED_ROUNDS": 1,
    "KEYS": 5,
    "MANY": 300,
    "NUMBERED": 100,
    "OTHERS": 2,
    "PEOPLE": 100,
    "READY": 100,
    "ROUNDS": 2,
    "ROWS": 240,
    "SCAN_ROUNDS": 1,
    "VERIFIED": 300,
    "VERY_MANY": 500,
}
"""What the modules call how many of something they make, and how many are made here."""


@pytest.fixture
def as_owner(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Measures make tables, and go back to the application's role for what they measure."""
    database = connection.settings_dict["NAME"]
    monkeypatch.setenv("SKOLA_DATABASE_URL", SERVER.url(OWNER, database))
    with connection.cursor() as cursor:
        cursor.execute("reset role")


@pytest.fixture(params=ROOMS)
def room(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The measures of a room, made small."""
    module = import_module(f"{request.param}.bench")
    for name, few in SMALL.items():
        if isinstance(vars(module).get(name), int):
            monkeypatch.setattr(module, name, few)
    return module


def test_every_measure_can_be_taken(room: ModuleType, as_owner: None) -> None:
    taken = room.measures()
    assert taken
    assert {type(one.ok) for one in taken} == {bool}
