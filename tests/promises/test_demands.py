"""What authorities and courts demand: whole, approved by a second person, cut to scope, told."""

from datetime import timedelta

import pytest

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.models import Mail, Person
from skola.ground.tenants.models import Tenant
from skola.promises.disclosures.models import Disclosure
from skola.promises.rights.held import held
from skola.promises.rights.models import Claim
from skola.services.billing.tests import make as billing
from tests.promises.disclosing import OFFICE, Office, fields_in, is_refused
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import customer, signed_in, working

A_DAY = timedelta(days=1)
SCOPE = ["people.person.family_name", "people.person.given_name"]
WHOLE = {
    "law": "Criminal Procedure Law, s. 190",
    "document": "Order 5/2026 of 1 March",
    "reasoning": "She is a witness in case 11.",
    "scope": SCOPE,
}
REVIEW = {"words": "The order is in force, the court is competent."}


pytestmark = pytest.mark.usefixtures("standing")


@pytest.fixture
def office(tenant: Tenant) -> Office:
    who = working(tenant, "officer")
    return Office(who)


@pytest.fixture
def second(tenant: Tenant) -> Office:
    """Another person who works here."""
    who = working(tenant, "administrator")
    return Office(who)


@pytest.fixture
def ilze(tenant: Tenant) -> Person:
    person = customer().person
    billing.invoice(person)
    return person


def own_page(tenant: Tenant) -> str:
    who = signed_in(tenant)
    return who.get("/account/privacy/passed-on/").content.decode()


def each(*pairs: tuple[str, str, set[str]]) -> pytest.MarkDecorator:
    """Run a test at these tenants, each with its rule and what its policy demands."""
    return pytest.mark.parametrize(
        ("rule", "needs"),
        [
            pytest.param(rule, needs, marks=pytest.mark.tenant(slug), id=slug)
            for slug, rule, needs in pairs
        ],
    )


MISSING = {
    "law": "the law that demands it",
    "document": "the number and date of the document",
    "reasoning": "the reasoning of whoever demands it",
    "scope": "what exactly is demanded",
    "review": "the result of a legal review",
    "approval": "the approval of a second person",
}


@keeps(
    "ilearn-9.i",
    "ilearn-17.d",
    "kic-recipient-authorities",
    "ema-7.3.3",
    "ekool-5.3",
    "learnifier-7.j",
)
@each(
    ("ilearn", "recipient.state-bodies", {"law", "document", "reasoning", "scope", "approval"}),
    ("kic", "recipient.authorities", {"law", "document", "scope", "approval"}),
    ("ema", "recipient.courts", {"document", "scope", "approval"}),
    ("ekool", "recipient.statutory", {"law", "document", "scope", "approval"}),
    ("learnifier", "recipient.courts", {"document", "review", "scope", "approval"}),
)
def test_nothing_is_released_before_a_demand_is_whole(
    rule: str, needs: set[str], tenant: Tenant, office: Office, second: Office, ilze: Person
) -> None:
    """Incomplete until nothing is missing; then the scope goes out, once, and it is told."""
    body = office.party(rule, "State Police", country="LV")
    for lacking in sorted(needs):
        said = {name: value for name, value in WHOLE.items() if name != lacking}
        demand = office.demand(body, ilze, **said)
        if lacking != "review":
            office.act(demand, "reviews", REVIEW)
        if lacking != "approval":
            second.act(demand, "approvals")
        assert is_refused(office.act(demand, "releases"), f"Missing: {MISSING[lacking]}")
    assert office.page("demands/").count("incomplete") >= len(needs)
    assert not Disclosure.objects.exists()

    demand = office.demand(body, ilze, **WHOLE)
    office.act(demand, "reviews", REVIEW)
    assert office.act(demand, "approvals").status_code == 409  # who recorded it does not approve
    second.act(demand, "approvals")
    assert "to be released" in office.page("demands/")

    answer = office.act(demand, "releases")
    again = office.act(demand, "releases")

    assert fields_in(answer) == fields_in(again) == set(SCOPE)
    entry = Disclosure.objects.get()
    assert set(entry.fields) == set(demand.scope) == set(SCOPE)
    log = office.page()
    for word in ("State Police", "Order 5/2026 of 1 March", "Criminal Procedure Law, s. 190"):
        assert word in log
    assert "State Police" in own_page(tenant)
    told = Mail.objects.filter(address=ilze.email, text__contains="State Police")
    assert told.count() == 1
    released = Entry.objects.filter(kind="disclosures.demand.released")
    assert released.count() == 1
    approved = Entry.objects.filter(kind="disclosures.demand.approved").latest("at")
    assert approved.by != Entry.objects.filter(kind="disclosures.demand.recorded").latest("at").by


