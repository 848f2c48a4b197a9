"""Objections and claims, acted from outside: what stops at once, what goes on, what is kept."""

from datetime import timedelta

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.models import Account, Person
from skola.ground.tenants.models import Tenant
from skola.promises.accuracy.actions import invite_who_is_due
from skola.promises.accuracy.models import Invitation
from skola.promises.retention import api as retention
from skola.promises.rights.models import Claim, Objection, RightsRequest
from skola.services.billing.models import Invoice
from skola.services.billing.tests import make as billing
from skola.services.desk.models import Call, Line, Recording
from skola.services.desk.tests import make as desk
from skola.services.diary.models import Mark
from skola.services.diary.tests import make as diary
from skola.services.school.actions import leave_class
from tests.promises.asking import OWN, decide, text
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import customer, latest_mail, signed_in, working

CLAIMS = "/office/promises/claims/"
A_DAY = timedelta(days=1)
A_YEAR = timedelta(days=366)


pytestmark = pytest.mark.usefixtures("standing")


@pytest.fixture
def account(tenant: Tenant) -> Account:
    return customer()


@pytest.fixture
def who(tenant: Tenant, account: Account) -> Client:
    """The person's browser, just signed in."""
    return signed_in(tenant)


def object_to(who: Client, *purposes: str, words: str = "") -> RightsRequest:
    """File an objection in the account; return it."""
    told: dict[str, object] = {"kind": "objection", "reply_by": "account", "words": words}
    answer = who.post(f"{OWN}new/", {**told, "purposes": list(purposes)})
    assert answer.status_code == 302, answer.content.decode()
    return RightsRequest.objects.latest("number")


def recorded(person: Person) -> Call:
    """A call of somebody, kept for quality."""
    on = Line.objects.first()
    call = desk.call(on=on, kind="oral-agreement", contract=desk.contract(person))
    Recording.objects.filter(call=call).update(kind="quality", contract=None)
    return call


def listen(reviewer: Client, call: Call, reason: str = "quality") -> int:
    return reviewer.post(f"/desk/calls/{call.pk}/plays/", {"reason": reason}).status_code


@pytest.mark.tenant("ilearn")
@keeps("ilearn-23.e", "ilearn-10.d")
def test_an_objection_stops_its_purposes_at_once_and_the_decision_each_by_itself(
    tenant: Tenant, account: Account, who: Client, officer: Client
) -> None:
    mine, hers = recorded(account.person), recorded(customer("anna@example.org").person)
    reviewer = working(tenant, "reviewer")
    assert listen(reviewer, mine) == 200
    assert who.get("/courses/making/").status_code == 200

    asked = object_to(who, "calls.quality", "environment.run")

    assert listen(reviewer, mine) == 409
    assert listen(reviewer, hers) == 200, "she did not object"
    assert listen(reviewer, mine, "complaint") == 200, "a claim is another purpose"
    assert who.get("/courses/making/").status_code == 403
    assert who.get("/courses/mine/").status_code == 200, "learning rests on the contract"
    assert "Nobody objected" in text(officer, "/office/promises/objections/")
    assert "ilze@example.org" in text(officer, "/office/promises/objections/")

    assert decide(officer, asked, "refused", reasons="", ground="claim") == 422
    assert decide(officer, asked, "partly", ground="others", upheld="") == 422
    assert who.get("/courses/making/").status_code == 403

    because = "Your courses are seen by others only when you publish them."
    told = {"reasons": because, "ground": "others", "upheld": "calls.quality"}
    assert decide(officer, asked, "partly", **told) == 302

    assert who.get("/courses/making/").status_code == 200, "refused: it goes on"
    assert listen(reviewer, mine) == 409, "upheld: it stays stopped"
    page = text(who, f"{OWN}{asked.pk}/")
    assert because in page
    assert latest_mail("ilze@example.org").text.startswith("There is news about your request")
    kinds = Entry.objects.filter(kind__startswith="rights.objection.").order_by("pk")
    assert [(one.kind.rpartition(".")[2], one.detail["purpose"]) for one in kinds] == [
        ("paused", "environment.run"),
        ("paused", "calls.quality"),
        ("upheld", "calls.quality"),
        ("refused", "environment.run"),
    ]

    upheld = Objection.objects.get(purpose="calls.quality")
    assert "Allow it again" in text(who, OWN)
    stranger = signed_in(tenant, "anna@example.org")
    there = f"/account/objections/{upheld.pk}/withdrawals/"
    assert stranger.post(there).status_code == 404
    assert listen(reviewer, mine) == 409
    assert who.post(there).status_code == 302
    assert listen(reviewer, mine) == 200


@pytest.mark.tenant("ilearn")
def test_a_refused_objection_is_looked_at_again_and_a_withdrawn_one_stops_nothing(
    tenant: Tenant, who: Client, officer: Client
) -> None:
    asked = object_to(who, "environment.run")
    assert decide(officer, asked, "refused", ground="others") == 302
    assert who.get("/courses/making/").status_code == 200

    assert who.post(f"{OWN}{asked.pk}/disputes/", {"body": "Look again."}).status_code == 302
    again = RightsRequest.objects.latest("number")
    assert decide(working(tenant, "administrator"), again, "granted") == 302
    assert who.get("/courses/making/").status_code == 403

    other = object_to(who, "data.quality")
    stopped = Objection.objects.stopping().filter(purpose="data.quality")
    assert stopped.exists()
    assert who.post(f"{OWN}{other.pk}/withdrawals/").status_code == 302
    assert not stopped.exists()


