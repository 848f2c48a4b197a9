"""Marks: the scale, the keyboard's requests, history and reason, and who sees them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.services.diary.models import Assessment, Look, Mark, MarkChange
from skola.services.diary.tests import make
from skola.services.school.tests import make as schools
from skola.services.school.tests.make import A_DAY

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ekool")]
Enter = Callable[[Person], Client]
HTMX = {"hx-request": "true"}


def cell(one: Assessment) -> str:
    return reverse("diary:marks", args=[one.pk])


def test_thirty_marks_are_thirty_small_requests(client_of: Enter) -> None:
    world = make.world(pupils=30)
    one = make.assessment(world)
    client = client_of(world.teacher)

    for number, pupil in enumerate(world.pupils):
        told = {"pupil": pupil.pk, "value": str(1 + number % 5)}
        answer = client.post(cell(one), told, headers=HTMX)
        assert answer.content.decode().startswith("<td")

    given = {(mark.pupil_id, mark.value) for mark in Mark.objects.all()}
    assert given == {(pupil.pk, str(1 + n % 5)) for n, pupil in enumerate(world.pupils)}


def test_without_script_the_page_is_sent_as_a_whole(client_of: Enter) -> None:
    world = make.world(pupils=3)
    one = make.assessment(world)
    address = reverse("diary:journal", args=[world.group.pk])
    told = {
        f"m-{one.pk}-{pupil.pk}": value for pupil, value in zip(world.pupils, "5 ", strict=False)
    }

    assert client_of(world.teacher).post(address, told).status_code == 302

    assert [(mark.pupil_id, mark.value) for mark in Mark.objects.all()] == [(world.pupil.pk, "5")]


@pytest.mark.parametrize(
    ("scale", "taken", "refused"),
    [("1-5", "5", "6"), ("passing", "ma", "5"), ("passing", "A", "B")],
)
def test_a_mark_is_of_the_subjects_scale(
    client_of: Enter, scale: str, taken: str, refused: str
) -> None:
    world = make.world()
    group = schools.group(world.school_class, world.teacher, subject="Kunst", scale=scale)
    one = Assessment.objects.create(group=group, on=make.TODAY, created_at=A_DAY)
    client = client_of(world.teacher)

    page = client.post(cell(one), {"pupil": world.pupil.pk, "value": refused}, headers=HTMX)
    assert "is no mark" in page.content.decode()
    assert not Mark.objects.exists()
    client.post(cell(one), {"pupil": world.pupil.pk, "value": taken}, headers=HTMX)
    assert Mark.objects.get().value == taken.upper()


def test_a_mark_that_stands_changes_with_a_reason_that_pupil_and_parent_read(
    client_of: Enter,
) -> None:
    world = make.world()
    mark = make.mark(world, world.pupil, "3")
    client = client_of(world.teacher)
    told = {"pupil": world.pupil.pk, "value": "4"}

    with clock.standing_at(A_DAY + timedelta(hours=1)):
        page = client.post(cell(mark.assessment), told, headers=HTMX).content.decode()
        assert "data-reason" in page
        assert Mark.objects.get().value == "3"
        client.post(cell(mark.assessment), told | {"reason": "Task 4 was right."}, headers=HTMX)

    assert Mark.objects.get().value == "4"
    parent = schools.guardian(world.pupil.person)
    for reader in (world.pupil.person, parent):
        page = client_of(reader).get(reverse("diary:mark", args=[mark.pk])).content.decode()
        assert "3 became 4" in page
        assert "Task 4 was right." in page
        assert world.teacher.name in page


def test_what_was_mistyped_is_put_right_within_a_quarter_of_an_hour(client_of: Enter) -> None:
    world = make.world()
    mark = make.mark(world, world.pupil, "3")
    told = {"pupil": world.pupil.pk, "value": ""}

    with clock.standing_at(A_DAY + timedelta(minutes=14)):
        client_of(world.teacher).post(cell(mark.assessment), told, headers=HTMX)

    assert Mark.objects.get().value == ""
    assert [(one.before, one.after) for one in MarkChange.objects.order_by("at")] == [
        ("", "3"),
        ("3", ""),
    ]


def test_marks_of_others_do_not_exist(client_of: Enter) -> None:
    world = make.world()
    mark = make.mark(world, world.pupil)
    address = reverse("diary:mark", args=[mark.pk])
    classmate = world.pupils[1].person
    without_marks = schools.guardian(world.pupil.person, powers=("see",))
    stranger = people.account().person
    colleague = people.account().person
    schools.group(world.school_class, colleague, subject="Keemia")

    for other in (classmate, without_marks, stranger, colleague):
        assert client_of(other).get(address).status_code == 404
    for pupil in (classmate.pk, "x"):
        told = {"pupil": pupil, "value": "5"}
        assert client_of(colleague).post(cell(mark.assessment), told).status_code == 404
    assert not Look.objects.exists()


def test_a_pupil_of_another_class_gets_no_mark_here(client_of: Enter) -> None:
    world = make.world()
    one = make.assessment(world)
    elsewhere = schools.pupil(schools.school_class(world.school, "8.A"))

    answer = client_of(world.teacher).post(cell(one), {"pupil": elsewhere.pk, "value": "5"})

    assert answer.status_code == 404
    assert not Mark.objects.exists()
