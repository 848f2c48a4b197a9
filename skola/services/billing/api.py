"""The door of ``billing``."""

from skola.services.billing.contracting import (
    NotIdentifiedError,
    NotOnOfferError,
    NotRunningError,
    accept_contract,
    end_contract,
    end_offer,
    offer_contract,
)
from skola.services.billing.credit import credit_of, debt_of
from skola.services.billing.identity import is_identified, note_check
from skola.services.billing.invoicing import credit_invoice, issue_invoice, record_payment
from skola.services.billing.models import Contract, Invoice
from skola.services.billing.places import places, today
from skola.services.billing.queries import seller
from skola.services.billing.rules import PAY_WITHIN, Buyer, Credit, Line, Seller

__all__ = [
    "PAY_WITHIN",
    "Buyer",
    "Contract",
    "Credit",
    "Invoice",
    "Line",
    "NotIdentifiedError",
    "NotOnOfferError",
    "NotRunningError",
    "Seller",
    "accept_contract",
    "credit_invoice",
    "credit_of",
    "debt_of",
    "end_contract",
    "end_offer",
    "is_identified",
    "issue_invoice",
    "note_check",
    "offer_contract",
    "places",
    "record_payment",
    "seller",
    "today",
]
