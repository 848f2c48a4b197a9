"""Learnifier: parents report a child; it is hidden at once, and gone once that is confirmed."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from skola.ground import clock
from skola.ground.db.purposes import ENGINE, RIGHTS, reading_for
from skola.ground.people.models import Account, Mail, Person
from skola.ground.tenants.models import Tenant
from skola.promises.minors import tasks
from skola.promises.minors.models import Report
from skola.promises.rights.erasing.probe import probe
from skola.services.testimonials.models import Testimonial as Said
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import PASSWORD, browser, customer, latest_mail, log_in, staff

pytestmark = [pytest.mark.tenant("learnifier"), pytest.mark.usefixtures("standing")]

PARENTS, DESK = "/parents/", "/office/promises/children/"
NAME, WORDS = "Zyprianna Ek", "I learnt it in a wink."
DAYS = timedelta(days=1)


@pytest.fixture
def child(tenant: Tenant) -> Account:
    """Somebody whose words stand on the public page, published by staff."""
    account = customer("kid@example.org")
    Person.objects.filter(pk=account.person_id).update(given_name="Zyprianna", family_name="Ek")
    who, office = browser(tenant), browser(tenant)
    assert log_in(who, "kid@example.org")
    assert log_in(office, staff().email)
    said = {"text": WORDS, "name": NAME, "title": "gardener", "agrees": "on"}
    assert who.post("/testimonials/mine/", said).status_code == 302
    one = Said.objects.get()
    assert office.post(f"/testimonials/desk/{one.pk}/publications/").status_code == 302
    return account


def page_of(who: Client, address: str) -> str:
    answer = who.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def report(who: Client, account: str = "Kid@Example.org") -> None:
    told = {"account": account, "words": "She is ten.", "email": "aunt@example.org"}
    assert who.post(PARENTS, told)["Location"] == f"{PARENTS}thanks/"


def held() -> Report:
    """The only report there is, hidden as it may be."""
    with reading_for(RIGHTS):
        return Report.objects.get()


def confirm(officer: Client, one: Report, **told: str) -> Any:
    """Say that it is a child, proving once more who says so."""
    there = f"{DESK}{one.pk}/confirmations/"
    answer = officer.post(there, told)
    if answer.status_code == 302 and "reauthenticate" in answer["Location"]:
        answer = officer.post(answer["Location"], {"password": PASSWORD})
    return answer


def found_anywhere(*words: str) -> set[str]:
    """The tables in which a word still stands, whoever may read them."""
    with reading_for(ENGINE):
        return {
            model._meta.label
            for model in apps.get_models()
            for row in model._default_manager.values_list()
            if any(word in str(row) for word in words)
        }


@keeps("learnifier-14.b")
def test_who_is_refused_and_who_reads_the_notice_find_the_form_for_parents(tenant: Tenant) -> None:
    kid = browser(tenant)
    asked = {"birth_on": f"{clock.now().year - 12}-01-01"}
    refused = kid.post("/account/signup/", asked, follow=True).content.decode()
    assert "You are too young" in refused
    assert f'href="{PARENTS}"' in refused
    page = page_of(kid, PARENTS)
    assert "Nobody younger than 13 years" in page
    assert 'name="account"' in page
    assert f'href="{PARENTS}"' in page_of(browser(tenant), "/privacy/")
    assert browser(tenant).post(PARENTS, {"account": ""}).status_code == 422


@keeps("learnifier-14.c")
def test_a_reported_account_is_hidden_at_once_and_gone_after_confirmation(
    tenant: Tenant, child: Account, officer: Client
) -> None:
    visitor = browser(tenant)
    assert WORDS in page_of(visitor, "/testimonials/")

    report(visitor)

    assert WORDS not in page_of(visitor, "/testimonials/")
    assert NAME not in page_of(officer, "/people/?q=Zyprianna")
    assert officer.get(f"/people/{child.person_id}/").status_code == 404
    assert "A child was reported" in page_of(officer, "/")
    one = held()
    page = page_of(officer, f"{DESK}{one.pk}/")
    assert "She is ten." in page
    assert "9 March 2026" in page, "the last of seven days"
    assert NAME in page
    assert confirm(officer, one).status_code == 422
    receipt = page_of(officer, confirm(officer, one, sure="on")["Location"])
    assert "Receipt of an erasure" in receipt
    assert "the person is a child" in receipt
    assert sum(one.count for one in probe(child.person_id)) == 0
    assert found_anywhere(str(child.person_id), "Zyprianna", WORDS, "kid@example.org") == set()
    assert "It is erased" in latest_mail("aunt@example.org").text


@keeps("learnifier-14.c")
def test_what_nobody_decides_in_a_week_comes_before_all_who_can_and_stays_hidden(
    tenant: Tenant, child: Account, officer: Client
) -> None:
    visitor = browser(tenant)
    report(visitor, f" {NAME.lower()} ")
    tasks.escalate()
    Mail.objects.all().delete()

    with clock.standing_at(AT + 8 * DAYS):
        for _run in range(2):
            tasks.escalate()
        told = sorted(Mail.objects.values_list("address", flat=True))
        assert told == ["administrator@example.org", "officer@example.org"]
        assert "1 report was not decided in time" in page_of(officer, "/")
        assert "not decided in time" in page_of(officer, DESK)
        assert WORDS not in page_of(visitor, "/testimonials/")
        there = f"{DESK}{held().pk}/dismissals/"
        assert officer.post(there).status_code == 302
        assert officer.post(there).status_code == 409
        assert WORDS in page_of(visitor, "/testimonials/")
        assert "not a child below the age" in page_of(officer, f"{DESK}?state=closed")


def test_an_account_that_nobody_knows_is_found_by_staff_and_then_hidden(
    tenant: Tenant, child: Account, officer: Client
) -> None:
    visitor = browser(tenant)
    report(visitor, "the girl from the choir")
    one = held()
    assert one.person is None
    assert WORDS in page_of(visitor, "/testimonials/")
    assert confirm(officer, one, sure="on").status_code == 409
    naming = f"{DESK}{one.pk}/accounts/"
    assert officer.post(naming, {"account": "Nobody"}).status_code == 422
    other = customer("other@example.org")
    for email in ("other@example.org", child.email):
        assert officer.post(naming, {"account": email}).status_code == 302
    assert WORDS not in page_of(visitor, "/testimonials/")
    assert page_of(officer, f"/people/{other.person_id}/"), "the wrong one is there again"


@pytest.mark.tenant("kic")
def test_where_the_policy_refuses_no_children_nobody_reports_any(tenant: Tenant) -> None:
    assert browser(tenant).get(PARENTS).status_code == 404
