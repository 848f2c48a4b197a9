"""Requests, acted from outside: the person's account, the officer's desk, the post, the clock."""

import re
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.files.models import StoredFile
from skola.ground.people.models import Account, Mail
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.promises.gate.api import is_restricted
from skola.promises.policy.api import in_force
from skola.promises.retention import api as retention
from skola.promises.retention.models import StateFact
from skola.promises.rights.access.actions import write_export
from skola.promises.rights.models import Export, RightsRequest
from skola.promises.rights.requests.escalating import warn_of_deadlines
from skola.services.billing.tests import make as billing
from skola.services.desk import actions as desk_actions
from skola.services.desk.models import Enquiry
from skola.services.desk.tests import make as desk
from tests.promises.asking import DESK, OWN, ask, decide, do, note, text
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import (
    PASSWORD,
    browser,
    customer,
    latest_mail,
    log_in,
    signed_in,
    staff,
    working,
)

VILNIUS = ZoneInfo("Europe/Vilnius")
A_DAY = timedelta(days=1)


pytestmark = pytest.mark.usefixtures("standing")


@pytest.fixture
def account(tenant: Tenant) -> Account:
    return customer()


@pytest.fixture
def who(tenant: Tenant, account: Account) -> Client:
    """The person's browser, just signed in."""
    return signed_in(tenant)


def just_now(at: datetime | None) -> bool:
    """Whether something happened while the test runs; the clock stands at its day and goes on."""
    return at is not None and AT <= at < AT + timedelta(hours=1)


@pytest.mark.tenant("ilearn")
@keeps("ilearn-8.h")
def test_an_objection_has_a_number_and_a_day_is_late_after_it_and_answered_in_the_account(
    tenant: Tenant, who: Client, officer: Client
) -> None:
    asked = ask(who, "objection", words="Do not ring me about new courses.")

    page = text(who, f"{OWN}{asked.pk}/")
    assert asked.label == "R-00001"
    assert "R-00001" in page
    assert "2 April 2026" in page
    assert "Do not ring me" in text(officer, f"{DESK}{asked.pk}/")
    assert do(officer, asked, "assignments") == 302
    with clock.standing_at(AT + 32 * A_DAY):
        assert log_in(officer, "officer@example.org")
        assert "1 day late" in text(officer, DESK)
    assert decide(officer, asked, "granted", reasons="We do not ring you any more.") == 302
    page = text(who, f"{OWN}{asked.pk}/")
    assert "We do not ring you any more." in page
    assert "done as asked" in page
    asked.refresh_from_db()
    assert (asked.assignee, asked.decider) == (asked.decider, asked.assignee)


@pytest.mark.tenant("ilearn")
@keeps("ilearn-20.d")
def test_what_is_due_stays_while_an_objection_is_open_and_goes_when_it_is_decided(
    tenant: Tenant, account: Account, who: Client, officer: Client
) -> None:
    answered = AT - 30 * A_DAY
    anna, janis = customer("anna@example.org").person, customer("janis@example.org").person
    mine, hers, his = [
        desk.enquiry(person=person, body=f"From {person.email}", at=answered)
        for person in (account.person, anna, janis)
    ]
    for one in (mine, hers, his):
        desk_actions.close(one, ending="answered", by="staff", now=answered)
    ask(who, "objection")
    second = signed_in(tenant, anna.email)
    decided = ask(second, "objection")
    assert decide(officer, decided, "refused", ground="claim") == 302

    assert left_after(170 * A_DAY) == {mine.pk, hers.pk}, "his has no objection: its term is over"
    assert left_after(200 * A_DAY) == {mine.pk}, "hers is decided, and its term has run since then"


def left_after(days: timedelta) -> set[UUID]:
    """The enquiries that are there when the sweep has run so much later."""
    with clock.standing_at(AT + days):
        retention.sweep(now=AT + days)
        return set(Enquiry.objects.values_list("pk", flat=True))


