"""The same room over a bucket: a server on this machine that speaks S3."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer

from skola.ground.files import storage
from skola.ground.files.api import erase_objects, forget, open_file, orphans
from skola.ground.files.queries import reader_of
from skola.ground.files.rules import PIECE
from skola.ground.files.tests import make
from skola.ground.files.tests.make import NOW

pytestmark = [
    pytest.mark.usefixtures("tenant", "bucket"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, folder: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Objects go to a fresh bucket."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "for-tests")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    client: Any = boto3.client("s3", endpoint_url=endpoint)
    name = "skola-objects"
    client.create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"}
    )
    storages._storages["objects"] = storages.create_storage(  # type: ignore[attr-defined]
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {"bucket_name": name, "endpoint_url": endpoint, "file_overwrite": False},
        }
    )
    yield
    for stored in client.list_objects_v2(Bucket=name).get("Contents", []):
        client.delete_object(Bucket=name, Key=stored["Key"])
    client.delete_bucket(Bucket=name)


def test_a_file_goes_to_the_bucket_and_comes_back_in_parts() -> None:
    content = bytes(range(256)) * 8192
    stored = make.stored(content)
    assert open_file(stored).read() == content
    part = b"".join(reader_of(stored).span(PIECE - 3, PIECE + 3))
    assert part == content[PIECE - 3 : PIECE + 4]


def test_a_forgotten_file_leaves_the_bucket() -> None:
    stored = make.stored()
    forget(stored, by="system", now=NOW)
    erase_objects(now=make.NOW)
    assert not storage.exists(stored.stored_as)


def test_the_bucket_is_compared_with_the_keys() -> None:
    fine, lost = make.stored(), make.stored()
    storage.delete(lost.stored_as)
    assert orphans(now=NOW).keys_without_object == (lost.stored_as,)
    assert list(storage.names_of(str(fine.tenant_id))) == [fine.stored_as]


def test_who_uses_no_cloud_keeps_new_files_here_and_fetches_the_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    disk = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "home"},
    }
    held = storages._storages  # type: ignore[attr-defined]
    monkeypatch.setitem(held, storage.HOME, storages.create_storage(disk))
    outside = make.stored(b"old" * 1000)
    tenant = str(outside.tenant_id)
    monkeypatch.setattr(storage, "_choosers", [lambda: True])
    here = make.stored(b"new" * 1000)
    bucket, home = storages["objects"], storages[storage.HOME]
    assert (bucket.exists(outside.stored_as), bucket.exists(here.stored_as)) == (True, False)
    assert set(storage.names_of(tenant)) == {outside.stored_as, here.stored_as}
    assert (open_file(outside).read(), open_file(here).read()) == (b"old" * 1000, b"new" * 1000)

    assert [storage.fetch_home(tenant) for _twice in range(2)] == [1, 0]
    assert list(bucket.listdir(tenant)[0]) == []
    assert home.exists(outside.stored_as)
    assert open_file(outside).read() == b"old" * 1000
    storage.delete(outside.stored_as)
    assert set(storage.names_of(tenant)) == {here.stored_as}
    storage.delete(here.stored_as)
