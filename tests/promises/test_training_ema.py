"""EMA's clients and their people: licences, tasks, progress, as the policy's checks say."""

import json
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.people.models import Person
from skola.ground.tenants.models import Tenant
from skola.promises.policy.api import in_force
from skola.promises.retention.api import clock_missing, clock_of
from skola.services.courses.models import Course, Enrolment
from skola.services.courses.tests import make as courses
from skola.services.licences.models import Licence
from skola.services.licences.queries import ends_at
from skola.services.licences.tests import make as licences
from skola.services.workforce.models import Company, Employment
from skola.services.workforce.tests import make as workforce
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import customer, signed_in, staff
from tests.promises.test_access import copy_of

pytestmark = [pytest.mark.tenant("ema"), pytest.mark.usefixtures("standing")]
A_SECOND = timedelta(seconds=1)
MANAGER = "manager@example.org"


def client_company(tenant: Tenant) -> tuple[Company, Person, Person, Employment]:
    """A client company with a training manager and one employee, who both can sign in."""
    manager, employee = customer("manager@example.org").person, customer("rasa@example.org").person
    company = workforce.company(manager=manager, at=AT)
    held = workforce.bring(company, workforce.line_of(employee), at=AT)["1"]
    return company, manager, employee, held


def text(answer: Any) -> str:
    return str(answer.content.decode())


def buy(tenant: Tenant, company: Company, course: Course, *, seats: int = 2) -> Licence:
    """Order by the company's page, have it paid by staff, all from outside."""
    manager = signed_in(tenant, "manager@example.org")
    wanted = {"course": course.pk, "seats": seats, "months": 12}
    assert manager.post(f"/licences/{company.pk}/orders/", wanted).status_code == 302
    order = company.orders.latest("ordered_at")
    office = signed_in(tenant, staff().email)
    paid = office.post(f"/licences/orders/{order.pk}/payments/", {"reference": "B-1"})
    assert paid.status_code == 302
    return Licence.objects.get(order=order)


@keeps("ema-1.1.3")
def test_after_the_end_of_a_licence_lessons_are_locked_and_results_stay_readable(
    tenant: Tenant,
) -> None:
    company, _, _, _ = client_company(tenant)
    course = licences.course()
    first, second, _ = courses.lessons_of(course)
    lesson, page = f"/courses/{course.slug}/lessons/{second.slug}/", f"/courses/{course.slug}/"
    learner = signed_in(tenant, "rasa@example.org")
    assert learner.post(f"{page}enrolments/").status_code == 404, "nobody enrols without a seat"
    assert learner.get(lesson).status_code == 403

    licence = buy(tenant, company, course)
    manager = signed_in(tenant, "manager@example.org")
    here = f"/licences/{company.pk}/"
    assert "fulfilled" in text(manager.get(here))
    given = manager.post(f"{here}{licence.pk}/seats/", {"numbers": "1"})
    assert given.status_code == 302
    assert learner.get(lesson).status_code == 200
    done = f"{page}lessons/{first.slug}/completions/"
    assert learner.post(done, {"done": "yes"}).status_code == 302
    assert course.title in text(learner.get("/licences/"))
    assert course.title in copy_of_seats(learner, company)

    end = ends_at(licence, licences.VILNIUS)
    with clock.standing_at(end - 30 * A_SECOND):
        assert signed_in(tenant, "rasa@example.org").get(lesson).status_code == 200
    with clock.standing_at(end):
        late = signed_in(tenant, "rasa@example.org")
        assert late.get(lesson).status_code == 403
        assert late.post(done, {"done": "no"}).status_code == 404
        assert "1 of 3" in text(late.get("/courses/mine/"))
        shown = text(late.get(page))
        assert ("Locked" in shown, shown.count("<span>done</span>")) == (True, 1)
        assert "fulfilled" in text(signed_in(tenant, "manager@example.org").get(here))


def copy_of_seats(learner: Client, company: Company) -> str:
    """What the copy of an employee's data says about the licence held."""
    person = Person.objects.get(email="rasa@example.org")
    found = [data.decode() for name, data in copy_of(person).items() if name.endswith(".html")]
    return "\n".join(found)


def shares(answer: Any) -> list[str]:
    """What a page says of how far somebody is."""
    return re.findall(r"begun, (\d+) % done", text(answer).replace("\N{NO-BREAK SPACE}", " "))


