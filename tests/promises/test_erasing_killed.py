"""Killed at any statement, an erasure leaves nothing stuck: doing it again finishes it."""

import signal
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connection

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.people.models import Account, Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.gate.api import Restriction
from skola.promises.retention.tests.test_crash import Fate, die, ended, in_another_process
from skola.promises.rights.api import erase_person
from skola.promises.rights.erasing import actions
from skola.promises.rights.erasing.probe import Found, probe
from skola.promises.rights.models import Erasure
from skola.services.courses.tests import make as courses
from skola.services.desk.tests import make as desk

pytestmark = pytest.mark.django_db(transaction=True)
NOW = people.A_DAY
LATER = NOW + timedelta(hours=1)
BY_THE_FREEZE = {"usersessions_usersession", "gate_restriction"}


def somebody() -> UUID:
    person = people.account(email="ilze@example.org").person
    courses.enrolment(courses.course(), person)
    desk.enquiry(person=person, at=NOW)
    return person.pk


def found_of(person: UUID) -> list[Found]:
    """What is stored, whoever may read it."""
    with reading_for(ENGINE):
        return probe(person)


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
        with reading_for(ENGINE):
            left = Person.objects.filter(pk=person).exists()
            begun = not Account.objects.filter(person=person, is_active=True).exists()
        if killed and together and left:
            assert {one.step.table for one in before} - BY_THE_FREEZE == {
                one.step.table for one in found_of(person)
            } - BY_THE_FREEZE, "nothing was done by halves"
        if left:
            assert Person.objects.filter(pk=person).exists() is not begun, "frozen until it is done"
            erase_person(person, reason="asked", by="system", now=LATER)
        assert found_of(person) == []
        with reading_for(ENGINE):
            assert not Person.objects.filter(pk=person).exists()
        assert not Restriction.objects.exists()
        fatal += 4
    assert fatal > 28, "it must have many statements to be killed at"
    assert Erasure.objects.exclude(finished_at=None).exists()
