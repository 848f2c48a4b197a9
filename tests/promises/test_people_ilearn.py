"""iLearn: sign-ins watched over, accounts administered, registrations put right."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Account, Guardianship, Person, SecurityEvent
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import sweep
from tests.promises import people
from tests.promises.keeping import keeps

pytestmark = [pytest.mark.tenant("ilearn"), pytest.mark.django_db]
END_OF_DAY_7 = timedelta(days=8)
"""A week ends with its last day."""


@pytest.fixture(autouse=True)
def no_limits_left(tenant: Tenant) -> None:
    cache.clear()


@keeps("ilearn-9.h")
def test_ten_failed_logins_lock_the_account_and_the_customer_sees_them(
    tenant: Tenant, client: Client
) -> None:
    account = people.customer()
    attacker = people.browser(tenant)
    for _attempt in range(10):
        assert not people.log_in(attacker, password="a wrong one indeed")

    assert not people.log_in(attacker), "the right password is refused while the lock lasts"
    locked = SecurityEvent.objects.filter(person=account.person, kind="locked")
    assert locked.count() == 1
    assert Entry.objects.filter(kind="people.account.locked").count() == 1
    assert people.log_in_by_code(client, account.email), "its owner comes in by code"
    page = client.get("/account/").content.decode()
    assert "sign-in locked for a while" in page
    assert "sign-in failed" in page


@keeps("ilearn-11.l")
def test_staff_suspend_an_account(tenant: Tenant, client: Client) -> None:
    account, boss = people.customer(), people.staff()
    people.log_in(client)
    office = people.browser(tenant)
    people.log_in(office, boss.email)

    answer = office.post(
        f"/people/{account.person_id}/suspensions/",
        {"reason": "misuse", "words": "You sold your account."},
    )

    assert answer.status_code == 302
    assert client.get("/account/").status_code == 302, "the session ended at once"
    refused = client.post("/account/login/", {"login": account.email, "password": people.PASSWORD})
    assert refused.status_code == 403
    page = refused.content.decode()
    assert "The account was used against the terms." in page
    assert "You sold your account." in page
    told = people.latest_mail(account.email)
    assert "The account was used against the terms." in told.text
    entry = Entry.objects.get(kind="people.account.suspended")
    acted = Entry.objects.filter(kind="people.password.changed", by=entry.by)
    assert entry.by not in {"visitor", "system"}
    assert not acted.exists()
    assert entry.detail == {"reason": "misuse"}
    office.post(f"/people/{account.person_id}/reinstatements/")
    assert people.log_in(client)


@keeps("ilearn-20.j")
@pytest.mark.parametrize("corrected", [False, True], ids=["left as it is", "corrected on day 3"])
def test_a_registration_found_inaccurate(tenant: Tenant, corrected: bool) -> None:
    begun = clock.now()
    person = people.sign_up(people.browser(tenant), born="1990-02-03")
    assert person is not None
    boss = people.staff("officer")
    office = people.browser(tenant)
    people.log_in(office, boss.email)

    office.post(
        f"/people/{person.pk}/findings/",
        {"kind": "inaccurate", "reason": "No such person lives there."},
    )

    assert "No such person lives there." in people.latest_mail(person.email).text
    if corrected:
        with clock.standing_at(begun + timedelta(days=3)):
            finding = person.findings.get()
            office.post(f"/people/{person.pk}/findings/{finding.pk}/corrections/")
    sweep(now=begun + timedelta(days=6))
    assert Person.objects.filter(pk=person.pk, family_name="Bērziņa").exists()
    sweep(now=begun + END_OF_DAY_7)
    sweep(now=begun + END_OF_DAY_7)
    assert Person.objects.filter(pk=person.pk, family_name="Bērziņa").exists() is corrected
    assert Account.objects.filter(email=person.email).exists() is corrected


@keeps("ilearn-20.k")
@pytest.mark.parametrize("guarded", [False, True], ids=["alone", "with a guardian from day 4"])
def test_a_minor_who_registers_alone(tenant: Tenant, client: Client, guarded: bool) -> None:
    begun = clock.now()
    person = people.sign_up(client, born=f"{begun.year - 15}-01-01")
    assert person is not None

    held = client.get("/courses/")
    assert held.status_code == 403
    assert "A parent or guardian is needed." in held.content.decode()
    assert client.get("/account/").status_code == 200
    if guarded:
        office = people.browser(tenant)
        people.log_in(office, people.staff("officer").email)
        parent = make.person(email="parent@example.org")
        with clock.standing_at(begun + timedelta(days=4)):
            office.post(
                f"/people/{person.pk}/guardians/named/",
                {"email": parent.email, "powers": ["see", "request"]},
            )
            assert client.get("/courses/").status_code == 403, "not before the proof"
            link = Guardianship.objects.get(child=person)
            office.post(f"/people/{person.pk}/guardians/{link.pk}/proofs/", {"proof": "in-person"})
            assert client.get("/courses/").status_code == 200
    sweep(now=begun + timedelta(days=6))
    assert Person.objects.filter(pk=person.pk, family_name="Bērziņa").exists()
    sweep(now=begun + END_OF_DAY_7)
    sweep(now=begun + END_OF_DAY_7)
    assert Person.objects.filter(pk=person.pk, family_name="Bērziņa").exists() is guarded
    assert Account.objects.filter(email=person.email).exists() is guarded


@keeps("ilearn-22.b")
def test_phone_and_address_are_changed_in_the_account(client: Client) -> None:
    account = people.customer()
    people.log_in(client)
    client.post("/account/contact/", {"phone": "+371 20000001", "address": "Brīvības iela 1"})

    client.post("/account/contact/", {"phone": "+371 20000002", "address": "Skolas iela 2"})

    account.person.refresh_from_db()
    assert (account.person.phone, account.person.address) == ("+371 20000002", "Skolas iela 2")
    history = client.get("/account/contact/").content.decode()
    assert "+371 20000001" in history
    assert "Brīvības iela 1" in history
    assert "+371 20000002" in client.get("/account/").content.decode()
