"""What is due is not there: for anybody who reads, to the second, whether or not a sweep has run.

Law L15 of the retention model.
"""

import time
from datetime import datetime, timedelta

import pytest
from django.db import connection

from skola.ground import clock
from skola.ground.clock import standing_at
from skola.ground.db.purposes import CLAIMS, ENGINE, RIGHTS, SIGN_IN, acting, reading_for
from skola.ground.people.api import IsReadable, readable
from skola.ground.people.models import Person, Preferences
from skola.ground.people.tests import make
from skola.ground.tenants.api import Tenant, inside
from skola.promises.inventory.api import declaration_of
from skola.promises.retention.api import as_engine, sweep
from skola.promises.retention.rules import GONE

pytestmark = pytest.mark.usefixtures("dates_hide")
A_SECOND = timedelta(seconds=1)


def ends(table: str, due: str, at: datetime) -> None:
    """Store when the parts of a table end, as the engine does."""
    with as_engine(at), connection.cursor() as cursor:
        cursor.execute(f'update "{table}" set "{due}" = %s', [at])


def language(person: Person, code: str, now: datetime) -> Preferences:
    return Preferences.objects.create(person=person, created_at=now, language=code)


def test_it_is_there_to_the_last_second_and_not_after_it(tenant: Tenant, now: datetime) -> None:
    person = make.person()
    language(person, "lv", now)
    end = now + timedelta(days=30)
    ends("people_preferences", "due_at", end)

    with standing_at(end - A_SECOND * 30):
        assert Preferences.objects.count() == 1
    with standing_at(end), acting(person.pk):
        assert Preferences.objects.count() == 0
        assert not Preferences.objects.filter(person=person).exists()
        assert Preferences.objects.filter(person=person).update(language="en") == 0
        assert Preferences.objects.filter(person=person).delete() == (0, {})
    with standing_at(end), connection.cursor() as cursor:
        cursor.execute("select count(*), max(language) from people_preferences")
        assert cursor.fetchone() == (0, None)


def test_a_second_before_the_end_lasts_however_slow_the_machine_is(now: datetime) -> None:
    with standing_at(now):
        time.sleep(0.01)
        later = clock.now()
        assert now < later < now + A_SECOND


def test_the_engine_alone_sees_what_is_stored(tenant: Tenant, now: datetime) -> None:
    language(make.person(), "lv", now)
    ends("people_preferences", "due_at", now)

    for purpose, seen in {
        ENGINE: 1,
        SIGN_IN: 0,
        RIGHTS: 0,
        CLAIMS: 0,
        "accounting": 0,
        "": 0,
    }.items():
        with standing_at(now), reading_for(purpose):
            assert (purpose, Preferences.objects.count()) == (purpose, seen)


def test_what_waits_for_its_date_is_there(tenant: Tenant, now: datetime) -> None:
    language(make.person(), "lv", now)

    assert Preferences.objects.get().due_at is None


def test_another_service_hides_nothing(tenant: Tenant, other_tenant: Tenant, now: datetime) -> None:
    with inside(other_tenant.pk):
        language(make.person(), "sv", now)
        ends("people_preferences", "due_at", now)
    language(make.person(), "lv", now)

    assert Preferences.objects.get().language == "lv"


def test_a_row_that_stays_shows_nothing_of_the_part_that_ended(
    tenant: Tenant, now: datetime
) -> None:
    person = make.person(given_name="Ilze", email="ilze@example.org")
    ends("people_person", "due_contact_at", now + timedelta(days=1))
    ends("people_person", "due_identity_at", now + timedelta(days=2))

    with standing_at(now):
        assert Person.objects.get().email == "ilze@example.org"
    with standing_at(now + timedelta(days=1)):
        found = Person.objects.get()
        assert (found.given_name, found.email) == ("Ilze", "")
    with standing_at(now + timedelta(days=2)):
        person.refresh_from_db()
        assert (person.given_name, person.family_name, person.email) == ("", "", "")
    with standing_at(now + timedelta(days=2)), reading_for(ENGINE):
        assert Person.objects.get().given_name == "Ilze"


def test_what_is_gone_for_good_hides_nothing_new(tenant: Tenant, now: datetime) -> None:
    make.person()
    ends("people_person", "due_contact_at", GONE)

    assert Person.objects.get().given_name


def test_a_sweep_finds_what_is_hidden(tenant: Tenant, now: datetime) -> None:
    language(make.person(), "lv", now)
    sweep(now=now)
    ends("people_preferences", "due_at", now)
    sweep(now=now)

    with reading_for(ENGINE):
        # the stored date was not the true one: it is computed again before anything goes
        stored = Preferences.objects.get().due_at
    assert stored is not None
    assert stored > now


@pytest.mark.parametrize("model", ["people.preferences", "desk.enquiry", "audit.entry"])
def test_a_table_with_a_clock_has_the_policy(model: str, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select qual from pg_policies where policyname = 'expiry' and tablename = %s",
            [declaration_of(model).table],
        )
        ((test,),) = cursor.fetchall()
    assert "gate_moment()" in test


def test_a_name_that_has_ended_is_neither_found_nor_taken_without_its_person(
    tenant: Tenant, now: datetime
) -> None:
    make.person(given_name="Ilze", email="ilze@example.org")
    ends("people_person", "due_identity_at", now + timedelta(days=1))
    names = Person.objects.values_list(readable("given_name"), "email")

    for day, found, taken in [(0, 1, "Ilze"), (1, 0, "")]:
        with standing_at(now + timedelta(days=day)):
            named = Person.objects.filter(IsReadable("identity"), given_name__istartswith="il")
            assert (day, named.count(), names.get()) == (day, found, (taken, "ilze@example.org"))
