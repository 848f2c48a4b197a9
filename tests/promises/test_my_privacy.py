"""My privacy: what is held about a person, why, from where, for whom, until when; who looked."""

import re
from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.models import Account, Mail, Person
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.ground.ui import formats
from skola.promises.consents.tests import make as consents
from skola.promises.policy.api import in_force, wording
from skola.promises.retention.api import clock_missing
from skola.promises.rights.held import held
from skola.promises.rights.models import RightsRequest
from skola.promises.rights.plan import plan
from skola.services.billing.models import Invoice
from skola.services.billing.tests import make as billing
from skola.services.courses.tests import make as courses
from skola.services.desk.tests import make as desk
from tests.promises.keeping import keeps
from tests.promises.marking import AT, everywhere, rows_of
from tests.promises.people import browser, customer, signed_in

RIGA = ZoneInfo("Europe/Riga")
PAGE = "/account/privacy/"


pytestmark = pytest.mark.usefixtures("standing")


@pytest.fixture
def account(tenant: Tenant) -> Account:
    return customer()


@pytest.fixture
def who(tenant: Tenant, account: Account) -> Client:
    return signed_in(tenant)


def page_of(who: Client, address: str = PAGE) -> str:
    answer = who.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("&#39;", "'").replace("&amp;", "&")


def by_declaration(person: Person) -> Counter[str]:
    """How many records of each category the declarations alone find."""
    found: Counter[str] = Counter()
    for one, keys in rows_of(person):
        if any(step.table == one.table and step.subject for step in plan()):
            for category in set(one.columns.values()):
                found[category] += len(keys)
    return +found


@pytest.mark.tenant("ilearn")
def test_every_record_is_counted_once_under_its_categories(tenant: Tenant) -> None:
    person = everywhere(make.person())

    assert Counter({one.category: one.count for one in held(person.pk)}) == by_declaration(person)


@keeps("ilearn-22.a")
@pytest.mark.tenant("ilearn")
def test_the_page_says_of_each_kind_its_purpose_basis_source_recipients_and_end(
    tenant: Tenant, who: Client, account: Account
) -> None:
    person = account.person
    invoice = billing.invoice(person, at=AT)
    desk.enquiry(person=person, body="When does it begin?", at=AT)
    billing.invoice(make.person(email="anna@example.org"), at=AT)
    clock_missing(now=clock.now())
    policy, words = in_force(AT).policy, wording("en")

    page = page_of(who)

    kinds = by_declaration(person)
    assert {"identity", "contact", "accounting", "enquiry", "credentials"} <= set(kinds)
    for category in policy.category:
        start = page.find(f"{category.name['en']} · ")
        assert (start >= 0) == (category.id in kinds), category.id
        if start < 0:
            continue
        part = page[start : page.index("</details>", start)]
        assert f"{kinds[category.id]} record" in part
        for purpose in policy.purpose:
            article = words.sentence("article", art=purpose.basis.art)
            basis = f"{words.word('bases', purpose.basis.kind)}, {article}"
            said = f"{purpose.name['en']} ({basis})"
            assert (said in part) == (category.id in purpose.categories), purpose.id
        for source in category.sources:
            assert words.word("sources", source) in part
        receivers = [each.name["en"] for each in policy.recipient if category.id in each.categories]
        receivers += [
            each.name["en"] for each in policy.processor if category.id in each.categories
        ]
        for name in receivers:
            assert name in part
    ends = Invoice.objects.get(pk=invoice.pk).due_at
    assert ends is not None
    accounting = next(each for each in policy.category if each.id == "accounting")
    part = page[page.index(f"{accounting.name['en']} · ") :]
    assert formats.day(ends.astimezone(RIGA).date()) in part[: part.index("</details>")]
    for said in (
        "Who may receive your data",
        "Decisions taken by software",
        "What you may ask for, and how",
        "Where to turn, and where to complain",
        policy.authority[0].name["en"],
        policy.summary.line["en"],
    ):
        assert said in page
    for depth in ("line", "page", "full"):
        address = f"/privacy/?depth={depth}"
        assert address in page
        assert who.get(address).status_code == 200


@pytest.mark.tenant("ilearn")
def test_my_consents_and_requests_stand_there_and_who_looked_a_year_back(
    tenant: Tenant, who: Client, account: Account
) -> None:
    person = account.person
    consents.row(person, "ads.personal")
    for days in (364, 366):
        audit.record(
            "desk.recording.played",
            subject=person.pk,
            by="somebody",
            at=clock.now() - timedelta(days=days),
        )
    who.post("/account/requests/new/", {"kind": "objection", "reply_by": "account"})

    page = page_of(who)
    names = {each.id: each.name["en"] for each in in_force(AT).policy.purpose}
    assert names["ads.personal"] in page[page.index('id="consents"') :]
    assert "2 March 2026" in page[page.index("What you agreed to") :]
    assert "2 April 2026" in page
    assert page_of(who, f"{PAGE}looks/").count("a recorded call was listened to") == 1