@keeps("ilearn-17.e")
@pytest.mark.tenant("ilearn")
def test_a_court_gets_data_for_a_claim_only_while_its_file_is_open(
    tenant: Tenant, office: Office, second: Office, ilze: Person
) -> None:
    """A file about somebody else is none; neither is one that was closed."""
    anna = customer("anna@example.org").person
    court = office.party("recipient.courts", "Riga City Court")
    demand = office.demand(court, ilze, document="Application 3", scope=SCOPE)
    second.act(demand, "approvals")
    no_file = "No claim file about this person is open."
    assert is_refused(office.act(demand, "releases"), no_file)
    for person in (anna, ilze):
        assert is_refused(office.act(demand, "releases"), no_file)
        open_claim(office, person)

    assert fields_in(office.act(demand, "releases")) == set(SCOPE)

    claim = Claim.objects.get(person=ilze)
    office.who.post(f"{CLAIMS}{claim.pk}/closings/", {"outcome": "settled"})
    other = office.demand(court, ilze, document="Application 4", scope=SCOPE)
    second.act(other, "approvals")
    assert is_refused(office.act(other, "releases"), no_file)
    assert office.pass_on(court, ilze, ground="claim").status_code == 422


CLAIMS = "/office/promises/claims/"


def open_claim(office: Office, person: Person) -> None:
    """A file of a claim against somebody, by the pages of claims."""
    said = {
        "known_as": person.email,
        "side": "ours",
        "about": "An unpaid invoice.",
        "categories": ["accounting"],
        "review_on": f"{AT + 90 * A_DAY:%Y-%m-%d}",
    }
    answer = office.who.post(f"{CLAIMS}new/", said)
    assert answer.status_code == 302, answer.content.decode()


@pytest.mark.tenant("ilearn")
def test_where_a_law_forbids_to_tell_the_person_learns_of_it_on_its_day(
    tenant: Tenant, office: Office, second: Office, ilze: Person, dates_hide: None
) -> None:
    """Neither page nor mail nor copy tells before; on the day they do."""
    body = office.party("recipient.state-bodies", "State Police")
    day = f"{AT + 30 * A_DAY:%Y-%m-%d}"
    answer = office.who.post(
        f"{OFFICE}demands/new/",
        {"party": str(body.pk), "email": ilze.email, **WHOLE, "hidden_until_on": day},
    )
    assert answer.status_code == 422  # the law that forbids it is missing
    demand = office.demand(
        body, ilze, **WHOLE, hidden_until_on=day, hidden_because="Operational Activities Law"
    )
    second.act(demand, "approvals")
    assert office.act(demand, "releases").status_code == 200

    def support() -> int:
        return sum(one.count for one in held(ilze.pk) if one.category == "support")

    assert "State Police" not in own_page(tenant)
    assert not Mail.objects.filter(text__contains="State Police").exists()
    assert support() == 0
    with clock.standing_at(AT + 31 * A_DAY):
        assert "State Police" in own_page(tenant)
        assert support() == 2


@pytest.mark.tenant("ilearn")
def test_what_is_changed_has_to_be_approved_anew_and_what_is_turned_down_stays_so(
    tenant: Tenant, office: Office, second: Office, ilze: Person
) -> None:
    body = office.party("recipient.state-bodies", "State Police")
    demand = office.demand(body, ilze, **WHOLE)
    second.act(demand, "approvals")
    wider = {**WHOLE, "scope": [*SCOPE, "people.person.phone"]}
    office.who.post(f"{OFFICE}demands/{demand.pk}/", wider)
    assert is_refused(office.act(demand, "releases"), "Missing: the approval of a second person")
    office.act(demand, "refusals")
    second.act(demand, "approvals")
    assert office.act(demand, "releases").status_code == 422
    assert "turned down" in office.page("demands/")
    assert not Disclosure.objects.exists()
