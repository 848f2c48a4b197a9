"""A school's administrator, from outside: own school only; parents who ask, answered with proof."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground.audit.models import Entry
from skola.ground.people.models import Guardianship, Person, Role
from skola.ground.people.tests import make as people
from skola.ground.tenants.api import Tenant, inside
from skola.services.school import actions, queries
from skola.services.school.models import (
    Change,
    Group,
    LinkRequest,
    Pupil,
    School,
    SchoolClass,
    Slot,
)
from skola.services.school.tests import make

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ekool")]
Enter = Callable[[Person], Client]
MONDAY = date(2026, 3, 2)
AT_MOST = 8


def head_of(school: School) -> Person:
    """Somebody who administers one school."""
    person = people.account().person
    actions.name_administrator(school, person, by="staff", now=make.A_DAY)
    return person


def test_a_school_is_set_up_to_its_first_lesson(client_of: Enter) -> None:
    serves = people.account().person
    people.role(serves, "administrator", starts_at=make.A_DAY)
    person, teacher = people.account().person, people.account().person
    office = client_of(serves)
    office.post(reverse("school:schools"), {"name": "Lepiku Kool", "municipality": "Lepiku"})
    school = School.objects.get()
    naming = {"person": person.email}
    assert office.post(reverse("school:roles", args=[school.pk]), naming).status_code == 302

    head = client_of(person)
    years = {"starts_on": "2025-09-01", "ends_on": "2026-08-31"}
    head.post(reverse("school:years", args=[school.pk]), years)
    head.post(reverse("school:classes", args=[school.pk]), {"name": "7.B", "grade": "7"})
    head.post(reverse("school:subjects", args=[school.pk]), {"name": "Keemia", "scale": "1-5"})
    found = SchoolClass.objects.get()
    pupil = {
        "given_name": "Mari",
        "family_name": "Mets",
        "birth_on": "2012-05-04",
        "joined_on": "2025-09-01",
    }
    head.post(reverse("school:pupils", args=[found.pk]), pupil)
    told = {"subject": school.subjects.get().pk, "teacher": teacher.email}
    head.post(reverse("school:groups", args=[found.pk]), told)
    head.post(reverse("school:leaders", args=[found.pk]), {"person": teacher.email})
    slot = {
        "group": Group.objects.get().pk,
        "weekday": "1",
        "bell": school.bells.get(number=2).pk,
        "room": "12",
        "from_on": "2025-09-01",
    }
    address = reverse("school:slots", args=[found.pk])
    assert head.post(address, slot).status_code == 302
    assert head.post(address, slot).status_code == 422

    page = head.get(reverse("school:class", args=[found.pk])).content.decode()
    assert "Mets Mari" in page
    assert teacher.name in page
    lessons = queries.taught_in(teacher, [MONDAY], make.A_DAY + timedelta(hours=1))[MONDAY]
    assert [(one.group.subject.name, one.plan.room) for one in lessons] == [("Keemia", "12")]
    assert Pupil.objects.get().person.source == "school"


def test_another_school_does_not_exist_for_who_administers_one(client_of: Enter) -> None:
    mine, other = make.school("Lepiku Kool"), make.school("Kase Kool")
    foreign = make.school_class(other, pupils=1)
    group = make.group(foreign, people.account().person)
    slot = make.slot(group)
    asked = actions.ask_for_link(
        people.person(),
        other,
        child_name="Mari Mets",
        child_birth_on=date(2012, 5, 4),
        words="",
        by="parent",
        now=make.A_DAY,
    )
    client = client_of(head_of(mine))
    client.get("/")  # a first visit is on record: since when somebody is a customer
    before = Entry.objects.count()

    assert client.get(reverse("school:school", args=[mine.pk])).status_code == 200
    pages = {
        "school": other.pk,
        "changes": other.pk,
        "class": foreign.pk,
        "request": asked.pk,
        "years": other.pk,
        "classes": other.pk,
        "subjects": other.pk,
        "leavings": other.pk,
        "pupils": foreign.pk,
        "groups": foreign.pk,
        "leaders": foreign.pk,
        "slots": foreign.pk,
        "pupil-leavings": Pupil.objects.get().pk,
        "slot-endings": slot.pk,
        "lesson-changes": slot.pk,
        "refusals": asked.pk,
        "roles": other.pk,
    }
    for name, key in pages.items():
        address = reverse(f"school:{name}", args=[key])
        assert client.get(address).status_code in (404, 405), name
        assert client.post(address, {"on": "2026-03-02"}).status_code in (404, 405), name
    for name in ("schools", "requests"):
        page = client.get(reverse(f"school:{name}")).content.decode()
        assert "Kase Kool" not in page
        assert "Mari Mets" not in page
    # nor do desks and letters of others: a school administrator holds no other role
    assert client.get(reverse("desk:queue")).status_code == 404
    assert client.get(reverse("web:people:people")).status_code == 404
    assert Entry.objects.count() == before


def test_the_services_own_staff_neither_read_nor_change_study_data(client_of: Enter) -> None:
    school = make.school()
    found = make.school_class(school, pupils=1)
    group = make.group(found, people.account().person)
    serves = people.account().person
    for kind in ("administrator", "officer", "support", "finance"):
        people.role(serves, kind, starts_at=make.A_DAY)
    client = client_of(serves)

    assert client.get(reverse("school:schools")).status_code == 200
    for address in (
        reverse("school:school", args=[school.pk]),
        reverse("school:class", args=[found.pk]),
        reverse("diary:journal", args=[group.pk]),
        reverse("diary:class", args=[found.pk]),
        reverse("diary:record", args=[Pupil.objects.get().person_id]),
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, {}).status_code in (404, 405)


def test_a_parent_who_asks_learns_nothing_and_the_answer_has_proof(client_of: Enter) -> None:
    school = make.school()
    pupil = make.pupil(make.school_class(school))
    parent, head = people.account().person, head_of(school)
    client = client_of(parent)
    asked = {"school": school.pk, "child_birth_on": "2012-05-04"}
    answers = [
        client.post(reverse("school:ask"), {**asked, "child_name": name}, follow=True)
        for name in ("Mari Mets", "Nobody At All")
    ]
    there, nobody = [
        answer.content.decode().replace("Nobody At All", "Mari Mets") for answer in answers
    ]
    assert nobody.count("has not answered") == there.count("has not answered") + 1
    assert Guardianship.objects.count() == 0

    real, other = LinkRequest.objects.order_by("asked_at", "pk")
    office = client_of(head)
    told = {"pupil": pupil.pk, "proof": "in-person", "powers": ["see", "excuse"]}
    assert office.post(reverse("school:request", args=[real.pk]), told).status_code == 302
    refusal = reverse("school:refusals", args=[other.pk])
    assert office.post(refusal, {"answer": ""}).status_code == 422
    assert office.post(refusal, {"answer": "No such pupil."}).status_code == 302

    link = Guardianship.objects.get()
    assert (link.child_id, link.guardian_id, link.proof, link.powers) == (
        pupil.person_id,
        parent.pk,
        "in-person",
        ["see", "excuse"],
    )
    assert [one.pk for one in LinkRequest.objects.all()] == [other.pk]


def test_what_changes_on_a_day_is_seen_on_that_day_and_can_be_taken_back(client_of: Enter) -> None:
    school = make.school()
    teacher, substitute = people.account().person, people.account().person
    slot = make.slot(make.group(make.school_class(school), teacher))
    client = client_of(head_of(school))
    address = reverse("school:lesson-changes", args=[slot.pk])

    told = {"on": "2026-03-02", "room": "7", "teacher": substitute.email}
    assert client.post(address, told).status_code == 302
    assert client.post(address, {**told, "teacher": "nobody@example.org"}).status_code == 422
    assert client.post(address, {**told, "on": "x"}).status_code == 404

    day = queries.taught_in(substitute, [MONDAY, MONDAY + timedelta(days=7)], make.A_DAY)
    assert [len(there) for there in day.values()] == [1, 0]
    client.post(address, {"on": "2026-03-02"})
    assert not Change.objects.exists()


def test_who_leaves_the_school_holds_nothing_there_any_more(client_of: Enter) -> None:
    school, other = make.school(), make.school("Kase Kool")
    teacher = people.account().person
    for one in (school, other):
        make.group(make.school_class(one), teacher)
    client = client_of(head_of(school))

    leaving = reverse("school:leavings", args=[school.pk])
    assert client.post(leaving, {"person": teacher.pk}).status_code == 302
    assert client.post(leaving, {"person": teacher.pk}).status_code == 404

    assert Role.objects.filter(person=teacher).held_at(make.A_DAY + timedelta(1)).count() == 1


@pytest.mark.tenant("kic")
def test_where_the_policy_has_no_diary_there_is_no_school(tenant: Tenant, client: Client) -> None:
    with inside(tenant.pk):
        account = people.account()
        people.role(account.person, "administrator", starts_at=make.A_DAY)
        client.force_login(account)

    for name in ("school:schools", "school:ask", "diary:front", "diary:teaching", "diary:children"):
        assert client.get(reverse(name)).status_code == 404
    assert reverse("diary:front") not in client.get("/").content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_pages_of_the_office_ask_as_often_for_thirty_as_for_one(
    client_of: Enter, count: int
) -> None:
    school = make.school()
    found = make.school_class(school, pupils=count)
    for number in range(min(count, 8)):
        group = make.group(found, people.account().person, subject=f"Aine {number}")
        make.slot(group, number=number + 1)
    for _ in range(count):
        actions.ask_for_link(
            people.person(),
            school,
            child_name="Mari Mets",
            child_birth_on=date(2012, 5, 4),
            words="",
            by="parent",
            now=make.A_DAY,
        )
    client = client_of(head_of(school))
    pages = {
        "changes": (school.pk,),
        "requests": (),
        "request": (LinkRequest.objects.first().pk,),  # type: ignore[union-attr]
        "schools": (),
    }
    with CaptureQueriesContext(connection) as frame:
        client.get(reverse("ui:display"))
    counts = {}
    for name, args in pages.items():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"school:{name}", args=args)).status_code == 200
        counts[name] = len(asked) - len(frame)
    assert {name: n for name, n in counts.items() if n > AT_MOST} == {}
    assert Slot.objects.count() == min(count, 8)
