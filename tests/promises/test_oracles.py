"""Nobody learns from an answer who is known here, and nobody locks an owner out (5.2)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail as post
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from skola.ground.people.mail import send
from skola.ground.people.models import Account, Mail, SecurityEvent
from skola.ground.people.passwords import Argon2id
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from tests.promises import people

pytestmark = [pytest.mark.tenant("ilearn"), pytest.mark.django_db]
TOKEN = re.compile(r'csrfmiddlewaretoken" value="[^"]+"')


def somebody(email: str, **changes: Any) -> Account:
    made = people.customer(email)
    Account.objects.filter(pk=made.pk).update(**changes)
    return made


def answer(who: Client, path: str, form: dict[str, str], email: str) -> tuple[int, str, str]:
    """Status, where it leads and the body, without the address and the token of the form."""
    got = who.post(path, form)
    body = TOKEN.sub("", got.content.decode()).replace(email, "ADDRESS")
    return got.status_code, str(got.headers.get("Location")), body


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was hashed: that is what costs time at a sign-in."""
    found: list[str] = []
    for name in ("encode", "verify"):
        plain: Callable[..., Any] = getattr(Argon2id, name)

        def counted(self: Any, password: str, *rest: Any, _plain: Any = plain) -> Any:
            found.append(password)
            return _plain(self, password, *rest)

        monkeypatch.setattr(Argon2id, name, counted)
    return found


def test_a_wrong_password_costs_and_says_the_same_whoever_is_meant(
    tenant: Tenant, hashed: list[str]
) -> None:
    somebody("known@example.org")
    somebody("suspended@example.org", is_active=False)
    somebody("void@example.org", password="!")
    hashed.clear()

    found = {}
    for name in ("nobody", "known", "suspended", "void"):
        cache.clear()
        email = f"{name}@example.org"
        form = {"login": email, "password": "not the right one"}
        said = answer(people.browser(tenant), "/account/login/", form, email)
        found[name] = (*said, len(hashed))
        hashed.clear()

    assert found["nobody"][0] == 200
    assert found["nobody"][3] == 1
    assert found == dict.fromkeys(found, found["nobody"])


def test_who_is_locked_by_somebody_elses_tries_comes_in_with_a_code(
    tenant: Tenant,
) -> None:
    cache.clear()
    account = people.customer()
    for number in range(25):
        thief = Client(HTTP_HOST="ilearn.localhost", REMOTE_ADDR=f"198.51.100.{number}")
        thief.post("/account/login/", {"login": account.email, "password": f"guess {number}"})

    tried = SecurityEvent.objects.filter(person=account.person, kind="failed").count()
    assert tried == 10, "ten in half an hour, however many addresses they come from"
    owner = people.browser(tenant)
    assert not people.log_in(owner), "not even the right password tells a thief that it is right"
    owner.post("/account/login/code/", {"email": account.email})
    owner.post(
        "/account/login/code/confirm/", {"code": people.code_in(people.latest_mail(account.email))}
    )
    assert owner.get("/account/").status_code == 200


def test_who_asks_for_a_link_about_their_data_costs_the_same_whoever_they_are(
    tenant: Tenant,
) -> None:
    people.customer("known@example.org")
    make.person(email="guest@example.org")

    found, done = {}, {}
    for name in ("first", "nobody", "known", "guest"):  # the first finds nothing in memory
        cache.clear()
        email = f"{name}@example.org"
        who = people.browser(tenant)
        with CaptureQueriesContext(connection) as asked:
            found[name] = answer(who, "/privacy/mine/", {"email": email}, email)
        done[name] = [re.sub(r'"s\d+_x\d+"', "", one["sql"].split("(")[0])[:60] for one in asked]

    assert done.pop("first")
    assert found["nobody"][0] == 200
    assert found == dict.fromkeys(found, found["nobody"])
    assert done == dict.fromkeys(done, done["nobody"])
    assert post.outbox == [], "the queue sends it"
    sent = [send(one.pk) for one in Mail.objects.order_by("created_at", "pk")]
    assert sent == [False, False, True, True]
    assert [one.to for one in post.outbox] == [["known@example.org"], ["guest@example.org"]]
    assert not Mail.objects.exists()
