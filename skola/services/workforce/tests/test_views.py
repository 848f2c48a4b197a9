import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Account, Person
from skola.ground.tenants.api import Tenant, inside
from skola.services.workforce.models import (
    Assignment,
    Charge,
    Company,
    Completion,
    Employment,
    Post,
    Requirement,
)
from skola.services.workforce.tests import make

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ema")]

Enter = Callable[..., Person]
AT_MOST = 8


def text_of(page: Any) -> str:
    """What a page says, without markup and with single spaces."""
    said = re.sub(r"<[^>]+>", " ", page.content.decode())
    return re.sub(r"\s+", " ", html.unescape(said).replace("\N{NO-BREAK SPACE}", " "))


def address(name: str, company: Company, **more: Any) -> str:
    return reverse(f"workforce:{name}", kwargs={"pk": company.pk, **more})


def compare(client: Client, company: Company, *lines: str, complete: bool = False) -> Any:
    """Upload a list and return the page of the difference."""
    file = SimpleUploadedFile("people.csv", (make.HEAD + "\n".join(lines)).encode())
    sent = {"file": file, **({"complete": "on"} if complete else {})}
    return client.post(address("import", company), sent)


def sealed(page: Any) -> str:
    found = re.search(r'name="list" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def bring(client: Client, company: Company, *lines: str, complete: bool = False) -> Any:
    """Upload a list, look at the difference, and apply it."""
    page = compare(client, company, *lines, complete=complete)
    return client.post(address("lists", company), {"list": sealed(page)})


@pytest.mark.keeps("ema-2.1-name")
def test_a_list_brings_names_and_the_next_one_updates_them(client: Client, enter: Enter) -> None:
    company = make.company(manager=enter())

    page = compare(
        client, company, "1,Rasa,Jonaitė,,,Vilnius,Driver,", "2,Ona,Petraitė,,,Kaunas,Cook,"
    )
    assert "2 joined" in text_of(page)
    assert not Employment.objects.exists()
    client.post(address("lists", company), {"list": sealed(page)})
    listed = text_of(client.get(address("people", company)))
    assert ("Jonaitė Rasa" in listed, "Petraitė Ona" in listed) == (True, True)

    bring(client, company, "1,Rasa,Jonaitienė,,,Vilnius,Driver,", "2,Ona,Petraitė,,,Kaunas,Cook,")
    names = {one.person.name for one in Employment.objects.select_related("person")}
    assert names == {"Rasa Jonaitienė", "Ona Petraitė"}


def test_a_list_that_is_sent_twice_is_applied_once(client: Client, enter: Enter) -> None:
    company = make.company(manager=enter())
    page = compare(client, company, make.line("1"), make.line("2"))

    answers = [client.post(address("lists", company), {"list": sealed(page)}) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert (Employment.objects.count(), Post.objects.count()) == (2, 2)
    assert Account.objects.filter(email__startswith="rasa").count() == 2


def test_what_changed_meanwhile_is_shown_again_and_not_applied(
    client: Client, enter: Enter
) -> None:
    company = make.company(manager=enter())
    page = compare(client, company, make.line("1"), make.line("2"))
    make.bring(company, make.line("1", position="Cook"))

    again = client.post(address("lists", company), {"list": sealed(page)})

    assert again.status_code == 409
    assert "1 moved" in text_of(again)
    assert Employment.objects.count() == 1


def test_a_difference_of_another_company_is_not_applied(client: Client, enter: Enter) -> None:
    me = enter()
    one, other = make.company(manager=me), make.company(manager=me)
    page = compare(client, one, make.line("1"))

    client.post(address("lists", other), {"list": sealed(page)})
    client.post(address("lists", other), {"list": "forged"})

    assert not Employment.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b\n1,2\n", "lacks these columns"),
        ("number\xff".encode("latin-1"), "UTF-8"),
        (make.HEAD.encode(), "no people"),
    ],
)
def test_a_list_that_is_none_comes_back(
    client: Client, enter: Enter, content: bytes, words: str
) -> None:
    company = make.company(manager=enter())

    page = client.post(
        address("import", company), {"file": SimpleUploadedFile("people.csv", content)}
    )

    assert page.status_code == 422
    assert words in text_of(page)


