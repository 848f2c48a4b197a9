"""Consents from outside: switches, forms, phone, links; what stops, what goes on, the proof."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.audit.api import Entry, pseudonym
from skola.ground.people.models import Account, Guardianship, Informed, Mail, Person
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.promises.consents import api
from skola.promises.consents.models import Consent
from skola.promises.policy.api import PolicyError
from skola.promises.retention.models import StateFact
from skola.promises.rights.models import RightsRequest
from skola.services.billing.tests import make as billing
from tests.promises.asking import DESK, decide
from tests.promises.editing import Folder
from tests.promises.keeping import keeps
from tests.promises.mailing import hand_over, letter
from tests.promises.marking import AT
from tests.promises.people import (
    browser,
    code_in,
    customer,
    latest_mail,
    log_in,
    sign_up,
    signed_in,
    working,
)

PRIVACY = "/account/privacy/"
ON, OFF = f"{PRIVACY}consents/", f"{PRIVACY}consents/withdrawals/"
A_MINUTE, A_YEAR = timedelta(minutes=1), timedelta(days=365)


pytestmark = pytest.mark.usefixtures("standing")


@pytest.fixture
def account(tenant: Tenant) -> Account:
    return customer()


@pytest.fixture
def who(tenant: Tenant, account: Account) -> Client:
    return signed_in(tenant)


@pytest.fixture
def agent(tenant: Tenant) -> Client:
    """Somebody of the information line."""
    return working(tenant, "support")


def page_of(who: Client, address: str = PRIVACY) -> str:
    answer = who.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("&#39;", "'").replace("&amp;", "&")


def switch(who: Client, way: str, person: Person, purpose: str, scope: str = "") -> int:
    told = {"purpose": purpose, "scope": scope, "person": str(person.pk)}
    return who.post(way, told).status_code


def switches(page: str) -> dict[str, bool]:
    """What each switch on the page is about, and whether it is on."""
    found = re.findall(
        r'role="switch" aria-checked="(true|false)">[^<]*<span class="visually-hidden"> ([^<]+)<',
        page,
    )
    return {name: value == "true" for value, name in found}


def entry(form: str, purpose: str, channel: str, scope: str = "") -> dict[str, str]:
    """What staff send from one of the two forms of a person's consents."""
    return {
        f"{form}-question": f"{purpose}|{scope}",
        f"{form}-channel": channel,
        f"{form}-proof": "Call 2026-117",
    }


@keeps("ilearn-25.a")
@pytest.mark.tenant("ilearn")
def test_the_same_consent_by_form_account_and_phone_is_three_records(
    tenant: Tenant, agent: Client
) -> None:
    visitor = browser(tenant)
    visitor.post("/account/signup/", {"birth_on": "1990-05-01"})
    form = page_of(visitor, "/account/signup/")
    boxes = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", form)
    assert len(boxes) == 2
    assert not any("checked" in box for box in boxes)
    assert "Commercial messages about our own services: e-mail" in form
    details = {"given_name": "Anna", "family_name": "Bērziņa", "email": "anna@example.org"}
    ticked = {**details, "password1": "nobody guesses this one", "agree_marketing_own": "on"}
    visitor.post("/account/signup/", ticked)
    person = Person.objects.get(email="anna@example.org")

    visitor.post("/account/confirm-email/", {"code": code_in(latest_mail(person.email))})
    shown = switches(page_of(visitor))
    assert shown.pop("Commercial messages about our own services: e-mail")
    assert not any(shown.values())
    # the switch is on already; who uses it again all the same has given it in the account, too
    assert switch(visitor, ON, person, "marketing.own", "email") == 302
    at = f"/people/{person.pk}/consents/"
    read_out = page_of(agent, at)
    assert "under version 2020-08-17 of the policy" in read_out
    agent.post(f"{at}entries/", entry("give", "marketing.own", "phone", "email"))

    told = Consent.objects.filter(person=person, ended_at=None).order_by("channel")
    assert [(one.channel, one.purpose, one.scope) for one in told] == [
        ("account", "marketing.own", "email"),
        ("phone", "marketing.own", "email"),
        ("site-form", "marketing.own", "email"),
    ]
    assert {one.version for one in told} == {"2020-08-17"}
    assert all("Commercial messages about our own services" in one.wording for one in told)
    assert all("Commercial messages about our own services" in read_out for one in told)
    by_phone = told[1]
    assert (by_phone.proof, by_phone.staff_id) == (
        "Call 2026-117",
        Person.objects.get(email="support@example.org").pk,
    )
    assert "partner" not in "".join(one.purpose for one in Consent.objects.all())