@pytest.mark.tenant("ilearn")
@keeps("ilearn-24.d", "ilearn-dpo")
def test_who_asks_is_checked_first_and_without_an_answer_in_a_month_it_is_late_and_escalated(
    tenant: Tenant, officer: Client
) -> None:
    boss = staff("administrator").person.email
    person = make.person(email="anna@example.org")
    asked = note(officer, "access", known_as=person.email)
    assert asked.promised_on == date(2026, 4, 2)

    assert decide(officer, asked, "granted") == 409, "nobody knows yet who asks"
    assert do(officer, asked, "letters/" + str(asked.messages.get().pk) + "/postings") == 409
    assert do(officer, asked, "proofs", proof="document", document="passport") == 302
    before = AT + 31 * A_DAY
    assert [warn(moment) for moment in (AT + 10 * A_DAY, before)] == [0, 1]
    assert written(boss) == ["R-00001: an answer is promised by 2 April 2026."]
    late = AT + 32 * A_DAY
    assert warn(late) == 1
    assert warn(late) == 0, "each step once"
    assert written(boss)[-1] == "R-00001 is late: an answer was promised by 2 April 2026."
    assert written("officer@example.org") == written(boss)
    with clock.standing_at(late):
        assert log_in(officer, "officer@example.org")
        assert "1 day late" in text(officer, DESK)
        assert "1 answer is late." in text(officer, "/")
        reason = {"reason": "It is a long file."}
        assert do(officer, asked, "extensions", **reason) == 409, "it is late already"
        assert decide(officer, asked, "granted") == 302
    answer = asked.messages.get(kind="answer")
    contact = in_force(AT).policy.contact[0]
    for said in (contact.email, contact.phone, contact.address):
        assert said in answer.body
        assert said in text(officer, "/privacy/")
    kinds = Entry.objects.filter(kind__startswith="rights.request.").order_by("at", "id")
    told = [entry.kind.removeprefix("rights.request.") for entry in kinds]
    assert told == ["received", "proven", "escalated", "escalated", "decided"]
    assert not any("Anna" in str(entry.detail) for entry in kinds)


@pytest.mark.tenant("ilearn")
def test_the_time_is_extended_once_with_a_reason_and_stands_still_while_we_ask(
    tenant: Tenant, who: Client, officer: Client
) -> None:
    asked = ask(who, "rectification", words="My name is Ilze Kalniņa-Ozola.")

    assert do(officer, asked, "questions", reason="Which document says so?") == 302
    assert "stands still" in text(officer, DESK)
    week = AT + 7 * A_DAY
    with clock.standing_at(week):
        assert log_in(who)
        assert who.post(f"{OWN}{asked.pk}/words/", {"body": "My passport."}).status_code == 302
    asked.refresh_from_db()
    assert asked.promised_on == date(2026, 4, 9)

    assert do(officer, asked, "extensions", reason="") == 422
    assert do(officer, asked, "extensions", reason="The register has to answer.") == 302
    asked.refresh_from_db()
    assert asked.promised_on == date(2026, 6, 9)
    assert do(officer, asked, "extensions", reason="Again.") == 409
    page = text(who, f"{OWN}{asked.pk}/")
    assert "The register has to answer." in page
    assert "9 June 2026" in page
    assert "dvi.gov.lv" in page, "an extension says where to complain"


@pytest.mark.tenant("ilearn")
@keeps("ilearn-23.g", "ilearn-24.g")
def test_a_refusal_cites_the_law_that_obliges_us_and_the_authority(
    tenant: Tenant, who: Client, officer: Client
) -> None:
    asked = ask(who, "erasure")

    assert decide(officer, asked, "refused") == 422, "no ground"
    assert decide(officer, asked, "partly", ground="") == 422
    assert decide(officer, asked, "refused", ground="duty") == 422, "no law"
    assert decide(officer, asked, "refused", ground="duty", duty="whatever") == 422
    assert RightsRequest.objects.get().outcome == ""
    assert decide(officer, asked, "refused", ground="duty", duty="invoices") == 302
    page = text(who, f"{OWN}{asked.pk}/")
    rule = next(one for one in in_force(AT).policy.retention if one.id == "invoices")
    assert rule.at_least is not None
    assert isinstance(rule.at_least.law, dict)
    assert rule.at_least.law["en"] in page
    authority = in_force(AT).policy.authority[0]
    for said in (authority.name["en"], authority.address, authority.email, authority.website):
        assert said in page


