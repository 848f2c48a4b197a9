"""The officer looks at the audit, opens an entry, keeps its proof, and takes a copy."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from skola.ground.audit import merkle
from skola.ground.audit.api import (
    Entry,
    folder_of,
    forget_subject,
    log_of,
    record,
    replace_lost_key,
    sequence,
)
from skola.ground.audit.keys import key_file
from skola.ground.audit.note import Checkpoint, PublicKey
from skola.ground.audit.tiles import Archive
from skola.ground.audit.verifying import verify
from skola.ground.jobs.api import waiting
from skola.ground.people.models import Account, Mail
from skola.ground.tenants.api import Tenant, current_id
from skola.web.auditing.mail import MAILED, mail_checkpoint
from skola.web.doctor import examine

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PAGE = "/office/promises/audit/"
Enter = Callable[[str], Account]


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path


def happen(count: int = 1, kind: str = "test.thing.done", **said: Any) -> Entry:
    for _ in range(count):
        made = record(kind, by="system", at=NOW, **said)
    return made


def test_the_page_tells_how_far_the_log_is(client: Client, enter: Enter) -> None:
    enter("officer")
    assert "Nothing is published yet." in client.get(PAGE).content.decode()
    happen(3)
    sequence(now=NOW)

    page = client.get(PAGE).content.decode()

    assert "every entry is signed" in page
    assert "ilearn.localhost/.well-known/skola-audit" in page
    assert f'<a href="{PAGE}" aria-current="page">' in page
    happen()
    assert "the log lags behind" in client.get(PAGE).content.decode()


def test_entries_are_found_by_the_beginning_of_their_kind(client: Client, enter: Enter) -> None:
    enter("officer")
    happen(kind="test.hold.placed")
    happen(kind="test.thing.done")

    page = client.get(PAGE, {"q": "test.hold"}).content.decode()
    assert ("test.hold.placed" in page, "test.thing.done" in page) == (True, False)
    assert "No entry is of this kind." in client.get(PAGE, {"q": "nothing"}).content.decode()
    assert client.get(PAGE, {"before": "nonsense"}).status_code == 200


def test_older_entries_are_a_page_away(client: Client, enter: Enter) -> None:
    enter("officer")
    first = happen(clause="the-first")
    happen(60)

    page = client.get(PAGE)
    assert "the-first" not in page.content.decode()
    oldest = Entry.objects.order_by("-id")[49]
    assert f"before={oldest.pk}" in page.content.decode()
    assert "the-first" in client.get(PAGE, {"before": str(oldest.pk)}).content.decode()
    assert first.pk < oldest.pk


def test_the_page_asks_the_database_the_same_for_more_entries(client: Client, enter: Enter) -> None:
    enter("officer")
    asked = []
    for count in (1, 3):
        happen(count)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as told:
            client.get(PAGE)
        asked.append(len(told))

    assert asked[0] == asked[1] <= 12


def test_an_entry_shows_its_proof_and_the_proof_is_kept(client: Client, enter: Enter) -> None:
    enter("officer")
    made = happen(5, detail={"count": 7})
    page = client.get(f"{PAGE}{made.pk}/").content.decode()
    assert "not signed yet" in page
    assert client.get(f"{PAGE}{made.pk}/proof.json").status_code == 302
    sequence(now=NOW)

    page = client.get(f"{PAGE}{made.pk}/").content.decode()
    assert "stands in the log" in page
    kept = json.loads(client.get(f"{PAGE}{made.pk}/proof.json").content)

    key = PublicKey.read((folder_of(current_id()).read("key") or b"").decode())
    signed = Checkpoint.read(kept["checkpoint"], key)
    assert merkle.shows_inclusion(
        merkle.leaf_hash(kept["leaf"].encode()),
        kept["index"],
        signed.size,
        [bytes.fromhex(one) for one in kept["path"]],
        signed.root,
    )


def test_a_forgotten_detail_says_so(client: Client, enter: Enter) -> None:
    enter("officer")
    person = uuid4()
    made = happen(subject=person, detail={"count": 7654})
    assert "7654" in client.get(f"{PAGE}{made.pk}/").content.decode()

    forget_subject(person)

    page = client.get(f"{PAGE}{made.pk}/").content.decode()
    assert "The detail is forgotten" in page
    assert "7654" not in page


def test_tampering_is_said_on_the_pages(client: Client, enter: Enter, tenant: Tenant) -> None:
    enter("officer")
    made = happen(3)
    sequence(now=NOW)
    folder = folder_of(tenant.pk)
    folder.write("tile/0/000.p/3", b"x" * 96)
    assert "The log was tampered with" in client.get(f"{PAGE}{made.pk}/").content.decode()

    folder.write("checkpoint", b"nonsense")
    assert "The log was tampered with" in client.get(PAGE).content.decode()
    assert "The log was tampered with" in client.get(f"{PAGE}{made.pk}/").content.decode()


def test_a_copy_proves_itself_and_stands_in_the_audit(
    client: Client, enter: Enter, tenant: Tenant
) -> None:
    enter("officer")
    assert client.post(f"{PAGE}copies/").status_code == 302
    happen(300, detail={"count": 1})
    sequence(now=NOW)
    assert client.get(f"{PAGE}copies/").status_code == 405

    answer: Any = client.post(f"{PAGE}copies/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))

    key = log_of(tenant.pk).key
    assert key is not None
    report = verify(Archive(archive), key)
    assert report.ok
    assert report.checkpoint is not None
    assert report.checkpoint.size == 300
    assert "READ-ME.txt" in archive.namelist()
    assert Entry.objects.get(kind="web.audit.copied").detail == {"size": 300}


@pytest.mark.parametrize("kind", ["learner", "author", "finance", "support", "recruiter"])
def test_for_others_it_does_not_exist(client: Client, enter: Enter, kind: str) -> None:
    made = happen()
    enter(kind)

    assert client.get(PAGE).status_code == 404
    assert client.get(f"{PAGE}{made.pk}/").status_code == 404
    assert client.get(f"{PAGE}{made.pk}/proof.json").status_code == 404
    assert client.post(f"{PAGE}copies/").status_code == 404


def test_the_officer_gets_the_checkpoint_by_mail_while_something_happens(
    enter: Enter, tenant: Tenant
) -> None:
    officer = enter("officer")
    enter("administrator")
    assert mail_checkpoint(NOW) == 0
    happen(3)
    sequence(now=NOW)

    assert mail_checkpoint(NOW) == 1

    mail = Mail.objects.get()
    assert mail.address == officer.email
    log = log_of(tenant.pk)
    assert (log.folder.read("checkpoint") or b"").decode().strip() in mail.text
    assert str(log.key) in mail.text
    assert len(waiting("people.send_mail")) == 1
    assert Entry.objects.get(kind=MAILED).detail["size"] == 3

    sequence(now=NOW)
    assert mail_checkpoint(NOW + timedelta(days=1)) == 0, "the mail alone is nothing new"
    happen()
    sequence(now=NOW)
    assert mail_checkpoint(NOW + timedelta(days=2)) == 1


def test_a_lost_key_is_said_on_the_page_by_the_doctor_and_in_the_next_mail(
    client: Client, enter: Enter, tenant: Tenant
) -> None:
    enter("officer")
    measure = f"{tenant.slug}: the key that signs the audit is there"
    happen(3)
    sequence(now=NOW)
    assert mail_checkpoint(NOW) == 1
    assert "The key that signs the log is not there" not in client.get(PAGE).content.decode()
    assert [one.ok for one in examine() if one.measure == measure] == [True]
    first = log_of(tenant.pk).key
    assert first is not None
    key_file(tenant.pk).unlink()

    assert "The key that signs the log is not there" in client.get(PAGE).content.decode()
    (found,) = [one for one in examine() if one.measure == measure]
    assert not found.ok
    assert "skola audit new-key --lost" in found.remedy

    second = replace_lost_key(by="skola audit", now=NOW)

    assert "The key that signs the log is not there" not in client.get(PAGE).content.decode()
    assert mail_checkpoint(NOW + timedelta(days=1)) == 1
    said = f"The key {first.id.hex()}, which signed before, was lost at 3 entries"
    told = [said in mail.text for mail in Mail.objects.order_by("pk")]
    assert told == [False, True]
    assert str(second) in Mail.objects.order_by("pk")[1].text
    happen(2)
    sequence(now=NOW)
    assert mail_checkpoint(NOW + timedelta(days=2)) == 1
    assert said not in Mail.objects.order_by("pk")[2].text