@keeps("ema-1.5.2")
@pytest.mark.tenant("ema")
def test_given_and_withdrawn_in_the_account_the_gate_follows_at_once(
    tenant: Tenant, who: Client, account: Account
) -> None:
    person, purpose = account.person, "site.analytics"
    shown = switches(page_of(who))
    assert shown == {"Tell unique visitors apart for reports on visits": False}
    assert not used(person, purpose)

    assert switch(who, ON, person, purpose) == 302
    assert used(person, purpose)
    assert list(switches(page_of(who)).values()) == [True]
    with clock.standing_at(AT + A_MINUTE):
        assert switch(who, OFF, person, purpose) == 302
        assert not used(person, purpose)
        page = page_of(who)
    assert list(switches(page).values()) == [False]
    history = page[page.index("What you agreed to, and when it ended") :]
    row = history[history.index("<tbody") : history.index("</table>")]
    assert row.count("<tr") == 1
    assert row.count("in the account") == 2  # given and withdrawn there, each with its moment
    assert "withdrawn" in row
    kinds = Entry.objects.filter(subject=pseudonym(person.pk), kind__startswith="consents.")
    assert sorted(kinds.values_list("kind", flat=True)) == [
        "consents.consent.given",
        "consents.consent.withdrawn",
        "consents.use.refused",
        "consents.use.refused",
    ]
    given = Consent.objects.get()
    assert "Tell unique visitors apart" in page_of(who, f"{ON}{given.pk}/")


def used(person: Person, purpose: str) -> bool:
    """Whether the gate lets something be done that needs the consent."""
    return api.may_use(person.pk, purpose, use="report", by="test", now=clock.now())


@keeps("ekool-1.9")
@pytest.mark.tenant("ekool")
def test_who_enters_into_the_relation_accepts_and_consents_to_nothing(
    tenant: Tenant, who: Client, account: Account
) -> None:
    person = account.person
    offered = billing.offer(person, at=AT)
    who.post("/account/policy/", {"next": "/account/"})
    accepting = page_of(who, f"/contracts/{offered.pk}/")
    assert "checkbox" not in accepting[: accepting.index("</main>")]
    assert who.post(f"/contracts/{offered.pk}/acceptances/", {"agrees": "on"}).status_code == 302

    offered.refresh_from_db()
    assert (offered.evidence, offered.accepted_at is not None) == ("click", True)
    assert Informed.objects.get(person=person).version == "2019-09-01"
    agrees_to_nothing(who, {"Advertisements and offers of eKool's own services"})


def agrees_to_nothing(who: Client, among: set[str]) -> None:
    """Nothing is agreed to, and each switch is there and off."""
    assert Consent.objects.count() == 0
    assert not StateFact.objects.filter(state__startswith="consent:").exists()
    shown = switches(page_of(who))
    assert among <= {name.partition(": ")[0] for name in shown}
    assert not any(shown.values())


@keeps("learnifier-8.d")
@pytest.mark.tenant("learnifier")
def test_visits_consent_to_no_transfer_and_none_goes_without_a_safeguard(
    tenant: Tenant, tmp_path: Path, who: Client
) -> None:
    stranger = browser(tenant)
    for visitor in (stranger, who):
        for page in ("/", "/account/", "/privacy/"):
            visitor.get(page)
    agrees_to_nothing(who, {"News, promotions and events of Learnifier"})

    folder = Folder(tmp_path, tenant.slug)
    bare = ('safeguard = ["adequacy", "scc"]\naccess', "safeguard = []\naccess")
    with pytest.raises(PolicyError, match="without a safeguard"):
        folder.publish(folder.version("bare", bare, effective=AT + A_YEAR, published=AT), now=AT)
    by_use = ('safeguard = ["adequacy", "scc"]\naccess', 'safeguard = ["use"]\naccess')
    with pytest.raises(PolicyError, match="use"):
        folder.publish(folder.version("use", by_use, effective=AT + A_YEAR, published=AT), now=AT)


def minutes(one: Consent) -> int:
    """How many minutes after the test began a consent ended."""
    assert one.ended_at is not None
    return (one.ended_at - AT) // A_MINUTE


