"""eKool counts how its customers use it, until they object; what they complain of stays."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.models import Account, Mail, Person
from skola.ground.people.tests import make as people
from skola.services.diary.tests import make as diary
from skola.services.habits.models import Complaint, Opinion, Use
from skola.services.habits.tests import make
from skola.services.school.tests import make as schools
from tests.promises.asking import OWN
from tests.promises.keeping import keeps
from tests.promises.marketing import browser, written
from tests.promises.reading import ask, latest, refusals, sheet

pytestmark = [pytest.mark.usefixtures("tenant"), pytest.mark.tenant("ekool")]
AT = schools.A_DAY
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def standing(db: None) -> Iterator[None]:
    cache.clear()
    with clock.standing_at(AT):
        yield
    cache.clear()


def working(kind: str) -> Account:
    """Somebody with a role; a study is about teachers."""
    made = people.account()
    people.role(made.person, kind, starts_at=AT)
    return made


def account_of(who: Person) -> Account:
    found = Account.objects.filter(person=who).first()
    return found or Account.objects.create_account(who, email=who.email, password=None, now=AT)


def used(who: Account, *days: int) -> None:
    """Open the messages on these days, each time twice."""
    for day in days:
        with clock.standing_at(AT + A_DAY * day):
            client = browser(who)
            for _ in range(2):
                assert client.get(reverse("messages:conversations")).status_code == 200


@keeps("ekool-3.1.4")
def test_an_objection_stops_the_counters_and_erases_them_and_leaves_the_complaint() -> None:
    mine, others = working("teacher"), [working("teacher") for _ in range(5)]
    for one in (mine, *others):
        used(one, 0, 1, 2)
    assert set(Use.objects.values_list("service", "days")) == {("messages", 3)}
    assert Use.objects.count() == 6
    who = browser(mine)
    told = {"opinion-service": "messages", "opinion-wish": "more", "opinion-score": "2"}
    assert who.post(reverse("habits:opinions"), told).status_code == 302
    wrong = {"complaint-service": "messages", "complaint-words": "They come late."}
    assert who.post(reverse("habits:complaints"), wrong).status_code == 302
    assert "They come late." in who.get(reverse("habits:mine")).content.decode()

    staff = browser(working("administrator"))
    tables = ("habits.use", "habits.opinion", "habits.complaint")
    for table in tables:
        for purpose in ("marketing.own", "contract.perform", "customer.identify"):
            assert ask(staff, purpose, table, by="service") == 403, (purpose, table)
    assert {why for _purpose, _table, why in refusals()} == {"locked"}
    condition = {"field_1": "habits.use.days", "op_1": "after", "value_1": "1"}
    assert written(staff, "offers", offer="x", **condition).status_code == 422
    for purpose in ("surveys", "behaviour.study"):
        assert ask(staff, purpose, "habits.use", by="service") == 302
        assert sheet(staff, latest())[1:] == [["Messages", "6"], ["all", "6"]]

    asked = {"kind": "objection", "reply_by": "account", "words": ""}
    sent = who.post(f"{OWN}new/", {**asked, "purposes": ["behaviour.study"]})
    assert sent.status_code == 302

    assert not Use.objects.filter(person=mine.person).exists(), "past ones are erased"
    used(mine, 3, 4)
    assert not Use.objects.filter(person=mine.person).exists(), "they stopped"
    used(others[0], 3)
    assert Use.objects.get(person=others[0].person).days == 4
    assert sheet(staff, latest())[1:] == [["Messages", "5"], ["all", "5"]]
    page = who.get(reverse("habits:mine")).content.decode()
    assert "Nothing is counted of you." in page
    assert "They come late." in page
    assert Opinion.objects.filter(person=mine.person).exists()

    complaint = Complaint.objects.get()
    there = reverse("habits:one", args=[complaint.pk])
    assert "They come late." in staff.get(reverse("habits:register")).content.decode()
    assert staff.post(there, {"answer": "They come at once now."}).status_code == 302
    assert staff.post(there, {"answer": "Twice."}).status_code == 409
    assert "They come at once now." in who.get(reverse("habits:mine")).content.decode()
    assert "They come at once now." in Mail.objects.latest("created_at").text
    assert Entry.objects.filter(kind="habits.uses.forgotten").count() == 1
    assert browser(others[0]).get(there).status_code in (403, 404), "staff only"


def test_nothing_is_counted_of_pupils_and_of_their_parents_it_is() -> None:
    world = diary.world()
    child = world.pupils[0].person
    parent = schools.guardian(child)
    used(account_of(child), 0)
    assert not Use.objects.exists()
    used(account_of(parent), 0)
    assert set(Use.objects.values_list("person", flat=True)) == {parent.pk}


@pytest.mark.tenant("kic")
def test_where_the_policy_studies_nothing_there_is_no_page_and_no_count() -> None:
    who = browser(people.account())
    assert who.get("/opinion/").status_code == 404
    assert who.get(reverse("courses:mine")).status_code == 200
    assert not Use.objects.exists()


def test_a_complaint_is_of_the_declared_category() -> None:
    one = make.complaint(people.person())
    assert one._meta.label_lower == "habits.complaint"
    for model in (Use, Opinion, Complaint):
        assert set(model.PersonalData.fields.values()) == {"habits"}
