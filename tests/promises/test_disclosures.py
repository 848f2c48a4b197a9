"""Nothing leaves but through the gate: on a ground of the policy, to somebody of the register.

Everything from outside: the officer's pages, the file that goes out, the person's own pages.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.models import Person
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.promises.consents.api import Shown, give
from skola.promises.consents.models import Consent
from skola.promises.disclosures.models import Disclosure, Party
from skola.promises.gate.api import restrict
from skola.promises.inventory.api import fields_known
from skola.promises.policy.api import in_force
from skola.promises.retention.api import record_event
from skola.promises.rights.requests.tests import make as requests
from skola.services.billing.tests import make as billing
from skola.services.courses.models import Enrolment
from skola.services.courses.tests import make as courses
from skola.services.desk.models import Message
from skola.services.desk.tests import make as desk
from skola.services.hiring.tests import make as hiring
from tests.promises.disclosing import OFFICE, Office, fields_in, is_refused
from tests.promises.editing import Folder
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import browser, customer, log_in, signed_in, working

GROUND_NO = "The policy does not give this recipient data on this ground."
A_DAY = timedelta(days=1)


def tenants(*slugs: str) -> pytest.MarkDecorator:
    """Run a test at each of these tenants."""
    return pytest.mark.parametrize(
        "at", [pytest.param(slug, marks=pytest.mark.tenant(slug)) for slug in slugs]
    )


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
    """Somebody with an account, a course and an invoice."""
    person = customer().person
    course = courses.course()
    Enrolment.objects.create(person=person, course=course, course_title=course.title, started_at=AT)
    billing.invoice(person)
    return person


def refusals() -> list[str]:
    found = Entry.objects.filter(kind="disclosures.passing.refused").order_by("at", "pk")
    return [entry.detail["why"] for entry in found]


def listed(tenant: Tenant, rule: str) -> set[str]:
    """The fields that the policy in force lists for a rule."""
    policy = in_force(clock.now()).policy
    kind, _, name = rule.partition(".")
    (found,) = (one for one in getattr(policy, kind) if one.id == name)
    return set(found.fields)


@keeps("ilearn-17.a", "kic-disclosure-grounds", "learnifier-7.c")
@tenants("ilearn", "kic", "learnifier")
def test_without_a_ground_of_the_policy_nothing_leaves(
    at: str, tenant: Tenant, office: Office, ilze: Person, later: Later
) -> None:
    """API: refused and audited; what passes is in the log and in the person's copy."""
    rule = {
        "ilearn": "recipient.bank",
        "kic": "processor.trainers",
        "learnifier": "processor.payments",
    }[at]
    party = office.party(rule, "Recipient One", "agreement")
    later(31)  # who works for a controller is announced before
    for ground in ("interest", "marketing", "claim"):
        assert is_refused(
            office.pass_on(party, ilze, ground=ground, reference="Offer 1"), GROUND_NO
        )
    assert "This field is required" in office.pass_on(party, ilze, ground="").content.decode()
    purpose = "marketing.own" if at == "learnifier" else ""
    if purpose:
        answer = office.pass_on(party, ilze, ground="contract", purpose=purpose, reference="O-1")
        assert is_refused(answer, "data for this purpose")
    assert refusals() == ["ground"] * 3 + (["purpose"] if purpose else [])
    assert not Disclosure.objects.exists()

    answer = office.pass_on(party, ilze, ground="contract", reference="Order 7")

    assert answer.status_code == 200
    entry = Disclosure.objects.get(person=ilze)
    log = office.page()
    assert "Recipient One" in log
    assert "Order 7" in log
    assert entry.label in log
    assert "a contract with the recipient" in log
    mine = browser(tenant)
    log_in(mine)
    told = mine.get("/account/privacy/passed-on/").content.decode()
    assert "Recipient One" in told
    assert "Order 7" in told


@keeps("ilearn-15.b", "ekool-5.1", "learnifier-7.a")
@tenants("ilearn", "ekool", "learnifier")
def test_what_goes_out_equals_the_list_of_the_policy(
    at: str, tenant: Tenant, office: Office, ilze: Person, folder: Folder, later: Later
) -> None:
    """No field beside it; a further one goes out only once the policy lists it."""
    Person.objects.filter(pk=ilze.pk).update(phone="+371 20000001", address="Brīvības iela 1")
    rule, papers = {
        "ilearn": ("processor.partners", ("agreement",)),
        "ekool": ("processor.consultants", CHECKED),
        "learnifier": ("processor.payments", ("agreement",)),
    }[at]
    party = office.party(rule, "Partner", *papers)
    later(31)
    expected = listed(tenant, rule)

    answer = office.pass_on(party, ilze, ground="contract", reference="Order 7")

    assert fields_in(answer) == expected
    assert "+371 20000001" not in answer.content.decode()
    assert set(Disclosure.objects.get().fields) == expected
    extra = {
        "ilearn": "people.person.phone",
        "ekool": "people.person.phone",
        "learnifier": "billing.invoice.due_on",
    }[at]
    more = folder.version("next", *ADDED[at], effective=AT + 120 * A_DAY, published=clock.now())
    folder.publish(more, now=clock.now())
    later(121)
    answer = office.pass_on(party, ilze, ground="contract", reference="Order 8")
    assert fields_in(answer) == expected | {extra}


