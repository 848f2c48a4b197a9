"""Payment by card: the provider is asked through the gate; its event records the payment once."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.ids import uuid7
from skola.promises.disclosures.api import Passing, RefusedError, for_task, pass_on
from skola.services.billing import queries
from skola.services.billing.events import Happened
from skola.services.billing.invoicing import record_payment
from skola.services.billing.models import CardPayment, Invoice, Payment
from skola.services.billing.providers import Asked, Opened, Provider, ProviderError, provider

TASK = "card-payments"
"""How the policy marks who takes cards."""


class NoCardError(Exception):
    """A card cannot be taken here now; the message says why, and what else there is."""


def takes_cards(now: datetime) -> bool:
    """Whether somebody takes cards here: set up, in the policy, and active in the register."""
    return provider() is not None and bool(for_task(TASK, now))


Address = Callable[[str], str]


def open_payment(
    invoice: Invoice, *, here: str, absolute: Address, by: str, now: datetime
) -> CardPayment:
    """Ask the provider for a page on which an invoice is paid; the open one where there is one.

    What goes out are the fields of the policy, with an entry in the ledger (learnifier-7.h).
    ``here`` is where the payer comes back to, ``absolute`` makes an address of it. Raises
    NoCardError, and then nothing is open.
    """
    who = provider()
    parties = for_task(TASK, now)
    owed = queries.open_cents(invoice)
    if who is None or not parties:
        raise NoCardError(_("Cards are not taken here. Pay by bank transfer."))
    if owed <= 0:
        raise NoCardError(_("Nothing is open on this invoice. There is nothing to pay."))
    open_one = CardPayment.objects.filter(
        invoice=invoice,
        provider=who.name,
        paid_at=None,
        amount_cents=owed,
        opened_at__gt=now - queries.SESSION_LASTS,
    ).first()
    if open_one is not None:
        return open_one
    try:
        return _open(who, invoice, owed, here, absolute, by, now)
    except RefusedError as error:
        raise NoCardError(
            _("Nothing may be passed on to the card provider for you. Pay by bank transfer.")
        ) from error
    except ProviderError as error:
        raise NoCardError(
            _("The card provider does not answer. Try again later, or pay by bank transfer.")
        ) from error


def _open(
    who: Provider,
    invoice: Invoice,
    owed: int,
    here: str,
    absolute: Address,
    by: str,
    now: datetime,
) -> CardPayment:
    key = uuid7()
    _let_pass(invoice, key, by=by, now=now)
    words = _("Invoice %(number)s") % {"number": invoice.label}
    opened = who.open(Asked(key, words, owed, invoice.currency, absolute(here), absolute(here)))
    made = _keep(invoice, key, who, opened, owed, now)
    audit.record(
        "billing.card_payment.opened", target=made, subject=invoice.person_id, by=by, at=now
    )
    return made


def _keep(
    invoice: Invoice, key: UUID, who: Provider, opened: Opened, owed: int, now: datetime
) -> CardPayment:
    return CardPayment.objects.create(
        id=key,
        invoice=invoice,
        provider=who.name,
        session=opened.session,
        url=opened.url,
        amount_cents=owed,
        opened_at=now,
    )


def _let_pass(invoice: Invoice, key: UUID, *, by: str, now: datetime) -> None:
    """Through the gate; an invoice of nobody whom we know has no data of a person."""
    if invoice.person_id is None:
        return
    party = for_task(TASK, now)[0]
    passing = Passing(
        party.party,
        ground=party.ground,
        reference=_("invoice %(number)s") % {"number": invoice.label},
        once=key,
    )
    pass_on(passing, [invoice.person_id], records=[invoice], by=by, now=now)


@transaction.atomic
def take_event(happened: Happened, *, from_whom: str, by: str, now: datetime) -> bool:
    """Record the payment that a provider confirms. False for one that is recorded already.

    A provider tells at least once, so the payment is locked first (ema-11.2-stripe). One over
    another amount than was asked for, or of a session that is not ours, is written down, no more.
    """
    charge = (
        CardPayment.objects.select_for_update(of=("self",))
        .select_related("invoice")
        .filter(provider=from_whom, session=happened.session)
        .first()
    )
    if charge is None:
        audit.record("billing.event.refused", by=by, at=now, detail={"why": "unknown"})
        return False
    if charge.paid_at is not None:
        return False
    if (happened.amount_cents, happened.currency) != (charge.amount_cents, charge.invoice.currency):
        audit.record(
            "billing.event.refused", target=charge, by=by, at=now, detail={"why": "amount"}
        )
        return False
    charge.paid_at, charge.reference = now, happened.payment
    charge.save(update_fields=["paid_at", "reference"])
    record_payment(
        charge.invoice,
        amount_cents=charge.amount_cents,
        paid_on=queries.today(now),
        method=Payment.Method.CARD,
        reference=happened.payment[-12:],
        by=by,
        now=now,
    )
    return True


def pay_back(invoice: Invoice, *, by: str, now: datetime) -> bool:
    """Send what was paid by card back to it. False where no card paid: the office sends it itself.

    Raises ProviderError, and then nothing is recorded.
    """
    charge = CardPayment.objects.filter(invoice=invoice, paid_at__isnull=False).first()
    who = provider()
    if charge is None or who is None or who.name != charge.provider:
        return False
    if Payment.objects.filter(invoice=invoice, amount_cents=-charge.amount_cents).exists():
        return True
    who.pay_back(charge.reference, charge.amount_cents)
    record_payment(
        invoice,
        amount_cents=-charge.amount_cents,
        paid_on=queries.today(now),
        method=Payment.Method.CARD,
        reference=charge.reference[-12:],
        by=by,
        now=now,
    )
    return True
