"""Who receives by name: nothing before an agreement, nothing when it has run out, all announced."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.core import mail as post
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.models import Mail, Person
from skola.ground.tenants.models import Tenant
from skola.promises.disclosures.models import Disclosure, Party, Telling
from skola.promises.disclosures.tasks import follow_list
from skola.services.billing.tests import make as billing
from tests.promises.disclosing import OFFICE, Office, is_refused
from tests.promises.editing import Folder
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import browser, customer, signed_in, working

A_DAY = timedelta(days=1)
Later = Callable[[float], None]


@pytest.fixture(autouse=True)
def later(db: None) -> Iterator[Later]:
    """Everything stands at ``AT``, and later when it is told how many days."""
    cache.clear()
    with ExitStack() as days:
        days.enter_context(clock.standing_at(AT))
        yield lambda number: days.enter_context(clock.standing_at(AT + number * A_DAY))
    cache.clear()


@pytest.fixture
def office(tenant: Tenant) -> Office:
    who = working(tenant, "officer")
    return Office(who)


@pytest.fixture
def ilze(tenant: Tenant) -> Person:
    person = customer().person
    billing.invoice(person)
    return person


def day(number: int) -> str:
    return f"{AT + number * A_DAY:%Y-%m-%d}"


def public(tenant: Tenant) -> str:
    """The public list."""
    return browser(tenant).get("/privacy/recipients/").content.decode()


def home(office: Office) -> str:
    """What the officer finds first."""
    return office.who.get("/").content.decode()


@keeps("ilearn-16", "learnifier-7.i")
@pytest.mark.parametrize(
    ("rule", "ground", "asked"),
    [
        pytest.param(
            "processor.partners",
            "contract",
            "return or erase everything: our agreement has ended",
            marks=pytest.mark.tenant("ilearn"),
        ),
        pytest.param(
            "processor.payments",
            "contract",
            "återlämna eller radera allt: vårt avtal har upphört",
            marks=pytest.mark.tenant("learnifier"),
        ),
    ],
)
def test_no_partner_without_an_agreement_and_none_leaves_without_a_confirmation(
    rule: str, ground: str, asked: str, tenant: Tenant, office: Office, ilze: Person, later: Later
) -> None:
    """Refused without; when it ends, a confirmation that data are gone is asked and tracked."""
    party = office.party(rule, "Partner", email="privacy@partner.example", active=False)
    answer = office.activate(party)
    assert answer.status_code == 422
    assert "agreement: purpose, security, return or erasure" in answer.content.decode()
    answer = office.pass_on(party, ilze, ground=ground, reference="Order 7")
    assert is_refused(answer, "not active in the register yet")

    assert office.paper(party, "agreement", reference="").status_code == 422
    office.paper(party, "agreement", reference="DPA 3/2026")
    assert office.activate(party).status_code == 302
    later(31)
    passed = office.pass_on(party, ilze, ground=ground, reference="Order 7")
    assert passed.status_code == 200
    assert "DPA 3/2026" in Disclosure.objects.get().reference
    assert "marketing" not in passed.content.decode()

    office.who.post(f"{OFFICE}register/{party.pk}/endings/")
    office.who.post(f"{OFFICE}register/{party.pk}/endings/")  # a double click
    answer = office.pass_on(party, ilze, ground=ground, reference="Order 8")
    assert is_refused(answer, "It has ended with this recipient.")
    task = Telling.objects.get()
    letter = Mail.objects.get(address="privacy@partner.example")
    assert asked in letter.text
    assert "Partner" in office.page("confirmations/")
    later(62)
    assert "1 recipient has not confirmed in time" in home(office)
    settle = f"{OFFICE}confirmations/{task.pk}/settlements/"
    assert office.who.post(settle, {"answer": "confirmed", "words": ""}).status_code == 422
    office.who.post(settle, {"answer": "confirmed", "words": "Letter of 5 May"})
    assert "Letter of 5 May" in office.page("confirmations/")
    assert "has not confirmed" not in home(office)


@keeps("ekool-5.2.2", "ekool-2.6")
@pytest.mark.tenant("ekool")
def test_a_checklist_is_whole_and_fresh_or_nothing_passes(
    tenant: Tenant, office: Office, ilze: Person, later: Later, folder: Folder
) -> None:
    """Three checks and the rules accepted; what lapses suspends by the clock, new rules too."""
    party = office.party("processor.consultants", "OÜ Advice", active=False)
    for kind in ("agreement", "rules", "organisational", "physical"):
        assert office.activate(party).status_code == 422
        office.paper(party, kind, until=day(100) if kind == "physical" else "")
    assert office.activate(party).status_code == 422
    office.paper(party, "technical")
    assert office.activate(party).status_code == 302
    assert office.pass_on(party, ilze, ground="contract").status_code == 200

    later(80)
    assert "1 agreement or check runs out within a month" in home(office)
    later(100)
    assert office.pass_on(party, ilze, ground="contract").status_code == 200
    later(101)
    answer = office.pass_on(party, ilze, ground="contract")
    assert is_refused(answer, "Missing: check of physical measures")
    assert "suspended" in office.page("register/")
    assert "1 recipient is suspended" in home(office)
    office.paper(party, "physical", until=day(900))
    assert office.pass_on(party, ilze, ground="contract").status_code == 200

    new = folder.version(
        "new-rules",
        ('rules_version = "2019-09"', 'rules_version = "2026-06"'),
        published=clock.now(),
        effective=AT + 200 * A_DAY,
    )
    folder.publish(new, now=clock.now())
    later(230)
    assert office.pass_on(party, ilze, ground="contract").status_code == 200
    later(231)
    answer = office.pass_on(party, ilze, ground="contract")
    assert is_refused(answer, "Missing: acceptance of our rules of security")
    office.paper(party, "rules", reference="2026-06")
    assert office.pass_on(party, ilze, ground="contract").status_code == 200


@keeps("ilearn-19", "ema-6.1-transfer", "learnifier-8.a")
@pytest.mark.parametrize(
    ("rule", "said"),
    [
        pytest.param(
            "processor.developers", {"reference": "T-1"}, marks=pytest.mark.tenant("ilearn")
        ),
        pytest.param("processor.card-payments", {}, marks=pytest.mark.tenant("ema"), id="ema"),
        pytest.param(
            "processor.payments", {"reference": "T-1"}, marks=pytest.mark.tenant("learnifier")
        ),
    ],
)
def test_nobody_outside_the_eea_without_a_safeguard_and_nobody_where_it_is_barred(
    rule: str,
    said: dict[str, str],
    tenant: Tenant,
    office: Office,
    ilze: Person,
    later: Later,
    folder: Folder,
) -> None:
    """It expires by the clock. With the bar in the policy no safeguard helps."""
    party = office.party(rule, "Abroad Inc.", "agreement", country="US", active=False)
    answer = office.activate(party)
    assert answer.status_code == 422
    assert "a safeguard for data outside the European Economic Area" in answer.content.decode()
    office.paper(party, "scc", reference="SCC 2021/914", until=day(90))
    assert office.activate(party).status_code == 302
    later(40)
    assert "active" in office.page(f"register/{party.pk}/")
    later(91)
    answer = office.pass_on(party, ilze, ground="contract", **said)
    assert is_refused(answer, "Missing: a safeguard for data outside")
    assert "suspended" in office.page("register/")

    text = 'region = "anywhere"'
    edit = (text, 'region = "EEA"')
    if text not in (folder.published / tenant.slug).glob("*.toml").__next__().read_text():
        edit = ("[passing_on]\n", '[passing_on]\nregion = "EEA"\n')
    barred = folder.version("barred", edit, published=clock.now(), effective=AT + 150 * A_DAY)
    folder.publish(barred, now=clock.now())
    later(151)
    other = office.party(rule, "Abroad Ltd.", "agreement", "scc", country="US", active=False)
    answer = office.activate(other)
    assert answer.status_code == 422
    assert "the policy keeps data inside of the European Economic Area" in answer.content.decode()


OUTSOURCED = ("agreement", "rules", "organisational", "physical", "technical")


@keeps("ekool-1.7-deadline")
@pytest.mark.tenant("ekool")
def test_the_public_list_follows_within_thirty_days(
    tenant: Tenant, office: Office, later: Later
) -> None:
    """A change of day 0 that nobody published is warned of before day 30, and goes up on it."""
    office.party("processor.mail", "OÜ Post", *OUTSOURCED)
    follow_list()
    assert "OÜ Post" not in public(tenant)
    later(24)
    follow_list()
    assert Entry.objects.filter(kind="disclosures.list.warned").count() == 1
    assert "1 processor is not on the public list yet" in home(office)
    later(29)
    follow_list()
    follow_list()
    assert "OÜ Post" not in public(tenant)
    assert Entry.objects.filter(kind="disclosures.list.warned").count() == 1
    later(30)
    follow_list()
    assert "OÜ Post" in public(tenant)
    entry = Entry.objects.get(kind="disclosures.party.published")
    assert entry.by == "disclosures.follow_list"


@pytest.mark.tenant("ekool")
def test_what_is_published_by_hand_is_not_published_again(
    tenant: Tenant, office: Office, later: Later
) -> None:
    party = office.party("processor.mail", "OÜ Post", *OUTSOURCED)
    for _twice in range(2):
        office.who.post(f"{OFFICE}register/{party.pk}/publications/")
    assert "OÜ Post" in public(tenant)
    later(31)
    follow_list()
    assert Entry.objects.filter(kind="disclosures.party.published").count() == 1


def test_the_register_asks_the_database_the_same_with_one_and_with_many(
    tenant: Tenant, office: Office
) -> None:
    office.party("processor.partners", "Partner 0", "agreement")

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as said:
            office.page("register/")
        return len(said)

    one = asked()
    for number in range(1, 4):
        office.party("processor.partners", f"Partner {number}", "agreement")
    assert asked() == one <= 8


def test_the_same_company_is_entered_once_and_a_stranger_sees_no_page(
    tenant: Tenant, office: Office, ilze: Person
) -> None:
    office.party("processor.partners", "Partner", "agreement")
    assert office.enter("processor.partners", "Partner").status_code == 422
    assert Party.objects.count() == 1
    visitor = signed_in(tenant)
    for place in ("", "register/", "passing/", "demands/", "confirmations/"):
        assert visitor.get(f"{OFFICE}{place}").status_code == 404
    assert post.outbox == []
