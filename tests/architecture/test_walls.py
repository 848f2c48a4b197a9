"""The walls between tenants, read from the catalogue and tried by hand."""

from datetime import datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.utils import ProgrammingError

from skola.ground.db.walls import INSTALLATION_TABLES, build, tenant_tables
from skola.ground.people.models import Account, Guardianship, Person
from skola.ground.people.tests import make
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant

KINDS: dict[object, str] = {models.CASCADE: "c", models.SET_NULL: "n"}


def rows(query: str) -> set[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return set(cursor.fetchall())


@pytest.mark.django_db
def test_every_table_is_behind_the_walls_or_named_as_the_installations_own() -> None:
    tables = {
        name for (name,) in rows("select tablename from pg_tables where schemaname = 'public'")
    }
    with connection.cursor() as cursor:
        behind = tenant_tables(cursor)

    assert tables - behind - set(INSTALLATION_TABLES) == set()


@pytest.mark.django_db
def test_every_tenant_table_forces_row_security_with_one_policy() -> None:
    with connection.cursor() as cursor:
        behind = tenant_tables(cursor)
    forced = rows(
        "select relname from pg_class where relnamespace = 'public'::regnamespace"
        " and relrowsecurity and relforcerowsecurity"
    )
    policies = rows(
        "select tablename, count(*) from pg_policies where schemaname = 'public'"
        " and qual like '%skola.tenant%' and with_check like '%skola.tenant%' group by 1"
    )

    assert {name for (name,) in forced} == behind
    assert policies >= {(name, 1) for name in behind}


@pytest.mark.django_db
def test_every_unique_index_of_a_tenant_table_begins_with_the_tenant() -> None:
    with connection.cursor() as cursor:
        behind = tenant_tables(cursor)
    loose = rows(
        "select i.indrelid::regclass::text, i.indexrelid::regclass::text from pg_index i"
        " join pg_class c on c.oid = i.indrelid"
        " left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]"
        " where i.indisunique and c.relnamespace = 'public'::regnamespace"
        " and a.attname is distinct from 'tenant_id'"
    )

    assert {index for table, index in loose if table in behind} == set()


@pytest.mark.django_db
def test_every_foreign_key_between_tenant_tables_carries_the_tenant() -> None:
    with connection.cursor() as cursor:
        behind = tenant_tables(cursor)
    keys = rows(
        "select c.conrelid::regclass::text, c.conname, c.confrelid::regclass::text, a.attname"
        " from pg_constraint c join pg_attribute a"
        " on a.attrelid = c.conrelid and a.attnum = c.conkey[1]"
        " where c.contype = 'f' and c.connamespace = 'public'::regnamespace"
    )
    between = {(name, first) for table, name, to, first in keys if table in behind and to in behind}

    assert between
    assert {name for name, first in between if first != "tenant_id"} == set()


@pytest.mark.django_db
def test_every_foreign_key_does_on_deletion_what_its_model_says() -> None:
    said = {
        (model._meta.db_table, field.column): KINDS.get(field.remote_field.on_delete, "a")
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
    }
    done = rows(
        "select c.conrelid::regclass::text, a.attname, c.confdeltype::text from pg_constraint c"
        " join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[2]"
        " where c.contype = 'f' and array_length(c.conkey, 1) = 2"
    )

    assert done
    assert {one for one in done if said.get((str(one[0]), str(one[1])), "a") != one[2]} == set()


@pytest.mark.django_db
def test_a_key_whose_model_has_changed_its_mind_is_tied_anew() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local role none")  # the owner's
        cursor.execute(
            "select conname from pg_constraint where contype = 'f'"
            " and conrelid = 'courses_course'::regclass and conname like '%author_id%'"
        )
        ((name,),) = cursor.fetchall()
        cursor.execute(f'alter table courses_course drop constraint "{name}"')
        cursor.execute(
            f'alter table courses_course add constraint "{name}" foreign key'
            " (tenant_id, author_id) references people_person (tenant_id, id) on delete cascade"
            " deferrable initially deferred"
        )

    build(connection)

    found = rows(f"select confdeltype::text from pg_constraint where conname = '{name}'")
    assert found == {("n",)}


def test_another_tenants_rows_are_not_there(tenant: Tenant, other_tenant: Tenant) -> None:
    with inside(other_tenant.pk):
        theirs = make.person()
    ours = make.person()

    assert list(Person.objects.all()) == [ours]
    assert Person.objects.filter(pk=theirs.pk).update(given_name="Eve") == 0
    assert Person.objects.filter(pk=theirs.pk).delete()[0] == 0


def test_without_a_tenant_there_are_no_rows(tenant: Tenant) -> None:
    make.person()

    with inside(None):
        assert list(Person.objects.all()) == []


def test_a_row_cannot_be_written_for_another_tenant(tenant: Tenant, other_tenant: Tenant) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Person.objects.create(tenant=other_tenant, created_at=make.A_DAY)


def test_a_foreign_key_cannot_reach_another_tenant(tenant: Tenant, other_tenant: Tenant) -> None:
    with inside(other_tenant.pk):
        theirs = make.person()
    ours = make.person()

    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")

    with pytest.raises(IntegrityError), transaction.atomic():
        Guardianship.objects.create(child=ours, guardian_id=theirs.pk, starts_at=make.A_DAY)


def test_the_same_address_at_two_tenants_is_two_persons(
    tenant: Tenant, other_tenant: Tenant, now: datetime
) -> None:
    with inside(other_tenant.pk):
        theirs = make.account(email="ilze@example.org")
    ours = make.account(email="ilze@example.org")

    assert ours.person_id != theirs.person_id
    assert list(Account.objects.all()) == [ours]


def test_a_rollback_does_not_mix_up_the_tenants(tenant: Tenant, other_tenant: Tenant) -> None:
    make.person()
    with inside(other_tenant.pk), transaction.atomic():
        make.person()
        transaction.set_rollback(True)

    assert Person.objects.count() == 1
