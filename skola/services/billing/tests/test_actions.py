from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.tests.make import person
from skola.ground.tenants.api import Tenant, inside
from skola.promises.retention.models import Fact, StateFact
from skola.services.billing import contracting, invoicing, queries, tasks
from skola.services.billing.models import Contract, Invoice, InvoiceLine, Payment
from skola.services.billing.tests import make
from skola.services.billing.tests.make import A_DAY, A_DAY_LATER, RIGA

pytestmark = pytest.mark.usefixtures("tenant")


def open_contract_of(whose: UUID) -> list[bool]:
    """What the engine knows about running contracts of this person."""
    found = StateFact.objects.filter(person_id=whose, state="contract.open")
    return list(found.values_list("is_open", flat=True))


def test_accepting_is_proven_and_told_to_the_engine() -> None:
    offer = make.offer()
    make.known(offer.person)

    contracting.accept_contract(offer, by="customer", now=A_DAY_LATER)

    kept = Contract.objects.get()
    assert (kept.accepted_at, kept.evidence) == (A_DAY_LATER, "click")
    assert open_contract_of(kept.person_id) == [True]
    assert Fact.objects.get(event="contract.opened").last_at == A_DAY_LATER
    entry = Entry.objects.get(kind="billing.contract.accepted")
    assert (entry.by, entry.detail) == ("customer", {"evidence": "click"})


def test_an_offer_is_answered_once() -> None:
    accepted, declined = make.contract(), make.offer()
    contracting.end_offer(declined, ending="declined", by="customer", now=A_DAY)

    for answered in (accepted, declined):
        with pytest.raises(contracting.NotOnOfferError):
            contracting.accept_contract(answered, by="customer", now=A_DAY_LATER)
        with pytest.raises(contracting.NotOnOfferError):
            contracting.end_offer(answered, ending="declined", by="customer", now=A_DAY_LATER)
    assert Contract.objects.get(pk=accepted.pk).accepted_at == A_DAY


def test_the_text_of_a_contract_cannot_be_changed_even_by_our_own_code() -> None:
    made = make.contract()

    for column in ("text", "title", "starts_on", "person"):
        with pytest.raises(DatabaseError), transaction.atomic():
            made.save(update_fields=[column])
    assert Contract.objects.get().text == "We teach, **you** pay."


def test_what_is_concluded_stays_concluded() -> None:
    made = make.contract()
    made.accepted_at = A_DAY_LATER

    with pytest.raises(DatabaseError), transaction.atomic():
        made.save(update_fields=["accepted_at"])


def test_the_relation_ends_with_the_last_contract() -> None:
    customer = person()
    first, last = make.contract(customer), make.contract(customer)

    contracting.end_contract(first, ending="staff", by="office", now=A_DAY_LATER)
    assert open_contract_of(customer.pk) == [True]
    assert not Fact.objects.filter(event="contract.closed").exists()

    contracting.end_contract(last, ending="staff", by="office", now=A_DAY_LATER)
    assert open_contract_of(customer.pk) == [False]
    assert Fact.objects.get(event="contract.closed").last_at == A_DAY_LATER


def test_only_a_running_contract_ends() -> None:
    offer, ended = make.offer(), make.contract()
    contracting.end_contract(ended, ending="staff", by="office", now=A_DAY_LATER)

    for made in (offer, ended):
        with pytest.raises(contracting.NotRunningError):
            contracting.end_contract(made, ending="staff", by="office", now=A_DAY_LATER)


def test_contracts_end_after_their_last_day_and_the_job_may_run_twice() -> None:
    over = make.contract(ends_on=date(2026, 3, 2))
    running = make.contract(ends_on=date(2026, 3, 3))
    endless, offer = make.contract(), make.offer(ends_on=date(2026, 3, 2))

    def end() -> int:
        return contracting.end_contracts_that_are_over(zone=RIGA, by="job", now=A_DAY_LATER)

    assert [end(), end()] == [1, 0]
    ended = Contract.objects.exclude(closed_at=None)
    assert [(one.pk, one.closed_at) for one in ended] == [
        (over.pk, clock.last_second(date(2026, 3, 2), RIGA))
    ]
    assert {running.pk, endless.pk, offer.pk} == {
        one.pk for one in Contract.objects.filter(closed_at=None)
    }