@keeps("ilearn-26.a")
@pytest.mark.tenant("ilearn")
def test_each_of_the_three_ways_ends_a_consent_with_its_channel_and_time(
    tenant: Tenant, who: Client, agent: Client, account: Account
) -> None:
    person, at = account.person, f"/people/{account.person_id}/consents/"
    officer = working(tenant, "officer")
    for purpose, scope in (("improve.usage", ""), ("ads.personal", ""), ("marketing.own", "email")):
        switch(who, ON, person, purpose, scope)
    mailed = letter(person.email, "Atsaukums", "Es atsaucu savu piekrišanu reklāmai.")

    with clock.standing_at(AT + A_MINUTE):
        switch(who, OFF, person, "improve.usage")
    with clock.standing_at(AT + 2 * A_MINUTE):
        agent.post(f"{at}withdrawals/", entry("withdraw", "ads.personal", "phone"))
    with clock.standing_at(AT + 3 * A_MINUTE):
        hand_over(mailed, "info@ilearn.lv")
        asked = RightsRequest.objects.get()
        assert (asked.kind, asked.person) == ("withdraw-consent", person)
        # which is meant is for a person to read where several stand
        switch(who, ON, person, "improve.usage")
        assert decide(officer, asked, "granted") == 422
        chosen = {"outcome": "granted", "reasons": "Done.", "ended": ["marketing.own|email"]}
        assert officer.post(f"{DESK}{asked.pk}/decisions/", chosen).status_code == 302

    ended = Consent.objects.exclude(ended_at=None).order_by("ended_at")
    assert [(one.purpose, one.ended_by, minutes(one)) for one in ended] == [
        ("improve.usage", "account", 1),
        ("ads.personal", "phone", 2),
        ("marketing.own", "email", 3),
    ]
    assert {one.end for one in ended} == {"withdrawn"}
    history = page_of(who)
    assert "by e-mail" in history
    assert api.allowed(person.pk, "improve.usage", now=AT + 4 * A_MINUTE), "given anew, it stands"


@pytest.mark.tenant("ilearn")
@pytest.mark.parametrize("way", ["account", "phone", "email", "link-in-message"])
def test_a_consent_is_withdrawn_in_each_way_that_the_policy_names(
    way: str, tenant: Tenant, who: Client, agent: Client, account: Account
) -> None:
    person, at = account.person, f"/people/{account.person_id}/consents/"
    agent.post(f"{at}entries/", entry("give", "improve.usage", "phone"))
    switch(who, ON, person, "improve.usage")
    switch(who, ON, person, "ads.personal")
    assert api.allowed(person.pk, "improve.usage", now=clock.now())
    link = re.search(r"/consents/\S+/", latest_mail(person.email).text)
    assert link is not None

    with clock.standing_at(AT + A_MINUTE):
        if way == "account":
            switch(who, OFF, person, "improve.usage")
        elif way == "link-in-message":
            stranger = browser(tenant)
            assert "Withdraw my consent" in page_of(stranger, link[0])
            assert api.allowed(person.pk, "improve.usage", now=clock.now()), "looking is nothing"
            stranger.post(f"{link[0]}withdrawals/")
            assert "This consent has ended." in page_of(stranger, link[0])
        else:
            agent.post(f"{at}withdrawals/", entry("withdraw", "improve.usage", way))
        assert not api.allowed(person.pk, "improve.usage", now=clock.now())
        assert api.allowed(person.pk, "ads.personal", now=clock.now())
    ended = Consent.objects.filter(purpose="improve.usage")
    assert {(one.end, one.ended_by) for one in ended} == {("withdrawn", way)}
    assert all(one.ended_at and one.ended_at - AT >= A_MINUTE for one in ended)
    assert ended.count() == 2


@pytest.mark.tenant("ilearn")
def test_a_link_is_not_guessed_and_a_click_twice_is_harmless(
    tenant: Tenant, client: Client, account: Account
) -> None:
    given = api.give(
        account.person, "improve.usage", api.Shown("account"), by="test", now=clock.now()
    )
    token = api.token_of(given)

    assert client.get(f"/consents/{token[:-2]}xx/").status_code == 404
    assert client.post(f"/consents/{given.pk.hex}/withdrawals/").status_code == 404
    for _click in range(2):
        answer = client.post(f"/consents/{token}/withdrawals/")
        assert answer.status_code == 302
        assert answer["Referrer-Policy"] == "no-referrer"
    assert Consent.objects.filter(end="withdrawn").count() == 1


