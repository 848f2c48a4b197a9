"""The page in its corners; that it keeps nothing is shown with the promises."""

import re
from collections.abc import Iterator
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client

from skola.ground.audit.models import Entry
from skola.ground.tenants.models import Tenant

pytestmark = pytest.mark.tenant("learnifier")
TOLD = {"friend": "Åsa", "email": "asa@example.org", "sender": "Ilze Bērziņa-Kalniņa"}


@pytest.fixture(autouse=True)
def no_limits_left(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def form(client: Client, **told: str) -> dict[str, str]:
    """The form as it is drawn, filled in."""
    page = client.get("/friends/").content.decode()
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found
    return {**TOLD, "once": found[1], "act": "send", **told}


def test_a_friend_gets_one_mail_and_a_double_click_sends_no_second(client: Client) -> None:
    told = form(client)
    for _ in range(2):
        assert client.post("/friends/", told).headers["Location"] == "/friends/sent/"

    (sent,) = mail.outbox
    assert sent.to == ["asa@example.org"]
    assert sent.subject.startswith("Ilze Bērziņa-Kalniņa invites you")
    assert client.get("/friends/sent/").status_code == 200


def test_the_mail_can_be_looked_at_first(client: Client) -> None:
    told = form(client, act="preview")
    page = client.post("/friends/", told).content.decode()
    assert "Ilze Bērziņa-Kalniņa thinks that" in page
    assert mail.outbox == []
    assert client.post("/friends/", {**told, "act": "send"}).status_code == 302
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("friend", "buy at www.example.org"),
        ("friend", "Åsa\nBcc: all@example.org"),
        ("sender", "https://example.org"),
        ("sender", ""),
        ("email", "asa"),
        ("once", "made up"),
    ],
)
def test_what_is_no_name_is_refused(client: Client, field: str, written: str) -> None:
    answer = client.post("/friends/", form(client, **{field: written}))
    assert answer.status_code == 422
    assert mail.outbox == []
    again = re.search(r'name="once" value="([^"]+)"', answer.content.decode())
    assert again
    assert client.post("/friends/", {**form(client), "once": again[1]}).status_code == 302


def test_a_server_that_refuses_leaves_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_mail: EmailMessage) -> None:
        raise SMTPRecipientsRefused({"asa@example.org": (550, b"no such person")})

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        answer = client.post("/friends/", form(client))
    assert answer.status_code == 503
    assert "nothing was kept" in answer.content.decode()
    assert not Entry.objects.filter(kind="referral.sent").exists()


@pytest.mark.tenant("ilearn")
def test_without_the_purpose_there_is_no_page(client: Client, tenant: Tenant) -> None:
    assert client.get("/friends/").status_code == 404
    assert "/friends/" not in client.get("/").content.decode()