@keeps("ema-2.1.9")
def test_half_of_a_course_is_half_for_both_and_in_a_year_it_is_due_again(tenant: Tenant) -> None:
    company, _, _, held = client_company(tenant)
    course = courses.course(title="Fire safety", lessons=(1, 1))
    lessons = courses.lessons_of(course)
    manager = signed_in(tenant, "manager@example.org")
    rule = {"course": course.pk, "days": 30, "months": 12}
    rules = f"/workforce/{company.pk}/requirements/"
    assert "It concerns 1 person" in text(manager.post(rules, rule))
    assert manager.post(rules, {**rule, "sure": "on"}).status_code == 302
    mine, theirs = "/workforce/", f"/workforce/people/{held.pk}/"
    listed = f"/workforce/{company.pk}/"
    learner = signed_in(tenant, "rasa@example.org")
    (begin,) = re.findall(r'action="(/workforce/tasks/[^"]+)"', text(learner.get(mine)))

    def do(who: Client, number: int) -> None:
        path = f"/courses/{course.slug}/lessons/{lessons[number].slug}/completions/"
        assert who.post(path, {"done": "yes"}).status_code == 302

    assert learner.post(begin).status_code == 302
    do(learner, 0)
    assert shares(learner.get(mine)) == ["50"]
    assert shares(manager.get(theirs)) == shares(manager.get(listed)) == ["50"]
    assert lessons[0].title not in text(manager.get(theirs))

    do(learner, 1)
    for who, page in ((learner, mine), (manager, theirs)):
        said = text(who.get(page))
        assert ("valid until 2 Mar 2027" in said, shares(who.get(page))) == (True, [])
    with clock.standing_at(AT + timedelta(days=366)):
        learner, manager = signed_in(tenant, "rasa@example.org"), signed_in(tenant, MANAGER)
        for who, page in ((learner, mine), (manager, theirs)):
            assert "overdue since 2 Mar 2027" in text(who.get(page))
        assert learner.post(begin).status_code == 302
        do(learner, 0)
        assert shares(learner.get(mine)) == shares(manager.get(theirs)) == ["50"]
        do(learner, 1)
        assert "valid until 3 Mar 2028" in text(manager.get(theirs))


@keeps("ema-1.1.4")
def test_an_exercise_stands_in_the_own_history_and_moves_the_last_act(tenant: Tenant) -> None:
    _, _, _, held = client_company(tenant)
    course = courses.course(title="Fire safety", lessons=(1,))
    exercise = courses.exercise(course, title="Call for help")
    learner = signed_in(tenant, "rasa@example.org")
    learner.post(f"/courses/{course.slug}/enrolments/")
    here = f"/courses/{course.slug}/lessons/{exercise.slug}/"
    learner.get(here)
    clock_missing(now=AT)
    assert "3 March 2036" in text(learner.get("/workforce/"))

    later = AT + timedelta(days=40)
    with clock.standing_at(later):
        Enrolment.objects.update(started_at=AT)
        path = f"{here}attempts/"
        before = ends(held)
        assert learner.post(path, {"q0": "1", "q1": "1"}).status_code == 302
        assert "1 of 2 right" in text(learner.get(here))
        assert "1 of 2 right" in text(learner.get("/courses/mine/history/"))
        assert "Call for help" in text(learner.get("/courses/mine/history/"))
        assert "12 April 2036" in text(learner.get("/workforce/"))
        assert (before.date(), ends(held).date()) == (date(2036, 3, 2), date(2036, 4, 11))
        seen = signed_in(tenant, MANAGER).get(f"/workforce/people/{held.pk}/")
        assert "of 2 right" not in text(seen), "no employer sees a result"
        assert learner.post(path, {"q0": "1", "q1": "0"}).status_code == 302
        assert text(learner.get("/courses/mine/history/")).count("of 2 right") == 2


def ends(held: Employment) -> datetime:
    """When the data of somebody's employment go, as their page says."""
    found = clock_of(Employment.objects.get(pk=held.pk), now=clock.now())
    assert found is not None
    return found.at


@keeps("ema-1.6.2")
def test_a_paid_order_activates_the_licence_and_names_the_contract_purpose(tenant: Tenant) -> None:
    company, manager, _, _ = client_company(tenant)
    course = licences.course()
    who = signed_in(tenant, "manager@example.org")
    wanted = {"course": course.pk, "seats": 2, "months": 12}
    who.post(f"/licences/{company.pk}/orders/", wanted)
    assert not Licence.objects.exists(), "nothing runs before it is paid"

    licence = buy(tenant, company, course)

    assert "until " in text(who.get(f"/licences/{company.pk}/{licence.pk}/"))
    orders = copy_of(manager)["data/contract.jsonl"].decode().splitlines()
    told = [json.loads(line) for line in orders]
    named = {one["purpose"] for one in told if one.get("course_title") == course.title}
    (purpose,) = named
    policy = in_force(AT).policy
    assert next(one for one in policy.purpose if one.id == purpose).basis.kind == "contract"
