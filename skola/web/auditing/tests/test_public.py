"""The published log, as a monitor fetches it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from conftest import make_tenant
from skola.ground.audit import merkle, tiles
from skola.ground.audit.api import log_of, record, sequence
from skola.ground.audit.note import Checkpoint, PublicKey
from skola.ground.people.models import Account
from skola.ground.tenants.api import Tenant, inside

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HERE = "/.well-known/skola-audit/"


@pytest.fixture(autouse=True)
def published(tenant: Tenant, tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path
    for _ in range(300):
        record("test.thing.done", by="system", at=NOW)
    sequence(now=NOW)


class Fetched:
    """A store that fetches over HTTP what everybody may."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def read(self, name: str) -> bytes | None:
        answer = self.client.get(HERE + name)
        return answer.content if answer.status_code == 200 else None


def test_a_visitor_fetches_checkpoint_and_tiles_and_computes_the_root(client: Client) -> None:
    store = Fetched(client)
    key = PublicKey.read((store.read("key") or b"").decode())
    found = Checkpoint.read((store.read("checkpoint") or b"").decode(), key)

    assert found.size == 300
    assert found.origin == "ilearn.localhost/.well-known/skola-audit"
    assert tiles.root_of(store, 300) == found.root


def test_what_may_be_kept_and_for_how_long(client: Client) -> None:
    told = {
        name: (client.get(HERE + name)["Cache-Control"], client.get(HERE + name)["Content-Type"])
        for name in ("checkpoint", "tile/0/000", "tile/0/001.p/44")
    }
    for_ever = ("public, max-age=31536000, immutable", "application/octet-stream")

    assert told == {
        "checkpoint": ("public, max-age=5", "text/plain; charset=utf-8"),
        "tile/0/000": for_ever,
        "tile/0/001.p/44": for_ever,
    }
    assert not client.get(HERE + "tile/0/000").cookies


def test_a_tile_of_an_earlier_checkpoint_can_still_be_fetched(client: Client) -> None:
    whole = client.get(HERE + "tile/0/000").content

    assert client.get(HERE + "tile/0/000.p/17").content == whole[: 17 * 32]
    assert (
        client.get(HERE + "tile/0/001.p/3").content
        == client.get(HERE + "tile/0/001.p/44").content[: 3 * 32]
    )


@pytest.mark.parametrize(
    "name",
    [
        "tile/0/001",
        "tile/0/001.p/45",
        "tile/0/002.p/1",
        "tile/3/000.p/1",
        "tile/0/1",
        "tile/0/000/",
        "tile/0/../../key",
        "tile/00/000",
        "tile/details/000",
        "private",
    ],
)
def test_nothing_beyond_the_signed_tree_is_answered(client: Client, name: str) -> None:
    assert client.get(HERE + name).status_code in (404, 301)
    assert client.get(HERE + name, follow=True).status_code == 404


def test_entries_are_for_the_officer_only(
    client: Client, enter: Callable[[str], Account], tenant: Tenant
) -> None:
    assert client.get(HERE + "tile/entries/000").status_code == 302
    enter("learner")
    assert client.get(HERE + "tile/entries/000").status_code == 404
    enter("officer")
    answer = client.get(HERE + "tile/entries/000")
    with inside(tenant.pk):
        row = log_of(tenant.pk).folder.read("tile/0/000")

    assert answer["Cache-Control"] == "private, no-store"
    assert b"".join(map(merkle.leaf_hash, tiles.unpacked(answer.content))) == row
    assert client.get(HERE + "tile/entries/002").status_code == 404


def test_a_tenant_without_a_log_has_nothing_to_fetch() -> None:
    make_tenant("kic", NOW)
    theirs = Client(HTTP_HOST="kic.localhost")

    names = ("checkpoint", "key", "tile/0/000")
    assert {theirs.get(HERE + name).status_code for name in names} == {404}
