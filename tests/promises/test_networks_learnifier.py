"""Sign-in with an account elsewhere: nothing before the button, nothing but the id kept."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from playwright.sync_api import Page, Request, expect

from skola.ground.audit.models import Entry
from skola.ground.people.models import Account, Mail, Person
from skola.ground.people.tests import make
from skola.ground.tenants.api import inside
from skola.ground.tenants.models import Tenant
from tests.promises import visiting as visit
from tests.promises.editing import Folder, edited
from tests.promises.keeping import keeps
from tests.promises.networking import CLIENT, SECRET, Provider, running
from tests.promises.people import browser as another_browser
from tests.promises.people import code_in, customer, latest_mail, log_in
from tests.promises.visiting import ADDRESS, PASSWORD, Site

pytestmark = pytest.mark.tenant("learnifier")
BUTTON = "Continue with Facebook"
POLICY_OF_IT = "https://www.facebook.com/privacy/policy"


@pytest.fixture
def network(folder: Folder, settings: Any) -> Iterator[Provider]:
    """The network that the policy names, run by the tests, with the operator's keys for it."""
    (file,) = (folder.published / "learnifier").glob("*.toml")
    settings.SIGN_IN_KEYS = {"learnifier": {"facebook": (CLIENT, SECRET)}}
    cache.clear()
    with running(sub="id-at-the-network", name="Ilze Kalniņa", email=ADDRESS) as provider:
        provider.person |= {"email_verified": True, "picture": "https://x.example/me.png"}
        _name(file, provider)
        yield provider
    cache.clear()


def _name(file: Path, provider: Provider) -> None:
    issuer = 'sign_in = "https://www.facebook.com"\n'
    token = 'token = "https://graph.facebook.com/oauth/access_token"\n'
    told = [(issuer + token, f'sign_in = "{provider.address}"\n')]
    file.write_text(edited(file.read_text(), told))


def press(page: Page) -> None:
    """Press the button of the network, and there say who one is."""
    page.get_by_role("button", name=BUTTON).click()
    page.get_by_role("link", name="It is me").click()
    page.wait_for_load_state()


@keeps("learnifier-5.q", "learnifier-5.r", "learnifier-5.t")
@pytest.mark.django_db(transaction=True)
@pytest.mark.browser
def test_an_account_elsewhere_is_linked_opens_and_is_unlinked(
    page: Page, network: Provider, site: Site, account: Account
) -> None:
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    page.goto(site.url("/account/login/"))
    page.wait_for_load_state("networkidle")
    assert {urlsplit(one.url).hostname for one in sent} == {"learnifier.localhost"}
    assert network.asked == []
    _policy_beside_each_button(page)

    # an equal address opens nothing: who is not linked is asked to open an account
    press(page)
    expect(page).to_have_url(re.compile(r"/account/3rdparty/signup/$"))
    assert network.scopes == {"openid", "profile", "email"}
    assert SocialAccount.objects.count() == 0

    visit.log_in(page, site)
    page.goto(site.url("/account/3rdparty/"))
    _policy_beside_each_button(page)
    press(page)
    _prove(page)
    expect(page.get_by_role("button", name="Take the link away")).to_be_visible()
    expect(page.get_by_role("link", name="Privacy policy of Facebook")).to_have_count(1)
    held = SocialAccount.objects.get()
    assert (held.user, held.uid, held.extra_data) == (account, "id-at-the-network", {})

    visit.log_out(page)
    page.goto(site.url("/account/login/"))
    press(page)
    expect(page.locator("header .menu-who")).to_have_count(1)
    page.goto(site.url("/account/3rdparty/"))
    page.get_by_role("button", name="Take the link away").click()
    _prove(page)
    expect(page.get_by_role("button", name=BUTTON)).to_be_visible()
    assert SocialAccount.objects.count() == 0
    assert "id-at-the-network" not in _stored()
    kinds = Entry.objects.filter(kind__startswith="people.network.").order_by("at")
    assert [one.kind for one in kinds] == ["people.network.linked", "people.network.unlinked"]

    visit.log_out(page)
    page.goto(site.url("/account/login/"))
    press(page)
    expect(page).to_have_url(re.compile(r"/account/3rdparty/signup/$"))
    visit.log_in(page, site)  # the password still does


