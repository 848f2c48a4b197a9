"""iLearn: decisions by the software, objections, people who look again; and contracts that wait."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Account, Mail
from skola.ground.tenants.models import Tenant
from skola.promises.decisions.models import Decision
from skola.promises.rights.access.archive import write_archive
from skola.services.applications.models import Plan
from skola.services.applications.tests import make as applications
from skola.services.billing.models import Contract
from skola.services.billing.tests import make as billing
from skola.services.courses.tests import make as courses
from tests.promises.asking import text
from tests.promises.keeping import keeps
from tests.promises.people import customer, log_in, working

AT = billing.A_DAY
A_DAY = timedelta(days=1)
MINE, OFFICE = "/decisions/", "/decisions/office/"
pytestmark = [pytest.mark.tenant("ilearn"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def standing() -> Iterator[None]:
    cache.clear()
    with clock.standing_at(AT):
        yield
    cache.clear()


@pytest.fixture
def anna(tenant: Tenant, client: Client) -> Account:
    made = customer()
    assert log_in(client)
    return made


@pytest.fixture
def enter(tenant: Tenant) -> Callable[[str], Client]:
    """A browser of somebody who works here."""

    def came(kind: str) -> Client:
        return working(tenant, kind)

    return came


def letters(account: Account) -> list[str]:
    found = Mail.objects.filter(address=account.email, subject__startswith="A decision about you")
    return list(found.order_by("created_at").values_list("text", flat=True))


def on(made: Decision) -> date:
    assert made.decided_at is not None
    return made.decided_at.date()


def apply(client: Client, plan: Plan, **told: str) -> Decision:
    answer = client.post(f"/applications/{plan.pk}/", told)
    assert answer.status_code == 302, answer.content.decode()
    made = Decision.objects.latest("asked_at", "pk")
    assert answer["Location"] == f"{MINE}{made.pk}/"
    return made


@keeps("ilearn-14")
def test_without_a_ground_a_person_decides_with_explicit_consent_the_software_does(
    anna: Account, client: Client, enter: Callable[[str], Client]
) -> None:
    first, second = applications.plan(), applications.plan(title="Honey")

    queued = apply(client, first)

    assert (queued.maker, queued.because, queued.result) == ("person", "no-ground", "")
    assert not Contract.objects.exists(), "nothing was carried out"
    assert "waits for a person" in text(client, f"{MINE}{queued.pk}/")
    assert client.post(f"/applications/{first.pk}/").status_code == 409, "a second click"
    assert letters(anna) == []

    taken = apply(client, second, consent="on")

    assert (taken.maker, taken.result, taken.ground) == ("software", "approved", "consent-explicit")
    assert taken.ground_words == (
        "I agree that the software alone decides on this application, at once."
    )
    assert Contract.objects.get().title == "Honey"
    assert "your explicit consent" in text(client, f"{MINE}{taken.pk}/")

    office = enter("reviewer")
    assert "1 decision waits for a person" in text(office, "/")
    told = {"result": "rejected", "reasons": "We give this course no more."}
    assert office.post(f"{OFFICE}{queued.pk}/", told).status_code == 302
    assert office.post(f"{OFFICE}{queued.pk}/", told).status_code == 409, "it is decided"
    assert "We give this course no more." in letters(anna)[-1]
    assert enter("support").get(f"{OFFICE}{queued.pk}/").status_code == 404


@keeps("ilearn-13.a")
def test_the_account_shows_logic_inputs_result_and_the_way_to_object_and_a_person_overturns(
    anna: Account, client: Client, enter: Callable[[str], Client]
) -> None:
    late = billing.invoice(anna.person, at=AT - 40 * A_DAY)
    made = apply(client, applications.plan(), consent="on")

    page = text(client, f"{MINE}{made.pk}/")

    assert "Your application is not approved." in page
    assert "Approved is who has no overdue invoice" in page
    assert "overdue invoices" in page
    assert made.inputs["overdue"] == 1
    assert "Ask for a person" in page
    assert f"{MINE}objections/application/" in page
    assert "Whether an application for a contract is accepted" in text(client, MINE)
    (letter,) = letters(anna)
    assert "Approved is who has no overdue invoice" in letter
    assert "overdue invoices: 1" in letter
    assert f"{MINE}{made.pk}/" in letter

    billing.pay(late, late.total_cents)
    asked = client.post(f"{MINE}{made.pk}/reviews/", {"view": "I paid this morning."})
    assert asked.status_code == 302
    assert client.post(f"{MINE}{made.pk}/reviews/", {"view": ""}).status_code == 409
    office = enter("reviewer")
    assert "I paid this morning." in text(office, f"{OFFICE}{made.pk}/")
    told = {"result": "approved", "reasons": "It is paid."}
    assert office.post(f"{OFFICE}{made.pk}/", told).status_code == 302

    made.refresh_from_db()
    assert (made.first_result, made.result) == ("rejected", "approved")
    assert Contract.objects.get().person == anna.person, "what was overturned is carried out"
    assert "It is paid." in letters(anna)[-1]
    entry = Entry.objects.get(kind="decisions.decision.reviewed")
    assert entry.detail["overturned"] is True


@keeps("ilearn-13.b")
def test_an_objection_stops_decisions_of_that_kind_and_the_offers_that_rest_on_them(
    anna: Account, client: Client, enter: Callable[[str], Client]
) -> None:
    contract = billing.contract(anna.person)
    office = enter("finance")
    assess = f"/contracts/office/{contract.pk}/assessments/"
    assert office.post(assess).status_code == 302
    assert "You may pay later" in text(client, "/contracts/")

    page = text(client, f"{MINE}objections/credit/")

    assert "until then, payment in advance may be asked for" in page
    assert "The offer to pay later in your account" in page
    assert client.post(f"{MINE}objections/credit/", {}).status_code == 422, "it was not read"
    assert client.post(f"{MINE}objections/credit/", {"understood": "on"}).status_code == 302
    assert "You may pay later" not in text(client, "/contracts/")
    assert office.post(assess).status_code == 302
    by_software = Decision.objects.filter(point="credit", maker="software")
    assert by_software.count() == 1, "none was stored since"
    assert Decision.objects.get(maker="person").because == "objection"
    assert "You objected: a person decides." in text(client, MINE)
    assert apply(client, applications.plan(), consent="on").maker == "software", "another kind"

    assert client.post(f"{MINE}objections/credit/withdrawals/").status_code == 302
    assert office.post(assess).status_code == 302
    assert by_software.count() == 2


@keeps("ilearn-11.f")
def test_a_running_contract_is_assessed_again_told_and_looked_at_by_a_person(
    anna: Account, client: Client, enter: Callable[[str], Client]
) -> None:
    contract = billing.contract(anna.person)
    office = enter("finance")
    assess = f"/contracts/office/{contract.pk}/assessments/"
    assert office.post(assess).status_code == 302
    billing.invoice(anna.person, at=AT)
    later = AT + 20 * A_DAY
    with clock.standing_at(later):
        assert log_in(client)
        assert log_in(office, "finance@example.org")
        assert office.post(assess).status_code == 302
        first, second = Decision.objects.filter(about=contract.pk).order_by("asked_at")
        assert (first.result, on(first)) == ("later", AT.date())
        assert (second.result, on(second)) == ("advance", later.date())
        assert second.ground == "contract"
        assert "You pay in advance." in letters(anna)[-1]

        issue = {"customer": anna.email, "buyer": "Ilze", "currency": "EUR"}
        issue |= {"due_on": f"{later + 14 * A_DAY:%Y-%m-%d}", "line-TOTAL_FORMS": "1"}
        issue |= {"line-INITIAL_FORMS": "0", "line-0-text": "Bees", "line-0-quantity": "1"}
        issue |= {"line-0-price": "10.00", "line-0-vat_percent": "21.0"}
        answer = office.post("/contracts/office/invoices/new/", issue)
        assert answer.status_code == 422
        assert "pays in advance" in answer.content.decode()
        today = {**issue, "due_on": f"{later:%Y-%m-%d}"}
        assert office.post("/contracts/office/invoices/new/", today).status_code == 302

        assert client.post(f"{MINE}{second.pk}/reviews/", {"view": ""}).status_code == 302
        reviewer = enter("reviewer")
        told = {"result": "later", "reasons": "A known customer."}
        assert reviewer.post(f"{OFFICE}{second.pk}/", told).status_code == 302
        assert office.post("/contracts/office/invoices/new/", issue).status_code == 302


@keeps("ilearn-8.a", "ilearn-11.c")
def test_a_contract_is_concluded_only_after_the_identity_is_verified(
    anna: Account, client: Client, enter: Callable[[str], Client]
) -> None:
    contract = billing.offer(anna.person)
    accept = f"/contracts/{contract.pk}/acceptances/"
    assert "Who you are is not verified yet" in text(client, f"/contracts/{contract.pk}/")
    assert client.post(accept).status_code == 409
    office = enter("finance")
    there = f"/contracts/office/{contract.pk}/"
    failed = {"method": "video", "outcome": "failed"}
    assert office.post(f"{there}identities/", failed).status_code == 302
    assert client.post(accept).status_code == 409, "a check that failed is none"
    contract.refresh_from_db()
    assert contract.accepted_at is None

    shown = {"method": "document", "outcome": "verified"}
    assert office.post(f"{there}identities/", shown).status_code == 302
    with clock.standing_at(AT + timedelta(minutes=5)):
        assert client.post(accept).status_code == 302

    page = text(office, there)
    assert "document shown in person" in page
    assert "2 March 2026" in page
    kinds = Entry.objects.filter(subject__isnull=False, kind__startswith="billing.")
    order = list(kinds.order_by("at", "pk").values_list("kind", flat=True))
    verified, accepted = "billing.identity.verified", "billing.contract.accepted"
    assert order.index(verified) < order.index(accepted)
    copy = io.BytesIO()
    write_archive(anna.person_id, copy, language="en", now=clock.now())
    with zipfile.ZipFile(copy) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith("identity.jsonl"))
        lines = archive.read(name).decode().splitlines()
    (mine,) = (line for line in lines if '"verified"' in line)
    assert '"document"' in mine
    assert f"{AT:%Y-%m-%dT%H}" in mine


@keeps("ilearn-11.e")
def test_what_a_contract_opens_ends_with_its_last_day(
    anna: Account, client: Client, enter: Callable[[str], Client]
) -> None:
    course = courses.course(title="Bees")
    office = enter("finance")
    offer = {"customer": anna.email, "title": "Bees for March", "text": "We teach."}
    offer |= {"starts_on": "2026-03-02", "ends_on": "2026-03-31", "course": str(course.pk)}
    assert office.post("/contracts/office/new/", offer).status_code == 302
    contract = Contract.objects.get()
    shown = {"method": "document", "outcome": "verified"}
    office.post(f"/contracts/office/{contract.pk}/identities/", shown)
    lesson = f"/courses/{course.slug}/lessons/{courses.lessons_of(course)[1].slug}/"
    assert client.get(lesson).status_code != 200
    assert client.post(f"/contracts/{contract.pk}/acceptances/").status_code == 302

    page = text(client, f"/contracts/{contract.pk}/")
    assert "31 March 2026" in page
    assert "Bees" in page
    assert client.get(lesson).status_code == 200
    last = datetime(2026, 3, 31, 20, 59, tzinfo=AT.tzinfo)
    with clock.standing_at(last):
        assert log_in(client)
        assert client.get(lesson).status_code == 200
    with clock.standing_at(last + timedelta(minutes=1)):
        assert log_in(client)
        assert client.get(lesson).status_code != 200, "nobody ended it but the clock"
