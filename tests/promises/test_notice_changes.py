"""A change of the policy: both versions side by side, who was told how, and who accepts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.audit.api import Entry, pseudonym
from skola.ground.people import mail
from skola.ground.people.models import Account, Mail, Person
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.promises.consents.api import Shown, allowed, give
from skola.promises.consents.models import Consent
from skola.promises.notices.actions import tell_of_changes
from skola.promises.notices.lapsing import lapse_consents
from tests.promises.editing import Folder
from tests.promises.keeping import keeps
from tests.promises.people import customer, signed_in, working
from tests.promises.test_notice_versions import CAMERAS, seen

RIGA = ZoneInfo("Europe/Riga")
PUBLISHED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EFFECTIVE = datetime(2026, 4, 1, 0, 0, tzinfo=RIGA)
A_DAY = timedelta(days=1)
OFFICE = "/office/promises/changes/"
PURPOSE = "marketing.own"


def since(account: Account, days: int = 90) -> Account:
    """Let an account be there since before the change."""
    before = PUBLISHED - days * A_DAY
    Account.objects.filter(pk=account.pk).update(created_at=before)
    Person.objects.filter(pk=account.person_id).update(created_at=before)
    account.refresh_from_db()
    account.person.refresh_from_db()
    return account


def named(name: str) -> Account:
    """An account of somebody called so."""
    account = make.account(email=f"{name.lower()}@example.org")
    Person.objects.filter(pk=account.person_id).update(given_name=name, family_name="Changes")
    return account


def row_of(page: str, account: Account) -> str:
    """The row of a table that is about somebody."""
    return page.split(f'data-label="Person">{account.person.name}<')[1].partition("</tr>")[0]


@keeps("ekool-9.1")
@pytest.mark.tenant("ilearn")
def test_two_versions_stand_side_by_side_in_the_readers_language(
    client: Client, folder: Folder, sign_in: Callable[[Account], Account]
) -> None:
    assert "There is one version only." in seen(client, "/privacy/comparison/", PUBLISHED)
    account = since(make.account())
    draft = folder.version(
        "2026-04-01",
        (CAMERAS.format("30"), CAMERAS.format("20")),
        effective=EFFECTIVE,
        published=PUBLISHED,
    )
    folder.publish(draft, now=PUBLISHED)
    page = "/privacy/comparison/?old=2020-08-17&new=2026-04-01"
    words = seen(client, f"{page}&language=en", PUBLISHED)
    rules = words.split("What changes for you")[1]
    assert "kept for a shorter time, 20 days instead of 30 days" in rules
    assert "At most 30 days after" in rules
    assert "At most 20 days after" in rules
    assert rules.index("At most 30 days after") < rules.index("At most 20 days after")
    assert "at_most" not in words, "no word of the file"
    latvian = seen(client, f"{page}&language=lv", PUBLISHED)
    assert "Ne ilgāk kā 30 dienu" in latvian
    assert "Ne ilgāk kā 20 dienu" in latvian
    swapped = seen(client, "/privacy/comparison/?old=2026-04-01&new=2020-08-17", PUBLISHED)
    assert "20 days instead of 30 days" in swapped, "the earlier one stands first"
    assert "Nothing differs" in seen(client, f"{page}&old=2026-04-01", PUBLISHED)

    assert not Entry.objects.filter(kind="notices.change.shown").exists()
    sign_in(account)
    seen(client, page, PUBLISHED + A_DAY)
    seen(client, page, PUBLISHED + 2 * A_DAY)
    [entry] = Entry.objects.filter(kind="notices.change.shown")
    assert (entry.subject, entry.detail["version"]) == (pseudonym(account.person_id), "2026-04-01")


@keeps("ema-10.2")
@pytest.mark.tenant("ema")
def test_the_officer_sees_who_was_told_by_which_channel_and_whom_no_mail_reached(
    tenant: Tenant, client: Client, folder: Folder, sign_in: Callable[[Account], Account]
) -> None:
    told, silent = (since(named(one)) for one in ("Rasa", "Jonas"))
    officer = working(tenant, "officer")
    with clock.standing_at(PUBLISHED):
        assert "The policy has not changed yet." in officer.get(OFFICE).content.decode()
    draft = folder.version("big", effective=PUBLISHED, published=PUBLISHED)
    folder.publish(draft, now=PUBLISHED)
    tell_of_changes(PUBLISHED)
    letter = Mail.objects.get(person=told.person)
    assert "https://ema.localhost/privacy/comparison/?new=big" in letter.text
    assert mail.send(letter.pk, about="policy big", now=PUBLISHED + A_DAY)
    sign_in(silent)
    with clock.standing_at(PUBLISHED + 2 * A_DAY):
        client.get("/privacy/versions/big/")

    with clock.standing_at(PUBLISHED + 3 * A_DAY):
        every = seen(officer, OFFICE, clock.now())
        one = officer.get(f"{OFFICE}big/").content.decode()
        assert client.get(OFFICE).status_code in {403, 404}
        assert "Nobody had an account" in officer.get(f"{OFFICE}2019-01-01/").content.decode()
        assert officer.get(f"{OFFICE}never/").status_code == 404
    figures = every.split("Version big")[1]
    for figure in ("people with an account", "written to", "mails delivered", "read it signed in"):
        assert figure in figures
    assert "delivered" in row_of(one, told)
    assert "has read it" not in row_of(one, told)
    assert "written" in row_of(one, silent)
    assert "has read it" in row_of(one, silent)


@pytest.fixture
def ended(tenant: Tenant, folder: Folder) -> Account:
    """Somebody whose consent to offers ended, because the controller is another one."""
    account = since(named("Ilze"))
    give(account.person, PURPOSE, Shown("account"), by="test", now=PUBLISHED - 30 * A_DAY)
    draft = folder.version(
        "new",
        ('reg_no = "42103109986"', 'reg_no = "40003000000"'),
        effective=EFFECTIVE,
        published=PUBLISHED,
    )
    folder.publish(draft, now=PUBLISHED)
    assert lapse_consents(EFFECTIVE + timedelta(minutes=5)) == 1
    return account


def answer(client: Client, said: str, at: datetime, **told: Any) -> int:
    one = Consent.objects.filter(end="changed").latest("ended_at")
    with clock.standing_at(at):
        sent = {"consent": str(one.pk), "answer": said, **told}
        return client.post("/privacy/changes/consents/", sent).status_code


QUESTION = "changed what you consented to"


@pytest.mark.tenant("ilearn")
def test_who_declines_is_told_what_follows_is_asked_no_more_and_nothing_is_done(
    client: Client, ended: Account, tenant: Tenant, sign_in: Callable[[Account], Account]
) -> None:
    later = EFFECTIVE + A_DAY
    assert QUESTION not in seen(client, "/privacy/", later)
    sign_in(ended)
    assert QUESTION in seen(client, "/privacy/", later)
    page = seen(client, "/privacy/changes/", later)
    assert "it ended on 1 April 2026" in page
    assert "Another controller" in page
    assert "Without your consent nothing is done for this purpose." in page
    assert "What is kept only for it goes:" in page

    assert answer(client, "perhaps", later) == 404
    assert answer(client, "declined", later) == 302
    assert answer(client, "declined", later) == 302
    [entry] = Entry.objects.filter(kind="notices.consent.declined")
    assert entry.subject == pseudonym(ended.person_id)
    assert entry.detail == {"purpose": PURPOSE, "scope": "", "version": "new"}
    assert not allowed(ended.person_id, PURPOSE, now=later)
    assert QUESTION not in seen(client, "/privacy/", later)
    assert "You declined: it stays ended." in seen(client, "/privacy/changes/", later)

    officer = working(tenant, "officer")
    with clock.standing_at(later):
        office = officer.get(f"{OFFICE}new/", headers={"Accept-Language": "en"}).content.decode()
    assert "declined" in row_of(office, ended)
    # a mind may change: it is given to what is asked now
    assert answer(client, "given", later + A_DAY) == 302
    assert allowed(ended.person_id, PURPOSE, now=later + 2 * A_DAY)


@pytest.mark.tenant("ilearn")
def test_who_accepts_gives_it_to_what_it_is_now_with_proof(
    client: Client, ended: Account, tenant: Tenant, sign_in: Callable[[Account], Account]
) -> None:
    later = EFFECTIVE + A_DAY
    assert not allowed(ended.person_id, PURPOSE, now=later)
    other = signed_in(tenant, customer("anna@example.org").email)
    assert answer(other, "given", later) == 404, "not theirs"
    sign_in(ended)
    assert answer(client, "given", later) == 302
    made = Consent.objects.get(person=ended.person, ended_at=None)
    assert (made.version, made.channel) == ("new", "account")
    assert allowed(ended.person_id, PURPOSE, now=made.given_at)
    later += A_DAY
    assert QUESTION not in seen(client, "/privacy/", later)
    assert "You gave it anew." in seen(client, "/privacy/changes/", later)
    officer = working(tenant, "officer")
    assert "given anew" in seen(officer, f"{OFFICE}new/", later)