@pytest.mark.tenant("ilearn")
@keeps("ilearn-24.a")
def test_a_request_in_person_is_proven_by_a_document_of_which_only_the_kind_is_kept(
    tenant: Tenant, officer: Client
) -> None:
    person = make.person(email="anna@example.org")
    told = {"channel": "in-person", "known_as": person.email, "reply_by": "in-person"}
    said = {**told, "kind": "access", "received_on": "2026-03-02", "proof": "document"}
    assert "Say which document was shown." in officer.post(f"{DESK}new/", said).content.decode()
    assert not RightsRequest.objects.exists()

    asked = note(officer, "access", **told, proof="document", document="identity-card")

    assert asked.step == "decide"
    assert (asked.proof, asked.document) == ("document", "identity-card")
    assert just_now(asked.proven_at)
    assert "identity card" in text(officer, f"{DESK}{asked.pk}/")
    assert not StoredFile.objects.exists()
    assert 'type="file"' not in text(officer, f"{DESK}new/")


@pytest.mark.tenant("ilearn")
@keeps("ilearn-24.e")
def test_an_answer_by_registered_letter_needs_its_number_and_one_in_the_account_a_login(
    tenant: Tenant, who: Client, officer: Client, account: Account
) -> None:
    by_post = note(officer, "rectification", known_as=account.email, given_name="Ilze")
    assert do(officer, by_post, "proofs", proof="document", document="passport") == 302
    assert decide(officer, by_post, "granted", reasons="It is corrected now.") == 302
    by_post.refresh_from_db()
    assert by_post.closed_at is None
    answer = by_post.messages.get(kind="answer")
    printed = text(officer, f"{DESK}{by_post.pk}/letters/{answer.pk}/")
    assert "It is corrected now." in printed
    assert "Brīvības iela 1" in printed
    assert "wait to be printed and posted" in text(officer, DESK)

    posting = f"letters/{answer.pk}/postings"
    assert do(officer, by_post, posting, tracking="") == 409
    assert do(officer, by_post, posting, tracking="RR123456785LV") == 302
    by_post.refresh_from_db()
    answer.refresh_from_db()
    assert just_now(by_post.closed_at)
    assert answer.tracking == "RR123456785LV"

    asked = ask(who, "rectification")
    assert decide(officer, asked, "granted", reasons="Now it is right.") == 302
    mail = latest_mail(account.email)
    assert "Now it is right." not in mail.text
    assert asked.label in mail.text
    address = f"{OWN}{asked.pk}/"
    assert "Now it is right." in text(who, address)
    assert browser(tenant).get(address)["Location"].startswith("/account/login/")
    stranger = browser(tenant)
    customer("anna@example.org")
    assert log_in(stranger, "anna@example.org")
    assert stranger.get(address).status_code == 404


@pytest.mark.tenant("ilearn")
@keeps("ilearn-24.f")
def test_who_disagrees_has_it_looked_at_by_somebody_else(
    tenant: Tenant, who: Client, officer: Client
) -> None:
    other = staff("administrator").person
    asked = ask(who, "objection")
    assert decide(officer, asked, "refused", ground="contract") == 302

    answer = who.post(f"{OWN}{asked.pk}/disputes/", {"body": "There is no contract any more."})

    review = RightsRequest.objects.latest("number")
    assert answer["Location"] == f"{OWN}{review.pk}/"
    assert (review.kind, review.about, review.assignee) == ("review", asked, other)
    assert who.post(f"{OWN}{asked.pk}/disputes/", {"body": "Again."})["Location"].endswith(
        f"{asked.pk}/"
    )
    assert RightsRequest.objects.count() == 2
    assert decide(officer, review, "refused", ground="right") == 409, "who decided first"
    assert do(officer, review, "assignments") == 409
    second = signed_in(tenant, other.email)
    assert decide(second, review, "granted", reasons="You are right, it ended.") == 302
    page = text(who, f"{OWN}{review.pk}/")
    assert "You are right, it ended." in page
    assert "Datu valsts" in page or "Data State Inspectorate" in page


