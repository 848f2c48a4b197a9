"""What the database does by itself, also for what lies far along foreign keys."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from skola.ground.audit.models import Entry
from skola.ground.clock import standing_at
from skola.ground.db.walls import APP_ROLE
from skola.ground.people.models import Person, Role
from skola.ground.tenants.api import Tenant
from skola.promises.retention import triggers
from skola.promises.retention.actions.clocks import as_engine
from skola.promises.retention.actions.sweeps import sweep
from skola.promises.retention.tests import make
from skola.promises.retention.tests.conftest import SetTerms
from skola.promises.retention.tests.test_sql import ROLES


@pytest.fixture
def far(tenant: Tenant) -> None:
    """Roles whose dates depend on when their person was recorded; until the test is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute("reset role")
        cursor.execute("drop trigger retention_clock_due_at on people_role")
        cursor.execute("drop trigger retention_clock_due_at_new on people_role")
        triggers.install_clock(cursor.execute, replace(ROLES, needed_by=()), ROLES.parts[0])
        cursor.execute(f"set role {APP_ROLE}")


def test_a_moment_far_away_empties_the_date(far: None, now: datetime) -> None:
    person, other = make.person(now), make.person(now)
    for one in (person, other):
        Role.objects.create(person=one, kind="author", starts_at=now)
    with as_engine(now):
        Role.objects.update(due_at=now)

    Person.objects.filter(pk=person.pk).update(given_name="Anna")
    assert Role.objects.filter(due_at=None).count() == 0

    Person.objects.filter(pk=person.pk).update(created_at=now - timedelta(days=9))
    assert [role.person_id for role in Role.objects.filter(due_at=None)] == [person.pk]


@pytest.mark.usefixtures("dates_hide")
def test_what_was_due_is_not_there_again_because_a_moment_far_away_changed(
    far: None, now: datetime
) -> None:
    person = make.person(now)
    for kind, end in (("author", now), ("staff", now + timedelta(days=1))):
        Role.objects.create(person=person, kind=kind, starts_at=now)
        with as_engine(now):
            Role.objects.filter(kind=kind).update(due_at=end)

    with standing_at(now):
        Person.objects.filter(pk=person.pk).update(created_at=now - timedelta(days=9))
        assert [role.kind for role in Role.objects.all()] == ["staff"]
    with as_engine(now):
        assert [role.kind for role in Role.objects.filter(due_at=None)] == ["staff"]


def test_a_condition_that_changes_empties_the_date(far: None, now: datetime) -> None:
    role = Role.objects.create(person=make.person(now), kind="author", starts_at=now)
    with as_engine(now):
        Role.objects.update(due_at=now)

    Role.objects.filter(pk=role.pk).update(kind="staff")

    assert Role.objects.get().due_at is None


def test_what_is_written_into_a_part_that_was_gone_begins_anew(
    terms: SetTerms, now: datetime
) -> None:
    month = {"period": "30 days", "after": "record.created"}
    terms(make.rule(categories=["identity"], at_most=month))
    person = make.person(now, email="ilze@example.org")
    late = now + timedelta(days=60)
    sweep(now=late)

    Person.objects.filter(pk=person.pk).update(given_name="Anna")

    person.refresh_from_db()
    assert person.due_identity_at is None


def test_the_application_cannot_delete_an_audit_entry_before_its_time(
    tenant: Tenant, now: datetime
) -> None:
    entry = Entry.objects.create(at=now, kind="k", by="system")
    with as_engine(now):
        Entry.objects.filter(pk=entry.pk).update(due_at=now + timedelta(days=1))
    call = "select count(*) from retention_forget_audit_entry(%s, %s)"
    with connection.cursor() as cursor:
        cursor.execute(call, [[entry.pk], now])
        assert cursor.fetchone() == (0,)
        cursor.execute(call, [[entry.pk], now + timedelta(days=1)])
        assert cursor.fetchone() == (1,)


def test_an_idle_sweep_asks_the_same_however_many_rows_there_are(
    terms: SetTerms, now: datetime
) -> None:
    terms(make.rule(at_most={"period": "1 year", "after": "record.created"}))
    sweep(now=now)
    asked = []
    for number in (1, 3):
        for _ in range(number):
            make.person(now)
        sweep(now=now)
        with CaptureQueriesContext(connection) as told:
            sweep(now=now)
        asked.append(len(told))
    assert asked[0] == asked[1] < 30
