"""Fixtures of all tests: the database under the application's role, tenants, clients.

The server itself is started by ``tests/server.py``.
"""

import gc
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import blocking_manager_key
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from tests.server import empty

if TYPE_CHECKING:
    from django.test import Client

    from skola.ground.people.models import Account
    from skola.ground.tenants.models import Tenant

WHOLE = os.environ.get("SKOLA_TEST_WHOLE") == "yes"
T = TypeVar("T")


def sized(each_time: T, whole: T) -> T:
    """How much of an endless supply is tried: by every run, and by ``run.py test --whole``."""
    return whole if WHOLE else each_time


hypothesis_settings.register_profile("house", deadline=None, max_examples=sized(20, 200))
hypothesis_settings.load_profile("house")
"""No test asserts a time: machines are shared, and a slow example is not a wrong one."""


gc.disable()  # a third of the time in which tests are gathered; see pytest_collection_finish

OF_THE_DEMO = {
    "tests/journeys/test_demo.py",
    "tests/journeys/test_exam.py",
    "tests/journeys/test_first_course.py",
    "tests/journeys/test_first_page.py",
    "tests/promises/test_notice_ports.py",
}


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Tests of one running demo go to one worker, so that it is started once; they begin.

    All others go wherever somebody is free. The groups of xdist 3.8 do nothing under pytest 9.2,
    which keeps the names of tests elsewhere.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "demo" if nodeid.partition("::")[0] in OF_THE_DEMO else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Called where tests run beside each other."""
    return Scheduling(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: list[Any]) -> None:
    """Make one new database and copy it for each worker, which is quicker than to make them all."""
    if not config.getvalue("create_db"):
        return
    from django.db import connection

    options = connection.settings_dict["OPTIONS"]
    connection.settings_dict["OPTIONS"] = {
        name: value for name, value in options.items() if name not in ("assume_role", "pool")
    }
    creation, name = connection.creation, connection.settings_dict["NAME"]
    with config.stash[blocking_manager_key].unblock():
        creation.create_test_db(verbosity=0, autoclobber=True)
        for number in range(len(specs)):
            creation.clone_test_db(f"gw{number}", verbosity=0, autoclobber=True)
        connection.close()
    connection.settings_dict.update(NAME=name, OPTIONS=options)
    config.option.create_db = False


@pytest.hookimpl(wrapper=True)  # pytest-django orders in between
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Tests of an installation that is struck begin: at the end nobody would work beside them."""
    for item in items:
        path = item.nodeid.partition("::")[0]
        if path.startswith("tests/") and "demo" in getattr(item, "fixturenames", ()):
            assert path in OF_THE_DEMO, f"{path} belongs to OF_THE_DEMO"
    yield
    items.sort(key=lambda item: "installation" not in getattr(item, "fixturenames", ()))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is gathered stays for good: nobody looks again whether it is rubbish."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The owner creates and migrates the test database."""
    from django.db import connections

    connections["default"].settings_dict["OPTIONS"].pop("assume_role", None)
    connections["default"].settings_dict["OPTIONS"].pop("pool", None)
    if own := os.environ.get("SKOLA_TEST_DB"):
        connections["default"].settings_dict["TEST"]["NAME"] = f"test_{own}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Then every test runs under the application's role, walls and all."""
    from django.core.management.commands import flush
    from django.db import connections

    from skola.ground.db.base import DatabaseOperations
    from skola.ground.db.walls import APP_ROLE

    # only the owner builds walls, not the flush after a test with real transactions
    vars(flush)["emit_post_migrate_signal"] = lambda *_args, **_kwargs: None
    connection = connections["default"]
    patch = pytest.MonkeyPatch()  # of the class: beside a running browser there is another object
    patch.setattr(DatabaseOperations, "sql_flush", lambda _ops, _style, tables, **_how: tables)
    patch.setattr(
        DatabaseOperations,
        "execute_sql_flush",
        lambda _ops, tables: empty(connection.settings_dict["NAME"], tables),
    )
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"grant truncate on all tables in schema public to {APP_ROLE}")
        cursor.execute(
            f"grant insert, update, delete on tenants_tenant, tenants_host to {APP_ROLE}"
        )
    connection.close()
    connection.settings_dict["OPTIONS"]["assume_role"] = APP_ROLE
    yield
    with django_db_blocker.unblock():
        connection.close()
    connection.settings_dict["OPTIONS"].pop("assume_role", None)
    patch.undo()


