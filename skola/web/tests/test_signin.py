"""Sign-in, as a visitor meets it."""

from collections.abc import Callable, Iterator

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from skola.ground.people.models import Account, Mail
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant

PASSWORD = "a long enough one"
Enter = Callable[[Account], Account]


@pytest.fixture(autouse=True)
def no_limits_left(db: None) -> Iterator[None]:
    """Rate limits live in the cache."""
    cache.clear()
    yield
    cache.clear()


def ready(email: str = "ilze@example.org", password: str | None = PASSWORD) -> Account:
    """An account whose address is confirmed."""
    made = make.account(email=email, password=password)
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


def log_in(client: Client, email: str, password: str = PASSWORD) -> int:
    answer = client.post("/account/login/", {"login": email, "password": password})
    return answer.status_code


@pytest.mark.parametrize(
    "path",
    [
        "login/",
        "login/code/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/done/",
        "inactive/",
        "signup/",
    ],
)
def test_a_page_for_visitors_answers(client: Client, path: str) -> None:
    assert client.get(f"/account/{path}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "",
        "contact/",
        "policy/",
        "logout/",
        "email/",
        "password/change/",
        "sessions/",
        "2fa/",
        "reauthenticate/",
        "2fa/webauthn/",
    ],
)
def test_a_page_for_people_answers(client: Client, sign_in: Enter, path: str) -> None:
    sign_in(ready())

    assert client.get(f"/account/{path}").status_code == 200


def test_sign_in_leads_to_the_summary_of_the_policy_first(client: Client) -> None:
    ready()

    answer = client.post(
        "/account/login/?next=/account/", {"login": "ilze@example.org", "password": PASSWORD}
    )

    assert answer.status_code == 302
    assert answer["Location"] == "/account/policy/?next=%2Faccount%2F"
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert client.post("/account/policy/", {"next": "/account/"})["Location"] == "/account/"


def test_the_policy_page_sends_nobody_to_another_site(client: Client, sign_in: Enter) -> None:
    sign_in(ready())

    answer = client.post("/account/policy/", {"next": "https://elsewhere.example/"})

    assert answer["Location"] == "/"


def test_an_unknown_address_is_answered_like_a_known_one(client: Client, tenant: Tenant) -> None:
    ready()
    other = Client(HTTP_HOST=f"{tenant.slug}.localhost")

    def answers(who: Client, email: str) -> list[tuple[int, str, str]]:
        found = []
        for path, form in (
            ("login/", {"login": email, "password": "not this one, no"}),
            ("login/code/", {"email": email}),
            ("password/reset/", {"email": email}),
        ):
            answer = who.post(f"/account/{path}", form, follow=True)
            body = answer.content.decode().replace(email, "ADDRESS")
            token = body.split('csrfmiddlewaretoken" value="')
            plain = "".join(part[part.find('"') :] if i else part for i, part in enumerate(token))
            found.append((answer.status_code, str(answer.redirect_chain), plain))
        return found

    known = answers(client, "ilze@example.org")
    unknown = answers(other, "nobody@example.org")

    assert known == unknown
    assert Mail.objects.filter(address="ilze@example.org").count() == 2
    assert Mail.objects.filter(address="nobody@example.org").count() == 2
