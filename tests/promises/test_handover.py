"""A service is sold: everybody hears of it and may object, and it goes over to another database.

Two installations, each with a database, keys and policies of its own. What is done on a terminal is
done by the command; people and officers use their pages.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.core.cache import cache
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from psycopg import sql

from skola.__main__ import main
from skola.ground import clock
from skola.ground.audit.api import Entry, pseudonym_of
from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.files import api as files
from skola.ground.jobs import api as jobs
from skola.ground.people.models import Account, Mail, Person
from skola.ground.people.tasks import send_mail
from skola.ground.people.tests import make
from skola.ground.tenants.api import Tenant, forget_hosts, inside
from skola.promises.disclosures.models import Disclosure
from skola.promises.handover import arriving, tasks
from skola.promises.handover.models import Handover
from skola.promises.handover.sealing import signed
from skola.services.billing.models import Invoice
from skola.services.billing.tests import make as billing
from tests.promises.editing import real
from tests.promises.keeping import keeps
from tests.promises.marking import everywhere, mark, rows_of
from tests.promises.people import PASSWORD, customer, signed_in, working
from tests.promises.restore.copies import copy_database, drop_database, tables_with

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)
OFFICE = "/office/promises/handover/"
NOTICE = "/privacy/handover/"
BUYER = {
    "kind": "sale",
    "agreed_on": "2026-02-27",
    "document": "Sale 14/2026",
    "name": "Northern Lessons AS",
    "reg_no": "16000001",
    "address": "Kai 3, Tallinn",
    "email": "privacy@northern.example",
    "country": "EE",
    "understood": "on",
}
BOTH = pytest.mark.parametrize(
    "tenant",
    [
        pytest.param("learnifier", marks=pytest.mark.tenant("learnifier")),
        pytest.param("ema", marks=pytest.mark.tenant("ema")),
    ],
    indirect=True,
)


class Side:
    """One of the two installations: its database, and the folders it works in."""

    def __init__(self, name: str, place: Path, settings: Any) -> None:
        self.database, self.place, self.settings = name, place, settings
        self.policies = place / "policies"

    @contextmanager
    def at(self, *, owner: bool = False) -> Iterator[None]:
        """Work here meanwhile, as the application or as the owner of the tables."""
        told, options = connection.settings_dict, connection.settings_dict["OPTIONS"]
        before = told["NAME"], options.get("assume_role")
        connection.close()
        told["NAME"] = self.database
        if owner:
            options.pop("assume_role", None)
        else:
            options["assume_role"] = "skola_app"
        self.enter()
        try:
            yield
        finally:
            connection.close()
            told["NAME"], options["assume_role"] = before
            forget_hosts()

    def enter(self) -> None:
        """Let the settings name this side's folders."""
        self.settings.DATA = self.place / "data"
        self.settings.JOURNAL = self.place / "journal"
        self.settings.POLICIES = self.policies
        vars(storages)["_storages"]["objects"] = storages.create_storage(
            {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": self.place / "data" / "objects"},
            }
        )
        from skola.ground.journal.book import Book

        if not Book(self.place / "journal").exists:
            Book(self.place / "journal").begin()
        cache.clear()
        forget_hosts()

    def run(self, *words: object, owner: bool = False) -> int:
        """Run ``skola handover`` here."""
        with self.at(owner=owner):
            return main(["handover", *map(str, words)])


@pytest.fixture
def sides(
    tenant: Tenant, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Side, Side]]:
    """Who gives, and who takes; the test works at the first unless it says otherwise."""
    monkeypatch.setitem(os.environ, "SKOLA_AS_OWNER", "no")
    stored = vars(storages)["_storages"].get("objects")
    name = str(connection.settings_dict["NAME"])
    other = f"{name}_taker"
    copy_database(other)
    giver = Side(name, tmp_path / "giver", settings)
    taker = Side(other, tmp_path / "taker", settings)
    taker.policies.mkdir(parents=True)
    (giver.policies / tenant.slug).mkdir(parents=True)
    shutil.copy(real(tenant.slug), giver.policies / tenant.slug)
    with taker.at(owner=True), connection.cursor() as cursor:
        cursor.execute("delete from tenants_host")
        cursor.execute("delete from tenants_tenant")
    giver.enter()
    with clock.standing_at(AT), inside(tenant.pk):
        yield giver, taker
    connection.close()
    drop_database(other)
    if stored is not None:
        vars(storages)["_storages"]["objects"] = stored


