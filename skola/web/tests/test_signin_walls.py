"""What is kept apart and kept alike: tenants, known and unknown addresses, days and queries."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from cryptography.fernet import InvalidToken
from django.contrib.sessions.models import Session
from django.core import mail as post
from django.core.cache import cache
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from skola.ground import clock
from skola.ground.people.mail import send
from skola.ground.people.models import Account, Mail, Person, Preferences, SecurityEvent
from skola.ground.people.tests import make
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Host, Tenant
from skola.ground.tenants.queries import forget_hosts
from skola.promises.retention.models import Fact
from skola.web.signin import MfaAdapter

PASSWORD = "a long enough one"
Enter = Callable[[Account], Account]


@pytest.fixture(autouse=True)
def no_limits_left(tenant: Tenant) -> None:
    cache.clear()


@pytest.fixture
def neighbour(tenant: Tenant) -> Tenant:
    made = Tenant.objects.create(slug="kic", name="kic", created_at=tenant.created_at)
    Host.objects.create(tenant=made, name="kic.localhost")
    forget_hosts()
    return made


def ready(email: str = "ilze@example.org") -> Account:
    made = make.account(email=email, password=PASSWORD)
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


def log_in(client: Client, password: str = PASSWORD) -> Any:
    form = {"login": "ilze@example.org", "password": password}
    return client.post("/account/login/", form, headers={"Accept-Language": "en"})


def test_the_same_address_and_passkey_at_two_tenants_are_two(neighbour: Tenant) -> None:
    mine = ready()
    Authenticator.objects.create(user=mine, type="totp", data={})
    with inside(neighbour.pk):
        theirs = ready()
        Authenticator.objects.create(user=theirs, type="totp", data={})
        assert Authenticator.objects.get().user_id == theirs.pk
        assert list(Authenticator.objects.filter(user_id=mine.pk)) == []

    assert EmailAddress.objects.get().user_id == mine.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        EmailAddress.objects.create(user=mine, email="ilze@example.org", verified=True)


def test_nobody_ties_an_authenticator_to_an_account_of_another_tenant(neighbour: Tenant) -> None:
    mine = ready()

    def tie() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            Authenticator.objects.create(user_id=mine.pk, type="totp", data={})
            cursor.execute("set constraints all immediate")

    with inside(neighbour.pk), pytest.raises((IntegrityError, ProgrammingError)):
        tie()


def test_a_second_factor_is_sealed_under_the_tenants_own_key(neighbour: Tenant) -> None:
    sealed = MfaAdapter().encrypt("JBSWY3DPEHPK3PXP")

    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert MfaAdapter().decrypt(sealed) == "JBSWY3DPEHPK3PXP"
    with inside(neighbour.pk), pytest.raises(InvalidToken):
        MfaAdapter().decrypt(sealed)


def test_a_session_is_refused_at_another_tenants_host(client: Client, neighbour: Tenant) -> None:
    ready()
    log_in(client)
    stranger = Client(HTTP_HOST="kic.localhost")
    stranger.cookies["sessionid"] = client.cookies["sessionid"].value

    assert stranger.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200
    with inside(neighbour.pk):
        assert list(Session.objects.all()) == []


def test_a_known_address_opens_an_account_like_an_unknown_one(tenant: Tenant) -> None:
    ready()

    def answers(email: str) -> tuple[list[tuple[int, str]], int]:
        who = Client(HTTP_HOST=f"{tenant.slug}.localhost")
        who.post("/account/signup/", {"birth_on": "1990-02-03"})
        form = {
            "given_name": "Anna",
            "family_name": "Bērziņa",
            "email": email,
            "password1": "nobody guesses this",
        }
        with CaptureQueriesContext(connection) as asked:
            first = who.post("/account/signup/", form)
        told = [(first.status_code, str(first.headers.get("Location")))]
        wrong = who.post("/account/confirm-email/", {"code": "AAA-AAA"})
        told.append((wrong.status_code, str(wrong.headers.get("Location"))))
        return told, len(asked)

    known, queries_known = answers("ilze@example.org")
    unknown, queries_unknown = answers("nobody@example.org")

    assert known == unknown
    assert abs(queries_known - queries_unknown) <= 12
    assert Person.objects.filter(given_name="-").count() == 0, "the work alike is taken back"
    assert Account.objects.count() == 2


def test_no_mail_is_sent_in_the_request(client: Client) -> None:
    ready()

    client.post("/account/login/code/", {"email": "ilze@example.org"})

    assert post.outbox == []
    waiting = Mail.objects.get()
    assert send(waiting.pk)
    assert not send(waiting.pk), "a second run sends nothing"
    assert [sent.to for sent in post.outbox] == [["ilze@example.org"]]
    assert post.outbox[0].from_email.startswith("iLearn <")
    assert list(Mail.objects.all()) == []


def test_a_mail_speaks_the_language_of_its_reader(client: Client) -> None:
    account = ready()
    Preferences.objects.create(person=account.person, language="lv", created_at=account.created_at)

    client.post("/account/login/code/", {"email": account.email}, headers={"Accept-Language": "en"})

    assert Mail.objects.get().subject.startswith("iLearn: ")


def test_a_wrong_password_is_noted_for_the_owner_and_ten_lock(client: Client) -> None:
    account = ready()
    for _attempt in range(12):
        log_in(client, "not the right one")

    kinds = list(SecurityEvent.objects.filter(person=account.person).values_list("kind", flat=True))
    assert kinds.count("failed") == 10
    assert kinds.count("locked") == 1
    assert "Too many" in log_in(client).content.decode()


def test_an_unknown_address_locks_too(client: Client) -> None:
    for _attempt in range(11):
        answer = log_in(client, "not the right one")

    assert "Too many" in answer.content.decode()
    assert SecurityEvent.objects.filter(person=None, kind="locked").count() == 1


def test_a_new_password_ends_the_other_sessions(tenant: Tenant, client: Client) -> None:
    ready()
    other = Client(HTTP_HOST=f"{tenant.slug}.localhost")
    log_in(client)
    log_in(other)
    form = {
        "oldpassword": PASSWORD,
        "password1": "another good sentence",
        "password2": "another good sentence",
    }

    assert client.post("/account/password/change/", form).status_code == 302

    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert UserSession.objects.count() == 1
    assert Mail.objects.filter(subject__contains="password").count() == 1


def test_the_last_action_is_recorded_once_a_day_without_a_query_on_the_others(
    client: Client, sign_in: Enter
) -> None:
    account = sign_in(ready())
    client.get("/account/")
    first = Fact.objects.get(person=account.person, event="account.last_action").last_at

    with CaptureQueriesContext(connection) as asked:
        client.get("/account/")

    assert not [one for one in asked if "retention_fact" in one["sql"]]
    with clock.standing_at(first + timedelta(days=2)):
        client.get("/account/")
    fact = Fact.objects.get(person=account.person, event="account.last_action")
    assert fact.last_at - first >= timedelta(days=2)


def test_a_session_begins_anew_at_sign_in(client: Client) -> None:
    ready()
    client.post("/account/signup/", {"birth_on": "1990-02-03"})
    before = client.cookies["sessionid"].value

    log_in(client)

    assert client.cookies["sessionid"].value != before


def test_a_token_for_forms_comes_only_where_a_form_is(client: Client) -> None:
    assert "csrftoken" not in client.get("/").cookies
    assert "csrftoken" in client.get("/account/login/").cookies


def test_the_link_of_the_warning_is_worthless_when_altered_or_elsewhere(
    client: Client, neighbour: Tenant
) -> None:
    from skola.web.security import not_me_token

    token = not_me_token(ready())

    assert client.get(f"/account/not-me/{token}/").status_code == 200
    assert client.get(f"/account/not-me/{token[:-1]}/").status_code == 404
    assert Client(HTTP_HOST="kic.localhost").get(f"/account/not-me/{token}/").status_code == 404
