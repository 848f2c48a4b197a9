"""The door of ``billing``."""

from skola.services.billing.beside import beside, tabs
from skola.services.billing.books import books, last_booked
from skola.services.billing.contracting import (
    NotIdentifiedError,
    NotOnOfferError,
    NotRunningError,
    accept_contract,
    end_contract,
    end_offer,
    offer_contract,
    when_ended,
)
from skola.services.billing.credit import (
    assess_credit,
    credit_of,
    debt_of,
    offers_to_pay_later,
)
from skola.services.billing.forms import VAT
from skola.services.billing.identity import is_identified, lacks_identity, note_check
from skola.services.billing.invoicing import (
    AlreadyCreditedError,
    credit_invoice,
    credit_part,
    issue_invoice,
    record_payment,
    when_paid,
)
from skola.services.billing.models import Contract, Currency, Invoice
from skola.services.billing.over import card_page
from skola.services.billing.paying import NoCardError, pay_back, takes_cards
from skola.services.billing.places import places, today
from skola.services.billing.providers import ProviderError
from skola.services.billing.queries import ledger, open_cents, seller, zone
from skola.services.billing.rules import PAY_WITHIN, Buyer, Credit, Line, Seller

__all__ = [
    "PAY_WITHIN",
    "VAT",
    "AlreadyCreditedError",
    "Buyer",
    "Contract",
    "Credit",
    "Currency",
    "Invoice",
    "Line",
    "NoCardError",
    "NotIdentifiedError",
    "NotOnOfferError",
    "NotRunningError",
    "ProviderError",
    "Seller",
    "accept_contract",
    "assess_credit",
    "beside",
    "books",
    "card_page",
    "credit_invoice",
    "credit_of",
    "credit_part",
    "debt_of",
    "end_contract",
    "end_offer",
    "is_identified",
    "issue_invoice",
    "lacks_identity",
    "last_booked",
    "ledger",
    "note_check",
    "offer_contract",
    "offers_to_pay_later",
    "open_cents",
    "pay_back",
    "places",
    "record_payment",
    "seller",
    "tabs",
    "takes_cards",
    "today",
    "when_ended",
    "when_paid",
    "zone",
]