def _prove(page: Page) -> None:
    """Before a way in is added or taken away it is asked once more who one is."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_load_state()


def _policy_beside_each_button(page: Page) -> None:
    rows = page.get_by_role("listitem").filter(has=page.get_by_role("button", name=BUTTON))
    expect(rows).to_have_count(1)
    expect(page.get_by_role("button", name="Continue with")).to_have_count(1)
    link = rows.get_by_role("link", name="Privacy policy of Facebook")
    assert link.get_attribute("href") == POLICY_OF_IT


def _stored() -> str:
    """Every word that the tables of sign-in and of the audit hold."""
    found = []
    with connection.cursor() as cursor:
        for table in ("socialaccount_socialaccount", "socialaccount_socialtoken", "audit_entry"):
            cursor.execute(f"select row_to_json(t)::text from {table} t")
            found += [row[0] for row in cursor.fetchall()]
    return " ".join(found)


def come_from(who: Client, network: Provider) -> Any:
    """Press the button in a browser without pages, and come back from the network."""
    there = who.post("/account/oidc/facebook/login/", {"process": "login"})
    assert there.status_code == 200
    address = there.headers["Refresh"].partition("url=")[2]
    assert address.startswith(f"{network.address}/authorize?")
    state = parse_qs(urlsplit(address).query)["state"][0]
    return who.get("/account/oidc/facebook/login/callback/", {"code": "c", "state": state})


@pytest.mark.django_db
def test_who_comes_from_a_network_proves_the_address_and_takes_over_nothing(
    tenant: Tenant, network: Provider
) -> None:
    """The network says that the address is verified; it is believed no more than anybody."""
    ilze = customer(ADDRESS)
    who = another_browser(tenant)
    assert come_from(who, network)["Location"] == "/account/3rdparty/signup/"
    place = "/account/3rdparty/signup/"
    assert 'name="birth_on"' in who.get(place).content.decode()
    who.post(place, {"birth_on": "1990-04-05"})
    form = {"email": ADDRESS, "given_name": "Ilze", "family_name": "Kalniņa"}
    page = who.get(place).content.decode()
    assert 'value="Kalniņa"' in page
    who.post(place, form)
    assert who.get("/account/").status_code == 302
    assert not SocialAccount.objects.exists()
    assert Account.objects.get() == ilze
    assert "already" in Mail.objects.filter(address=ADDRESS).latest("created_at").text

    network.person |= {"sub": "another", "email": "new@example.org", "name": "Anna Bērziņa"}
    who = another_browser(tenant)
    come_from(who, network)
    who.post(place, {"birth_on": "1990-04-05"})
    who.post(place, {"email": "new@example.org", "given_name": "Anna", "family_name": "Bērziņa"})
    assert who.get("/account/").status_code == 302, "the address is not proven yet"
    who.post("/account/confirm-email/", {"code": code_in(latest_mail("new@example.org"))})
    assert who.get("/account/").status_code == 200
    made = SocialAccount.objects.get()
    assert (made.uid, made.user.person.name, made.extra_data) == ("another", "Anna Bērziņa", {})
    assert Person.objects.filter(email="new@example.org").count() == 1

    # the only way in is not taken away; with a password it is
    place, told = "/account/3rdparty/", {"account": made.pk}
    assert who.post(place, told).status_code == 409
    Account.objects.filter(pk=made.user.pk).update(password=ilze.password)
    other = another_browser(tenant)
    assert log_in(other, ADDRESS)
    assert other.post(place, told).status_code == 409, "it is somebody else's"
    assert log_in(who, "new@example.org")
    assert who.post(place, told)["Location"].startswith("/account/reauthenticate/")
    assert SocialAccount.objects.count() == 1
    who.post("/account/reauthenticate/", {"password": PASSWORD, "next": place})
    assert not SocialAccount.objects.exists()


@pytest.mark.django_db
def test_each_tenant_has_links_and_keys_of_its_own(
    tenant: Tenant, network: Provider, settings: Any
) -> None:
    """An id at a network is unique with the tenant; no button without keys or a purpose."""
    from conftest import make_tenant

    with inside(make_tenant("ema", make.A_DAY).pk):
        SocialAccount.objects.create(user=make.account(), provider="facebook", uid="same")
    SocialAccount.objects.create(user=make.account(), provider="facebook", uid="same")
    with pytest.raises(IntegrityError), transaction.atomic():
        SocialAccount.objects.create(user=make.account(), provider="facebook", uid="same")

    who = another_browser(tenant)
    assert BUTTON in who.get("/account/login/").content.decode()
    settings.SIGN_IN_KEYS = {"ema": {"facebook": (CLIENT, SECRET)}}
    assert BUTTON not in who.get("/account/login/").content.decode()
    assert who.post("/account/oidc/facebook/login/").status_code == 404
    assert network.asked == []