CHECKED = ("agreement", "rules", "organisational", "physical", "technical")
_CONSULTANTS = (
    'fields = ["people.person.given_name", "people.person.family_name", "people.person.email"]'
    '\npapers = ["rules", "organisational", "physical", "technical"]'
)
ADDED = {
    "ilearn": (
        (
            '"people.person.email", "billing.invoice.number", "billing.invoice.issued_at"',
            '"people.person.email", "people.person.phone", "billing.invoice.number",'
            ' "billing.invoice.issued_at"',
        ),
    ),
    "ekool": ((_CONSULTANTS, _CONSULTANTS.replace('email"]', 'email", "people.person.phone"]')),),
    "learnifier": (
        (
            'fields = ["billing.invoice.number", "billing.invoice.total_cents"',
            'fields = ["billing.invoice.number", "billing.invoice.due_on",'
            ' "billing.invoice.total_cents"',
        ),
    ),
}


@keeps("ema-7.1", "ema-7.3.4")
@pytest.mark.tenant("ema")
def test_an_interest_needs_a_balancing_note_and_every_ground_its_reference(
    tenant: Tenant, office: Office, ilze: Person
) -> None:
    """Refused without; with it, each is in the person's list of recipients."""
    interest = office.party("recipient.interest", "UAB Interest")
    fulfilment = office.party("recipient.fulfilment", "UAB Carrier")
    protection = office.party("recipient.protection", "UAB Guard")
    law = office.party("recipient.law", "State Body")
    note = "They need it for the fair that she registered for; she expects it."

    answer = office.pass_on(interest, ilze, ground="interest")
    assert is_refused(answer, "Missing: a note why the interest outweighs")
    answer = office.pass_on(fulfilment, ilze, ground="contract")
    assert is_refused(answer, "Missing: a reference: order, contract or incident")
    answer = office.pass_on(protection, ilze, ground="interest", balance=note)
    assert is_refused(answer, "Missing: a reference: order, contract or incident")
    assert is_refused(office.pass_on(law, ilze, ground="law"), "Missing: the law that demands it")
    for ground in ("marketing", "claim", "law"):
        assert is_refused(office.pass_on(interest, ilze, ground=ground, balance=note), GROUND_NO)
    assert not Disclosure.objects.exists()

    assert office.pass_on(interest, ilze, ground="interest", balance=note).status_code == 200
    for party, ground, said in (
        (fulfilment, "contract", {"reference": "Order 7"}),
        (protection, "interest", {"reference": "Incident 3", "balance": note}),
    ):
        assert office.pass_on(party, ilze, ground=ground, **said).status_code == 200

    told = own_page(tenant)
    for each in ("UAB Interest", note, "UAB Carrier", "Order 7", "UAB Guard", "Incident 3"):
        assert each in told
    assert "State Body" not in told


def own_page(tenant: Tenant, email: str = "ilze@example.org") -> str:
    """What somebody reads on My privacy."""
    who = signed_in(tenant, email)
    return who.get("/account/privacy/passed-on/").content.decode().replace("&#39;", "'")


@keeps("ema-7.2")
@pytest.mark.tenant("ema")
def test_only_companies_of_the_list_belong_to_the_group(
    tenant: Tenant, office: Office, ilze: Person
) -> None:
    """A company that is not on it is refused; one that is gets a purpose and an entry."""
    answer = office.enter("recipient.group", "UAB Somebody Else")
    assert answer.status_code == 422
    assert "the policy does not name them" in answer.content.decode()
    party = office.party("recipient.group", "UAB Pratybų namai", "agreement", country="LT")
    answer = office.pass_on(party, ilze, ground="interest", balance="One service desk for all.")
    assert answer.status_code == 200
    assert json.loads(answer.content)["purpose"] == "paslaugų teikimas įmonių grupėje"
    assert Disclosure.objects.get().recipient == "UAB Pratybų namai"


