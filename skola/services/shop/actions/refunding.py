"""Refunds: asked for on an order, decided by staff with an answer (ilearn-refund)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, language_of, post
from skola.services.billing.api import pay_back
from skola.services.shop.actions.ordering import end
from skola.services.shop.models import Order, Refund


class NotRefundableError(Exception):
    """The order is not paid or has ended, or the refund was decided already."""


@transaction.atomic
def ask_refund(order: Order, reason: str, *, by: str, now: datetime) -> Refund:
    """Ask for the money of an order back; asked twice it is one question.

    Raises NotRefundableError where nothing was paid, or all was paid back.
    """
    held = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if held.paid_at is None or held.ended_at is not None:
        raise NotRefundableError(_("Nothing is paid on this order that could be paid back."))
    if asked := Refund.objects.open().filter(order=held).first():
        return asked
    made = Refund.objects.create(order=held, reason=reason, asked_at=now)
    audit.record("shop.refund.asked", target=made, subject=held.person_id, by=by, at=now)
    return made


@transaction.atomic
def decide_refund(
    refund: Refund, *, grant: bool, answer: str, decider: Person, by: str, now: datetime
) -> None:
    """Grant a refund or refuse it, and tell the customer.

    Granted, the order ends with a credit note, and what a card paid goes back to it; what came by
    transfer the office sends, and the ledger shows that it is owed. Raises NotRefundableError, and
    ProviderError where the card provider does not answer; then nothing is changed.
    """
    held = Refund.objects.select_for_update(of=("self",)).select_related("order").get(pk=refund.pk)
    if held.decided_at is not None:
        raise NotRefundableError(_("This refund was decided already."))
    held.is_granted, held.answer = grant, answer
    held.decider, held.decided_at = decider, now
    if grant:
        held.credit_note = end(held.order, by=by, now=now)
    held.save()
    audit.record(
        "shop.refund.decided",
        target=held,
        subject=held.order.person_id,
        by=by,
        at=now,
        detail={"granted": grant},
    )
    _tell(held, now=now)
    if grant and held.order.invoice is not None:
        pay_back(held.order.invoice, by=by, now=now)


def _tell(refund: Refund, *, now: datetime) -> None:
    person = refund.order.person
    if not person.email:
        return
    with translation.override(language_of(person)):
        subject = _("Your refund for order %(number)s") % {"number": refund.order.label}
        said = _("It is granted.") if refund.is_granted else _("It is not granted.")
    post(
        person_id=person.pk,
        address=person.email,
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=subject,
        text=f"{said}\n\n{refund.answer}\n",
        now=now,
    )
