"""A database that goes away is said, on the page and in the shell, with what to do now.

PostgreSQL itself ends the connection, as it does when it is stopped or has to recover
(promise-engine 5.1).
"""

from collections.abc import Callable

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client

import skola.__main__ as shell
from skola.ground.db.away import is_away
from skola.ground.people.models import Person
from skola.ground.tenants.models import Tenant
from skola.web.commands import sweep as a_command
from tests.server import SERVER

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.tenant("ema")]


@pytest.fixture
def stop(tenant: Tenant) -> Callable[[], None]:
    """End this process's connection from the server's side."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        (process,) = cursor.fetchone()

    def end(*_: object) -> None:
        with psycopg.connect(SERVER.url("postgres", "postgres"), autocommit=True) as other:
            other.execute("select pg_terminate_backend(%s, 5000)", [process])

    return end


def test_the_page_says_when_to_try_again_and_then_goes_on(stop: Callable[[], None]) -> None:
    visitor = Client(HTTP_HOST="ema.localhost", raise_request_exception=False)
    before = visitor.get("/privacy/").status_code

    stop()
    away = visitor.get("/privacy/")
    connection.close()  # as the server does after each request

    assert (before, away.status_code) == (200, 503)
    assert away.headers["Retry-After"] == "60"
    assert "This service cannot reach its data" in away.content.decode()
    assert visitor.get("/privacy/").status_code == 200


@pytest.mark.parametrize(
    ("cookie", "asked", "language", "said"),
    [
        ("", "lt-LT, en;q=0.5", "lt", "Paslauga šiuo metu negali pasiekti savo duomenų"),
        ("et", "lt", "et", "Teenus ei pääse praegu oma andmetele ligi"),
        ("", "fr", "en", "This service cannot reach its data"),
    ],
)
def test_it_says_so_in_the_language_of_the_reader(
    cookie: str, asked: str, language: str, said: str, stop: Callable[[], None]
) -> None:
    visitor = Client(HTTP_HOST="ema.localhost", raise_request_exception=False)
    visitor.cookies.load({"speaks": cookie} if cookie else {})

    stop()
    page = visitor.get("/privacy/", headers={"Accept-Language": asked}).content.decode()
    connection.close()

    assert f'<html lang="{language}"' in page
    assert said in page


def test_the_shell_says_what_now(
    stop: Callable[[], None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(_options: object) -> int:
        stop()
        return Person.objects.count()

    monkeypatch.setattr(a_command, "run", ask)

    assert shell.main(["sweep"]) == 2
    connection.close()
    said = capsys.readouterr().err
    assert "The database is away" in said
    assert "See that PostgreSQL runs and answers" in said


def test_nothing_listens() -> None:
    with pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect("postgresql://nobody@localhost:1/none", connect_timeout=5)

    assert is_away(refused.value)


def test_a_statement_that_the_database_refused_is_no_absence(tenant: Tenant) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = 1")
    with pytest.raises(OperationalError) as slow:
        list(
            Person.objects.raw("select id, pg_sleep(1) from people_person right join now() on true")
        )
    connection.close()

    assert not is_away(slow.value)
