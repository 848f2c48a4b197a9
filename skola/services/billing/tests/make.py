"""Makers of billing for tests: plain functions with honest defaults."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from skola.ground.people.models import Person
from skola.ground.people.tests.make import person
from skola.services.billing import contracting, invoicing
from skola.services.billing.identity import lacks_identity, note_check
from skola.services.billing.models import Contract, Invoice
from skola.services.billing.rules import Buyer, Line, Seller

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
A_DAY_LATER = A_DAY + timedelta(days=1)
RIGA = ZoneInfo("Europe/Riga")
SELLER = Seller("North School", RIGA, "Riga", "40000000000")


def offer(
    whose: Person | None = None,
    *,
    title: str = "Course on bees",
    ends_on: date | None = None,
    at: datetime = A_DAY,
) -> Contract:
    """A contract on offer."""
    return contracting.offer_contract(
        whose or person(),
        title=title,
        text="We teach, **you** pay.",
        starts_on=at.date(),
        ends_on=ends_on,
        by="office",
        now=at,
    )


def known(whose: Person, *, at: datetime = A_DAY) -> None:
    """Somebody has shown who they are."""
    note_check(whose, method="document", outcome="verified", by="office", now=at)


def contract(
    whose: Person | None = None, *, ends_on: date | None = None, at: datetime = A_DAY
) -> Contract:
    """A contract that was accepted and runs."""
    made = offer(whose, ends_on=ends_on, at=at)
    if lacks_identity(made.person_id, now=at):
        known(made.person, at=at)
    contracting.accept_contract(made, by="customer", now=at)
    return made


def line(
    text: str = "Course", *, cents: int = 10_000, quantity: str = "1", vat: str = "21.0"
) -> Line:
    """A line of an invoice."""
    return Line(text, Decimal(quantity), cents, Decimal(vat))


def invoice(whose: Person | None = None, *lines: Line, at: datetime = A_DAY) -> Invoice:
    """An invoice over 121.00 EUR, to be paid within two weeks."""
    return invoicing.issue_invoice(
        Buyer("Anna Ozola", "Riga"),
        lines or [line()],
        seller=SELLER,
        due_on=at.date() + timedelta(days=14),
        person=whose,
        by="office",
        now=at,
    )


def pay(made: Invoice, cents: int, *, at: datetime = A_DAY) -> None:
    """Money that came for an invoice by bank."""
    invoicing.record_payment(
        made, amount_cents=cents, paid_on=at.date(), method="transfer", by="office", now=at
    )