@pytest.mark.tenant("ilearn")
@keeps("ilearn-2.b")
def test_a_question_becomes_a_request_with_a_day_and_a_check_of_who_asks(
    tenant: Tenant, officer: Client
) -> None:
    asked = desk.enquiry(body="What do you know about me?", email="anna@example.org", at=AT)
    support = working(tenant, "support")
    there = f"/desk/queue/{asked.pk}/"

    for _click in range(2):
        assert support.post(f"{there}requests/", {"kind": "access"}).status_code == 302

    made = RightsRequest.objects.get()
    assert (made.enquiry, made.step, made.kind) == (asked.pk, "identity", "access")
    assert made.promised_on == date(2026, 4, 2)
    assert made.label in text(support, there)
    page = text(officer, f"{DESK}{made.pk}/")
    assert "What do you know about me?" in page
    assert "They are who they say" in page
    assert support.get(f"{DESK}{made.pk}/").status_code == 404, "that is the officer's"


GDPR = {
    "information",
    "access",
    "rectification",
    "erasure",
    "restriction",
    "objection",
    "portability",
    "withdraw-consent",
    "review",
}
"""To be informed, Art. 15 to 21, 7(3) and 22."""


def kinds_offered(who: Client) -> set[str]:
    return set(re.findall(r'name="kind" value="([\w-]+)"', text(who, f"{OWN}new/")))


@pytest.mark.tenant("ema")
@keeps("ema-9.1")
def test_the_form_offers_every_right_of_the_law(tenant: Tenant, who: Client) -> None:
    offered = kinds_offered(who)

    assert offered >= GDPR
    for kind in sorted(offered - {"compensation"}):
        assert ask(who, kind).kind == kind


@pytest.mark.tenant("kic")
@keeps("kic-law")
def test_a_policy_without_a_deadline_promises_the_month_of_the_law_and_all_rights(
    tenant: Tenant, who: Client
) -> None:
    assert kinds_offered(who) >= GDPR
    for kind in ("access", "restriction", "portability", "rectification"):
        assert ask(who, kind).promised_on == date(2026, 4, 2)
    objection = ask(who, "objection")
    assert (objection.at_once, objection.promised_on) == (True, date(2026, 4, 2))


@pytest.mark.tenant("ema")
@keeps("ema-9.1.2-free")
def test_a_second_copy_in_a_year_is_counted_and_a_fee_needs_its_reason(
    tenant: Tenant, who: Client, officer: Client, account: Account
) -> None:
    first = ask(who, "access", reply_by="email", email=account.email)
    fee = {"fee": "10", "reason": "The eleventh copy this month."}
    assert do(officer, first, "fees", **fee) == 409, "the first is free"
    assert decide(officer, first, "granted") == 302

    second = ask(who, "access", reply_by="email", email=account.email)
    page = text(officer, f"{DESK}{second.pk}/")
    assert "1 request of this kind was fulfilled for this person this year." in page
    assert do(officer, second, "fees", fee="10", reason="") == 422
    second.refresh_from_db()
    assert second.fee_cents is None, "free unless a person says why not"
    assert do(officer, second, "fees", **fee) == 302
    assert "The eleventh copy this month." in text(who, f"{OWN}{second.pk}/")
    assert Entry.objects.filter(kind="rights.request.fee-proposed").count() == 1

    with clock.standing_at(datetime(2027, 1, 1, 0, 1, tzinfo=VILNIUS)):
        again = signed_in(tenant)
        assert log_in(officer, "officer@example.org")
        third = ask(again, "access", reply_by="email", email=account.email)
        assert "Propose a fee" not in text(officer, f"{DESK}{third.pk}/")
        assert do(officer, third, "fees", **fee) == 409


@pytest.mark.tenant("ema")
@keeps("ema-9.1.3-notify", "ema-9.3")
def test_with_the_decision_the_person_is_told_at_once_done_or_not_with_reasons(
    tenant: Tenant, who: Client, officer: Client, account: Account
) -> None:
    mails: dict[str, str] = {}
    for kind, extra, outcome, result in (
        ("rectification", {}, "granted", "done as asked"),
        ("erasure", {"ground": "claim"}, "refused", "not done"),
        ("restriction", {"freeze_because": "accuracy"}, "granted", "done as asked"),
    ):
        asked = ask(who, kind, reply_by="email", email="other@example.org")
        assert decide(officer, asked, outcome, reasons=f"Because of {kind}.", **extra) == 302

        with reading_for(ENGINE):  # who is restricted is written to, too
            (answer,) = asked.messages.filter(kind="answer")
            asked.refresh_from_db()
            mails[kind] = latest_mail("other@example.org").text
        assert answer.sent_at == answer.said_at == asked.decided_at == asked.closed_at
        for said in (result, f"Because of {kind}."):
            assert said in answer.body
            assert said in mails[kind]
    assert "State Data Protection Inspectorate" in mails["erasure"]
    assert "L. Sapiegos g. 17, 10312 Vilnius" in mails["erasure"]
    assert "www.ada.lt" in mails["erasure"]
    assert is_restricted(account.person_id, clock.now())


