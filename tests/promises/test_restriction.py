"""Somebody's data are restricted: no page shows any of them, to whoever holds whatever role.

Every text about the person gets a word of its own that stands nowhere else. Then every address of
the site map is asked for, and none of these words may come back.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from secrets import token_hex
from typing import NamedTuple

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from conftest import make_tenant
from skola.ground import clock
from skola.ground.db.purposes import ENGINE, SIGN_IN, reading_for
from skola.ground.people.models import Account, Person, Role
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.promises.gate.api import lift_restriction, record_telling, restrict
from skola.promises.inventory.api import Declaration, Path, declarations
from skola.promises.rights.access.archive import write_archive
from skola.promises.rights.erasing.actions import erase_person
from tests.architecture.test_foreign_ids import A_DAY, LIBRARIES, SIGNED, Ids, ids_for, objects

CANARY = re.compile(r"kanarijs[0-9a-f]{20}")
AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
REQUESTS = "/office/promises/requests/"
"""Where somebody is answered who asks about their data: who is restricted, too (Art. 18(2))."""
LEAST = 30
"""Shorter columns hold words of closed lists."""


def canary() -> str:
    """A word of its own, 28 letters long."""
    return f"kanarijs{token_hex(10)}"


def personal_texts() -> Iterator[tuple[Declaration, "models.Field[object, object]"]]:
    """Every personal column that can hold a word, with its table's declaration."""
    for declaration in declarations():
        if declaration.subject is None or not declaration.has_tenant:
            continue
        model = apps.get_model(declaration.model)
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField)
            if (
                field.column in declaration.columns
                and is_text
                and not field.choices
                and not isinstance(field, models.SlugField)
                and (field.max_length or LEAST) >= LEAST
            ):
                yield declaration, field


def about(path: Path, person: Person) -> str:
    """The test that a row is about this person; made without the engine's help."""
    test = f"= '{person.pk}'"
    column = path.column
    for hop in reversed(path.hops):
        test = f'in (select "{hop.key}" from "{hop.table}" where "{column}" {test})'
        column = hop.column
    return f'"{column}" {test}'


def put_canaries(person: Person) -> set[str]:
    """Write a word of its own into every personal text about the person; return ``table.column``.

    One row of each table, for a word may stand once only where the column is unique.
    """
    put = set()
    with reading_for(ENGINE), connection.cursor() as cursor:
        for declaration, field in personal_texts():
            assert declaration.subject is not None
            word = canary() + ("@example.org" if "mail" in field.name else "")
            table, column, key = declaration.table, field.column, declaration.key
            try:
                with transaction.atomic():
                    cursor.execute(
                        f'update "{table}" set "{column}" = %s where "{key}" in (select "{key}"'
                        f' from "{table}" where {about(declaration.subject, person)} limit 1)',
                        [word],
                    )
            except DatabaseError:  # a column that what is concluded or the database keeps as it is
                continue
            if cursor.rowcount:
                put.add(f"{table}.{column}")
    return put


def addresses(known: dict[str, Ids]) -> list[str]:
    """Every address of the site map, with the ids of what is about the person."""
    found = []
    for route, pattern in every_route():
        ids: Ids | None = {}
        if pattern.pattern.regex.groups:
            ids = None if route in SIGNED | LIBRARIES else ids_for(route, known)
        if ids is not None:
            try:
                found.append(reverse(route, kwargs=ids))
            except NoReverseMatch:
                continue  # a route without a name, or of a library that takes other words
    return sorted(one for one in set(found) - {"/account/logout/"} if REQUESTS not in one)


def every_route(
    resolver: URLResolver | None = None, namespace: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from every_route(one, inner)
        elif one.name:
            yield f"{namespace}{one.name}", one


class Seen(NamedTuple):
    """What a reader got: words, addresses that broke, no page, or had words of their own."""

    words: set[str]
    broken: set[str]
    none: set[str]
    telling: set[str]


def seen_by(account: Account | None, tenant: Tenant, asked: list[str]) -> Seen:
    """Ask for every address as this reader."""
    words, broken, none, telling = set(), set(), set(), set()
    client = Client(HTTP_HOST=f"{tenant.slug}.localhost", raise_request_exception=False)
    if account is not None:
        with inside(tenant.pk), reading_for(SIGN_IN):
            client.force_login(Account.objects.get(pk=account.pk))
    for address in asked:
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        found = set(CANARY.findall(f"{body.decode(errors='replace')} {answer.headers}"))
        words |= found
        if found:
            telling.add(address)
        if answer.status_code >= 500:
            broken.add(address)
        if answer.status_code in {404, 405}:
            none.add(address)
    return Seen(words, broken, none, telling)


def readers(*, each: bool) -> dict[str, Account | None]:
    """Who asks: a visitor, somebody who holds all roles, and a holder of ``each`` one alone."""
    every = people.account()
    found: dict[str, Account | None] = {"everything": every, "visitor": None}
    for kind in Role.Kind:
        people.role(every.person, kind)
        if each:
            account = people.account()
            people.role(account.person, kind)
            found[kind.value] = account
    return found


@pytest.mark.parametrize(
    ("slug", "each_role"), [("ilearn", True), ("ema", False), ("ekool", False)]
)
def test_no_page_shows_anything_about_a_restricted_person(
    slug: str, each_role: bool, db: None
) -> None:
    tenant = make_tenant(slug, A_DAY)
    now = clock.now()
    with inside(tenant.pk):
        account = people.account()
        subject = account.person
        for kind in Role.Kind:
            people.role(subject, kind)
        known = objects(subject)
        put = put_canaries(subject)
        asking = readers(each=each_role)
    asked = addresses(known)
    assert len(asked) > 60
    assert {"people_person.given_name", "people_account.email"} <= put
    assert len(put) > 20

    before = seen_by(asking["everything"], tenant, asked)
    assert before.broken == set()
    assert len(before.words) > 8, "pages must show what is about the person, or this shows nothing"
    pages = [address for address in asked if address not in before.none]
    # whoever holds one role alone is asked about the person, not for what is the same to everybody
    narrow = [one for one in pages if one in before.telling or AN_ID.search(one)]

    with inside(tenant.pk):
        restriction = restrict(subject.pk, reason="accuracy contested", by="system", now=now)
    for role, reader in asking.items():
        found = seen_by(reader, tenant, asked if role in ("everything", "visitor") else narrow)
        assert (role, found.words, found.broken) == (role, set(), set())

    own = seen_by(account, tenant, ["/account/", "/account/contact/", "/privacy/"])
    assert own.words
    assert own.broken == set()
    with inside(tenant.pk):
        record_telling(restriction, how="letter", by="system", now=now)
        lift_restriction(restriction, by="system", now=now)
    again = seen_by(asking["everything"], tenant, pages)
    assert again.words == before.words


@pytest.mark.tenant("ilearn")
def test_who_is_restricted_gets_a_copy_and_is_erased(tenant: Tenant) -> None:
    now = clock.now()
    person = people.account(created_at=now).person
    restrict(person.pk, reason="unlawful", by="system", now=now)
    copy = BytesIO()

    written = write_archive(person.pk, copy, language="en", now=now)
    erase_person(person.pk, reason="asked for", by="system", now=now)

    assert written.records > 0
    with reading_for(ENGINE):
        assert not Account.objects.exists()
