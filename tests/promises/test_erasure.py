"""When every ground has ended: what is left of a person, looked for everywhere."""

from datetime import UTC, datetime, timedelta

from django.core.cache import cache
from django.db import connection

from skola.ground import clock
from skola.ground.files.actions import erase_objects
from skola.ground.files.models import ObjectKey, StoredFile
from skola.ground.files.storage import names_of
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import sweep
from skola.promises.retention.models import Sweep
from skola.services.billing.api import end_contract
from skola.services.billing.models import Contract
from skola.services.billing.tests import make as billing
from skola.services.courses.tests import make as courses
from skola.services.desk.actions import close
from skola.services.desk.tests import make as desk
from tests.promises.keeping import keeps
from tests.promises.people import browser, sign_up

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MARKS = ("Bērziņa", "new@example.org", "+37129876543", "Marker street")


def tables_with(mark: str) -> set[str]:
    """Every table of the database in which a text is found, whatever the column."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'select exists (select 1 from "{table}" t where t::text ilike %s)', [f"%{mark}%"]
            )
            row = cursor.fetchone()
            if row and row[0]:
                found.add(table)
    return found


@keeps("ilearn-20.g")
def test_when_nothing_is_needed_any_more_nothing_of_a_person_is_found(
    tenant: Tenant,
) -> None:
    cache.clear()
    with clock.standing_at(START):
        who = browser(tenant)
        person = sign_up(who, born="1990-05-01")
        assert person is not None
        who.post("/account/contact/", {"phone": "+37129876543", "address": "Marker street 1"})
        courses.enrolment(courses.course(), person)
        billing.invoice(person, at=START)
        contract = billing.contract(person, at=START)
        desk.call(number="+37129876543", kind="oral-agreement", contract=contract, at=START)
        asked = desk.enquiry(person=person, email="new@example.org", body=MARKS[3], at=START)
    assert all(tables_with(mark) for mark in MARKS)
    assert set(names_of(str(tenant.pk))) == {StoredFile.objects.get().stored_as}

    close(asked, ending="answered", by="support", now=START)
    end_contract(contract, ending=Contract.Ending.STAFF, by="office", now=START)
    for years in range(1, 8):
        sweep(now=START + timedelta(days=366 * years))

    assert [tables_with(mark) for mark in MARKS] == [set()] * len(MARKS)
    assert not ObjectKey.objects.exists()
    erase_objects(now=START + timedelta(days=366 * 8))
    assert set(names_of(str(tenant.pk))) == set()
    receipts = [line for one in Sweep.objects.all() for line in one.counts]
    counted = {line["table"] for line in receipts if line["count"] > 0}
    wanted = {"people_person", "courses_enrolment", "billing_invoice", "desk_enquiry"}
    assert wanted | {"billing_contract", "desk_recording"} <= counted