@keeps("ilearn-28")
@pytest.mark.tenant("ilearn")
def test_the_withdrawal_says_what_goes_on_and_why(
    who: Client, agent: Client, account: Account
) -> None:
    person = account.person
    for scope in ("email", "sms"):
        switch(who, ON, person, "marketing.own", scope)
    billing.invoice(person, at=AT)

    with clock.standing_at(AT + A_MINUTE):
        told = {"purpose": "marketing.own", "scope": "email", "person": str(person.pk)}
        answer = who.post(OFF, told, follow=True)
        said = answer.content.decode()
        part = said[said.index("What goes on without it") :]
        for purpose, basis in (
            ("Accounting, as the law requires", "legal obligation"),
            ("To provide the services, that is, to fulfil the contract", "contract"),
        ):
            assert re.search(f"{purpose}</td>\\s*<td[^>]*>[^<]*{basis}", part, re.I), purpose
        assert "Commercial messages" not in part
        assert "This consent has ended." in said

        # and it does: the next invoice and contract reach the person, the other channel stands
        invoice = billing.invoice(person, at=AT + A_MINUTE)
        billing.offer(person, title="Course on wasps", at=AT + A_MINUTE)
        assert invoice.label in page_of(who, "/contracts/invoices/")
        assert "Course on wasps" in page_of(who, "/contracts/")
        assert api.allowed(person.pk, "marketing.own", scope="sms", now=clock.now())
        agent.post(
            f"/people/{person.pk}/consents/withdrawals/",
            entry("withdraw", "marketing.own", "phone", "sms"),
        )
    mail = latest_mail(person.email)
    assert mail.subject == "Your consent is withdrawn"
    assert "This does not rest on your consent, and goes on:" in mail.text


@pytest.mark.tenant("ilearn")
def test_the_receipt_tells_machines_what_was_agreed_to_and_until_when(
    who: Client, account: Account, tenant: Tenant
) -> None:
    switch(who, ON, account.person, "improve.usage")
    with clock.standing_at(AT + A_MINUTE):
        switch(who, OFF, account.person, "improve.usage")
    given = Consent.objects.get()

    answer = who.get(f"{ON}{given.pk}/receipt/")
    assert answer["Content-Type"] == "application/ld+json"
    told = json.loads(answer.content)
    record = told["dpv:hasRecordOfActivity"]
    assert (told["@type"], record["@type"]) == ("dpv:ConsentReceipt", "dpv:ConsentRecord")
    assert record["dpv:hasProcess"]["dpv:hasLegalBasis"] == {"@id": "eu-gdpr:A6-1-a"}
    assert record["dpv:hasNotice"]["dct:description"] == given.wording
    assert [one["@type"] for one in record["dpv:hasConsentStatus"]] == [
        "dpv:ConsentGiven",
        "dpv:ConsentWithdrawn",
    ]
    assert account.email not in answer.content.decode()
    other = browser(tenant)
    customer("other@example.org")
    assert log_in(other, "other@example.org")
    for address in ("", "receipt/"):
        assert other.get(f"{ON}{given.pk}/{address}").status_code == 404
    assert switch(other, OFF, account.person, "improve.usage") == 404


@pytest.mark.tenant("ekool")
def test_a_guardian_decides_for_a_child_and_nobody_offers_a_pupil_anything(
    tenant: Tenant, who: Client, account: Account
) -> None:
    child = make.person(given_name="Mari")
    Person.objects.filter(pk=child.pk).update(birth_on=date(2016, 5, 1))
    Guardianship.objects.create(
        child=child,
        guardian=account.person,
        starts_at=AT,
        powers=["see", "consent"],
        proof="school",
        verified_at=AT,
    )
    assert "For Mari" in page_of(who)
    assert switch(who, ON, child, "usage.visits") == 302
    given = Consent.objects.get(person=child)
    assert given.giver_id == account.person_id
    assert page_of(who, f"{ON}{given.pk}/")

    StateFact.objects.create(person=child, state="enrolment.active", is_open=True, opened_at=AT)
    assert "For Mari" not in page_of(who), "a pupil is not asked about offers or tracking"
    assert switch(who, ON, child, "marketing.own") == 404


@pytest.mark.tenant("kic")
def test_the_officer_sees_who_agreed_to_what(tenant: Tenant, account: Account) -> None:
    office = working(tenant, "officer")
    address = "/office/promises/consents/"
    assert "No consent is on record here." in page_of(office, address)
    shown = api.Shown("account")
    api.give(account.person, "marketing.own", shown, by="test", now=clock.now())
    api.give(account.person, "targeting", shown, by="test", now=clock.now())

    page = page_of(office, f"{address}?purpose=targeting&state=standing")
    assert page.count(f"/people/{account.person_id}/consents/") == 1
    assert "Recommending suitable content" in page
    assert "No consent is on record here." in page_of(office, f"{address}?state=ended")
    outsider = signed_in(tenant)
    assert outsider.get(address).status_code == 404
    assert Mail.objects.count() == 0


def test_the_sign_up_of_a_child_agrees_to_nothing(tenant: Tenant) -> None:
    visitor = browser(tenant)
    person = sign_up(visitor, born="2016-05-01")
    assert person is None or not Consent.objects.filter(person=person).exists()
