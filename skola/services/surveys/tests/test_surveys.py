from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.tests.make import account, person, role
from skola.promises.retention.api import sweep
from skola.services.courses.tests import make as courses
from skola.services.groups.actions import leave
from skola.services.groups.tests import make as groups
from skola.services.surveys import actions, demo
from skola.services.surveys.links import address_of
from skola.services.surveys.models import Answer, FollowUp, Improvement, Invitation
from skola.services.surveys.tests import make

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("kic")]
A_DAY = timedelta(days=1)


@pytest.fixture
def stand(now: datetime) -> Iterator[None]:
    with clock.standing_at(now):
        yield


def test_who_was_in_a_group_is_asked_once_when_it_is_over(now: datetime) -> None:
    run = groups.run(starts_on=now.date(), days=3)
    groups.participant(run)
    left = groups.participant(run, family_name="Liepa")
    leave(left, by="office", now=now)

    asked = [actions.ask_about_groups(by="job", now=now + n * A_DAY) for n in (3, 4, 4, 40)]

    assert asked == [0, 1, 0, 0]
    assert Invitation.objects.get().run == run


def test_an_invitation_goes_after_a_year_and_the_answer_stays(now: datetime) -> None:
    make.answers(4, course=courses.course())

    sweep(now=now + 364 * A_DAY)
    assert Invitation.objects.count() == 1
    sweep(now=now + 368 * A_DAY)

    assert (Invitation.objects.count(), Answer.objects.count()) == (0, 1)


def test_a_form_without_a_score_is_not_taken_and_a_forged_link_shows_nothing(
    client: Client,
) -> None:
    invitation = make.invitation(course=courses.course())
    there = address_of(invitation)

    assert client.post(there, {"score": ""}).status_code == 422
    assert client.post(there, {"score": "6"}).status_code == 422
    assert client.get(reverse("surveys:answer", args=[str(invitation.pk)])).status_code == 404
    assert not Answer.objects.exists()


def test_an_improvement_is_noted_and_done(client: Client, now: datetime) -> None:
    me = account()
    client.force_login(me)
    role(me.person, "coordinator")
    report = reverse("surveys:report")

    assert client.post(report, {"text": "Louder"}).status_code == 422
    assert client.post(report, {"text": "Louder", "due_on": "2026-04-01"}).status_code == 302
    one = Improvement.objects.get()
    for _ in range(2):
        assert client.post(reverse("surveys:finish", args=[one.pk])).status_code == 302
    assert "Louder" in client.get(report).content.decode()


def test_the_demo_has_answers_of_groups_that_are_over(now: datetime) -> None:
    run = groups.run(starts_on=(now - 60 * A_DAY).date(), days=5, at=now - 90 * A_DAY)
    for n in range(8):
        groups.participant(run, family_name=f"A{n}", at=now - 80 * A_DAY)

    demo.populate("kic", [person()], Random(1), now)

    assert Invitation.objects.count() == 8
    assert Answer.objects.count() == Invitation.objects.filter(answered=True).count() > 0


@pytest.mark.tenant("ilearn")
def test_the_demo_has_somebody_who_wants_to_be_contacted(now: datetime) -> None:
    done = courses.enrolment(courses.course(), person(), started_at=now - A_DAY)
    done.finished_at = now
    done.save()

    demo.populate("ilearn", [done.person], Random(1), now)

    assert FollowUp.objects.get().person == done.person


@pytest.mark.tenant("ema")
def test_without_a_purpose_nobody_is_asked(client: Client, now: datetime) -> None:
    me = account()
    client.force_login(me)
    role(me.person, "administrator")

    assert client.get(reverse("surveys:report")).status_code == 404
    assert actions.ask_about_groups(by="job", now=now) == 0


@pytest.mark.parametrize("count", [1, 8])
def test_pages_ask_the_database_as_often_for_eight_as_for_one(client: Client, count: int) -> None:
    me = account()
    client.force_login(me)
    role(me.person, "coordinator")
    for n in range(count):
        run = groups.run()
        groups.trainer(run, person())
        make.answers(5, 5, 5, 5, 5, run=run)
        make.answers(4, course=courses.course(title=f"Course {n}"))

    def queries_of(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    frame = queries_of(reverse("ui:display"))
    pages = [reverse("surveys:report"), address_of(Invitation.objects.all()[0])]
    assert [page for page in pages if queries_of(page) - frame > 8] == []
