"""Testimonials from outside: shown only while the consent to exactly these words stands."""

from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from skola.ground import clock
from skola.ground.audit.api import Entry, pseudonym
from skola.ground.people.models import Account
from skola.ground.tenants.models import Tenant
from skola.promises.consents.models import Consent
from skola.promises.retention.api import clock_missing, sweep
from skola.services.billing.models import Contract
from skola.services.billing.tests import make as billing
from skola.services.testimonials.models import Testimonial as Said
from skola.services.testimonials.tests import make as testimonials
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import customer, signed_in, working
from tests.promises.visiting import Site

PAGE, MINE, DESK = "/testimonials/", "/testimonials/mine/", "/testimonials/desk/"
WORDS = {"text": "I learnt it in a week.", "name": "Anna Ozola", "title": "gardener"}
OFF = "/account/privacy/consents/withdrawals/"
A_MINUTE, TWO_DAYS = timedelta(minutes=1), timedelta(days=2)


pytestmark = pytest.mark.usefixtures("standing")


@pytest.fixture
def account(tenant: Tenant) -> Account:
    return customer()


@pytest.fixture
def who(tenant: Tenant, account: Account) -> Client:
    return signed_in(tenant)


@pytest.fixture
def office(tenant: Tenant) -> Client:
    return working(tenant)


def page_of(who: Client, address: str = PAGE) -> str:
    answer = who.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def publish(office: Client, one: Said) -> int:
    return office.post(f"{DESK}{one.pk}/publications/").status_code


def take_back(who: Client, given: Consent) -> None:
    told = {"purpose": given.purpose, "scope": given.scope, "person": str(given.person_id)}
    assert who.post(OFF, told).status_code == 302


@keeps("learnifier-6.h")
@pytest.mark.tenant("learnifier")
def test_only_the_words_that_were_agreed_to_are_shown_and_only_while_they_are(
    tenant: Tenant, who: Client, office: Client, client: Client
) -> None:
    form = page_of(who, MINE)
    assert "checked" not in form[form.index('name="agrees"') - 200 : form.index("</form>")]
    assert who.post(MINE, WORDS).status_code == 422
    assert Said.objects.count() == Consent.objects.count() == 0, "no consent, no record"
    assert who.post(MINE, {**WORDS, "agrees": "on"}).status_code == 302
    one = Said.objects.get()
    assert "I learnt it in a week. (Anna Ozola, gardener)" in Consent.objects.get().wording
    assert WORDS["text"] not in page_of(client), "staff have not put it there"
    assert publish(office, one) == 302
    page = page_of(client)
    assert WORDS["text"] in page
    assert "Anna Ozola, gardener" in page

    # other words void the consent, whoever writes them
    assert office.post(f"{DESK}{one.pk}/", {**WORDS, "text": "In a day."}).status_code == 302
    assert WORDS["name"] not in page_of(client)
    assert publish(office, one) == 409
    assert WORDS["name"] not in page_of(client)
    assert "you have not agreed to them" in page_of(who, MINE)
    with clock.standing_at(AT + A_MINUTE):
        who.post(MINE, {**WORDS, "text": "In a day.", "agrees": "on"})
        assert publish(office, one) == 302
        assert "In a day." in page_of(client)

    with clock.standing_at(AT + 2 * A_MINUTE):
        take_back(who, Consent.objects.get(ended_at=None))
        answer = client.get(PAGE)
    assert WORDS["name"] not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"], "no copy outlives it"


@keeps("ilearn-10.c")
@pytest.mark.tenant("ilearn")
def test_what_rests_on_consent_is_refused_without_one_and_audited(
    tenant: Tenant, account: Account, who: Client, office: Client, client: Client
) -> None:
    one = testimonials.said(account.person)

    assert publish(office, one) == 409
    assert WORDS["name"] not in page_of(client)
    entry = Entry.objects.get(kind="consents.use.refused")
    assert entry.subject == pseudonym(account.person_id)
    assert entry.detail["purpose"] == "publication.consented"
    # the gate is in the code, not in the page: who writes past it into the table shows nothing
    Said.objects.update(published_at=AT)
    assert WORDS["name"] not in page_of(client)
    # a consent of another person, or to other words, opens nothing
    who.post(MINE, {**WORDS, "text": "Other words.", "agrees": "on"})
    Said.objects.update(text=WORDS["text"], scope=one.scope, published_at=AT)
    assert WORDS["name"] not in page_of(client)
    assert publish(office, one) == 409


@keeps("ilearn-20.f")
@pytest.mark.tenant("ilearn")
def test_what_rests_on_consent_alone_goes_with_it_and_the_contract_stays(
    tenant: Tenant, account: Account, who: Client, office: Client
) -> None:
    contract = billing.contract(account.person, at=AT)
    assert who.post(MINE, {**WORDS, "agrees": "on"}).status_code == 302
    assert publish(office, Said.objects.get()) == 302
    clock_missing(now=clock.now())
    sweep(now=AT + TWO_DAYS)
    assert Said.objects.count() == 1, "while the consent lasts it stays"

    with clock.standing_at(AT + TWO_DAYS):
        take_back(who, Consent.objects.get())
    sweep(now=AT + 2 * TWO_DAYS)

    assert Said.objects.count() == 0
    assert list(Contract.objects.values_list("pk", flat=True)) == [contract.pk]
    given = Consent.objects.get()
    assert (given.end, given.ended_by) == ("withdrawn", "account"), "the proof outlives it"


@pytest.mark.tenant("ekool")
def test_without_the_purpose_there_is_no_such_page(tenant: Tenant, client: Client) -> None:
    for address in (PAGE, MINE, DESK):
        assert client.get(address).status_code == 404


@keeps("learnifier-6.g")
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.tenant("learnifier")
def test_a_visitor_sees_a_testimonial_with_name_title_and_organisation_once_it_is_published(
    page: Page, site: Site, office: Client, who: Client
) -> None:
    said = {**WORDS, "organisation": "Bees Ltd", "agrees": "on"}
    assert who.post(MINE, said).status_code == 302
    page.goto(site.url(PAGE))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(WORDS["text"])).to_have_count(0)

    assert publish(office, Said.objects.get()) == 302

    page.goto(site.url("/"))
    page.goto(site.url(PAGE))
    expect(page.get_by_text(WORDS["text"])).to_be_visible()
    expect(page.get_by_text("Anna Ozola, gardener")).to_be_visible()
    expect(page.get_by_text("Bees Ltd")).to_be_visible()
