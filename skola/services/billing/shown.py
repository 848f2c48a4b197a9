"""Contracts and invoices with the words and shapes in which pages show how they stand."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from skola.services.billing.models import Contract, Invoice
from skola.services.billing.rules import Line as RuleLine
from skola.services.billing.rules import Stage, Standing, Totals, stage, standing, totals


@dataclass(frozen=True)
class ShownContract:
    """A contract and where it stands: the word, and the shape of its state."""

    contract: Contract
    stage: Stage
    word: str
    kind: str


def shown_contract(contract: Contract, today: date) -> ShownContract:
    """Return the contract with where it stands on ``today``."""
    found = stage(
        accepted_at=contract.accepted_at,
        closed_at=contract.closed_at,
        starts_on=contract.starts_on,
        today=today,
    )
    words = {
        Stage.OFFERED: (_("offered, waits for an answer"), "waiting"),
        Stage.DECLINED: (_("not concluded"), "neutral"),
        Stage.COMING: (_("concluded, not begun"), "ok"),
        Stage.RUNNING: (_("runs"), "ok"),
        Stage.ENDED: (_("ended"), "neutral"),
    }
    word, kind = words[found]
    return ShownContract(contract, found, word, kind)


@dataclass(frozen=True)
class ShownInvoice:
    """An invoice and how it stands; a credit note has no standing of its own."""

    invoice: Invoice
    standing: Standing
    word: str
    kind: str

    @property
    def totals(self) -> Totals:
        """The sums by rate of tax, from the lines."""
        return totals(
            RuleLine(line.text, line.quantity, line.unit_cents, line.vat_percent)
            for line in self.invoice.lines.all()
        )


def shown_invoice(invoice: Invoice, today: date) -> ShownInvoice:
    """Return the invoice, fetched ``with_balance``, with how it stands on ``today``."""
    if invoice.kind == Invoice.Kind.CREDIT_NOTE:
        return ShownInvoice(invoice, Standing.CREDITED, _("credit note"), "neutral")
    found = standing(
        total_cents=invoice.total_cents,
        credited_cents=invoice.credited_cents,
        paid_cents=invoice.paid_cents,
        due_on=invoice.due_on,
        today=today,
    )
    words = {
        Standing.OPEN: (_("to pay"), "waiting"),
        Standing.PART_PAID: (_("paid in part"), "waiting"),
        Standing.OVERDUE: (_("overdue"), "broken"),
        Standing.PAID: (_("paid"), "ok"),
        Standing.CREDITED: (_("credited"), "neutral"),
        Standing.OWED_BACK: (_("we owe you"), "waiting"),
    }
    word, kind = words[found]
    return ShownInvoice(invoice, found, word, kind)
