"""Hand-overs between schools, and support that is let in, from outside."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.services.diary.tests import make as diary
from skola.services.pupils.models import HandOver, SupportCase
from skola.services.pupils.tests.test_pupils import at, head_of, strengthen
from skola.services.school import actions as school
from skola.services.school.models import Pupil
from skola.services.school.tests import make as schools
from skola.services.school.tests.make import A_DAY

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ekool")]
Enter = Callable[[Person], Client]


@pytest.mark.keeps("ekool-3.1.1-education")
def test_a_pupil_is_handed_over_with_the_record_and_each_school_keeps_its_own(
    client_of: Enter,
) -> None:
    old, new = diary.world(pupils=1), diary.world(name="Kase Kool", pupils=1)
    child = old.pupil.person
    mark = diary.mark(old, old.pupil, "3")
    here, there = (strengthen(client_of(head_of(one))) for one in (old, new))
    card = at("pupil", old.pupil.pk)
    assert at("leavings", old.pupil.pk) in here.get(card).content.decode()
    assert there.get(card).status_code == 404

    for _ in range(2):
        told = {"to_school": new.school.pk}
        assert here.post(at("leavings", old.pupil.pk), told).status_code == 302

    handed = HandOver.objects.get()
    page = at("hand-over", handed.pk)
    assert str(handed.pk) in there.get(reverse("pupils:hand-overs")).content.decode()
    before = there.get(page).content.decode()
    assert ("Matemaatika" in before, "<dd>3</dd>" in before) == (True, True)
    into = {"school_class": new.school_class.pk}
    assert here.post(at("takings", handed.pk), into).status_code == 404
    assert there.post(at("takings", handed.pk), {"school_class": ""}).status_code == 422
    for _ in range(2):
        assert there.post(at("takings", handed.pk), into).status_code == 302
    joined = Pupil.objects.get(person=child, school_class=new.school_class)
    later = diary.mark(new, joined, "5")
    diary.mark(old, old.pupil, "2")  # the old school's own, after the hand-over

    assert there.get(page).content.decode().count("<dd>3</dd>") == 1
    record = {"from_school": old.school.pk, "to_school": new.school.pk}
    assert HandOver.objects.filter(**record).get().record["years"][0]["marks"] == {
        "Matemaatika": ["3"]
    }
    assert client_of(old.teacher).get(reverse("diary:mark", args=[mark.pk])).status_code == 200
    assert client_of(old.teacher).get(reverse("diary:mark", args=[later.pk])).status_code == 404
    assert client_of(new.teacher).get(reverse("diary:mark", args=[mark.pk])).status_code == 404
    assert here.get(at("pupil", joined.pk)).status_code == 404
    old.pupil.refresh_from_db()
    assert old.pupil.left_on == diary.TODAY
    third = client_of(head_of(diary.world(name="Saare Kool")))
    assert third.get(page).status_code == 404


@pytest.mark.keeps("ekool-2.5-need")
def test_support_sees_a_school_for_an_assigned_task_and_as_long_as_it_is_open(
    client_of: Enter,
) -> None:
    world, other = diary.world(), diary.world(name="Kase Kool")
    agent, colleague = people.account().person, people.account().person
    for one in (agent, colleague):
        people.role(one, "support", starts_at=A_DAY - timedelta(days=1))
    office, helper = client_of(head_of(world)), client_of(agent)
    cases = at("cases", world.school.pk)
    assert helper.get(cases).status_code == 404
    for name, pk in (("data", world.school.pk), ("register", world.school.pk)):
        assert helper.get(at(name, pk), {"for": "support"}).status_code == 404
    told = {"agent": agent.email, "words": "A pupil is in the wrong class.", "days": 1}
    assert office.post(cases, told | {"agent": world.teacher.email}).status_code == 422
    assert office.post(cases, told | {"days": 30}).status_code == 422
    assert office.post(at("cases", other.school.pk), told).status_code == 404

    assert office.post(cases, told).status_code == 302

    case = SupportCase.objects.get()
    page = at("case", case.pk)
    assert page in helper.get(reverse("pupils:front")).content.decode()
    text = helper.get(page).content.decode()
    assert world.pupil.person.given_name in text
    assert world.pupil.person.email not in text
    assert client_of(colleague).get(page).status_code == 404
    assert helper.get(at("pupil", world.pupil.pk)).status_code == 404
    read = Entry.objects.get(kind="pupils.register.read")
    assert read.detail == {"purpose": "support", "pupils": 2}
    with clock.standing_at(A_DAY + timedelta(days=1, minutes=9)):  # its time is over
        assert helper.get(page).status_code == 404
    assert client_of(colleague).post(at("closings", case.pk)).status_code == 404
    assert office.post(at("closings", case.pk)).status_code == 302
    assert helper.get(page).status_code == 404


def test_a_hand_over_needs_another_school_and_a_pupil_who_is_there(client_of: Enter) -> None:
    world = diary.world()
    office = client_of(head_of(world))

    told = {"to_school": world.school.pk}
    assert office.post(at("leavings", world.pupil.pk), told).status_code == 302
    assert not HandOver.objects.exists()
    past = diary.TODAY - timedelta(days=3)
    school.leave_class(world.pupil, on=past, by="school", now=A_DAY)
    assert office.post(at("leavings", world.pupil.pk), {}).status_code == 404
    parent = schools.guardian(world.pupils[1].person)
    assert client_of(parent).post(at("leavings", world.pupils[1].pk), {}).status_code == 404