@pytest.mark.keeps("ema-2.1-work")
def test_who_moves_to_another_position_gets_its_training_with_a_deadline_that_is_explained(
    client: Client, enter: Enter
) -> None:
    company = make.company(manager=enter())
    rasa = make.employee(company, position="Driver")
    make.bring(company, make.line("9", position="Crane operator"))
    make.requirement(company, title="Cranes", position="Crane operator", days=30)
    assert not Assignment.objects.filter(employment=rasa).exists()

    bring(client, company, make.line("1", position="Crane operator"))

    page = text_of(client.get(reverse("workforce:employee", args=[rasa.pk])))
    assert "to do by 1 Apr 2026" in page
    assert (
        "Due by 1 April 2026: in the position “Crane operator” since 2 March 2026,"
        " with 30 days to do it."
    ) in page


@pytest.mark.keeps("ema-2.1.7")
def test_a_manager_sees_the_units_below_and_whoever_moves_is_gone_from_that_day(
    client: Client, enter: Enter
) -> None:
    company = make.company()
    make.bring(
        company,
        make.line("1", unit="Vilnius"),
        make.line("2", unit="Vilnius / Warehouse"),
        make.line("3", unit="Kaunas"),
    )
    me = enter()
    make.charge(company, "Vilnius", me)

    def seen() -> list[str]:
        page = client.get(address("people", company)).content.decode()
        return re.findall(r"Jonaitė(\d) Rasa", page)

    assert seen() == ["1", "2"]
    kaunas = Employment.objects.get(staff_number__value="3")
    assert client.get(reverse("workforce:employee", args=[kaunas.pk])).status_code == 404

    moved = make.bring(company, make.line("1", unit="Kaunas"))["1"]

    assert seen() == ["2"]
    assert client.get(reverse("workforce:employee", args=[moved.pk])).status_code == 404
    assert Post.objects.filter(employment=moved).count() == 2, "the history of moves stays"
    Charge.objects.filter(person=me).update(ends_on=make.TODAY + timedelta(days=1))
    assert client.get(address("people", company)).status_code == 200
    with clock.standing_at(make.A_DAY + timedelta(days=1)):
        assert client.get(address("people", company)).status_code == 404


def test_a_manager_changes_nothing(client: Client, enter: Enter) -> None:
    company = make.company()
    one = make.employee(company)
    rule = make.requirement(company)
    make.charge(company, "Vilnius", enter())
    task = Assignment.objects.get(employment=one)

    for name in ("import", "organisation", "requirements"):
        assert client.get(address(name, company)).status_code == 404
    for url in (
        address("lists", company),
        address("charges", company),
        address("requirement-endings", company, rule=rule.pk),
        reverse("workforce:completions", kwargs={"pk": one.pk, "task": task.pk}),
    ):
        assert client.post(url).status_code == 404


def test_a_manager_of_one_company_sees_nothing_of_another(client: Client, enter: Enter) -> None:
    other = make.company()
    foreign = make.employee(other)
    make.company(manager=enter())

    assert client.get(address("people", other)).status_code == 404
    assert client.get(reverse("workforce:employee", args=[foreign.pk])).status_code == 404


def test_two_companies_use_the_same_number_and_one_company_does_not(
    client: Client, enter: Enter
) -> None:
    one, other = make.company(), make.company(manager=enter())
    make.bring(one, "7,Rasa,Jonaitė,,,Vilnius,Driver,")

    page = bring(client, other, "7,Ona,Petraitė,,,Vilnius,Driver,")
    assert page.status_code == 302
    twice = compare(client, other, "8,A,B,,,Vilnius,Driver,", "8,C,D,,,Vilnius,Driver,")

    assert Employment.objects.count() == 2
    assert "The number is on the list twice." in text_of(twice)


