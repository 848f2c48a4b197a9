"""People of partners: for one activity, until a moment, and all that they view is written down."""

import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.promises.disclosures.models import Disclosure, Party, Stop
from skola.promises.disclosures.tests import make as disclosures
from skola.promises.policy.api import in_force
from skola.promises.retention.api import record_state
from skola.services.academies.tests import make as academies
from skola.services.billing.tests import make as billing
from skola.services.desk.tests import make as desk
from skola.services.partners.models import Access
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import (
    browser,
    customer,
    latest_mail,
    log_in_by_code,
    working,
)

pytestmark = pytest.mark.django_db
A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
LONG_AGO = AT - 90 * A_DAY
WHO = "user@partner.example"


@pytest.fixture(autouse=True)
def standing(tenant: Tenant) -> Iterator[None]:
    cache.clear()
    with clock.standing_at(AT):
        yield
    cache.clear()


@pytest.fixture
def office(tenant: Tenant) -> Client:
    return working(tenant)


def let_in(
    office: Client, party: Party | None, activity: str, *, until: datetime, country: str = "LV"
) -> Any:
    zone = ZoneInfo(in_force(AT).policy.policy.timezone)
    told = {
        "given_name": "Paula",
        "family_name": "Partnere",
        "email": WHO,
        "country": country,
        "activity": activity,
        "party": str(party.pk) if party else "",
        "systems": "the ledger",
        "reason": "the books of March",
        "ends_at": f"{until.astimezone(zone):%Y-%m-%dT%H:%M}",
    }
    return office.post("/partners/", told)


def entered(tenant: Tenant) -> Client:
    who = browser(tenant)
    assert log_in_by_code(who, WHO)
    return who


def is_refused(tenant: Tenant) -> bool:
    """Whether the sign-in is refused: by a code, where one is mailed at all."""
    who = browser(tenant)
    who.post("/account/login/code/", {"email": WHO})
    found = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", latest_mail(WHO).text, re.MULTILINE)
    if found:
        who.post("/account/login/code/confirm/", {"code": found[1]})
    return who.get("/account/").status_code == 302


OTHERS = ("/people/", "/desk/", "/courses/", "/contracts/office/invoices/", "/office/promises/")


@keeps("ilearn-15.a")
@pytest.mark.tenant("ilearn")
def test_an_invoicing_partners_user_sees_invoices_and_payers_only_and_after_the_end_nothing(
    tenant: Tenant, office: Client
) -> None:
    payer, silent = customer("payer@example.org").person, customer("silent@example.org").person
    invoice = billing.invoice(payer, at=AT)
    hidden = billing.invoice(silent, at=AT)
    Stop.objects.create(person=silent, since_at=LONG_AGO)
    pupil = people.person(given_name="Zelma", email="pupil@example.org")
    desk.enquiry(person=pupil, body="A question of Zelma")
    until = AT + 30 * A_DAY
    assert let_in(office, None, "invoicing", until=until).status_code == 422
    ended = disclosures.party(name="SIA Bijušais", at=LONG_AGO)
    ended.ended_at = LONG_AGO + A_DAY
    ended.save()
    assert let_in(office, ended, "invoicing", until=until).status_code == 422
    party = disclosures.party(name="SIA Grāmatvedis", reference="G-7", at=LONG_AGO)
    assert let_in(office, party, "invoicing", until=AT + 400 * A_DAY).status_code == 422
    assert not Access.objects.exists()
    assert let_in(office, party, "invoicing", until=until).status_code == 302

    register = office.get("/partners/").content.decode()
    line = re.search(r"<tr>(?:(?!</tr>).)*SIA Grāmatvedis.*?</tr>", register, re.DOTALL)
    assert line
    names = {one.id: one.name["en"] for one in in_force(AT).policy.category}
    held = [names[one] for one in ("identity", "contact", "accounting")]
    for said in ("invoicing", "G-7, ", "the ledger", ", ".join(held), "1 Apr 2026"):
        assert said.lower() in line[0].lower(), (said, line[0])

    user = entered(tenant)
    assert user.get("/")["Location"] == "/partners/mine/"
    page = user.get("/partners/mine/").content.decode()
    assert invoice.label in page
    assert "payer@example.org" in page
    for unseen in ("Zelma", "silent@example.org", hidden.label):
        assert unseen not in page, unseen
    assert "1 record is not shown" in page
    assert [user.get(path).status_code for path in OTHERS] == [404] * len(OTHERS)
    assert user.get("/account/closing/").status_code == 404
    entry = Disclosure.objects.get()
    assert (entry.person, entry.recipient) == (payer, "SIA Grāmatvedis")

    with clock.standing_at(until - A_MINUTE):
        cache.clear()
        assert entered(tenant).get("/partners/mine/").status_code == 200
    with clock.standing_at(until + A_MINUTE):
        cache.clear()
        assert user.get("/partners/mine/").status_code == 302
        assert is_refused(tenant)


