"""Restricted is not there: for anybody who reads, however they read, but the person."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from skola.ground.audit.models import Entry
from skola.ground.db.purposes import CLAIMS, ENGINE, RIGHTS, SIGN_IN
from skola.ground.people.models import Account, Guardianship, Person, Preferences, Role
from skola.ground.people.tests import make
from skola.ground.tenants.api import Tenant, inside
from skola.promises.gate.api import (
    NotToldError,
    Restriction,
    acting,
    is_restricted,
    lift_restriction,
    reading_for,
    record_telling,
    restrict,
)
from skola.promises.gate.replay import lift_again, restrict_again
from skola.promises.retention.api import record_event, record_state
from skola.promises.retention.models import Fact, StateFact


def known(person: Person, now: datetime) -> None:
    """Things known of a person: in tables of ours, of a library, and of the engine."""
    Preferences.objects.create(person=person, created_at=now, language="lv")
    Role.objects.create(person=person, kind=Role.Kind.LEARNER, starts_at=now)
    record_event(person.pk, "account.login", at=now)
    record_state(person.pk, "contract.open", is_open=True, at=now)


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")
        found: int = cursor.fetchone()[0]
    return found


def tell(restriction: Restriction, now: datetime) -> None:
    """Tell the person that it ends; before that it cannot be lifted."""
    with pytest.raises(NotToldError):
        lift_restriction(restriction, by="system", now=now)
    assert record_telling(restriction, how="letter", on=now.date(), by="system", now=now)


TABLES = {"people_person", "people_preferences", "people_role", "retention_fact"}


def test_what_is_restricted_is_not_there_for_anybody(tenant: Tenant, now: datetime) -> None:
    hidden, other = make.person(), make.person()
    known(hidden, now)
    known(other, now)

    restrict(hidden.pk, reason="accuracy contested", by="system", now=now)

    assert list(Person.objects.all()) == [other]
    assert list(Preferences.objects.values_list("person", flat=True)) == [other.pk]
    assert {table: count(table) for table in TABLES} == dict.fromkeys(TABLES, 1)
    assert Person.objects.filter(pk=hidden.pk).update(given_name="Eve") == 0
    assert Fact.objects.filter(person=hidden).exists() is False
    assert StateFact.objects.count() == 1


def test_lifting_shows_everything_as_it_was(tenant: Tenant, now: datetime) -> None:
    hidden = make.person()
    known(hidden, now)
    restriction = restrict(hidden.pk, reason="accuracy contested", by="system", now=now)
    assert is_restricted(hidden.pk, now)

    tell(restriction, now + timedelta(hours=1))
    lift_restriction(restriction, by="system", now=now + timedelta(days=1))

    assert is_restricted(hidden.pk, now)
    assert not is_restricted(hidden.pk, now + timedelta(days=1))
    assert {table: count(table) for table in TABLES} == dict.fromkeys(TABLES, 1)
    kinds = Entry.objects.filter(kind__startswith="gate.").order_by("at")
    assert list(kinds.values_list("kind", flat=True)) == [
        "gate.restriction.placed",
        "gate.restriction.told",
        "gate.restriction.lifted",
    ]


@pytest.mark.parametrize("purpose", [ENGINE, SIGN_IN, RIGHTS, CLAIMS])
def test_storage_and_claims_may_read(tenant: Tenant, now: datetime, purpose: str) -> None:
    hidden = make.person()
    restrict(hidden.pk, reason="accuracy contested", by="system", now=now)

    with reading_for(purpose):
        assert list(Person.objects.all()) == [hidden]
    with reading_for("accounting"):
        assert list(Person.objects.all()) == []


def test_the_person_reads_their_own_and_nobody_elses(tenant: Tenant, now: datetime) -> None:
    first, second = make.person(), make.person()
    for person in (first, second):
        known(person, now)
        restrict(person.pk, reason="accuracy contested", by="system", now=now)

    with acting(first.pk):
        assert list(Person.objects.all()) == [first]
        assert list(Preferences.objects.values_list("person", flat=True)) == [first.pk]
    assert list(Person.objects.all()) == []


def test_one_object_can_be_restricted_alone(tenant: Tenant, now: datetime) -> None:
    person = make.person()
    known(person, now)
    restrict(
        person.pk, reason="accuracy contested", by="system", now=now, target=Role.objects.get()
    )

    assert list(Role.objects.all()) == []
    assert list(Person.objects.all()) == [person]
    assert Preferences.objects.count() == 1
    assert not is_restricted(person.pk, now)


def test_a_link_to_a_restricted_guardian_is_not_there(tenant: Tenant, now: datetime) -> None:
    child, guardian = make.person(), make.person()
    Guardianship.objects.create(child=child, guardian=guardian, starts_at=now)

    restrict(guardian.pk, reason="accuracy contested", by="system", now=now)

    assert list(Guardianship.objects.all()) == []
    assert list(Person.objects.all()) == [child]


def test_a_row_of_somebody_else_names_a_restricted_person_without_a_name(
    tenant: Tenant, now: datetime
) -> None:
    account = make.account(email="ilze@example.org")
    person_id = account.person_id
    restrict(person_id, reason="accuracy contested", by="system", now=now)
    with reading_for(ENGINE):
        account = Account.objects.get()

    assert (account.person.pk, account.person.name, account.person.email) == (person_id, "", "")


def test_restricting_twice_is_restricting_once(tenant: Tenant, now: datetime) -> None:
    person = make.person()
    first = restrict(person.pk, reason="accuracy contested", by="system", now=now)
    again = restrict(person.pk, reason="unlawful", by="system", now=now)
    assert first == again
    tell(first, now)
    lift_restriction(first, by="system", now=now)
    lift_restriction(first, by="system", now=now + timedelta(days=1))
    first.refresh_from_db()
    assert first.lifted_at == now
    assert restrict(person.pk, reason="unlawful", by="system", now=now) != first
    assert Entry.objects.filter(kind="gate.restriction.placed").count() == 2


def test_a_restriction_ends_with_the_walls(
    tenant: Tenant, other_tenant: Tenant, now: datetime
) -> None:
    with inside(other_tenant.pk):
        theirs = make.person()
    person = make.person()
    restrict(person.pk, reason="accuracy contested", by="system", now=now)

    with inside(other_tenant.pk):
        assert list(Person.objects.all()) == [theirs]
        assert Restriction.objects.count() == 0


def test_a_rollback_forgets_purpose_and_person_with_the_tenant(
    tenant: Tenant, now: datetime
) -> None:
    person = make.person()
    restrict(person.pk, reason="accuracy contested", by="system", now=now)
    with reading_for(ENGINE), transaction.atomic():
        assert Person.objects.count() == 1
        transaction.set_rollback(True)
    assert Person.objects.count() == 0
    with acting(person.pk):
        assert Person.objects.count() == 1
    assert Person.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 30])
def test_restricting_costs_the_same_whatever_is_stored(
    tenant: Tenant, now: datetime, rows: int
) -> None:
    person = make.person()
    for _ in range(rows):
        Role.objects.create(person=person, kind=Role.Kind.LEARNER, starts_at=now)
    with CaptureQueriesContext(connection) as told:
        restriction = restrict(person.pk, reason="accuracy contested", by="system", now=now)
        record_telling(restriction, how="letter", by="system", now=now)
        lift_restriction(restriction, by="system", now=now)
    statements = [one["sql"] for one in told if "SAVEPOINT" not in one["sql"]]
    assert not [sql for sql in statements if "people_role" in sql]
    assert len(statements) < 20


def test_facts_go_on_being_written_about_a_restricted_person(tenant: Tenant, now: datetime) -> None:
    person = make.person()
    known(person, now)
    restrict(person.pk, reason="accuracy contested", by="system", now=now)

    record_event(person.pk, "account.login", at=now + timedelta(days=1))
    record_state(person.pk, "contract.open", is_open=False, at=now + timedelta(days=1))

    with reading_for(ENGINE):
        assert Fact.objects.get().last_at == now + timedelta(days=1)
        assert StateFact.objects.get().is_open is False


def test_a_restored_database_gets_its_restrictions_back(tenant: Tenant, now: datetime) -> None:
    person = make.person()
    known(person, now)
    role = str(Role.objects.get().pk)
    later = now + timedelta(days=1)
    for _ in range(2):
        restrict_again(person.pk, now, {})
    assert Person.objects.count() == 0
    for _ in range(2):
        lift_again(person.pk, later, {})
        restrict_again(person.pk, now, {})
    assert Person.objects.count() == 1
    restrict_again(person.pk, now, {"table": "people_role", "object": role})
    assert (Person.objects.count(), Role.objects.count()) == (1, 0)


def test_the_person_still_signs_in_and_sees_their_account(
    tenant: Tenant, client: Client, sign_in: Callable[[Account], Account], now: datetime
) -> None:
    account = make.account(email="ilze@example.org")
    restrict(account.person_id, reason="accuracy contested", by="system", now=now)
    with reading_for(SIGN_IN):
        sign_in(account)

    page = client.get("/account/")

    assert page.status_code == 200
    assert "ilze@example.org" in page.content.decode()