def test_who_works_for_two_employers_is_seen_by_each_for_its_own(
    client: Client, enter: Enter
) -> None:
    first, second = make.company(), make.company(manager=enter())
    line = "1,Rasa,Jonaitė,rasa@example.org,,Vilnius,Driver,"
    here = make.bring(first, line)["1"]
    there = make.bring(second, line)["1"]
    make.requirement(first, title="Secret of the first")
    make.requirement(second, title="Of the second")

    assert here.person_id == there.person_id
    page = text_of(client.get(reverse("workforce:employee", args=[there.pk])))
    assert ("Of the second" in page, "Secret of the first" in page) == (True, False)
    assert client.get(reverse("workforce:employee", args=[here.pk])).status_code == 404
    enter(person=here.person)
    mine = text_of(client.get(reverse("workforce:mine")))
    assert ("Of the second" in mine, "Secret of the first" in mine) == (True, True)


def test_who_left_is_seen_no_more_and_is_told_of_nothing(client: Client, enter: Enter) -> None:
    company = make.company(manager=enter())
    one = make.employee(company, "1")
    make.requirement(company)

    bring(client, company, make.line("2"), complete=True)

    assert client.get(reverse("workforce:employee", args=[one.pk])).status_code == 404
    one.refresh_from_db()
    assert one.ended_on == make.TODAY
    assert not Assignment.objects.open().filter(employment=one).exists()
    make.bring(company, make.line("1"), make.line("2"))
    one.refresh_from_db()
    assert one.ended_on is None
    assert Assignment.objects.open().filter(employment=one).count() == 1


def test_a_requirement_tells_first_whom_it_concerns(client: Client, enter: Enter) -> None:
    company = make.company(manager=enter())
    make.bring(company, make.line("1"), make.line("2"), make.line("3", position="Cook"))
    driver = Post.objects.filter(position__name="Driver")[0].position_id
    told = {"title": "Tyres", "position": str(driver), "days": "10", "months": "12"}
    url = address("requirements", company)

    page = client.post(url, told)
    assert "It concerns 2 people" in text_of(page)
    assert not Requirement.objects.exists()
    assert client.post(url, {**told, "sure": "on"}).status_code == 302

    assert Assignment.objects.open().count() == 2
    assert client.post(url, told).status_code == 422, "it is required already"
    rule = Requirement.objects.get()
    client.post(address("requirement-endings", company, rule=rule.pk))
    assert Assignment.objects.open().count() == 0


def test_a_training_given_elsewhere_is_noted_and_becomes_due_again(
    client: Client, enter: Enter
) -> None:
    company = make.company(manager=enter())
    one = make.employee(company)
    make.requirement(company, days=10, months=12)
    task = Assignment.objects.get()
    url = reverse("workforce:completions", kwargs={"pk": one.pk, "task": task.pk})

    assert client.post(url, {"done_on": "2026-03-03"}).status_code == 422, "not yet"
    assert client.post(url, {"done_on": "2026-03-02", "evidence": "No 7"}).status_code == 302

    page = text_of(client.get(reverse("workforce:employee", args=[one.pk])))
    assert "valid until 2 Mar 2027" in page
    assert "Done on 2 March 2026 · No 7" in page
    assert "done on 2 March 2026, and valid for 12 months." in page
    task.refresh_from_db()
    assert task.stands(date(2027, 3, 3)) == "overdue"
    assert Completion.objects.count() == 1


def test_a_duty_is_given_by_number_and_ended(client: Client, enter: Enter) -> None:
    company = make.company(manager=enter())
    one = make.employee(company)
    unit = Post.objects.get().unit_id
    told = {"unit": str(unit), "duty": "manager", "number": "1"}

    assert client.post(address("charges", company), {**told, "number": "5"}).status_code == 422
    assert client.post(address("charges", company), told).status_code == 302
    held = Charge.objects.get(person=one.person)
    assert "Rasa Jonaitė1" in text_of(client.get(address("organisation", company)))
    client.post(address("charge-endings", company, charge=held.pk))
    held.refresh_from_db()
    assert held.ends_on == make.TODAY


