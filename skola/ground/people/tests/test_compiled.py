"""A question that is put into SQL once answers as its queryset does, whoever asks next."""

from datetime import datetime, timedelta
from threading import Thread
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet

from skola.ground.db.compiled import Compiled
from skola.ground.people.models import Role
from skola.ground.people.tests import make
from skola.ground.tenants.api import Tenant


def roles_of(person_id: UUID, now: datetime) -> QuerySet[Role]:
    return Role.objects.select_related("person").filter(person=person_id).granted_at(now)


@pytest.fixture
def question(now: datetime) -> Compiled[Role]:
    return Compiled(roles_of, UUID(int=1), now - timedelta(days=40_000))


def test_each_gets_the_answer_to_their_own_values(
    tenant: Tenant, question: Compiled[Role], now: datetime
) -> None:
    first, second = make.person(), make.person()
    for person, kind in ((first, "author"), (second, "trainer"), (second, "administrator")):
        make.role(person, kind, starts_at=now)

    for moment in (now - timedelta(days=1), now):
        for person in (first, second, first):
            expected = sorted(one.pk for one in roles_of(person.pk, moment))
            found = question.ask(person.pk, moment)
            assert sorted(one.pk for one in found) == expected
            assert {one.person for one in found} <= {person}
    assert {one.kind for one in question.ask(second.pk, now)} == {"trainer", "administrator"}


@pytest.mark.django_db(transaction=True)
def test_another_thread_asks_by_a_connection_of_its_own(
    question: Compiled[Role], now: datetime
) -> None:
    question.ask(UUID(int=2), now)
    told: list[object] = []

    def ask() -> None:
        told.append(question.ask(UUID(int=2), now))
        connection.close()

    asking = Thread(target=ask)
    asking.start()
    asking.join()
    assert told == [[]]


def test_a_sample_that_is_not_in_the_statement_is_noticed(tenant: Tenant, now: datetime) -> None:
    careless = Compiled(lambda _one: Role.objects.all(), UUID(int=1))
    with pytest.raises(AssertionError, match="not in the statement"):
        careless.ask(UUID(int=2))
