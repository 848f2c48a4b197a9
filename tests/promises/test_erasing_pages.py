"""The pages of erasure: people erase themselves, the officer does it for others."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.audit.merkle import leaf_hash, shows_inclusion
from skola.ground.audit.note import Checkpoint
from skola.ground.backup import inventory as backup
from skola.ground.backup.rules import Kept
from skola.ground.people.models import Person
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.promises.rights.api import erase_person
from skola.promises.rights.erasing import commands
from skola.promises.rights.models import Erasure
from skola.services.billing.tests import make as billing
from skola.services.courses.models import Enrolment
from skola.services.courses.tests import make as courses
from tests.promises.people import PASSWORD, browser, customer, log_in, signed_in, staff

pytestmark = pytest.mark.django_db
OWN = "/account/erasure/"
LIST = "/office/promises/erasures/"


def confirmed(visitor: Client, path: str, told: dict[str, str]) -> Any:
    """Send a form, and the password that is asked for once more."""
    answer = visitor.post(path, told)
    if "/account/reauthenticate/" in answer.get("Location", ""):
        answer = visitor.post(answer["Location"], {"password": PASSWORD})
    return answer


@pytest.fixture
def who(tenant: Tenant) -> Client:
    """Somebody signed in, with a course and an invoice."""
    account = customer()
    courses.enrolment(courses.course(), account.person)
    billing.invoice(account.person)
    return signed_in(tenant)


def test_a_person_sees_what_goes_and_what_stays_before_anything_happens(who: Client) -> None:
    page = who.get(OWN).content.decode()
    assert "Invoices and related records (Accounting Act of Latvia)" in page
    assert "3 March 2031" in page
    assert not Erasure.objects.exists()
    assert Enrolment.objects.exists()


def test_a_person_erases_their_data_and_is_signed_out_with_a_receipt(who: Client) -> None:
    assert confirmed(who, OWN, {}).status_code == 422, "without the word nothing happens"
    assert Enrolment.objects.exists()

    answer = confirmed(who, OWN, {"understood": "on"})

    receipt = Erasure.objects.get()
    assert answer["Location"] == f"/privacy/erasures/{receipt.code}/"
    assert not Enrolment.objects.exists()
    assert who.get("/account/").status_code == 302
    page = who.get(answer["Location"])
    assert page.status_code == 200
    assert "Ilze" not in page.content.decode()
    file = who.get(f"{answer['Location']}receipt.json")
    assert file.json()["kept"][0]["category"] == "accounting"
    assert file.json()["erased"] == receipt.erased


def test_a_receipt_proves_its_entry_without_the_service(
    tenant: Tenant, who: Client, tmp_path: Path, settings: Any
) -> None:
    settings.DATA = tmp_path
    there = confirmed(who, OWN, {"understood": "on"})["Location"]
    assert who.get(f"{there}receipt.json").json()["proofs"] == []
    assert "takes an entry within seconds" in who.get(there).content.decode()

    audit.sequence(now=clock.now())

    ((proof,), (entry,)) = (who.get(f"{there}receipt.json").json()[k] for k in ("proofs", "audit"))
    key = audit.log_of(tenant.pk).key
    assert key is not None
    published = Checkpoint.read(proof["checkpoint"], key)
    path = [bytes.fromhex(one) for one in proof["path"]]
    leaf = proof["leaf"].encode()
    where = (leaf_hash(leaf), proof["index"], published.size, path, published.root)
    assert shows_inclusion(*where)
    assert json.loads(leaf)["id"] == entry
    assert not shows_inclusion(leaf_hash(leaf + b" "), *where[1:])
    assert "in the signed log" in who.get(there).content.decode()


def test_a_receipt_says_until_when_backups_hold_what_went(
    who: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = confirmed(who, OWN, {"understood": "on"})["Location"]
    assert who.get(f"{there}receipt.json").json()["in_backups_until"] is None
    assert "No backup holds what was erased" in who.get(there).content.decode()

    granted = Erasure.objects.get().granted_at
    days = [granted - timedelta(days=9), granted - timedelta(days=2), granted + timedelta(days=1)]
    made = [Kept(str(day), "", "", day) for day in days]
    monkeypatch.setattr(backup, "inventory", lambda: made)

    until = who.get(f"{there}receipt.json").json()["in_backups_until"]
    assert until == (granted + timedelta(days=33)).isoformat()
    assert "Backups made before it end by" in who.get(there).content.decode()


def test_nothing_happens_before_the_password_was_told_again(who: Client) -> None:
    asked = who.post(OWN, {"understood": "on"})["Location"]
    assert asked.startswith("/account/reauthenticate/")
    assert who.post(asked, {"password": "a wrong one"}).status_code == 200
    assert Enrolment.objects.exists()

    answer = who.post(asked, {"password": PASSWORD})

    assert answer["Location"].startswith("/privacy/erasures/")
    assert not Enrolment.objects.exists()
    assert who.get("/account/").status_code == 302


def test_a_receipt_is_found_by_its_code_only(tenant: Tenant, who: Client) -> None:
    assert who.get("/privacy/erasures/0123456789abcdef0123456789abcdef/").status_code == 404
    assert browser(tenant).get(OWN)["Location"].startswith("/account/login/")


def test_the_officer_looks_then_erases_and_hands_over_the_receipt(
    tenant: Tenant, who: Client
) -> None:
    staff("officer")
    officer = signed_in(tenant, "officer@example.org")
    assert "Nobody was erased yet" in officer.get(LIST).content.decode()
    assert officer.post(LIST, {"email": "nobody@example.org"}).status_code == 422

    there = officer.post(LIST, {"email": "ilze@example.org"})["Location"]
    assert "Invoices and related records" in officer.get(there).content.decode()
    assert Enrolment.objects.exists()
    assert confirmed(officer, there, {"reason": "asked"}).status_code == 422
    done = officer.post(there, {"reason": "court", "understood": "on"})

    receipt = Erasure.objects.get()
    assert receipt.reason == "court"
    assert done["Location"] == f"{LIST}{receipt.code}/"
    assert officer.get(done["Location"]).status_code == 200
    assert receipt.code in officer.get(LIST).content.decode()
    assert who.get("/account/").status_code == 302, "their sessions have ended"


@pytest.mark.parametrize("path", [LIST, f"{LIST}of/{'0' * 8}-0000-7000-8000-{'0' * 12}/"])
def test_nobody_else_finds_the_officers_pages(who: Client, path: str) -> None:
    assert who.get(path).status_code == 404


def test_the_list_of_receipts_asks_as_much_for_three_as_for_one(
    tenant: Tenant,
) -> None:
    staff("officer")
    officer = browser(tenant)
    log_in(officer, "officer@example.org")
    asked = []
    for number in (1, 2):
        for _ in range(number):
            erase_person(make.person().pk, reason="asked", by="system", now=make.A_DAY)
        officer.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            officer.get(LIST)
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 12


@pytest.mark.tenant("ekool")
def test_each_policy_with_the_right_has_the_page(tenant: Tenant) -> None:
    customer()
    visitor = signed_in(tenant)
    assert visitor.get(OWN).status_code == 200
    assert OWN in visitor.get("/account/").content.decode()


def run(person: str, **options: object) -> int:
    told: dict[str, object] = {
        "tenant": "ilearn",
        "host": None,
        "reason": "asked",
        "dry_run": False,
        "now": make.A_DAY + timedelta(hours=1),
        **options,
    }
    return commands.erase(person, **told)  # type: ignore[arg-type]


def test_the_command_shows_then_erases(who: Client, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ilze@example.org", dry_run=True) == 0
    told = capsys.readouterr().out
    assert "Nothing was touched" in told
    assert "until 3 March 2031" in told
    assert Enrolment.objects.exists()

    assert run("Ilze@example.org", tenant=None, host="ilearn.localhost") == 0
    assert Erasure.objects.get().code in capsys.readouterr().out
    assert not Enrolment.objects.exists()


def test_the_command_refuses_whom_it_cannot_tell(
    tenant: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    for _twice in range(2):
        make.person(email="twin@example.org")
    assert run("twin@example.org") == 2
    assert all(str(one.pk) in capsys.readouterr().err for one in [Person.objects.first()] if one)
    assert run("nobody@example.org") == 2
    assert run("twin@example.org", tenant="nowhere") == 2
    assert run("twin@example.org", tenant=None, host="nowhere.example.org") == 2
