"""The door of ``billing``."""

from skola.services.billing.contracting import (
    NotOnOfferError,
    NotRunningError,
    accept_contract,
    end_contract,
    end_offer,
    offer_contract,
)
from skola.services.billing.invoicing import credit_invoice, issue_invoice, record_payment
from skola.services.billing.models import Contract, Invoice
from skola.services.billing.places import places, today
from skola.services.billing.queries import seller
from skola.services.billing.rules import PAY_WITHIN, Buyer, Line, Seller

__all__ = [
    "PAY_WITHIN",
    "Buyer",
    "Contract",
    "Invoice",
    "Line",
    "NotOnOfferError",
    "NotRunningError",
    "Seller",
    "accept_contract",
    "credit_invoice",
    "end_contract",
    "end_offer",
    "issue_invoice",
    "offer_contract",
    "places",
    "record_payment",
    "seller",
    "today",
]