@pytest.mark.tenant("ilearn")
def test_an_objection_to_direct_marketing_ends_it_at_once_and_is_not_weighed(
    tenant: Tenant, who: Client, officer: Client
) -> None:
    asked = object_to(who, "service.promote")

    assert Objection.objects.get().state == Objection.State.UPHELD
    assert decide(officer, asked, "refused", ground="others") == 422
    assert decide(officer, asked, "granted") == 302
    assert Objection.objects.get().state == Objection.State.UPHELD


@pytest.mark.tenant("ema")
@keeps("ema-1.5.5", "ema-9.1.4")
def test_an_objection_without_a_word_pauses_all_that_rests_on_an_interest_until_it_is_decided(
    tenant: Tenant, account: Account, who: Client, officer: Client
) -> None:
    call = recorded(account.person)
    reviewer = working(tenant, "reviewer")
    assert who.get("/workforce/").status_code == 200
    assert listen(reviewer, call) == 200

    asked = object_to(who)

    assert asked.label in text(officer, "/office/promises/requests/")
    assert set(Objection.objects.stopping().values_list("purpose", flat=True)) == {
        "service.employees",
        "site.content",
        "service.quality-calls",
        "enquiries.answer",
        "site.statistics",
    }
    assert who.get("/workforce/").status_code == 403
    assert listen(reviewer, call) == 409
    page = text(who, f"{OWN}{asked.pk}/")
    assert "From now on your data are not used for this" in page
    assert "without it nobody's data would be safe" in page, "what goes on, and why"

    told = {"reasons": "Your employer has to train you.", "ground": "claim"}
    assert decide(officer, asked, "refused", **told) == 302
    assert who.get("/workforce/").status_code == 200
    assert listen(reviewer, call) == 200
    assert "Your employer has to train you." in text(who, f"{OWN}{asked.pk}/")


@pytest.mark.tenant("ekool")
def test_who_objected_to_the_check_of_data_is_not_asked_whether_they_are_right(
    tenant: Tenant, account: Account, who: Client
) -> None:
    other = customer("anna@example.org").person
    object_to(who, "data.check")

    invite_who_is_due(by="test", now=AT + 2 * A_YEAR)

    assert set(Invitation.objects.values_list("person_id", flat=True)) == {other.pk}


def open_claim(officer: Client, email: str, *categories: str) -> Claim:
    told = {
        "known_as": email,
        "side": "ours",
        "about": "The fees of spring were not paid.",
        "categories": list(categories),
        "review_on": f"{clock.now() + 100 * A_DAY:%Y-%m-%d}",
    }
    answer = officer.post(f"{CLAIMS}new/", told)
    assert answer.status_code == 302, answer.content.decode()
    return Claim.objects.latest("number")


@pytest.mark.tenant("ilearn")
@keeps("ilearn-11.r")
def test_records_of_an_open_claim_outlive_their_day_and_go_when_it_is_closed(
    tenant: Tenant, account: Account, officer: Client
) -> None:
    other = customer("anna@example.org").person
    for person in (account.person, other):
        billing.invoice(person, at=AT)
    claim = open_claim(officer, account.email, "accounting")
    there = f"{CLAIMS}{claim.pk}/"
    filed = {"place": "court", "name": "Riga City Court", "what": "The invoice of March"}
    assert (
        officer.post(f"{there}filings/", {**filed, "filed_on": f"{AT:%Y-%m-%d}"}).status_code == 302
    )
    assert "Riga City Court" in text(officer, there)
    assert Entry.objects.filter(kind="rights.claim.filed").count() == 1

    late = AT + 20 * A_YEAR
    with clock.standing_at(late):
        retention.sweep(now=late)
        assert list(Invoice.objects.values_list("person_id", flat=True)) == [account.person.pk]
        later = working(tenant, "administrator")
        assert later.post(f"{there}closings/", {"outcome": "settled"}).status_code == 302
        assert later.post(f"{there}closings/", {"outcome": "won"}).status_code == 409
        retention.sweep(now=late + A_DAY)
    assert not Invoice.objects.exists()


@pytest.mark.tenant("ekool")
@keeps("ekool-4.2.2-rights")
def test_a_claim_on_fees_keeps_the_invoices_and_never_the_marks(
    tenant: Tenant, officer: Client
) -> None:
    where = diary.world()
    pupil, other = where.pupils
    Person.objects.filter(pk=pupil.person_id).update(email="pupil@example.org")
    for one in (pupil, other):
        diary.mark(where, one)
    billing.invoice(pupil.person, at=AT)
    billing.invoice(other.person, at=AT)
    leave_class(pupil, on=AT.date(), by="school", now=AT)
    told = {"known_as": "pupil@example.org", "side": "ours", "about": "x", "categories": "study"}
    told["review_on"] = f"{AT + A_DAY:%Y-%m-%d}"
    assert officer.post(f"{CLAIMS}new/", told).status_code == 422, "marks are for no claim"

    open_claim(officer, "pupil@example.org", "accounting")

    retention.sweep(now=AT + 20 * A_YEAR)
    assert [one.person_id for one in Invoice.objects.all()] == [pupil.person_id]
    assert [one.pupil_id for one in Mark.objects.all()] == [other.pk], "who is still enrolled"


@pytest.mark.tenant("ema")
def test_where_the_policy_knows_no_claims_there_is_no_file_of_them(officer: Client) -> None:
    assert officer.get(CLAIMS).status_code == 404
    assert "/office/promises/claims/" not in text(officer, "/office/promises/requests/")
