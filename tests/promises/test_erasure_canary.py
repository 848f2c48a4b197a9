"""A token in every personal column of a person, and after the erasure the search for it everywhere.

The rows come from the features themselves. The tokens are written by the owner of the server, who
then reads what no application sees: a dump, the files of the tables and indexes, the objects.
"""

import secrets
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from skola.ground import clock
from skola.ground.db.local import LocalServer
from skola.ground.files.actions import erase_objects
from skola.ground.files.storage import names_of
from skola.ground.people.models import Account, Guardianship, Person, Preferences
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.promises.rights.api import Step, erase_person, plan, where
from skola.promises.rights.models import Erasure
from skola.services.billing.tests import make as billing
from skola.services.courses.tests import make as courses
from skola.services.desk.models import Call, CallTask, Line, Recording
from skola.services.desk.tests import make as desk
from skola.services.hiring.models import Application
from skola.services.hiring.tests import make as hiring
from skola.web.commands.test import DATA
from tests.promises.people import browser, sign_up

pytestmark = pytest.mark.django_db(transaction=True)

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = START + timedelta(hours=2)
SHORTEST = 16
"""Shorter columns hold words of closed lists: a state, a language."""
LIVE = {("usersessions_usersession", "session_key"), ("people_account", "password")}
"""Columns that must stay what they are for the features to work; their rows are counted instead."""
KEPT = {"billing_invoice", "billing_invoiceline", "billing_payment"}

Tokens = dict[str, tuple[str, str]]


@pytest.fixture
def server() -> Iterator[psycopg.Connection[Any]]:
    """The database as its superuser sees it: without walls, and down to its files."""
    url = LocalServer(DATA / "postgres", durable=False).url(
        "postgres", str(connection.settings_dict["NAME"])
    )
    with psycopg.connect(url, autocommit=True) as found:
        found.execute("set log_min_error_statement = panic")
        found.execute("set log_statement = none")
        yield found


def live(tenant: Tenant, email: str) -> Person:
    """Somebody with rows in every room."""
    with clock.standing_at(START):
        who = browser(tenant)
        person = sign_up(who, born="1990-05-01", email=email)
        assert person is not None
        who.post("/account/contact/", {"phone": "+37129876543", "address": "Marker street 1"})
        Preferences.objects.get_or_create(person=person, defaults={"created_at": START})
        courses.enrolment(courses.course(), person)
        billing.invoice(person, at=START)
        billing.offer(person, at=START)
        desk.enquiry(person=person, email=email, at=START)
        call = desk.call(on=Line.objects.first(), number="+37129876543", at=START)
        Call.objects.filter(pk=call.pk).update(person=person)
        Recording.objects.filter(pk=call.recording.pk).update(person=person)
        CallTask.objects.create(call=call, person=person, text="Call back.", created_at=START)
        made = hiring.application(at=START)
        Application.objects.filter(pk=made.pk).update(person=person)
        Guardianship.objects.create(
            child=people.person(), guardian=person, powers=["see"], starts_at=START
        )
    return person


def plant(server: psycopg.Connection[Any], tenant: Tenant, person: UUID) -> Tokens:
    """Write a token into each personal column of text of each of the person's rows."""
    server.execute("select set_config('skola.tenant', %s, false)", [str(tenant.pk)])
    found: Tokens = {}
    for step in plan():
        if step.subject is not None:
            for column, length in _texts(server, step):
                found |= _plant(server, step, column, length, tenant.pk, person)
    return found


def _texts(server: psycopg.Connection[Any], step: Step) -> list[tuple[str, int]]:
    rows = server.execute(
        "select column_name, coalesce(character_maximum_length, 32)"
        "  from information_schema.columns where table_schema = 'public' and table_name = %s"
        "   and data_type in ('text', 'character varying') order by 1",
        [step.table],
    ).fetchall()
    personal = step.declaration.columns
    return [
        (name, length)
        for name, length in rows
        if name in personal and length >= SHORTEST and (step.table, name) not in LIVE
    ]


