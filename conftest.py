"""One PostgreSQL for the tests, made by the owner, used as the application's role."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from skola.ground.db.local import LocalServer
from skola.ground.db.setup import OWNER, prepare

DATA = Path(__file__).parent / ".skola" / "test"


def pytest_configure(config: pytest.Config) -> None:
    """Start the server before Django reads its settings; the workers of xdist find it running."""
    server = LocalServer(DATA / "postgres", durable=False)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        DATA.mkdir(parents=True, exist_ok=True)
        server.start()
        prepare(server)
    os.environ["SKOLA_DATABASE_URL"] = server.url(OWNER)
    os.environ["SKOLA_OWNER_DATABASE_URL"] = server.url(OWNER)
    os.environ["SKOLA_SECRET_KEY"] = "for tests only"
    os.environ["SKOLA_DATA"] = str(DATA)
    os.environ["SKOLA_DEBUG"] = "yes"
    os.environ["SKOLA_DEMO"] = "yes"
    os.environ["SKOLA_MAIL_BACKEND"] = "django.core.mail.backends.locmem.EmailBackend"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The owner creates and migrates the test database."""
    from django.db import connections

    connections["default"].settings_dict["OPTIONS"].pop("assume_role", None)
    connections["default"].settings_dict["OPTIONS"].pop("pool", None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Then every test runs under the application's role, walls and all."""
    from django.db import connections

    from skola.ground.db.walls import APP_ROLE

    connection = connections["default"]
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"grant truncate on all tables in schema public to {APP_ROLE}")
        cursor.execute(f"grant insert, update, delete on tenants_tenant, tenants_host to {APP_ROLE}")
    connection.close()
    connection.settings_dict["OPTIONS"]["assume_role"] = APP_ROLE
    yield
    with django_db_blocker.unblock():
        connection.close()
    connection.settings_dict["OPTIONS"].pop("assume_role", None)
