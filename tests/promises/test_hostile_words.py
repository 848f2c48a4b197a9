"""Whatever is written into an address is a value, and never part of a question to the database.

Every view that looks for words in an address finds hostile ones, whichever it looks for
(promise-engine 5.2, injection). Two things would tell: a statement that holds the word itself
instead of a place for it, and a page that breaks.
"""

import inspect
import re
from functools import cache
from types import ModuleType
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import got_request_exception
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import get_resolver

from conftest import make_tenant, sized
from skola.ground.db.purposes import SIGN_IN, reading_for
from skola.ground.people.models import Account
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from tests.architecture.test_foreign_ids import A_DAY, everything
from tests.promises.crawling import addresses
from tests.promises.people import working

MARK = "zq7kanarijs"
BREAKING_OUT = f"-{MARK}' or 1=1; -- \") %s {{}}\\"
NO_VALUES = ("99999999999999999999", "²", "0001-01-01", "9999-12-31", "2026-W54", "NaN", "{}[")
"""What a page may take for a number, a day or an order, and is none that the database knows."""
UNWRITABLE = f"\x00{MARK}"
PAGES = re.compile(r'request\.GET\.get\("(page|sent|mark)"[^)]*\)')
"""Lists of several pages are cut by one function; it need not be asked eighty times."""


class Anything(QueryDict):
    """Whatever is looked for is there, and is ``word``."""

    word = ""

    def __contains__(self, key: object) -> bool:
        return True

    def __getitem__(self, key: str) -> Any:
        return self.word

    def get(self, key: str, default: object = None) -> Any:
        return self.word

    def getlist(self, key: str, default: object = None) -> Any:
        return [self.word]


@cache
def looking(module: ModuleType) -> set[str]:
    """The functions of a module that look for words in an address, or call one that does."""
    source = {
        name: PAGES.sub("", inspect.getsource(one))
        for name, one in vars(module).items()
        if inspect.isroutine(one) and inspect.unwrap(one).__module__ == module.__name__
    }
    found: set[str] = set()
    while more := {
        name
        for name, text in source.items()
        if name not in found
        and ("request.GET" in text or any(re.search(rf"\b{one}\(", text) for one in found))
    }:
        found |= more
    return found


def looks_for_words(address: str) -> bool:
    """Whether the view that answers looks for words in the address."""
    view = inspect.unwrap(get_resolver().resolve(address).func)
    module = inspect.getmodule(view)
    return (
        module is not None
        and module.__name__.startswith("skola.")
        and view.__name__ in looking(module)
    )


@pytest.mark.parametrize("slug", sized(["ilearn"], ["ilearn", "ekool", "ema", "learnifier"]))
def test_no_word_of_an_address_gets_into_a_statement_or_breaks_a_page(
    slug: str, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = make_tenant(slug, A_DAY)
    account, known = everything(tenant)
    client = Client(HTTP_HOST=f"{tenant.slug}.localhost", raise_request_exception=False)
    with inside(tenant.pk), reading_for(SIGN_IN):
        client.force_login(Account.objects.get(pk=account.pk))
    pages = [one for one in addresses(known) if looks_for_words(one)]
    assert len(pages) > 30
    bare, bound, broken, errors = set(), set(), [], []

    def watch(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        bare.update([str(sql)] if MARK in str(sql) else [])
        bound.update([str(sql)] if MARK in str(params) else [])
        return execute(sql, params, many, context)

    def count(**_: object) -> None:
        errors.append(1)

    monkeypatch.setattr(WSGIRequest, "GET", property(lambda _request: Anything("", mutable=True)))
    got_request_exception.connect(count)
    with connection.execute_wrapper(watch):
        for word in (BREAKING_OUT, UNWRITABLE, *sized(NO_VALUES[:1], NO_VALUES)):
            monkeypatch.setattr(Anything, "word", word)
            answers = {page: client.get(page).status_code for page in pages}
            broken += [(page, word) for page, status in answers.items() if status >= 500]
            pages = [page for page, status in answers.items() if status not in {404, 405}]

    assert (broken, bare, errors) == ([], set(), [])
    assert len(bound) >= 5, "pages must ask the database for the word, or this shows nothing"


@pytest.mark.tenant("ilearn")
def test_what_no_table_can_hold_is_a_request_that_cannot_be_read(
    tenant: Tenant,
) -> None:
    client = working(tenant, "administrator")
    client.raise_request_exception = False
    assert client.get("/notices/new/", {"q": "Anna"}).status_code == 200

    refused = client.get("/notices/new/", {"q": "\x00Anna"})

    assert refused.status_code == 400
    assert b"Anna" not in refused.content


@pytest.mark.tenant("ilearn")
def test_where_to_go_on_is_an_address_and_never_the_name_of_a_view(
    tenant: Tenant, account: Account, client: Client
) -> None:
    client.raise_request_exception = False
    client.force_login(account)

    for there in ("web:contact", "nowhere", MARK):
        answer = client.post("/account/policy/", {"next": there})
        assert answer.status_code == 302
        assert answer.headers["Location"] in {"/", there}
    assert client.post("/account/policy/", {"next": "//evil.example/"})["Location"] == "/"
