"""Which tables have policies, read from the catalogue; and what a session forgets."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from skola.ground.db.purposes import ENGINE, acting, reading_for
from skola.ground.ids import uuid7
from skola.ground.tenants.api import Tenant
from skola.promises.gate.policies import policies_of
from skola.promises.inventory.api import declaration_of, declarations


def rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


@pytest.mark.django_db
def test_every_table_with_a_path_to_a_person_is_gated() -> None:
    with_people = {one.table for one in declarations() if one.has_tenant and one.subject}
    gated = rows(
        "select distinct tablename from pg_policies where policyname in ('restriction', 'parent')"
        " and permissive = 'RESTRICTIVE' and cmd = 'SELECT'"
    )

    assert with_people - {table for (table,) in gated} == {"audit_subjectkey", "gate_restriction"}


def test_a_row_that_goes_with_another_is_there_while_that_one_is() -> None:
    assert set(policies_of(declaration_of("billing_invoiceline"))) == {"parent"}
    assert set(policies_of(declaration_of("billing_invoice"))) == {"expiry", "restriction"}


def test_a_counterpart_counts_as_the_person_and_a_handler_does_not() -> None:
    assert '."guardian_id"' in policies_of(declaration_of("people_guardianship"))["restriction"]
    assert "assignee" not in policies_of(declaration_of("desk_enquiry"))["restriction"]


SETTINGS = (
    "select current_setting('skola.tenant', true), current_setting('skola.purpose', true),"
    " current_setting('skola.actor', true)"
)


def test_the_server_is_told_and_told_again(tenant: Tenant) -> None:
    person = uuid7()
    with reading_for(ENGINE), acting(person):
        assert rows(SETTINGS) == [(str(tenant.pk), "engine", str(person))]
    assert rows(SETTINGS) == [(str(tenant.pk), "", "")]


def test_after_a_statement_that_fails_the_server_is_told_anew(tenant: Tenant) -> None:
    with reading_for(ENGINE):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows("select 1 / 0")
        assert rows(SETTINGS) == [(str(tenant.pk), "engine", "")]


@pytest.mark.django_db(transaction=True)
def test_a_session_that_is_given_back_knows_nobody() -> None:
    kept: list[Any] = []
    with reading_for(ENGINE), acting(uuid7()):
        rows(SETTINGS)
        session = connection.connection
        real, session.close = session.close, lambda: kept.append(session)
        connection.close()

    with session.cursor() as cursor:
        cursor.execute(SETTINGS)
        assert cursor.fetchall() == [("", "", "")]
    assert kept == [session]
    real()
