"""Learnifier: whom it knows, sessions that their owner ends, the lowest age."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from skola.ground import clock
from skola.ground.people.models import Account, Person
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Host, Tenant
from skola.ground.tenants.queries import forget_hosts
from skola.promises.policy.api import in_force
from skola.services.courses.tests.make import course
from skola.services.desk.models import Enquiry
from tests.promises import people
from tests.promises.keeping import keeps
from tests.promises.visiting import choose

pytestmark = [pytest.mark.tenant("learnifier"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def no_limits_left(tenant: Tenant) -> None:
    cache.clear()


@pytest.fixture
def neighbour(tenant: Tenant) -> Tenant:
    """Another client's host, under another policy."""
    made = Tenant.objects.create(slug="kic", name="kic", created_at=tenant.created_at)
    Host.objects.create(tenant=made, name="kic.localhost")
    forget_hosts()
    return made


@keeps("learnifier-2.a")
def test_browsing_makes_nobody_known_and_registering_does(client: Client) -> None:
    for path in ("/", "/privacy/", "/account/login/", "/account/signup/", "/cookies/"):
        assert client.get(path, follow=True).status_code == 200
    assert list(Person.objects.all()) == []

    person = people.sign_up(client, born="1990-02-03")

    assert list(Person.objects.all()) == [person]
    assert Person.objects.get().status == Person.Status.ACTIVE


@keeps("learnifier-2.b")
def test_what_is_required_is_asked_for_and_the_version_of_the_notice_is_kept(
    tenant: Tenant,
) -> None:
    english = {"Accept-Language": "en"}
    who = people.browser(tenant)
    who.post("/account/signup/", {"birth_on": "1990-02-03"})
    whole = {
        "given_name": "Anna",
        "family_name": "Lind",
        "email": "anna@example.org",
        "password1": "nobody guesses this one",
    }
    for left_out in whole:
        told = {name: value for name, value in whole.items() if name != left_out}
        refused = who.post("/account/signup/", told, headers=english)
        assert "This field is required." in refused.content.decode(), left_out
    assert list(Person.objects.all()) == []

    asked = clock.now()
    with clock.standing_at(asked - timedelta(minutes=1)):
        page = who.get("/desk/", headers=english).content.decode()
    assert 'href="/privacy/"' in page
    shown = re.search(r'name="shown" value="([^"]+)"', page)
    assert shown
    form = {"topic": "service", "body": "Tell me more.", "shown": shown[1]}
    silent = who.post("/desk/", form, headers=english)
    assert "Tell us an e-mail address or a phone number" in silent.content.decode()
    assert list(Enquiry.objects.all()) == []
    assert who.post("/desk/", form | {"email": "anna@example.org"}).status_code == 302
    assert Enquiry.objects.get().notice_version == in_force(asked).policy.policy.version


@keeps("learnifier-14.a")
def test_a_child_of_twelve_tells_nothing_and_is_not_asked_again(tenant: Tenant) -> None:
    year = clock.now().year
    child, older = people.browser(tenant), people.browser(tenant)
    asked = child.get("/account/signup/").content.decode()
    assert 'name="birth_on"' in asked
    assert 'name="email"' not in asked

    refused = child.post("/account/signup/", {"birth_on": f"{year - 12}-01-01"}, follow=True)

    assert "You are too young to open an account here." in refused.content.decode()
    again = child.get("/account/signup/", follow=True)
    assert 'name="birth_on"' not in again.content.decode()
    assert people.sign_up(child, born="1990-02-03") is None
    assert list(Person.objects.all()) == []
    assert "no-store" in older.get("/account/signup/").headers["Cache-Control"]
    assert people.sign_up(older, born=f"{year - 13}-01-01") is not None


def held(page: str) -> str:
    """What a page says is held, without the rest of it."""
    return page.partition("<main")[2].partition('id="consents"')[0]


@keeps("learnifier-intro")
def test_visitor_and_customer_each_have_the_notice_and_a_page_of_what_is_held(
    tenant: Tenant,
) -> None:
    course(title="Bees")
    account = people.customer()
    visitor, customer = people.browser(tenant), people.browser(tenant)
    assert people.log_in(customer)
    customer.post("/account/policy/", {"next": "/"})
    said = "protect the privacy of people who visit its websites and of people who register"

    for who in (visitor, customer):
        notice = who.get("/privacy/?depth=full")
        assert notice.status_code == 200
        assert said in notice.content.decode()
        assert 'href="/privacy/' in who.get("/courses/").content.decode(), "on every page"

    mine = "/visits/interests/"
    assert "nothing is kept" in visitor.get(mine).content.decode()
    choose(visitor, "all")
    visitor.get("/courses/bees/")
    assert "Bees" in visitor.get(mine).content.decode()
    assert "/account/login/" in visitor.get("/account/privacy/")["Location"]
    assert 'name="email"' in visitor.get("/privacy/mine/").content.decode(), "by a link"

    page = held(customer.get("/account/privacy/").content.decode())
    assert all(name in page for name in ("Name · ", "Contact details (required) · "))
    assert "Bees" not in page, "what a browser looked at is nobody's"
    assert account.email not in visitor.get(mine).content.decode()


@keeps("learnifier-13.c")
def test_another_session_is_ended_from_the_list(tenant: Tenant) -> None:
    people.customer()
    laptop, phone = people.browser(tenant), people.browser(tenant, people.PHONE)
    assert people.log_in(laptop)
    assert people.log_in(phone)
    shown = laptop.get("/account/sessions/").content.decode()
    assert "Safari, iPhone" in shown
    theirs = shown.split('name="session" value="')[1].split('"')[0]

    laptop.post("/account/sessions/", {"session": theirs})

    assert phone.get("/account/").status_code == 302
    assert laptop.get("/account/").status_code == 200


@keeps("learnifier-5.cookie-login")
def test_each_login_has_a_value_of_its_own_that_no_other_client_takes(
    tenant: Tenant, neighbour: Tenant
) -> None:
    people.customer()
    with inside(neighbour.pk):
        people.customer()
    first, second = people.browser(tenant), people.browser(tenant)
    assert people.log_in(first)
    assert people.log_in(second)
    value = first.cookies["sessionid"].value
    assert value != second.cookies["sessionid"].value
    assert str(Account.objects.get().pk) not in value

    stranger = people.browser(neighbour)
    stranger.cookies["sessionid"] = value

    assert stranger.get("/account/").status_code == 302
    assert first.get("/account/").status_code == 200


@keeps("learnifier-10.a")
def test_a_customer_changes_the_record_on_the_clients_own_host(
    tenant: Tenant, neighbour: Tenant
) -> None:
    people.customer()
    here, there = people.browser(tenant), people.browser(neighbour)

    assert people.log_in(here)
    here.post("/account/contact/", {"phone": "+46 8 000 00 01", "address": ""})

    assert "+46 8 000 00 01" in here.get("/account/").content.decode()
    assert not people.log_in(there), "the same credentials open nothing elsewhere"
    with inside(neighbour.pk):
        people.customer()
    assert people.log_in(there), "a membership there does"