def words_of(client: Client, address: str, *, status: int = 200) -> str:
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == status, f"{address} answers {answer.status_code}"
    return answer.content.decode()


def announce(officer: Client, goes_on: date) -> Any:
    return officer.post(OFFICE, {**BUYER, "goes_on": goes_on.isoformat()})


def first_day(officer: Client) -> date:
    """The first day that the officer's page allows."""
    found = re.search(r'name="goes_on" value="([0-9-]+)"', words_of(officer, OFFICE))
    assert found, "the form begins with the first possible day"
    return date.fromisoformat(found[1])


def tell() -> list[Mail]:
    """The worker writes to everybody; what it wrote."""
    known = set(Mail.objects.values_list("pk", flat=True))
    tasks.tell_people()
    return list(Mail.objects.exclude(pk__in=known))


def deliver() -> None:
    """The worker sends what waits."""
    for values in jobs.waiting("people.send_mail"):
        send_mail(**values)


def on(day: date) -> Any:
    """Noon of a day."""
    return clock.standing_at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def entries(kind: str) -> list[dict[str, Any]]:
    found = Entry.objects.filter(kind=kind).order_by("at")
    return [{**one.detail, "at": one.at, "clause": one.clause} for one in found]


def signing_key(printed: str) -> str:
    return next(
        line.removeprefix("Signed by ") for line in printed.splitlines() if "Signed by" in line
    )


def everything() -> str:
    """Every row of every table, whatever the tenant, as who holds the database reads it."""
    from django.conf import settings as told

    assert told.BACKUP_DATABASE is not None
    reached = {**told.BACKUP_DATABASE, "NAME": connection.settings_dict["NAME"]}
    found = []
    with psycopg.connect(
        host=reached["HOST"],
        user=reached["USER"],
        password=reached["PASSWORD"],
        dbname=reached["NAME"],
    ) as at:
        names = at.execute("select tablename from pg_tables where schemaname = 'public'")
        for (table,) in names.fetchall():
            asked = sql.SQL("select coalesce(string_agg(t::text, ' '), '') from {} t")
            row = at.execute(asked.format(sql.Identifier(table))).fetchone()
            found.append(row[0] if row else "")
    return " ".join(found)


def objects(side: Side) -> list[Path]:
    return [one for one in (side.place / "data" / "objects").rglob("*") if one.is_file()]