def test_staff_enter_a_company_and_see_nobody_in_it(client: Client, enter: Enter) -> None:
    manager = enter()
    address_of = Account.objects.get(person=manager).email
    enter("administrator")
    url = reverse("workforce:companies")
    assert client.post(url, {"name": "Works", "email": "nobody@example.org"}).status_code == 422
    assert client.post(url, {"name": "Works", "email": address_of}).status_code == 302
    assert client.post(url, {"name": "Works", "email": address_of}).status_code == 422

    company = Company.objects.get()
    assert "Works" in text_of(client.get(url))
    assert client.get(address("people", company)).status_code == 404
    enter(person=manager)
    assert client.get(address("people", company)).status_code == 200
    assert client.get(url).status_code == 404


def test_home_says_what_waits(client: Client, enter: Enter) -> None:
    me = enter()
    company = make.company(manager=me)
    one = make.employee(company)
    make.requirement(company, days=0)
    with clock.standing_at(make.A_DAY + timedelta(days=1)):
        page = client.get("/")
        assert "1 training of your people is overdue" in text_of(page)
        assert f'href="{address("people", company)}"' in page.content.decode(), "the rail"
        enter(person=one.person)
        assert "1 training is overdue" in text_of(client.get("/"))


@pytest.mark.tenant("kic")
def test_without_a_purpose_there_is_no_workforce(client: Client, enter: Enter) -> None:
    company = make.company(manager=enter("administrator"))

    for name in ("people", "import", "organisation", "requirements"):
        assert client.get(address(name, company)).status_code == 404
    for name in ("mine", "companies"):
        assert client.get(reverse(f"workforce:{name}")).status_code == 404


def test_what_is_another_tenants_does_not_exist(
    client: Client, enter: Enter, other_tenant: Tenant
) -> None:
    me = enter("administrator")
    with inside(other_tenant.pk):
        foreign = make.company()
        one = make.employee(foreign)
    make.company(manager=me)

    assert client.get(address("people", foreign)).status_code == 404
    assert client.get(reverse("workforce:employee", args=[one.pk])).status_code == 404


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_pages_ask_the_database_as_often_for_a_company_ten_times_as_large(
    client: Client, enter: Enter
) -> None:
    me = enter()
    counts = []
    for size in (4, 40):
        company = make.company(manager=me)
        lines = [
            make.line(f"{size}-{n}", unit=f"Unit {n % 4} / Part {n % 8}", position=f"P{n % 3}")
            for n in range(size)
        ]
        people = make.bring(company, *lines)
        make.requirement(company, title="First aid")
        make.requirement(company, title="Cranes", position="P1", months=12)
        one = people[f"{size}-0"]
        enter(person=one.person)
        client.get("/")  # the first page of a day notes it
        mine = queries_of(client, reverse("workforce:mine"))
        enter(person=me)
        frame = queries_of(client, reverse("ui:display"))
        pages = {
            name: queries_of(client, address(name, company)) - frame
            for name in ("people", "organisation", "requirements", "import")
        }
        pages["employee"] = queries_of(client, reverse("workforce:employee", args=[one.pk])) - frame
        pages["mine"] = mine - frame
        counts.append(pages)

    assert counts[0] == counts[1]
    assert {name: n for name, n in counts[1].items() if n > AT_MOST} == {}


def test_a_list_asks_the_database_as_often_for_a_hundred_people_as_for_ten(
    client: Client, enter: Enter
) -> None:
    me = enter()
    counts = []
    for size in (10, 100):
        company = make.company(manager=me)
        make.requirement(company)
        with CaptureQueriesContext(connection) as asked:
            make.bring(company, *[make.line(f"{size}-{n}") for n in range(size)])
        counts.append(len(asked))

    assert counts[0] == counts[1]
