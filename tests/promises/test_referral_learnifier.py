"""Learnifier's promises about a referred friend, each as its check says."""

import logging
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from smtplib import SMTPServerDisconnected

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from playwright.sync_api import Page
from procrastinate.contrib.django import app

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.db.local import LocalServer
from skola.ground.jobs import registry
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.web.commands.test import DATA
from tests.promises.keeping import keeps
from tests.promises.visiting import Site

pytestmark = [pytest.mark.tenant("learnifier"), pytest.mark.django_db(transaction=True)]
MARKER, FRIEND = "kanarijs7f3a9c@example.org", "Kanarijfågel"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def send(client: Client) -> int:
    """A visitor fills in the form as it is drawn and sends it; return the status."""
    page = client.get("/friends/").content.decode()
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found
    told = {"friend": FRIEND, "email": MARKER, "sender": "Ilze Bērziņa", "once": found[1]}
    return client.post("/friends/", told).status_code


@keeps("learnifier-6.d")
@pytest.mark.browser
def test_anybody_invites_a_friend_ten_times_an_hour(page: Page, site: Site) -> None:
    page.goto(site.url("/"))
    page.get_by_role("main").get_by_role("link", name="Invite a friend").first.click()
    for number in range(11):
        page.goto(site.url("/friends/"))
        page.get_by_label("Your friend's first name").fill(FRIEND)
        page.get_by_label("Your friend's e-mail address").fill(MARKER)
        page.get_by_label("Your name").fill("Ilze Bērziņa")
        if number == 0:
            page.get_by_role("button", name="Look at the mail first").click()
            assert "Ilze Bērziņa thinks that" in page.inner_text("main")
        page.get_by_role("button", name="Send the invitation").click()
        if number == 0:
            page.wait_for_url("**/friends/sent/")
            assert "Ilze Bērziņa" in mail.outbox[0].subject
            assert mail.outbox[0].to == [MARKER]

    assert "ten invitations within an hour" in page.inner_text("main")
    assert len(mail.outbox) == 10


@keeps("learnifier-6.e")
def test_one_mail_leaves_in_thirty_days_and_has_no_beacon(client: Client, tenant: Tenant) -> None:
    cache.clear()
    with clock.standing_at(START):
        assert send(client) == 302
    for day in (0, 1, 7, 30):
        with inside(tenant.pk), clock.standing_at(START + timedelta(days=day)):
            assert rounds()
            for work in rounds():
                work()

    (sent,) = [one for one in mail.outbox if MARKER in one.to]
    assert (sent.content_subtype, sent.attachments) == ("plain", [])
    assert not getattr(sent, "alternatives", [])
    links = re.findall(r"https?://\S+", str(sent.body))
    assert links == ["http://learnifier.localhost/"]
    assert "Ilze Bērziņa" in str(sent.body)
    assert "have kept neither" in str(sent.body)


def rounds() -> list[registry.Work]:
    """What the worker does by itself, and could remind somebody."""
    return [work for work, name in registry._names.items() if f"{name}:every" in app.tasks]


@keeps("learnifier-6.f")
def test_the_friend_is_found_nowhere(
    client: Client,
    tenant: Tenant,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache.clear()
    caplog.set_level(logging.DEBUG)
    assert send(client) == 302
    assert len(mail.outbox) == 1

    def fail(_mail: EmailMessage) -> None:
        raise SMTPServerDisconnected(f"{MARKER} was not taken")

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", fail)
        assert send(client) == 503

    with inside(tenant.pk):
        (counted,) = Entry.objects.filter(kind="referral.sent")
    assert counted.subject == ""
    for place, text in everything_kept(caplog).items():
        for word in (MARKER, "kanarijs7f3a9c", FRIEND):
            assert word not in text, place
    cache.clear()


def everything_kept(caplog: pytest.LogCaptureFixture) -> dict[str, str]:
    """The database with its queue and its cache as a backup has it, the files, what was logged."""
    local = LocalServer(DATA / "postgres", durable=False)
    url = local.url("postgres", str(connection.settings_dict["NAME"]))
    dump = subprocess.run(
        [str(local.binaries / "pg_dump"), url], capture_output=True, text=True, check=True
    ).stdout
    assert "referral.sent" in dump, "the dump must have what was just committed"
    roots = [Path(settings.DATA), Path(settings.JOURNAL)]
    files = {
        str(file): file.read_bytes().decode(errors="replace")
        for root in roots
        for file in root.rglob("*")
        if file.is_file() and "postgres" not in file.parts
    }
    return {"dump": dump, "log": caplog.text, **files}