@pytest.fixture(autouse=True)
def browsers_ask_for_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Test clients wish for English unless a test says otherwise; its words are the source's."""
    from django.test import RequestFactory

    makers: Any = RequestFactory
    plain = makers._base_environ

    def wishing(factory: RequestFactory, **request: Any) -> dict[str, Any]:
        return {"HTTP_ACCEPT_LANGUAGE": "en", **plain(factory, **request)}

    monkeypatch.setattr(RequestFactory, "_base_environ", wishing)


@pytest.fixture(autouse=True)
def passwords_are_hashed_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of tests sign somebody in; what a hash costs is of no interest to them."""
    from skola.ground.people.passwords import Argon2id

    monkeypatch.setattr(Argon2id, "time_cost", 1)
    monkeypatch.setattr(Argon2id, "memory_cost", 64)


@pytest.fixture(autouse=True)
def the_gate_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests roll back what the journal has, so only those of the gate look at it."""
    from skola.ground.journal import api
    from skola.ground.journal.gate import Watch

    monkeypatch.setattr(Watch, "problem", lambda _watch: "")
    monkeypatch.setattr(api, "demand_open", lambda **_told: None)


@pytest.fixture
def dates_hide() -> None:
    """For tests of what is hidden when it is due."""


@pytest.fixture(autouse=True)
def no_date_hides_anything(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests tell a ``now`` of their own, of which the database hears nothing.

    So only those that ask for ``dates_hide`` read as of the moment on which they stand.
    """
    from skola.ground.db import base
    from skola.promises.gate import ended

    if "dates_hide" not in request.fixturenames:
        monkeypatch.setattr(base, "_ahead", lambda: timedelta(days=-36_500))
        monkeypatch.setattr(ended, "now", lambda: datetime(1926, 1, 1, tzinfo=UTC))


@pytest.fixture
def now() -> datetime:
    """The day on which tests stand unless they say otherwise."""
    return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def make_tenant(slug: str, now: datetime) -> "Tenant":
    """A tenant reached as ``SLUG.localhost``."""
    from skola.ground.tenants.models import Host, Tenant
    from skola.ground.tenants.queries import forget_hosts

    forget_hosts()
    made = Tenant.objects.create(slug=slug, name=slug, created_at=now)
    Host.objects.create(tenant=made, name=f"{slug}.localhost")
    return made


@pytest.fixture
def other_tenant(db: None, now: datetime) -> "Tenant":
    """Another controller, whose data nobody else may see."""
    return make_tenant("south-school", now)


@pytest.fixture
def tenant(request: pytest.FixtureRequest, db: None, now: datetime) -> "Iterator[Tenant]":
    """The tenant that speaks in this test; ``@pytest.mark.tenant("ilearn")`` chooses another."""
    from skola.ground.tenants.context import inside

    mark = request.node.get_closest_marker("tenant")
    made = make_tenant(mark.args[0] if mark else "ilearn", now)
    with inside(made.pk):
        yield made


@pytest.fixture
def client(tenant: "Tenant") -> "Client":
    """A browser at the tenant's door."""
    from django.test import Client

    return Client(HTTP_HOST=f"{tenant.slug}.localhost")


@pytest.fixture
def sign_in(client: "Client", tenant: "Tenant") -> "Callable[[Account], Account]":
    """Sign an account in at the client."""
    from skola.ground.tenants.context import inside

    def enter(account: "Account") -> "Account":
        with inside(tenant.pk):
            client.force_login(account)
        return account

    return enter
