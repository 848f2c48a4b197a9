"""The plan leads from every table to its people, along indexes, and children come first."""

import pytest
from django.apps import apps
from django.db import connection, models

from skola.ground.people.models import Account, Person
from skola.ground.tenants.models import Tenant
from skola.promises.inventory.api import declarations
from skola.promises.rights.api import Relation, plan, step_of, where


def test_every_table_that_names_a_person_is_in_the_plan() -> None:
    named = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model in (Person, Account)
    }
    about = {one.table for one in declarations() if one.subject is not None}
    assert {step.table for step in plan()} == named | about | {"people_person"}


def test_a_table_stands_before_those_that_its_rows_point_to() -> None:
    place = {step.table: number for number, step in enumerate(plan())}
    assert place["people_person"] == len(place) - 1
    points = {(one.table, need.table) for one in declarations() for need in one.needs}
    points |= {(one.table, one.goes_with.table) for one in declarations() if one.goes_with}
    named = {(table, to) for table, to in points if table in place and to in place}
    assert {(table, to) for table, to in named if place[table] > place[to]} == set()


def test_each_way_says_what_the_person_is_to_the_row() -> None:
    found = {
        (table, link.path.column): (link.relation, link.is_subject, link.goes_along)
        for table in ("people_guardianship", "desk_message", "courses_lesson", "desk_enquiry")
        for link in step_of(table).links
    }
    assert found == {
        ("people_guardianship", "child_id"): (Relation.OWNER, True, True),
        ("people_guardianship", "guardian_id"): (Relation.COUNTERPART, False, True),
        ("desk_message", "person_id"): (Relation.OWNER, True, True),
        ("desk_message", "author_id"): (Relation.AUTHOR, False, False),
        ("courses_lesson", "author_id"): (Relation.AUTHOR, True, True),
        ("desk_enquiry", "person_id"): (Relation.OWNER, True, True),
        ("desk_enquiry", "assignee_id"): (Relation.STAFF, False, False),
    }


def test_tables_of_libraries_are_reached_through_the_account() -> None:
    for table in ("account_emailaddress", "mfa_authenticator", "usersessions_usersession"):
        subject = step_of(table).subject
        assert subject is not None
        assert [hop.table for hop in subject.path.hops] == ["people_account"]


def test_files_are_known_by_the_rows_that_hold_them() -> None:
    assert step_of("courses_lesson").files == ("media_id", "captions_id")
    assert step_of("files_objectkey").files == ()
    with pytest.raises(KeyError, match="no way leads"):
        step_of("tenants_tenant")


@pytest.mark.django_db
def test_each_way_is_a_look_up_along_indexes(tenant: Tenant) -> None:
    """Where no index fits, PostgreSQL reads the table even when told to avoid it."""
    nobody = f"'{tenant.pk}'::uuid"
    read = []
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        for step in plan():
            for link in step.links:
                test = where(step.declaration, link, tenant=nobody, person=nobody)
                cursor.execute(f'explain select 1 from "{step.table}" where {test}')
                text = "\n".join(line for (line,) in cursor.fetchall())
                if "Seq Scan" in text or link.path.column not in text:
                    read.append((step.table, link.path.column))
    assert read == []