@pytest.mark.tenant("ilearn")
def test_every_right_is_two_clicks_from_the_first_page(tenant: Tenant, who: Client) -> None:
    assert PAGE in page_of(who, "/")
    page = page_of(who)
    for kind in ("access", "rectification", "erasure", "restriction", "objection"):
        assert f"/account/requests/new/?kind={kind}" in page


@pytest.mark.tenant("ilearn")
def test_my_privacy_asks_eight_questions_whatever_is_held(
    tenant: Tenant, who: Client, account: Account
) -> None:
    for _round in range(2):
        courses.enrolment(courses.course(), account.person)
        billing.invoice(account.person, at=AT)
        for address in (PAGE, f"{PAGE}looks/"):
            who.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert who.get(address).status_code == 200
            said = [one["sql"] for one in asked if "set_config" not in one["sql"]]
            assert len(said) <= 8, "\n".join(each[:120] for each in said)


ASK = "/privacy/mine/"


def link_for(tenant: Tenant, email: str) -> str:
    """Ask for a link as a visitor; return it out of the mail, or an empty text."""
    before = set(Mail.objects.values_list("pk", flat=True))
    assert browser(tenant).post(ASK, {"email": email}).status_code == 200
    mail = Mail.objects.filter(address=email).exclude(pk__in=before).first()
    found = re.search(r"http://[^/\s]+(/\S+)", mail.text) if mail else None
    return found[1] if found else ""


@pytest.mark.tenant("learnifier")
def test_who_has_no_account_sees_what_is_held_by_a_link_and_asks_there(tenant: Tenant) -> None:
    person = make.person(email="payer@example.org")
    billing.invoice(person, at=AT)
    visitor = browser(tenant)
    link = link_for(tenant, "payer@example.org")

    page = page_of(visitor, link)
    assert "accounting" in by_declaration(person)
    names = {each.id: each.name["en"] for each in in_force(AT).policy.category}
    assert names["accounting"] in page
    assert "/account/" not in page.split("<main")[1].split("</main>")[0]

    said = {"kind": "erasure", "reply_by": "email", "email": "thief@example.org"}
    assert visitor.post(link, said)["Location"] == link
    asked = RightsRequest.objects.get()
    assert (asked.person, asked.channel, asked.email) == (person, "link", "payer@example.org")
    assert asked.proof == "code", "this policy takes a confirmed address"
    assert asked.label in page_of(visitor, link)
    with clock.standing_at(AT + timedelta(hours=2)):
        answer = visitor.get(link)
        assert answer.status_code == 410
        assert b"Ask for a new one" in answer.content
    assert visitor.get(link[:-3] + "xy/").status_code == 410


@pytest.mark.tenant("ilearn")
def test_a_link_to_an_address_is_no_proof_where_the_policy_wants_a_document(
    tenant: Tenant,
) -> None:
    make.person(email="payer@example.org")
    link = link_for(tenant, "payer@example.org")

    assert browser(tenant).post(link, {"kind": "access", "reply_by": "email"}).status_code == 302

    assert RightsRequest.objects.get().step == "identity"


@pytest.mark.tenant("ilearn")
def test_who_asks_learns_nothing_about_an_address(tenant: Tenant, account: Account) -> None:
    make.person(email="payer@example.org")
    pages = set()
    for email in ("payer@example.org", "nobody@example.org", account.email):
        answer = browser(tenant).post(ASK, {"email": email})
        said = re.sub(r'(nonce|value)="[^"]+"', "", answer.content.decode())
        pages.add((answer.status_code, said.replace(email, "EMAIL")))

    assert len(pages) == 1
    assert not Mail.objects.filter(address="nobody@example.org").exists()
    to_account = link_for(tenant, account.email)
    assert to_account == PAGE, "who has an account signs in"
    assert browser(tenant).get(to_account)["Location"].startswith("/account/login/")


@pytest.mark.tenant("ilearn")
def test_links_are_sent_ten_times_an_hour(tenant: Tenant) -> None:
    who = browser(tenant)
    codes = [who.post(ASK, {"email": "nobody@example.org"}).status_code for _try in range(11)]

    assert codes == [200] * 10 + [429]