@keeps("ema-3.3", "ema-5.3-recipients")
@pytest.mark.tenant("ema")
def test_candidates_and_enquiries_go_to_nobody_but_by_law(
    tenant: Tenant, office: Office, ilze: Person
) -> None:
    """On whatever ground: refused. A court that demands it gets it."""
    candidate = hiring.application().person
    asking = desk.enquiry().person
    note = "They want to write to them."
    parties = {
        "interest": office.party("recipient.interest", "UAB Interest"),
        "contract": office.party("recipient.fulfilment", "UAB Carrier"),
        "law": office.party("recipient.law", "State Body"),
    }
    for someone in (candidate, asking):
        someone.email = str(someone.pk)  # found by the id: they have no address of their own
        for ground in ("contract", "consent", "claim", "interest", "marketing"):
            for party in parties.values():
                answer = office.pass_on(
                    party, someone, ground=ground, reference="Order 7", balance=note
                )
                assert answer.status_code == 422
    assert not Disclosure.objects.exists()
    public = office.who.get("/privacy/recipients/").content.decode()
    assert 'data-processor="cloud-office"' in public

    court = office.party("recipient.courts", "Vilnius Court")
    second = second_officer(tenant)
    for someone, field in ((candidate, "hiring.application"), (asking, "desk.enquiry")):
        scope = [f"{field}.given_name", f"{field}.family_name"]
        demand = office.demand(court, someone, document="Order 5/2026", scope=scope)
        second.act(demand, "approvals")
        assert fields_in(office.act(demand, "releases")) == set(scope)


def second_officer(tenant: Tenant) -> Office:
    """Another person who works here."""
    who = working(tenant, "administrator")
    return Office(who)


@keeps("ema-7.3.1")
@pytest.mark.tenant("ema")
def test_a_potential_buyer_sees_no_names_without_a_decision(
    tenant: Tenant, office: Office, ilze: Person
) -> None:
    """Without the record of the decision, and of secrecy, the set is pseudonymous."""
    buyer = office.party("recipient.buyer", "UAB Buyer", country="LT")
    note = "The sale is being prepared."
    nameless = {f"courses.enrolment.{each}" for each in ("course_title", "started_at")}

    for paper in ("", "secrecy"):
        if paper:
            office.paper(buyer, paper, reference="NDA 4/2026")
        answer = office.pass_on(buyer, ilze, ground="interest", balance=note)
        assert fields_in(answer) >= nameless
        said = answer.content.decode()
        for direct in (ilze.given_name, ilze.family_name, ilze.email, str(ilze.pk)):
            assert direct not in said
    office.paper(buyer, "approval", reference="Decision 9/2026")
    answer = office.pass_on(buyer, ilze, ground="interest", balance=note)
    assert ilze.given_name in answer.content.decode()
    forms = Disclosure.objects.order_by("at", "pk").values_list("form", flat=True)
    assert sorted(forms) == ["personal", "pseudonymous", "pseudonymous"]


@keeps("ekool-5.2.4", "ekool-6.6-third")
@pytest.mark.tenant("ekool")
def test_who_counts_or_studies_gets_no_name_no_code_no_mark(
    tenant: Tenant, office: Office, ilze: Person
) -> None:
    """And nothing at all before they stand in the register with an agreement."""
    record_event(ilze.pk, "account.login", at=AT)
    give(ilze, "usage.visits", Shown("account"), by="customer", now=AT)
    for rule, name in (
        ("processor.statistics", "OÜ Count"),
        ("processor.behaviour-study", "OÜ Study"),
    ):
        party = office.party(rule, name, active=False)
        assert office.activate(party).status_code == 422
        assert is_refused(office.pass_on(party, ilze, ground="contract"), "not active")
        office.paper(party, "agreement")
        office.paper(party, "rules")
        office.activate(party)

        answer = office.pass_on(party, ilze, ground="contract")

        assert {name.rpartition(".")[0] for name in fields_in(answer)} == {"retention.fact"}
        known = fields_known()
        assert {known[name] for name in fields_in(answer)} == {"usage"}
        said = answer.content.decode()
        for direct in (ilze.given_name, ilze.family_name, ilze.email, str(ilze.pk)):
            assert direct not in said
        office.who.post(f"{OFFICE}register/{party.pk}/publications/")
        assert name in browser(tenant).get("/privacy/recipients/").content.decode()
    words = [json.loads(office.pass_on(one, ilze, ground="contract").content) for one in parties()]
    assert len({one["people"][0]["reference"] for one in words}) == 2  # nobody can join the sets


def parties() -> list[Party]:
    return list(Party.objects.order_by("name"))


