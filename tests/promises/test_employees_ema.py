"""EMA: an employee confirms who they are, sees who told what, and hears of faults and changes."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from skola.ground import clock
from skola.ground.people.models import Account, Mail, Person
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.services.billing.tests import make as billing
from skola.services.courses.models import Enrolment
from skola.services.courses.tests import make as courses
from skola.services.desk.models import Enquiry
from skola.services.licences.tests import make as licences
from skola.services.workforce.models import Company
from skola.services.workforce.tests import make as workforce
from tests.promises.asking import OWN
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import (
    PASSWORD,
    browser,
    code_in,
    customer,
    latest_mail,
    log_in,
    signed_in,
    working,
)

pytestmark = [pytest.mark.tenant("ema"), pytest.mark.usefixtures("standing")]
A_DAY = timedelta(days=1)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def client_company() -> Company:
    """A client company with a training manager."""
    return workforce.company(manager=customer("manager@example.org").person, at=AT)


@keeps("ema-1.1.1-identity")
def test_an_employee_opens_tasks_once_the_address_is_confirmed(tenant: Tenant) -> None:
    company = client_company()
    account = make.account(email="rasa@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=account, email=account.email, verified=False, primary=True)
    held = workforce.bring(company, workforce.line_of(account.person), at=AT)["1"]
    course = courses.course(title="Fire safety")
    task = workforce.course_task(held, course, at=AT)
    beginning = f"/workforce/tasks/{task.pk}/beginnings/"
    who = browser(tenant)

    assert not log_in(who, account.email)
    refused = [who.get("/workforce/"), who.post(beginning), who.get("/licences/")]
    assert [answer.status_code for answer in refused] == [302, 302, 302]
    assert not any("Fire safety" in text(answer) for answer in refused)
    assert not Enrolment.objects.exists()

    who.post("/account/confirm-email/", {"code": code_in(latest_mail(account.email))})
    assert log_in(who, account.email)
    assert "Fire safety" in text(who.get("/workforce/"))
    assert who.post(beginning).status_code == 302
    assert Enrolment.objects.get().person == account.person
    assert EmailAddress.objects.get(user=account).verified


@keeps("ema-9.1.1", "ema-2.2")
def test_an_imported_employee_is_told_at_the_first_login_who_gave_what(tenant: Tenant) -> None:
    company = client_company()
    line = "7,Rasa,Petrauskaitė,rasa@example.org,+370 60000000,Vilnius,Driver,"
    held = workforce.bring(company, line, at=AT)["7"]
    person = Person.objects.get(pk=held.person_id)
    who = browser(tenant)
    if not hasattr(person, "account"):
        account = Account.objects.create(
            person=person, email=person.email, password="", created_at=AT
        )
        EmailAddress.objects.create(user=account, email=person.email, verified=True, primary=True)

    who.post("/account/login/code/", {"email": "rasa@example.org"})
    code = {"code": code_in(latest_mail("rasa@example.org"))}
    first = who.post("/account/login/code/confirm/", code, follow=True)
    assert first.redirect_chain[-1][0].startswith("/account/policy/")
    shown = rows_of(text(first))
    employer = f"your employer, {company.name}"
    assert shown == {
        "Given name": ("Rasa", employer),
        "Family name": ("Petrauskaitė", employer),
        "E-mail": ("rasa@example.org", employer),
        "Phone": ("+370 60000000", employer),
        "Staff number": ("7", employer),
        "Unit": ("Vilnius", employer),
        "Position": ("Driver", employer),
    }
    assert 'href="/privacy/' in text(first), "the notice is linked"

    who.post("/account/policy/", {"next": "/"})
    who.post("/account/contact/", {"phone": "+370 61111111", "address": ""})
    shown = rows_of(text(who.get("/workforce/data/")))
    assert shown["Phone"] == ("+370 61111111", "you")
    assert shown["E-mail"] == ("rasa@example.org", employer)
    assert "/workforce/data/" in text(who.get("/workforce/"))


def rows_of(page: str) -> dict[str, tuple[str, str]]:
    """What the table of a page says: what is held, as it is held, and who gave it."""
    table = page.partition("What is held of you, and who gave it")[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    found = [
        [
            re.sub(r"<[^>]+>", "", cell).strip()
            for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)
        ]
        for row in rows
    ]
    return {cells[0]: (cells[1], cells[2]) for cells in found if len(cells) == 3}


@keeps("ema-2.2")
def test_who_came_by_themselves_gave_their_own_name(tenant: Tenant) -> None:
    company, own = client_company(), customer("rasa@example.org").person
    workforce.bring(company, workforce.line_of(own), at=AT)
    who = signed_in(tenant, own.email)

    shown = rows_of(text(who.get("/workforce/data/")))

    assert shown["Family name"] == (own.family_name, "you")
    assert shown["Position"] == ("Driver", f"your employer, {company.name}")


def uses_of(page: str) -> dict[str, set[str]]:
    """What *My privacy* says of identity: each basis, and which purposes can be objected to."""
    fold = page.partition("Identity")[2].partition("</details>")[0]
    return {
        "articles": set(re.findall(r"Art\. (6\(1\)\([a-f]\))", fold)),
        "objections": set(re.findall(r"kind=objection&amp;purpose=([\w.]+)", fold)),
    }


@keeps("ema-2.3")
def test_the_basis_follows_from_whose_contract_it_is(tenant: Tenant) -> None:
    company, pays = client_company(), customer("pays@example.org")
    works = customer("rasa@example.org")
    workforce.bring(company, workforce.line_of(works.person), at=AT)
    billing.contract(pays.person, at=AT)
    uses, browsers = {}, {}
    for email in (pays.email, works.email):
        browsers[email] = browser(tenant)
        assert log_in(browsers[email], email)
        browsers[email].post("/account/policy/", {"next": "/"})
        uses[email] = uses_of(text(browsers[email].get("/account/privacy/")))

    assert uses[pays.email]["articles"] >= {"6(1)(b)"}
    assert "service.employees" not in uses[pays.email]["objections"]
    assert "6(1)(b)" not in uses[works.email]["articles"]
    assert "6(1)(f)" in uses[works.email]["articles"]
    assert "service.employees" in uses[works.email]["objections"]

    forms = {
        email: text(who.get(f"{OWN}new/?kind=objection&purpose=service.employees"))
        for email, who in browsers.items()
    }
    assert 'value="service.employees"' not in forms[pays.email]
    assert re.search(r'value="service.employees"[^>]*checked', forms[works.email])
    said = {"kind": "objection", "reply_by": "account", "purposes": ["service.employees"]}
    assert browsers[pays.email].post(f"{OWN}new/", said).status_code == 422
    assert browsers[works.email].post(f"{OWN}new/", said).status_code == 302
    assert browsers[works.email].get("/workforce/").status_code == 403, "it stops at once"

    billing.contract(works.person, at=AT)
    shown = uses_of(text(browsers[works.email].get("/account/privacy/")))
    assert {"6(1)(b)", "6(1)(f)"} <= shown["articles"], "both, each for its own"


@keeps("ema-1.6.4")
def test_a_change_is_told_to_exactly_those_who_use_the_course(tenant: Tenant) -> None:
    company = client_company()
    manager = Person.objects.get(email="manager@example.org")
    people = {
        name: workforce.bring(
            company, workforce.line_of(customer(f"{name}@example.org").person, name)
        )[name]
        for name in ("user", "released", "over", "another", "none")
    }
    course, other = licences.course("Fire safety"), licences.course("First aid")
    running = licences.licence(company, manager, of=course, at=AT)
    licences.seat(running, people["user"], at=AT)
    back = licences.seat(running, people["released"], at=AT)
    type(back).objects.filter(pk=back.pk).update(released_at=AT)
    ended = licences.licence(company, manager, of=course, months=1, at=AT - 60 * A_DAY)
    licences.seat(ended, people["over"], at=AT - 60 * A_DAY)
    licences.seat(licences.licence(company, manager, of=other, at=AT), people["another"], at=AT)
    office = working(tenant)
    said = {"course": course.pk, "text": "The chapter on doors is new."}

    for _ in range(2):
        assert office.post("/licences/changes/", said).status_code == 302

    told = Mail.objects.filter(text__contains="The chapter on doors is new.")
    assert list(told.values_list("address", flat=True)) == ["user@example.org"]
    for name in people:
        who = signed_in(tenant, f"{name}@example.org")
        who.post("/account/policy/", {"next": "/"})
        assert ("The chapter on doors is new." in text(who.get("/"))) == (name == "user"), name
    outsider = signed_in(tenant, "none@example.org")
    assert outsider.get("/licences/changes/").status_code == 404


@keeps("ema-1.1.1-faults")
def test_a_fault_is_reported_from_its_page_and_the_reporter_sees_what_became_of_it(
    tenant: Tenant,
) -> None:
    learner = customer("rasa@example.org")
    course = courses.course(title="Fire safety")
    lesson = courses.lessons_of(course)[0]
    courses.enrolment(course, learner.person, started_at=AT)
    where = f"/courses/{course.slug}/lessons/{lesson.slug}/"
    who = browser(tenant, "Mozilla/5.0 Firefox/140.0")
    assert log_in(who, learner.email)
    who.post("/account/policy/", {"next": "/"})

    found = re.search(r'href="([^"]+topic=fault[^"]*)"', text(who.get(where)))
    assert found
    form = text(who.get(found[1].replace("&amp;", "&")))
    assert where in form
    hidden = dict(re.findall(r'name="(shown|page)" value="([^"]*)"', form))
    said = {**hidden, "topic": "fault", "body": "The film stops."}
    with clock.standing_at(AT + timedelta(minutes=1)):
        answer = who.post("/desk/", said)
        assert answer.status_code == 302, text(answer)

    ticket = Enquiry.objects.get()
    assert (ticket.topic, ticket.page, ticket.browser) == (
        "fault",
        where,
        "Mozilla/5.0 Firefox/140.0",
    )
    office = working(tenant, "support")
    page = text(office.get(f"/desk/queue/{ticket.pk}/"))
    assert where in page
    assert "Firefox/140.0" in page
    assert "waits for our answer" in text(who.get("/desk/mine/"))
    with clock.standing_at(AT + timedelta(hours=1)):
        office.post(f"/desk/queue/{ticket.pk}/answers/", {"body": "It plays now."})
    mine = text(who.get("/desk/mine/"))
    assert "waits for our answer" not in mine
    assert "answered" in mine
    assert where in text(who.get(f"/desk/mine/{ticket.pk}/"))