@keeps("learnifier-15", "ema-7.3.2")
@BOTH
def test_a_service_is_handed_over_from_the_notice_to_the_sellers_empty_database(
    tenant: Tenant,
    sides: tuple[Side, Side],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    giver, taker = sides
    officer = working(tenant, "officer")
    person = everywhere(make.person(given_name="Agent")) if tenant.slug == "ema" else None
    marks = mark(person) if person else set()
    words = (one for one in marks if one.token.startswith("m"))
    tokens = {one.token for one in words if one.column != "pseudonym"}  # the audit keeps that
    owed = held(person) if person else {}
    stays = customer("stays@canary.example").person
    customer("ilze@example.org")
    Person.objects.filter(pk=stays.pk).update(family_name="Canary-stays-5e1")
    goes = Account.objects.get(email="ilze@example.org").person
    Person.objects.filter(pk=goes.pk).update(family_name="Canary-goes-77b")
    guest = make.person(email="guest@example.org", family_name="Canary-guest-21c")
    invoice = billing.invoice(stays, at=AT)
    document = files.store(
        SimpleUploadedFile("goes.txt", b"A document of Canary-goes-77b"),
        kind=_document_kinds()[0],
        person_id=goes.pk,
        by="test",
        now=AT,
    )

    # ---- the event, and a day that is too early
    first = first_day(officer)
    assert first > AT.date() + timedelta(days=27)
    early = announce(officer, first - A_DAY)
    assert early.status_code == 422
    assert f"{first.day} {first:%B %Y}" in early.content.decode()
    assert not Handover.objects.exists()
    assert announce(officer, first).status_code == 302

    # ---- everybody hears of it, with proof
    mails = tell()
    assert {one.address for one in mails} == addressed()
    for one in mails:
        assert BUYER["name"] in one.text
        assert BUYER["reg_no"] in one.text
        assert "/privacy/handover/objections/" in one.text
    assert tell() == [], "nobody is told twice"
    link_of_guest = next(one for one in mails if one.person_id == guest.pk).text
    deliver()
    delivered = Entry.objects.filter(kind="people.mail.delivered", subject=pseudonym_of(goes.pk))
    assert delivered.filter(detail__about__startswith="handover ").count() == 1
    assert "This service goes over to Northern Lessons AS" in words_of(Client(**host(tenant)), "/")
    notice = words_of(Client(**host(tenant)), NOTICE)
    assert "Northern Lessons AS" in notice
    assert "16000001" in notice

    # ---- who does not want to
    unwilling = signed_in(tenant, "stays@canary.example")
    assert unwilling.post(f"{NOTICE}objections/", {"what": "object"}).status_code == 302
    assert "your data do not go over" in words_of(unwilling, NOTICE)
    address = next(word for word in link_of_guest.split() if "/objections/" in word)
    by_link = "/" + address.split("/", 3)[3]
    visitor = Client(**host(tenant))
    assert "You can object until" in words_of(visitor, by_link)
    assert visitor.post(by_link, {"what": "object"}).status_code == 302
    assert "your data do not go over" in words_of(visitor, by_link)
    assert visitor.post(by_link, {"what": "withdraw"}).status_code == 302
    page = words_of(officer, OFFICE)
    assert "People may object until" in page

    # ---- not before the day
    assert taker.run("key", "--to", tmp_path / "taker.key") == 0
    archive = tmp_path / "service.handover"
    packing = ("export", tenant.slug, "--for", tmp_path / "taker.key", "--to", archive)
    assert giver.run(*packing, "--wait", 0) == 2
    assert not archive.exists()
    words_of(officer, "/")

    with on(first):
        late = unwilling.post(f"{NOTICE}objections/", {"what": "withdraw"})
        assert late.status_code == 409
        capsys.readouterr()
        assert giver.run(*packing, "--wait", 0) == 0, capsys.readouterr().err
        printed = capsys.readouterr().out
        assert "1 objected" in printed
        key = signing_key(printed)
        closed = words_of(Client(**host(tenant)), "/privacy/", status=503)
        assert "Northern Lessons AS" in closed
        assert b"Canary" not in archive.read_bytes()
        assert tables_with("stays@canary.example") == set(), "who objected is erased on the day"
        lines = _lines(archive)
        assert goes.pk in lines
        assert guest.pk in lines
        assert stays.pk not in lines, "who objected was passed to nobody"
        assert "The archive is with the new controller" in words_of(officer, OFFICE)

        # ---- what is not as it was packed is refused, and leaves nothing
        whole = archive.read_bytes()
        broken = tmp_path / "broken.handover"
        for spoilt in (whole[:-20], whole[:5000] + b"x" + whole[5001:], b"{}\n"):
            broken.write_bytes(spoilt)
            assert taker.run("import", broken, "--signed-by", key, owner=True) == 2
        assert giver.run("import", archive, "--signed-by", key, owner=True) == 2
        wrong = key[:-8] + "AAAAAAA="
        assert taker.run("import", archive, "--signed-by", wrong, owner=True) == 2
        with monkeypatch.context() as broke:
            broke.setattr(arriving, "_arrive", _killed)
            assert taker.run("import", archive, "--signed-by", key, owner=True) == 130
        with taker.at():
            assert not Tenant.objects.exists()
        assert objects(taker) == []
        assert not (taker.policies / tenant.slug).exists()
        capsys.readouterr()

        # ---- it arrives, once
        assert taker.run("import", archive, "--signed-by", key, owner=True) == 0, (
            capsys.readouterr().err
        )
        receipt = archive.with_name(f"{archive.name}.receipt")
        assert receipt.exists()
        assert taker.run("import", archive, "--signed-by", key, owner=True) == 2
        assert "was taken in on" in capsys.readouterr().err
        assert taker.run("receipt", tenant.slug, "--to", tmp_path / "again") == 0
        assert (tmp_path / "again").read_text() == receipt.read_text()
        with taker.at(), inside(tenant.pk):
            assert tables_with("Canary-goes-77b") >= {"people_person"}
            assert tables_with("Canary-guest-21c") >= {"people_person"}
            assert tables_with("Canary-stays-5e1") == set()
            assert tables_with(str(stays.pk)) == set()
            assert not Invoice.objects.filter(pk=invoice.pk).exists()
            visitor = signed_in(tenant, "ilze@example.org")
            policy = words_of(visitor, "/privacy/")
            assert "Northern Lessons AS" in policy
            assert "privacy@northern.example" in policy
            assert _lines(archive) == lines, "who gave and who took wrote the same"
            told = words_of(visitor, "/account/privacy/passed-on/")
            for said in (
                "Northern Lessons AS",
                "Sale 14/2026",
                "Everything that was held about you",
            ):
                assert said in told
            there = files.StoredFile.objects.get(pk=document.pk)
            assert b"".join(files.pieces_of(there)) == b"A document of Canary-goes-77b"
            arrived = entries("handover.tenant.arrived")[0]
            assert (arrived["event"], arrived["agreed_on"]) == ("sale", "2026-02-27")
            mine = Entry.objects.filter(kind="handover.person.told", subject=pseudonym_of(goes.pk))
            assert mine.count() == 1, "the proof of the notice goes along"
            _numbers_go_on()
            if person:
                _everything_of(person, owed)

        # ---- the seller's copy goes, by the right receipt only
        erasing = ("erase", tenant.slug, "--receipt")
        assert giver.run("erase", tenant.slug, owner=True) == 2
        forged = tmp_path / "forged"
        for false, why in list(_false_receipts(receipt.read_text(), giver, taker)):
            forged.write_text(false)
            assert giver.run(*erasing, forged, owner=True) == 2, why
            assert why in capsys.readouterr().err
        assert tables_with("Canary-goes-77b") >= {"people_person"}
        assert giver.run(*erasing, receipt, owner=True) == 0, capsys.readouterr().err
        left = everything()
        canaries = {"Canary-goes-77b", "Canary-guest-21c", "ilze@example.org", str(goes.pk)}
        assert {one: tables_with(one) for one in canaries | tokens if one in left} == {}
        assert objects(giver) == []
        gone = words_of(Client(**host(tenant)), "/", status=410)
        assert "Northern Lessons AS" in gone
        assert Invoice.objects.filter(pk=invoice.pk).exists(), "accounts are kept for their term"
        erased = entries("handover.copy.erased")[0]
        assert (erased["event"], erased["agreed_on"]) == ("sale", "2026-02-27")
        assert erased["rows"] > 10
        assert giver.run("erase", tenant.slug, owner=True) == 0, "what was begun is finished"


def _false_receipts(receipt: str, giver: Side, taker: Side) -> Iterator[tuple[str, str]]:
    """Receipts that are not the one: whose signature, archive, number or tenant is another."""
    text = receipt.rpartition("\n\n")[0] + "\n"
    with giver.at():
        yield signed(text), "signed"
    with taker.at():
        yield signed(re.sub(r"archive \w+", f"archive {'0' * 64}", text)), "is of the archive"
        for word in ("rows", "files"):
            yield signed(text.replace(f"{word} ", f"{word} 1")), "The numbers of the receipt"
        other = re.sub(r"tenant \S+", f"tenant {UUID(int=1)}", text)
        yield signed(other), "The numbers of the receipt"


@reading_for(ENGINE)
def _lines(archive: Path) -> set[UUID]:
    """Of whom the ledger says that this archive with their data was passed to the buyer."""
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    found = Disclosure.objects.filter(recipient=BUYER["name"], digest=digest, third=True)
    return set(found.values_list("person_id", flat=True))


def _killed(*_told: Any, **_more: Any) -> Any:
    raise KeyboardInterrupt


def _document_kinds() -> list[str]:
    from skola.ground.files.kinds import _kinds
    from skola.ground.files.rules import Family

    return [name for name, one in _kinds.items() if Family.DOCUMENT in one.accepts]


def host(tenant: Tenant) -> dict[str, Any]:
    return {"HTTP_HOST": f"{tenant.slug}.localhost"}


def _numbers_go_on() -> None:
    """Rows that are made from now on do not meet the numbers of those that came."""
    from allauth.account.models import EmailAddress

    account = make.account(email="later@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)


@reading_for(ENGINE)
def held(person: Person) -> dict[str, int]:
    """How many rows each table has about somebody."""
    return {table.table: len(keys) for table, keys in rows_of(person)}


@reading_for(ENGINE)
def addressed() -> set[str]:
    """Everybody's address: of the account, or of who has none."""
    guests = Person.objects.filter(account=None).exclude(email="")
    return {
        *Account.objects.values_list("email", flat=True),
        *guests.values_list("email", flat=True),
    }


def _everything_of(person: Person, owed: dict[str, int]) -> None:
    """Every table that moves has as many rows about somebody as it had."""
    from skola.promises.inventory.api import declarations

    moves = {one.table for one in declarations() if one.moves} | {"files_objectkey"}
    found = held(person)
    lacking = {
        table: (count, found[table])
        for table, count in owed.items()
        if table in moves and found[table] < count
    }
    assert lacking == {}