def _plant(
    server: psycopg.Connection[Any],
    step: Step,
    column: str,
    length: int,
    tenant: UUID,
    person: UUID,
) -> Tokens:
    assert step.subject is not None
    mine = where(step.declaration, step.subject, tenant=f"'{tenant}'", person=f"'{person}'")
    places: Any = server.execute(f'select ctid from "{step.table}" where {mine}').fetchall()
    found: Tokens = {}
    for (_place,) in places:
        token = secrets.token_hex(16)[:length]
        text = (
            f'update "{step.table}" set "{column}" = %s where ctid ='
            f' (select ctid from "{step.table}" where {mine} and "{column}" not in'
            f" (select unnest(%s::text[])) limit 1)"
        )
        try:
            server.execute(text, [token, list(found)])
        except psycopg.errors.IntegrityError:
            continue  # a word of a closed list, or an identifier that others refer to
        found[token] = (step.table, column)
    return found


def dump(server: psycopg.Connection[Any]) -> str:
    """Everything that a backup of the database has."""
    local = LocalServer(DATA / "postgres", durable=False)
    done = subprocess.run(
        [str(local.binaries / "pg_dump"), local.url("postgres", server.info.dbname)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def bytes_of_database(server: psycopg.Connection[Any]) -> bytes:
    """The files of all tables, indexes and statistics, written anew and flushed."""
    server.execute("vacuum (full, analyze)")
    server.execute("checkpoint")
    row: Any = server.execute("select oid from pg_database where datname = current_database()")
    folder = DATA / "postgres" / "base" / str(row.fetchone()[0])
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


def bytes_below(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def hits(tokens: Tokens, text: str | bytes) -> set[str]:
    """Which of the tokens are found."""
    if isinstance(text, str):
        return {token for token in tokens if token in text}
    return {token for token in tokens if token.encode() in text}


def test_no_token_of_an_erased_person_is_found_anywhere(
    tenant: Tenant,
    other_tenant: Tenant,
    server: psycopg.Connection[Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    cache.clear()
    person, second = live(tenant, "new@example.org"), live(tenant, "second@example.org")
    with inside(other_tenant.pk):
        far = people.account(email="new@example.org").person
    account = Account.objects.get(person=person).pk
    tokens = plant(server, tenant, person.pk)
    others = plant(server, tenant, second.pk) | plant(server, other_tenant, far.pk)
    planted = {table for table, _column in tokens.values()}
    assert len(tokens) > 50
    assert {
        "account_emailaddress", "billing_contract", "billing_invoice", "courses_enrolment",
        "desk_call", "desk_enquiry", "desk_message", "hiring_application", "people_account",
        "people_person", "people_preferences", "people_profilechange", "retention_fact",
    } <= planted, planted  # fmt: skip
    assert hits(tokens, dump(server)) == set(tokens)
    objects = set(names_of(str(tenant.pk)))

    with caplog.at_level("DEBUG"):
        receipt = erase_person(person.pk, reason="asked", by="system", now=LATER)
        erase_objects(now=LATER)

    kept = {token for token, (table, _) in tokens.items() if table in KEPT}
    assert [(line["category"], line["count"]) for line in receipt.kept] == [("accounting", 1)]
    text = dump(server)
    assert hits(tokens, text) == kept, "exactly what the receipt lists"
    assert hits(others, text) == set(others), "nobody else's data are touched"
    assert hits(tokens, bytes_of_database(server)) == kept
    assert hits(tokens, bytes_below(Path(settings.JOURNAL))) == set()
    assert hits(tokens, caplog.text) == set()
    gone = objects - set(names_of(str(tenant.pk)))
    assert len(gone) == len(objects) / 2, "the sound and the document of the one, not the other's"
    for table in ("usersessions_usersession", "account_emailaddress"):
        assert str(account) not in _rows(server, table)


def _rows(server: psycopg.Connection[Any], table: str) -> str:
    found: Any = server.execute(f'select t::text from "{table}" t').fetchall()
    return "\n".join(row for (row,) in found)


def test_the_receipt_leads_to_nobody(tenant: Tenant, server: psycopg.Connection[Any]) -> None:
    person = live(tenant, "new@example.org")
    tokens = plant(server, tenant, person.pk)
    erase_person(person.pk, reason="asked", by="system", now=LATER)
    receipt = _rows(server, "rights_erasure")
    assert hits(tokens, receipt) == set()
    assert str(person.pk) not in receipt
    assert Erasure.objects.count() == 1
