"""What becomes of contracts and invoices as time passes, under the real policies."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction

from skola.ground.people.models import Person
from skola.ground.people.tests.make import account, person
from skola.promises.retention.api import sweep
from skola.services.billing import contracting, invoicing
from skola.services.billing.models import Contract, Invoice, InvoiceLine, Payment
from skola.services.billing.tests import make
from skola.services.billing.tests.make import A_DAY

RIGA, TALLINN = ZoneInfo("Europe/Riga"), ZoneInfo("Europe/Tallinn")
A_SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.usefixtures("tenant")


def midnight(year: int, month: int, day: int, zone: ZoneInfo = RIGA) -> datetime:
    """The first moment of a day in the zone, as UTC."""
    return datetime(year, month, day, tzinfo=zone).astimezone(UTC)


def refused_to_delete(table: str) -> None:
    """The application has no right to delete here, whatever hangs on the rows."""
    denied = pytest.raises(DatabaseError, match=rf"permission denied for table {table}\b")
    with denied, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'delete from "{table}"')


@pytest.mark.keeps("ilearn-20.e")
def test_an_invoice_cannot_be_deleted_for_five_years_and_is_gone_then() -> None:
    made = make.invoice(person())
    make.pay(made, 5_000)
    ends = midnight(2031, 3, 3)

    sweep(now=ends - A_SECOND)  # 4 years and 364 days, and the rest of the last one
    assert Invoice.objects.with_balance().get().open_cents == 7_100
    for model in (Invoice, InvoiceLine, Payment):
        refused_to_delete(model._meta.db_table)

    sweep(now=ends)
    left = [model for model in (Invoice, InvoiceLine, Payment) if model._default_manager.exists()]
    assert left == []


def test_only_the_invoice_is_left_of_a_customer_who_went() -> None:
    customer = account().person
    make.invoice(customer)

    sweep(now=midnight(2028, 3, 3))  # the account ended after a year without an action

    left = Person.objects.get()
    assert (left.pk, left.name, left.email) == (customer.pk, "", "")
    assert Invoice.objects.get().buyer == "Anna Ozola"


def test_a_credit_note_outlives_the_invoice_it_took_back() -> None:
    made = make.invoice()
    later = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    invoicing.credit_invoice(made, zone=RIGA, by="office", now=later)
    sweep(now=midnight(2031, 3, 3))

    note = Invoice.objects.get()
    assert (note.kind, note.credits, note.credits_number) == ("credit-note", None, 1)


@pytest.mark.tenant("ekool")
def test_in_estonia_the_term_begins_with_the_end_of_the_financial_year() -> None:
    make.invoice()

    sweep(now=midnight(2034, 1, 1, TALLINN) - A_SECOND)
    assert Invoice.objects.count() == 1
    sweep(now=midnight(2034, 1, 1, TALLINN))
    assert Invoice.objects.count() == 0


def test_a_contract_is_kept_while_it_runs_and_a_year_after_its_end() -> None:
    customer = person()
    made = make.contract(customer)
    sweep(now=midnight(2030, 1, 1))
    assert Contract.objects.count() == 1

    ended = datetime(2030, 3, 2, 9, 0, tzinfo=UTC)
    contracting.end_contract(made, ending="staff", by="office", now=ended)
    sweep(now=midnight(2031, 3, 3) - A_SECOND)
    assert Contract.objects.count() == 1
    sweep(now=midnight(2031, 3, 3))
    assert Contract.objects.count() == 0


def test_an_offer_that_was_declined_goes_a_year_after_it_was_made() -> None:
    offer = make.offer()
    contracting.end_offer(offer, ending="declined", by="customer", now=A_DAY)

    sweep(now=midnight(2027, 3, 3) - A_SECOND)
    assert Contract.objects.count() == 1
    sweep(now=midnight(2027, 3, 3))
    assert Contract.objects.count() == 0
