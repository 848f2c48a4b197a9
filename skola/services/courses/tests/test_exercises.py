"""Exercises: made by an author, done by a learner, kept for the learner alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from skola.ground import clock
from skola.ground.people.api import Account
from skola.ground.people.tests.make import account, role
from skola.services.courses.models import Attempt, Enrolment, Progress
from skola.services.courses.tests import make
from skola.services.courses.tests.make import NOW

pytestmark = pytest.mark.usefixtures("tenant")
SignIn = Callable[[Account], Account]


@pytest.fixture
def me(sign_in: SignIn) -> Account:
    return sign_in(account())


def test_an_author_writes_questions_and_sees_what_is_wrong_with_them(
    client: Client, me: Account
) -> None:
    role(me.person, "author")
    course = make.course(author=me.person, state="draft", lessons=(1,))
    section = course.sections.get()
    there = f"/courses/making/{course.slug}/"
    sent = {"title": "Try it", "kind": "exercise"}
    made = client.post(f"{there}parts/{section.pk}/lessons/", sent)
    assert "asks nothing" in client.get(there).content.decode()

    for wrong, words in (
        ("Whom?\n112", "needs at least two answers"),
        ("Whom?\n112\n113", "needs one right answer"),
        ("\n\n".join(["Whom?\n* 112\n113"] * 21), "Ask one to twenty questions"),
    ):
        page = client.post(made["Location"], {"title": "Try it", "questions": wrong})
        assert (page.status_code, words in page.content.decode()) == (422, True)
    saved = client.post(made["Location"], {"title": "Try it", "questions": make.QUESTIONS})

    assert saved.status_code == 302
    exercise = course.lessons.get(kind="exercise")
    assert [one.right for one in exercise.asked] == [1, 0]
    assert "* 112" in client.get(made["Location"]).content.decode()


def test_it_is_checked_at_once_kept_and_done_when_all_is_right(client: Client, me: Account) -> None:
    course = make.course(lessons=(1,))
    exercise = make.exercise(course)
    enrolment = make.enrolment(course, me.person, done=1)
    here = f"/courses/{course.slug}/lessons/{exercise.slug}/"
    assert client.post(f"{here}completions/", {"done": "yes"}).status_code == 400

    assert client.post(f"{here}attempts/", {"q0": "1"}).status_code == 302
    page = client.get(here).content.decode()
    assert ("1 of 2 right" in page, page.count("not right")) == (True, 1)
    assert Enrolment.objects.get().finished_at is None
    client.post(f"{here}attempts/", {"q0": "1", "q1": "0"})

    assert "2 of 2 right" in client.get(here).content.decode()
    assert Enrolment.objects.get().finished_at is not None
    assert list(Attempt.objects.order_by("at", "pk").values_list("answers", "right")) == [
        ([1, None], 1),
        ([1, 0], 2),
    ]
    assert Progress.objects.get(enrolment=enrolment, lesson=exercise).done_at is not None
    assert client.post(f"{here}attempts/", {"q0": "9"}).status_code == 400


def test_nobody_sees_the_attempts_of_another(client: Client, me: Account) -> None:
    course = make.course(lessons=(1,))
    make.attempt(make.enrolment(course, account().person))

    assert "of 2 right" not in client.get("/courses/mine/history/").content.decode()
    exercise = course.lessons.get(kind="exercise")
    there = f"/courses/{course.slug}/lessons/{exercise.slug}/"
    assert client.post(f"{there}attempts/", {"q0": "1"}).status_code == 404
    assert client.get(there).status_code == 403


def test_an_attempt_is_never_changed_and_outlives_its_exercise(me: Account) -> None:
    course = make.course(lessons=(1,))
    made = make.attempt(make.enrolment(course, me.person))
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Attempt.objects.filter(pk=made.pk).update(right=0)

    course.lessons.get(kind="exercise").delete()

    made.refresh_from_db()
    assert (made.lesson_id, made.title) == (None, "What do you do?")


def test_a_changed_exercise_shows_no_answers_to_what_was_asked_before(
    client: Client, me: Account
) -> None:
    course = make.course(lessons=(1,))
    make.attempt(make.enrolment(course, me.person))
    exercise = course.lessons.get(kind="exercise")
    exercise.questions = exercise.questions[:1]
    exercise.save()

    page = client.get(f"/courses/{course.slug}/lessons/{exercise.slug}/").content.decode()

    assert "Your answers of" not in page


def test_the_history_asks_as_often_for_many_attempts_as_for_one(
    client: Client, me: Account
) -> None:
    course = make.course(lessons=(1,))
    made = make.attempt(make.enrolment(course, me.person))
    client.get("/courses/mine/history/")
    asked = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/courses/mine/history/").status_code == 200
        asked.append(len(queries))
        copies = [
            Attempt(
                enrolment=made.enrolment,
                lesson=made.lesson,
                title=made.title,
                answers=[1, 0],
                right=2,
                total=2,
                at=NOW + timedelta(minutes=number),
            )
            for number in range(9)
        ]
        if not number:
            Attempt.objects.bulk_create(copies)
    assert asked[0] == asked[1] <= 10


def test_a_locked_course_takes_no_attempt(client: Client, me: Account) -> None:
    course = make.course(lessons=(1,))
    exercise = make.exercise(course)
    make.enrolment(course, me.person)
    Enrolment.objects.update(until_at=NOW)
    with clock.standing_at(NOW):
        there = f"/courses/{course.slug}/lessons/{exercise.slug}/attempts/"
        assert client.post(there, {"q0": "1"}).status_code == 404