def test_the_job_looks_at_the_tenants_day() -> None:
    make.contract(ends_on=date(2026, 3, 2))

    tasks.end_contracts()  # the clock of the process stands later than that

    assert Contract.objects.running().count() == 0


def test_numbers_of_invoices_have_no_gap_also_after_a_failure() -> None:
    first = make.invoice()
    with pytest.raises(DatabaseError), transaction.atomic():
        make.invoice(person(), make.line("longer than a line can be " * 20))
    second = make.invoice()
    note = invoicing.credit_invoice(first, zone=RIGA, by="office", now=A_DAY)

    assert [first.number, second.number, note.number] == [1, 2, 3]


def test_numbers_of_tenants_are_apart(tenant: Tenant, other_tenant: Tenant) -> None:
    make.invoice()
    with inside(other_tenant.pk):
        assert make.invoice().number == 1


def test_an_invoice_holds_its_lines_its_sums_and_its_year() -> None:
    made = make.invoice(None, make.line(), make.line("Book", cents=995, quantity="2", vat="12.0"))

    kept = Invoice.objects.get()
    assert (kept.net_cents, kept.vat_cents, kept.total_cents) == (11_990, 2_339, 14_329)
    assert [(line.position, line.text, line.net_cents) for line in kept.lines.all()] == [
        (1, "Course", 10_000),
        (2, "Book", 1_990),
    ]
    assert kept.fiscal_year_end.astimezone(RIGA).date() == date(2026, 12, 31)
    assert kept.pk == made.pk


def test_what_was_issued_can_be_neither_changed_nor_deleted() -> None:
    made = make.invoice()
    make.pay(made, 100)
    table = Invoice._meta.db_table

    def refused(statement: str) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    refused(f"update {table} set total_cents = 1, net_cents = 1, vat_cents = 0")
    refused(f"delete from {table}")
    for model in (InvoiceLine, Payment):
        refused(f"update {model._meta.db_table} set invoice_id = invoice_id")
        refused(f"delete from {model._meta.db_table}")
    assert Invoice.objects.get().total_cents == 12_100


def test_a_part_payment_leaves_the_rest_open() -> None:
    made = make.invoice()
    make.pay(made, 5_000)

    found = Invoice.objects.with_balance().get()

    assert (found.paid_cents, found.credited_cents, found.open_cents) == (5_000, 0, 7_100)


def test_a_credit_note_takes_an_invoice_back_once() -> None:
    made = make.invoice()
    note = invoicing.credit_invoice(made, zone=RIGA, by="office", now=A_DAY_LATER)

    assert (note.kind, note.total_cents, note.credits_number) == ("credit-note", -12_100, 1)
    assert Invoice.objects.with_balance().get(pk=made.pk).open_cents == 0
    with pytest.raises(invoicing.AlreadyCreditedError):
        invoicing.credit_invoice(made, zone=RIGA, by="office", now=A_DAY_LATER)
    with pytest.raises(invoicing.NotAnInvoiceError):
        invoicing.credit_invoice(note, zone=RIGA, by="office", now=A_DAY_LATER)
    with pytest.raises(invoicing.NotAnInvoiceError):
        make.pay(note, 100)


def test_a_payment_of_nothing_is_refused_by_the_database() -> None:
    made = make.invoice()

    with pytest.raises(IntegrityError), transaction.atomic():
        make.pay(made, 0)


def test_the_ledger_of_the_unpaid_begins_with_the_longest_due() -> None:
    old = make.invoice(at=A_DAY - timedelta(days=30))
    paid, new = make.invoice(), make.invoice()
    make.pay(paid, 12_100)
    credited = make.invoice()
    invoicing.credit_invoice(credited, zone=RIGA, by="office", now=A_DAY)

    assert [one.pk for one in queries.ledger(unpaid=True)] == [old.pk, new.pk]
    assert queries.ledger().count() == 5


def test_a_statement_lists_invoices_payments_and_what_is_open() -> None:
    customer = person()
    first = make.invoice(customer)
    make.pay(first, 5_000, at=A_DAY_LATER)
    make.invoice(person())

    found = queries.statements_of(customer, RIGA)

    assert [
        (line.posting.what, line.posting.cents, line.balance_cents) for line in found["EUR"]
    ] == [("invoice", 12_100, 12_100), ("payment", -5_000, 7_100)]
