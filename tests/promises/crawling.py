"""A reader asks for every address of the site map, and says which words of a person came back.

Every text about the person gets a word of its own that stands nowhere else.
"""

import re
from collections.abc import Iterator
from secrets import token_hex
from typing import NamedTuple

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from skola.ground.db.purposes import ENGINE, SIGN_IN, reading_for
from skola.ground.people.models import Account, Person, Role
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.promises.inventory.api import Declaration, Path, declarations
from tests.architecture.test_foreign_ids import LIBRARIES, SIGNED, Ids, ids_for

CANARY = re.compile(r"kanarijs[0-9a-f]{20}")
AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
NOT_HIDDEN = ("/office/promises/requests/", "/office/promises/claims/")
"""Where somebody is answered who asks about their data, and where legal claims are raised and
answered: of who is restricted, too (GDPR Art. 18(2))."""
LEAST = 30
"""Shorter columns hold words of closed lists."""
FACTS = ("retention_fact", "retention_statefact")
"""They hold words of the vocabulary, by which the engine decides what is still there."""


def canary() -> str:
    """A word of its own, 28 letters long."""
    return f"kanarijs{token_hex(10)}"


def personal_texts() -> Iterator[tuple[Declaration, "models.Field[object, object]"]]:
    """Every personal column that can hold a word, with its table's declaration."""
    for declaration in declarations():
        if declaration.subject is None or not declaration.has_tenant:
            continue
        if declaration.table in FACTS:
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
    return sorted(
        one for one in set(found) - {"/account/logout/"} if not one.startswith(NOT_HIDDEN)
    )


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
