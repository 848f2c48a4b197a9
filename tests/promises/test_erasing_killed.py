"""Killed at any statement, an erasure leaves nothing stuck: doing it again finishes it."""

import signal
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connection

from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.retention.tests.test_crash import Fate, die, ended, in_another_process
from skola.promises.rights.api import erase_person
from skola.promises.rights.erasing import actions
from skola.promises.rights.erasing.probe import probe
from skola.promises.rights.models import Erasure
from skola.services.courses.tests import make as courses
from skola.services.desk.tests import make as desk

pytestmark = pytest.mark.django_db(transaction=True)
NOW = people.A_DAY
LATER = NOW + timedelta(hours=1)


def somebody() -> UUID:
    person = people.account(email="ilze@example.org").person
    courses.enrolment(courses.course(), person)
    desk.enquiry(person=person, at=NOW)
    return person.pk


def erase(person: UUID, fate: Fate) -> None:
    with connection.execute_wrapper(fate):
        erase_person(person, reason="asked", by="system", now=LATER)


@pytest.mark.parametrize("together", [50_000, 0], ids=["at once", "table by table"])
def test_killed_anywhere_it_can_be_done_again(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr(actions, "TOGETHER", together)
    fatal, killed = 1, True
    while killed:
        person = somebody()
        before, fate = probe(person), Fate(die, fatal, after=bool(fatal % 2))
        end = ended(in_another_process(partial(erase, person, fate)))
        assert end in (0, -signal.SIGKILL)
        killed = end != 0
        if killed and together and Person.objects.filter(pk=person).exists():
            assert {one.step.table for one in before} - {"usersessions_usersession"} == {
                one.step.table for one in probe(person)
            }, "nothing was done by halves"
        if Person.objects.filter(pk=person).exists():
            erase_person(person, reason="asked", by="system", now=LATER)
        assert probe(person) == []
        assert not Person.objects.filter(pk=person).exists()
        fatal += 4
    assert fatal > 36, "it must have many statements to be killed at"
    assert Erasure.objects.exclude(finished_at=None).exists()