@pytest.mark.tenant("ema")
def test_a_decision_is_undone_when_its_notice_cannot_be_written(
    tenant: Tenant, who: Client, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask(who, "rectification")

    def broken(*_: object, **__: object) -> None:
        raise OSError("no mail today")

    monkeypatch.setattr("skola.promises.rights.requests.telling.post", broken)
    with pytest.raises(OSError, match="no mail today"):
        decide(officer, asked, "granted")
    asked.refresh_from_db()
    assert asked.decided_at is None


@pytest.mark.tenant("ekool")
@keeps("ekool-8.3", "ekool-8.4")
def test_a_complaint_is_answered_with_the_authority_and_upheld_it_takes_a_claim(
    tenant: Tenant, who: Client, officer: Client
) -> None:
    for outcome, extra in (("refused", {"ground": "right"}), ("granted", {})):
        complaint = ask(who, "complaint", words="My marks were shown to a neighbour.")
        assert decide(officer, complaint, outcome, **extra) == 302
        page = text(who, f"{OWN}{complaint.pk}/")
        for named in ("Data Protection Inspectorate", "info@aki.ee", "court"):
            assert named in page

    evidence = "A letter and two days off."
    said = {"kind": "compensation", "reply_by": "account", "words": evidence}
    assert who.post(f"{OWN}new/", said).status_code == 422, "no sum"
    claim = ask(who, "compensation", claimed="250.00", words=evidence)
    assert "claim.open" in open_states_of(claim.person_id)
    assert decide(officer, claim, "partly", ground="right") == 422, "no sum awarded"
    assert decide(officer, claim, "partly", ground="right", awarded="100", reasons="Half.") == 302
    assert "claim.open" not in open_states_of(claim.person_id)
    assert do(officer, claim, "payments", paid_on="2026-03-03") == 422, "that day has not come"
    assert do(officer, claim, "payments", paid_on="2026-03-02") == 302
    page = text(who, f"{OWN}{claim.pk}/")
    for shown in (
        evidence,
        "You claimed €250.00; awarded are €100.00.",
        "Half.",
        "We paid you €100.00 on 2 March 2026, as decided on your claim",
    ):
        assert shown in page


@pytest.mark.tenant("learnifier")
@keeps("learnifier-10.e")
def test_a_request_of_thirty_days_is_late_on_day_31_and_the_share_in_time_is_told(
    tenant: Tenant, who: Client, officer: Client
) -> None:
    asked, other = ask(who, "rectification"), ask(who, "erasure")
    assert (asked.promised_on - AT.date()).days == 30
    assert decide(officer, other, "refused", ground="contract") == 302

    assert warn(AT + 30 * A_DAY) == 1
    day_31 = AT + 31 * A_DAY
    assert warn(day_31) == 1
    assert "is late" in written("officer@example.org")[-1]
    with clock.standing_at(day_31):
        assert log_in(officer, "officer@example.org")
        assert "1 day late" in text(officer, DESK)
        assert decide(officer, asked, "granted") == 302
        assert "This year 1 of 2 answered requests were in time." in text(officer, DESK)


@pytest.mark.tenant("ilearn")
def test_a_copy_asked_for_in_the_account_is_made_at_once(
    tenant: Tenant, who: Client, account: Account
) -> None:
    asked = ask(who, "access")

    assert (asked.proof, asked.outcome) == ("login", "granted")
    assert just_now(asked.closed_at)
    assert Export.objects.get().person == account.person


@pytest.mark.tenant("ilearn")
def test_who_signed_in_long_ago_proves_it_first_and_loses_no_word(
    tenant: Tenant, who: Client
) -> None:
    with clock.standing_at(AT + timedelta(hours=1)):
        said = {"kind": "erasure", "reply_by": "account", "words": "All of it."}
        answer = who.post(f"{OWN}new/", said)
        assert answer["Location"].startswith("/account/reauthenticate/")
        assert not RightsRequest.objects.exists()
        done = who.post(answer["Location"], {"password": PASSWORD, "next": f"{OWN}new/"})
        assert done.status_code == 302
    made = RightsRequest.objects.get()
    assert (made.words, made.proof) == ("All of it.", "login")


@pytest.mark.tenant("kic")
def test_an_erasure_from_a_request_is_answered_with_what_went_and_what_stays(
    tenant: Tenant, who: Client, officer: Client, account: Account
) -> None:
    person = account.person
    billing.invoice(person, at=AT)
    asked = ask(who, "erasure")
    there = f"{DESK}{asked.pk}/erasures/"
    assert "What stays, why and until when" in text(officer, there)
    prove_at(officer, there)

    assert officer.post(there, {"understood": "on"}).status_code == 302

    mail = latest_mail(account.email)
    assert "Erased:" in mail.text
    assert "Kept, because we must" in mail.text
    asked.refresh_from_db()
    assert (asked.outcome, asked.ground) == ("partly", "duty")
    assert just_now(asked.closed_at)
    assert not log_in(browser(tenant)), "the account is gone"
    retention.sweep(now=AT + A_DAY)
    assert not RightsRequest.objects.exists(), "and so is the request"


@pytest.mark.tenant("ilearn")
@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_eight_questions_whatever_there_is(
    tenant: Tenant, who: Client, officer: Client, count: int
) -> None:
    for _each in range(count):
        asked = note(officer, "rectification", known_as="ilze@example.org")
        ask(who, "objection")
    for client, address in (
        (who, OWN),
        (who, f"{OWN}new/"),
        (who, f"{OWN}{asked.pk}/"),
        (officer, DESK),
        (officer, f"{DESK}{asked.pk}/"),
        (officer, f"{DESK}new/"),
    ):
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked_for:
            assert client.get(address).status_code == 200
        said = [one["sql"] for one in asked_for if "set_config" not in one["sql"]]
        assert len(said) <= 8, "\n".join([address, *said])


def warn(at: datetime) -> int:
    with clock.standing_at(at):
        return warn_of_deadlines(now=at)


def written(address: str) -> list[str]:
    """What was written to staff about requests, line by line."""
    mails = Mail.objects.filter(address=address, text__contains="R-0").order_by("created_at")
    return [line for mail in mails for line in mail.text.splitlines() if line.startswith("R-")]


def open_states_of(person_id: UUID) -> set[str]:
    found = StateFact.objects.filter(person_id=person_id, is_open=True)
    return set(found.values_list("state", flat=True))


def prove_at(who: Client, there: str) -> None:
    who.post("/account/reauthenticate/", {"password": PASSWORD, "next": there})


@pytest.mark.tenant("ema")
@keeps("ema-9.1.2-deadline")
def test_a_copy_is_due_in_thirty_days_and_its_link_opens_for_the_person_only(
    tenant: Tenant, who: Client, officer: Client
) -> None:
    asked = ask(who, "access", reply_by="email", email="named@example.org")
    assert (asked.promised_on - AT.date()).days == 30
    assert warn(AT + 30 * A_DAY) == 1
    assert warn(AT + 31 * A_DAY) == 1
    assert written("officer@example.org")[-1].startswith("R-00001 is late")

    assert decide(officer, asked, "granted") == 302

    mail = latest_mail("named@example.org")
    found = re.search(r"http://[^/\s]+(/\S+)", mail.text)
    assert found
    link = found[1]
    write_export(Export.objects.get().pk, now=clock.now())
    assert browser(tenant).get(link)["Location"].startswith("/account/login/")
    file = re.search(r'href="(/account/copies/[^"]+/file/)"', text(who, link))
    assert file
    stranger = browser(tenant)
    customer("anna@example.org")
    assert log_in(stranger, "anna@example.org")
    assert file[1] not in text(stranger, link)
    assert stranger.get(file[1]).status_code == 404
    assert who.get(file[1])["Location"].startswith("/account/reauthenticate/")
    prove_at(who, file[1])
    archive = b"".join(who.get(file[1]))
    assert archive.startswith(b"PK")
