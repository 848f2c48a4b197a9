"""Nothing of a person gets into the log of the server, whatever breaks (promise-engine 5.2)."""

import io
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import DataError, IntegrityError, connection, transaction
from django.test import Client

from skola.ground.jobs import pulse
from skola.ground.people.models import Person
from skola.ground.tenants.models import Tenant
from tests.promises.crawling import CANARY, canary
from tests.server import SERVER

pytestmark = [pytest.mark.tenant("ilearn")]
HOST = "ilearn.localhost"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the server's log gets, as its settings say."""
    said = io.StringIO()
    wanted: dict[str, Any] = settings.LOGGING
    console = {**wanted["handlers"]["console"], "stream": said}
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logging.config.dictConfig({**wanted, "handlers": {"console": console}})
    yield said
    root.handlers, root.level = before, level


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch, tenant: Tenant) -> Client:
    """A service one of whose pages stores a row that the database refuses, by its values."""

    def refused(*_: Any, **__: Any) -> None:
        try:
            with transaction.atomic():
                Person.objects.create(**{"given_name": canary(), "created_at": None})
        except IntegrityError as problem:
            raise ValueError(canary()) from problem

    monkeypatch.setattr("skola.web.views.JsonResponse", refused)
    return Client(HTTP_HOST=HOST, raise_request_exception=False)


def test_a_page_that_breaks_tells_where_and_nothing_of_the_row(
    broken: Client, log: io.StringIO
) -> None:
    answer = broken.get("/manifest.webmanifest", {"q": canary()}, headers={"Referer": canary()})

    said = log.getvalue()
    assert answer.status_code == 500
    assert CANARY.findall(said + answer.content.decode() + str(answer.headers)) == []
    assert "500 GET /manifest.webmanifest" in said
    assert "views.py" in said
    assert "builtins.ValueError" in said
    assert "23502 public people_person created_at" in said


def test_an_address_is_its_pattern_for_it_holds_the_token_of_a_link(
    tenant: Tenant, log: io.StringIO
) -> None:
    visitor = Client(HTTP_HOST=HOST)

    assert visitor.get(f"/account/not-me/{canary()}/").status_code == 404
    assert visitor.get(f"/nowhere/{canary()}/").status_code == 404
    assert visitor.get("/", headers={"Host": f"{canary()}.example"}).status_code >= 400

    said = log.getvalue()
    assert "404 GET /account/not-me/<str:token>/" in said
    assert "404 GET an address that is not there" in said
    assert CANARY.findall(said) == []


def test_work_that_fails_beside_the_queue_is_told_without_its_words(
    tenant: Tenant, log: io.StringIO
) -> None:
    def work(**_: object) -> None:
        raise ValueError(canary())

    try:
        work()
    except ValueError:
        pulse.log.exception("%s failed for %s.", work.__qualname__, tenant.slug)

    assert "ValueError" in log.getvalue()
    assert "failed for ilearn" in log.getvalue()
    assert CANARY.findall(log.getvalue()) == []


def test_the_database_tells_what_failed_without_the_values_that_did(tenant: Tenant) -> None:
    word = canary()
    with pytest.raises(DataError, match=word), transaction.atomic():
        connection.cursor().execute("select %s::jsonb", ['{"name": ' + word])

    said = (SERVER.data / "server.log").read_text()
    assert "invalid input syntax for type json" in said
    assert word not in said
