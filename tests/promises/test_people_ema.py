"""EMA: the policy is shown and read, and a sign-in on a new device is told of."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from skola.ground import clock
from skola.ground.people.models import Informed, SecurityEvent
from skola.ground.tenants.models import Tenant
from skola.promises.policy.api import in_force, spoken
from skola.promises.retention.models import StateFact
from tests.promises import people
from tests.promises.keeping import keeps

pytestmark = [pytest.mark.tenant("ema"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def no_limits_left(tenant: Tenant) -> None:
    cache.clear()


def first_login(who: Client) -> str:
    """Sign in and return the page that follows."""
    form = {"login": "ilze@example.org", "password": people.PASSWORD}
    answer = who.post("/account/login/", form, follow=True, HTTP_ACCEPT_LANGUAGE="en")
    return str(answer.content.decode())


@keeps("ema-intro.e")
def test_the_first_login_shows_the_summary_and_the_version_read_is_recorded(
    tenant: Tenant,
) -> None:
    account = people.customer()
    who = people.browser(tenant)
    policy = in_force(clock.now()).policy

    page = first_login(who)

    assert spoken(policy, policy.summary.line, "en") in page.replace("&#39;", "'")
    assert 'href="/privacy/"' in page
    who.post("/account/policy/", {"next": "/account/"})
    read = Informed.objects.get(person=account.person)
    assert read.version == policy.policy.version
    assert read.digest == in_force(clock.now()).hash
    assert first_login(people.browser(tenant)) != page, "once a version"
    assert Informed.objects.count() == 1


@keeps("ema-intro.c")
def test_using_the_site_is_no_consent_but_the_version_shown_is_on_record(tenant: Tenant) -> None:
    who = people.browser(tenant)
    account = people.customer()
    for path in ("/", "/privacy/", "/account/login/"):
        assert who.get(path).status_code == 200
    first_login(who)
    who.post("/account/policy/", {"next": "/account/"})
    assert who.get("/account/").status_code == 200

    consents = StateFact.objects.filter(person=account.person, state__startswith="consent")
    assert list(consents) == []
    told = Informed.objects.get(person=account.person)
    assert told.version == in_force(clock.now()).policy.policy.version


@keeps("ema-6.3-password")
def test_a_login_from_a_new_device_is_told_with_a_link_that_locks(tenant: Tenant) -> None:
    account = people.customer()
    own, thief = people.browser(tenant), people.browser(tenant, people.PHONE)
    assert people.log_in(own)
    assert not account.person.mails.exists(), "the first device is no news"
    assert people.log_in(thief)

    mail = people.latest_mail(account.email)
    link = re.search(r"http://[^/]+(/account/not-me/\S+)", mail.text)
    assert link
    assert own.get(link[1]).status_code == 200
    assert thief.get("/account/").status_code == 200, "to open the link changes nothing"
    answer = people.browser(tenant).post(link[1])

    assert answer["Location"] == "/account/password/reset/"
    assert thief.get("/account/").status_code == 302
    assert own.get("/account/").status_code == 302
    assert not people.log_in(thief), "the password is void until it is set anew"
    assert SecurityEvent.objects.filter(person=account.person, kind="secured").count() == 1
    assert own.post(link[1]).status_code == 404, "the link works once"