@keeps("ekool-1.5")
@pytest.mark.tenant("ekool")
def test_what_leaves_for_somebody_outside_is_logged_as_that(
    tenant: Tenant, office: Office, ilze: Person, later: Later
) -> None:
    """A third party is who is neither customer nor staff; a message inside is no disclosure."""
    party = office.party("recipient.service-partners", "AS Mobile", "agreement", "rules")
    Person.objects.filter(pk=ilze.pk).update(phone="+372 5000001")
    answer = office.pass_on(party, ilze, ground="contract")
    assert fields_in(answer) == {"people.person.phone"}
    assert "third party" in office.page()
    assert "third party" in own_page(tenant)
    before = Disclosure.objects.count()
    asking = signed_in(tenant)
    form = asking.get("/desk/").content.decode()
    shown = re.findall(r'name="shown" value="([^"]+)"', form)[0].replace("&#x27;", "'")
    later(0.01)
    said = {"topic": "service", "body": "When is the next meeting?", "shown": shown}
    asking.post("/desk/", said)
    assert Message.objects.filter(enquiry__person=ilze).exists()
    assert Disclosure.objects.count() == before


@keeps("ilearn-17.c")
@pytest.mark.tenant("ilearn")
def test_consent_to_one_recipient_opens_no_other_and_ends_at_once(
    tenant: Tenant, office: Office, ilze: Person
) -> None:
    """It names recipient, data and purpose, and is an act of the person for each of them."""
    first = office.party("recipient.by-consent", "SIA First")
    other = office.party("recipient.by-consent", "SIA Other")
    no = "The person has not consented to this recipient, or has withdrawn."
    assert is_refused(office.pass_on(first, ilze, ground="consent"), no)
    mine = signed_in(tenant)
    place = "/account/privacy/sharing/"
    page = mine.get(place).content.decode()
    assert "I agree that SIA First is given:" in page
    assert "E-mail" in page
    assert "To pass data to a third party whom you named" in page

    for _twice in range(2):
        mine.post(f"{place}{first.pk}/consents/")

    assert Consent.objects.get().wording.startswith("I agree that SIA First is given:")
    answer = office.pass_on(first, ilze, ground="consent")
    assert fields_in(answer) >= {"people.person.given_name", "courses.enrolment.course_title"}
    assert is_refused(office.pass_on(other, ilze, ground="consent"), no)
    mine.post(f"{place}{first.pk}/withdrawals/")
    assert is_refused(office.pass_on(first, ilze, ground="consent"), no)
    assert mine.post(f"{place}{ilze.pk}/consents/").status_code == 404


@keeps("ekool-7.4")
@pytest.mark.tenant("ekool")
def test_who_wants_nothing_passed_on_keeps_everything_else(
    tenant: Tenant, office: Office, ilze: Person, later: Later
) -> None:
    """The demand alone: later disclosures are refused, the service goes on."""
    party = office.party("processor.consultants", "OÜ Advice", *CHECKED)
    assert office.pass_on(party, ilze, ground="contract").status_code == 200
    asked = requests.request(ilze, kind="stop-disclosure")
    said = {"outcome": "granted", "reasons": "Nothing more goes to anybody."}
    office.who.post(f"/office/promises/requests/{asked.pk}/decisions/", said)
    answer = office.pass_on(party, ilze, ground="contract")
    assert is_refused(answer, "This person asked that nothing more is passed on.")
    mine = signed_in(tenant)
    assert mine.get("/account/").status_code == 200


def test_restricted_data_leave_for_nobody(tenant: Tenant, office: Office, ilze: Person) -> None:
    party = office.party("processor.partners", "Partner", "agreement")
    restrict(ilze.pk, reason="Case 1", by="officer", now=AT)
    answer = office.pass_on(party, ilze, ground="contract")
    assert is_refused(answer, "The data of this person are restricted.")


def test_a_double_click_is_one_entry_and_the_same_file(
    tenant: Tenant, office: Office, ilze: Person
) -> None:
    party = office.party("processor.partners", "Partner", "agreement")
    once = {"once": "01890a5d-ac96-774b-bcce-b302099a8057"}
    first, second = (office.pass_on(party, ilze, ground="contract", **once) for _ in range(2))
    assert json.loads(first.content)["people"] == json.loads(second.content)["people"]
    assert Disclosure.objects.count() == 1


def test_many_people_are_asked_for_together(tenant: Tenant, office: Office, ilze: Person) -> None:
    """The ledger and the file cost the same number of questions, whoever they are about."""
    party = office.party("processor.partners", "Partner", "agreement")
    people = [make.person(email=f"p{number}@example.org") for number in range(4)]

    def asked(*chosen: Person) -> int:
        with CaptureQueriesContext(connection) as said:
            answer = office.pass_on(party, *chosen, ground="contract")
        assert len(json.loads(answer.content)["people"]) == len(chosen)
        with CaptureQueriesContext(connection) as read:
            office.page()
        assert len(read) <= 8
        return len(said)

    one = asked(ilze)
    assert (
        asked(*people) <= one + 3 * 3
    )  # each is looked up by their address, and asked whether restricted
