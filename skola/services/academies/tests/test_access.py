"""The operator let in, and the end: what the pages ask, refuse and show."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.services.academies.actions.ending import EndedError, end_academy, look_after
from skola.services.academies.actions.visiting import let_in, look
from skola.services.academies.models import Academy, Admission, Instruction
from skola.services.academies.rules import LONGEST_VISIT, Permission
from skola.services.academies.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.tenant("learnifier")]
A_SECOND = timedelta(seconds=1)


def test_a_permission_begins_at_once_and_is_over_at_its_end() -> None:
    one = Permission(make.NOW, make.NOW + timedelta(hours=4))
    shut = Permission(one.starts_at, one.ends_at, make.NOW + timedelta(hours=1))
    moments = [make.NOW - A_SECOND, make.NOW, one.ends_at - A_SECOND, one.ends_at]

    assert [one.stands(moment) for moment in moments] == [False, True, True, False]
    assert [shut.stands(moment) for moment in moments] == [False, True, False, False]


def test_the_database_says_the_same_as_the_rule() -> None:
    with inside(make.founded().academy.client):
        person = people.person()
        made = let_in(
            reason="A case", span=timedelta(days=90), person=person, by="client", now=make.NOW
        )
        assert made.ends_at == make.NOW + LONGEST_VISIT
        for ended_at in (None, make.NOW + timedelta(hours=1)):
            Admission.objects.update(ended_at=ended_at)
            rule = Permission(made.starts_at, made.ends_at, ended_at)
            for hours in (-1, 0, 1, 2, 335, 336, 337):
                moment = make.NOW + timedelta(hours=hours)
                there = Admission.objects.standing_at(moment).exists()
                assert there == rule.stands(moment), (hours, ended_at)


def test_pages_ask_little_whatever_the_size(django_assert_max_num_queries: Any) -> None:
    founded = make.founded()
    client = Client(HTTP_HOST=founded.host)
    client.get(founded.arrival)
    with inside(founded.academy.client):
        now = clock.now()
        let_in(
            reason="A case", span=timedelta(days=1), person=people.person(), by="client", now=now
        )
        for _ in range(3):
            look("staff", at=people.account().person_id, now=now)
    for path in ("own/", "own/agreement/", "own/access/", "own/ending/"):
        client.get(f"/academies/{path}")  # the names of tenants are known from here on
        with django_assert_max_num_queries(8):
            assert client.get(f"/academies/{path}").status_code == 200
    staff = people.account()
    people.role(staff.person, "support")
    operator = Client(HTTP_HOST="learnifier.localhost")
    operator.force_login(staff)
    operator.get("/")
    with django_assert_max_num_queries(17):  # of them eight note the look, in the academy
        page = operator.get(f"/academies/{founded.academy.pk}/people/")
    assert page.status_code == 200


def test_only_administrators_end_an_academy_and_they_do_it_once(
    client: Client, sign_in: Callable[[Account], Account]
) -> None:
    founded = make.founded()
    with inside(founded.academy.client):
        ordinary = people.account()
        other = Client(HTTP_HOST=founded.host)
        other.force_login(ordinary)
    assert other.post("/academies/own/ending/", {"sure": "on"}).status_code == 404
    administrator = Client(HTTP_HOST=founded.host)
    administrator.get(founded.arrival)
    assert administrator.post("/academies/own/ending/", {}).status_code == 422
    for _ in range(2):
        assert administrator.post("/academies/own/ending/", {"sure": "on"}).status_code == 302

    academy = Academy.objects.get(pk=founded.academy.pk)
    assert academy.ended_at is not None
    with inside(academy.client):
        assert Instruction.objects.filter(kind=Instruction.Kind.ENDED).count() == 1
        with pytest.raises(EndedError):
            end_academy(person=ordinary.person, by="client", now=clock.now())
    assert "30 days later" in administrator.get("/academies/own/ending/").content.decode()


def test_an_academy_that_runs_is_counted_and_not_closed() -> None:
    founded = make.founded()
    look_after(now=make.NOW + timedelta(days=900))

    academy = Academy.objects.get(pk=founded.academy.pk)
    assert (academy.people, academy.closed_at) == (1, None)
    assert Client(HTTP_HOST=founded.host).get("/").status_code == 200
