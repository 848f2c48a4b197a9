"""What waits on the first page: many rows are asked for at once, and told where they are there."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import RequestFactory

from skola.ground import clock
from skola.ground.db import together
from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.services.messages.tests import make as messages
from skola.web import today

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.tenant("ekool")
def test_of_many_rows_those_that_are_there_are_named_in_their_order(tenant: object) -> None:
    someone = people.account().person
    nobody = Person.objects.none()
    others = Person.objects.exclude(pk=someone.pk).filter(family_name="Nobody's name")
    asked = [nobody, Person.objects.filter(pk=someone.pk), others, Person.objects.all()]

    assert together.are_there(asked) == [False, True, False, True]
    assert together.counts(asked) == [0, 1, 0, Person.objects.count()]
    assert together.are_there([]) == []


def test_many_rows_are_written_in_as_many_statements_as_their_values_need() -> None:
    assert connection.ops.bulk_batch_size(["column"] * 7, range(20_000)) == 9_362
    assert connection.ops.bulk_batch_size(["column"] * 7, range(20)) == 20


@pytest.mark.tenant("ekool")
def test_a_room_tells_what_waits_and_others_what_they_say_otherwise(tenant: object) -> None:
    someone = people.account().person
    messages.message(people.account().person, someone)
    request = RequestFactory().get("/")
    vars(request).update(tenant=tenant, person=someone, user=None)

    with clock.standing_at(NOW):
        found = today.things(request, now=NOW)

    assert [one.title for one in found] == ["1 new message", "Learn something"]