@keeps("ilearn-18")
@pytest.mark.tenant("ilearn")
def test_remote_support_from_a_third_country_is_tied_to_the_register_and_ends_at_its_time(
    tenant: Tenant, office: Client
) -> None:
    somebody = customer("learner@example.org").person
    customer("other@example.org")
    until = AT + 4 * timedelta(hours=1)
    bare = disclosures.party("processor.developers", name="Dev Ltd", country="IN", at=LONG_AGO)
    for party in (None, bare):
        refused = let_in(office, party, "remote-support", until=until, country="IN")
        assert refused.status_code == 422
        assert "under an active entry of the register" in refused.content.decode()
    assert Entry.objects.filter(kind="partners.access.refused").count() == 2
    bare.papers.create(
        kind="scc", reference="SCC-9", valid_from=LONG_AGO.date(), recorded_at=LONG_AGO
    )
    assert let_in(office, bare, "remote-support", until=until, country="US").status_code == 422
    far = AT + 20 * A_DAY
    assert let_in(office, bare, "remote-support", until=far, country="IN").status_code == 422
    assert not Account.objects.filter(email=WHO).exists()
    made = let_in(office, bare, "remote-support", until=until, country="IN")
    assert made.status_code == 302

    transfers = office.get("/partners/transfers/").content.decode()
    for said in ("Dev Ltd", "India", "scc: SCC-9", "Developers and service providers"):
        assert said in transfers, said
    user = entered(tenant)
    page = user.get("/partners/mine/", {"email": "learner@example.org"}).content.decode()
    assert "learner@example.org" in page
    assert "Account opened" in page
    assert "Ilze" not in page
    user.get("/partners/mine/", {"email": "nobody@example.org"})
    entry = Disclosure.objects.get()
    assert (entry.person, entry.country, entry.safeguard) == (somebody, "IN", "scc: SCC-9")
    listed = office.get(made["Location"]).content.decode()
    assert listed.count("scc: SCC-9") == 1
    assert somebody.name in listed
    assert Entry.objects.filter(kind="partners.access.begun").count() == 1

    with clock.standing_at(until + A_MINUTE):
        cache.clear()
        again = user.get("/partners/mine/", {"email": "other@example.org"})
        assert again.status_code == 302
        assert is_refused(tenant)
    assert Disclosure.objects.count() == 1


@keeps("ilearn-18")
@pytest.mark.tenant("ilearn")
def test_an_access_is_over_with_its_safeguard_or_when_the_office_ends_it(
    tenant: Tenant, office: Client
) -> None:
    papers = ("agreement", "scc")
    party = disclosures.party(
        "processor.developers", name="Dev Ltd", country="IN", papers=papers, at=LONG_AGO
    )
    made = let_in(office, party, "remote-support", until=AT + 10 * A_DAY, country="IN")
    user = entered(tenant)
    assert user.get("/partners/mine/").status_code == 200
    party.ended_at = AT
    party.save()
    assert user.get("/partners/mine/").status_code == 404
    party.ended_at = None
    party.save()
    assert user.get("/partners/mine/").status_code == 200
    assert office.post(f"{made['Location']}endings/").status_code == 302
    with clock.standing_at(AT + A_MINUTE):
        assert user.get("/partners/mine/").status_code == 302
        cache.clear()
        assert is_refused(tenant)


@keeps("learnifier-7.d")
@pytest.mark.tenant("learnifier")
def test_an_affiliates_user_sees_contacts_of_customers_and_nobody_of_a_clients_academy(
    tenant: Tenant, office: Client, settings: Any, tmp_path: Any
) -> None:
    shutil.copytree(settings.POLICIES / "learnifier", tmp_path / "policies" / "learnifier")
    settings.POLICIES = tmp_path / "policies"
    founder = customer("founder@example.org")
    academy = academies.founded(founder, now=AT).academy
    with inside(academy.client):
        people.account(email="participant@example.org")
    former = customer("former@example.org").person
    record_state(former.pk, "client.active", is_open=True, at=LONG_AGO)
    record_state(former.pk, "client.active", is_open=False, at=AT - A_DAY)
    people.person(email="visitor@example.org")
    until = AT + 30 * A_DAY
    party = disclosures.party("recipient.affiliates", name="Syster AB", country="SE", at=LONG_AGO)
    assert let_in(office, party, "invoicing", until=until, country="SE").status_code == 422
    assert let_in(office, party, "customer-relations", until=until, country="SE").status_code == 302

    user = entered(tenant)
    page = user.get("/partners/mine/").content.decode()
    assert set(re.findall(r"[\w.]+@example\.org", page)) == {"founder@example.org"}
    assert founder.person.name in page
    for path in (*OTHERS, "/academies/", f"/academies/{academy.pk}/people/"):
        assert user.get(path).status_code == 404, path
    entry = Disclosure.objects.get()
    assert (entry.recipient, entry.ground) == ("Syster AB", "interest")
    assert all(name.startswith("people.person.") for name in entry.fields)
