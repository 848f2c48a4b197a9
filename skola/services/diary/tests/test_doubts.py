"""A mark that is said to be wrong, from outside: the school gets it, the family the outcome."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Mail, Person
from skola.ground.people.tests import make as people
from skola.services.diary.models import Doubt
from skola.services.diary.tests import make
from skola.services.school import actions as school
from skola.services.school.tests import make as schools
from skola.services.school.tests.make import A_DAY

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ekool")]
Enter = Callable[[Person], Client]
WORDS = "The test says 18 of 20."


@pytest.mark.keeps("ekool-7.3", "ekool-8.5-liability")
def test_a_wrong_mark_is_the_schools_to_answer_and_nobodys_of_the_service(
    client_of: Enter,
) -> None:
    world, elsewhere = make.world(), make.world(name="Kase Kool")
    head, other = people.account().person, people.account().person
    school.name_administrator(world.school, head, by="staff", now=A_DAY)
    schools.group(world.school_class, other, subject="Kunst")
    staff = [people.account().person for _ in range(3)]
    for person, kind in zip(staff, ("administrator", "support", "officer"), strict=True):
        people.role(person, kind, starts_at=A_DAY - timedelta(days=1))
    mark = make.mark(world, world.pupil, "3")
    at, queue = reverse("diary:mark", args=[mark.pk]), reverse("diary:doubts")
    parent = schools.guardian(world.pupil.person)
    report = reverse("diary:reports", args=[mark.pk])
    assert report in client_of(parent).get(at).content.decode()

    assert client_of(parent).post(report, {"words": WORDS}).status_code == 302

    doubt = Doubt.objects.get()
    teacher, answers = client_of(world.teacher), reverse("diary:doubt-answers", args=[doubt.pk])
    assert "1 mark is said to be wrong" in teacher.get("/").content.decode()
    assert WORDS in client_of(head).get(queue).content.decode()
    assert WORDS not in client_of(elsewhere.teacher).get(queue).content.decode()
    assert WORDS not in client_of(other).get(queue).content.decode()
    told = {"value": "5", "answer": "Counted again."}
    cell = reverse("diary:marks", args=[mark.assessment_id])
    for person in (*staff, elsewhere.teacher, other, parent):
        assert client_of(person).post(answers, told).status_code == 404
        typed = {"pupil": world.pupil.pk, "value": "5"}
        assert client_of(person).post(cell, typed).status_code == 404
    for person in staff:
        assert [client_of(person).get(one).status_code for one in (at, queue)] == [404, 404]
    assert client_of(head).post(answers, told).status_code == 404  # marks are the teacher's
    mark.refresh_from_db()
    assert mark.value == "3"

    with clock.standing_at(A_DAY + timedelta(hours=1)):
        assert WORDS in teacher.get(queue).content.decode()
        assert teacher.post(answers, told).status_code == 302
        page = client_of(parent).get(at).content.decode()
        assert WORDS not in teacher.get(queue).content.decode()
    mark.refresh_from_db()
    assert mark.value == "5"
    assert ("Changed" in page, "Counted again." in page) == (True, True)
    mail = Mail.objects.get(person=parent)
    assert at in mail.text
    assert WORDS not in mail.text


def test_a_mark_can_stand_and_is_answered_once(client_of: Enter) -> None:
    world = make.world()
    mark = make.mark(world, world.pupil, "3")
    pupil = client_of(world.pupil.person)
    report = reverse("diary:reports", args=[mark.pk])
    for words in (WORDS, "I mean 17."):
        pupil.post(report, {"words": words})
    doubt = Doubt.objects.get()
    assert doubt.words == "I mean 17."
    teacher, answers = client_of(world.teacher), reverse("diary:doubt-answers", args=[doubt.pk])
    assert teacher.post(answers, {"value": "", "answer": ""}).status_code == 422
    assert teacher.post(answers, {"value": "9", "answer": "Yes."}).status_code == 422

    for _ in range(2):
        told = {"value": "", "answer": "17 points are a three."}
        assert teacher.post(answers, told).status_code == 302

    page = pupil.get(reverse("diary:mark", args=[mark.pk])).content.decode()
    assert ("It stands" in page, "17 points are a three." in page) == (True, True)
    assert Mail.objects.filter(person=world.pupil.person).count() == 1
    assert mark.changes.count() == 1


def test_who_may_not_see_a_mark_cannot_report_it(client_of: Enter) -> None:
    world = make.world()
    mark = make.mark(world, world.pupil)
    report = reverse("diary:reports", args=[mark.pk])
    watcher = schools.guardian(world.pupil.person, powers=("see",))

    for person in (watcher, world.pupils[1].person, world.teacher):
        assert client_of(person).post(report, {"words": WORDS}).status_code == 404
    pupil = client_of(world.pupil.person)
    assert pupil.post(report, {"words": ""})["Location"].endswith("wrong=yes#wrong")
    assert not Doubt.objects.exists()
