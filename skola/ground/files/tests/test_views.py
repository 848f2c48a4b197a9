from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from skola.ground.files.api import StoredFile
from skola.ground.files.models import ObjectKey
from skola.ground.files.tests import make
from skola.ground.people.api import Account
from skola.ground.people.tests.make import account
from skola.ground.tenants.api import Tenant, inside

CONTENT = bytes(range(250)) * 8


@pytest.fixture
def me(sign_in: Callable[[Account], Account]) -> Account:
    return sign_in(account())


@pytest.fixture
def stored(me: Account) -> StoredFile:
    return make.stored(CONTENT, name="Plāns.pdf", person_id=me.person_id)


def _get(client: Client, stored: StoredFile, **headers: str) -> Any:
    return client.get(f"/files/{stored.pk}/", headers=headers)


def _body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_the_owner_gets_the_file_as_a_download(client: Client, stored: StoredFile) -> None:
    response = _get(client, stored)
    assert (response.status_code, _body(response)) == (200, CONTENT)
    assert response["Content-Length"] == "2000"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Pl%C4%81ns.pdf"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-cache"


def test_a_picture_is_shown_in_the_page(client: Client, me: Account) -> None:
    stored = make.stored(make.picture(), name="a.png", person_id=me.person_id)
    response = _get(client, stored)
    assert response["Content-Disposition"] == 'inline; filename="a.png"'
    assert response["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("asked", "status", "content", "told"),
    [
        ("bytes=0-99", 206, CONTENT[:100], "bytes 0-99/2000"),
        ("bytes=1500-", 206, CONTENT[1500:], "bytes 1500-1999/2000"),
        ("bytes=-10", 206, CONTENT[-10:], "bytes 1990-1999/2000"),
        ("bytes=9-1", 200, CONTENT, None),
    ],
)
def test_a_part_is_sent_when_asked_for(
    client: Client, stored: StoredFile, asked: str, status: int, content: bytes, told: str | None
) -> None:
    response = _get(client, stored, Range=asked)
    assert (response.status_code, response.get("Content-Range")) == (status, told)
    assert (_body(response), response["Content-Length"]) == (content, str(len(content)))


def test_a_part_behind_the_end_is_refused(client: Client, stored: StoredFile) -> None:
    response = _get(client, stored, Range="bytes=2000-")
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */2000")


def test_if_range_sends_the_part_only_of_the_same_file(client: Client, stored: StoredFile) -> None:
    whole = _get(client, stored)
    same = _get(client, stored, Range="bytes=0-1", **{"If-Range": whole["ETag"]})
    same_day = _get(client, stored, Range="bytes=0-1", **{"If-Range": whole["Last-Modified"]})
    other = _get(client, stored, Range="bytes=0-1", **{"If-Range": '"another"'})
    assert [same.status_code, same_day.status_code, other.status_code] == [206, 206, 200]


def test_what_the_browser_has_is_not_sent_again(client: Client, stored: StoredFile) -> None:
    etag = _get(client, stored)["ETag"]
    again = _get(client, stored, **{"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_head_tells_the_length_without_the_file(client: Client, stored: StoredFile) -> None:
    response = client.head(f"/files/{stored.pk}/")
    assert (response.status_code, response["Content-Length"]) == (200, "2000")
    assert response.content == b""


def test_what_one_may_not_open_does_not_exist(client: Client, me: Account) -> None:
    stored = make.stored()
    assert _get(client, stored).status_code == 404


def test_a_visitor_gets_nothing(tenant: Tenant) -> None:
    stored = make.stored(person_id=account().person_id)
    assert _get(Client(HTTP_HOST=f"{tenant.slug}.localhost"), stored).status_code == 404


def test_a_file_of_another_tenant_does_not_exist(
    client: Client, me: Account, other_tenant: Tenant
) -> None:
    with inside(other_tenant.pk):
        foreign = make.stored()
    assert _get(client, foreign).status_code == 404


def test_a_file_whose_key_is_gone_does_not_exist(client: Client, stored: StoredFile) -> None:
    ObjectKey.objects.all().delete()
    assert _get(client, stored).status_code == 404


def test_a_file_is_not_written_to(client: Client, stored: StoredFile) -> None:
    assert client.post(f"/files/{stored.pk}/").status_code == 405


def test_a_file_costs_few_queries(
    client: Client, stored: StoredFile, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        _get(client, stored, Range="bytes=0-10")
