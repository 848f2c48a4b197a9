"""A shop that stops selling: nothing is ordered, what was ordered runs on (learnifier-3.2.a)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, language_of, post
from skola.promises.policy.api import in_force
from skola.services.billing.api import ledger
from skola.services.shop import queries
from skola.services.shop.actions.marketing import end_coupon
from skola.services.shop.actions.selling import withdraw_offer
from skola.services.shop.models import Closing, Coupon, Order, Product


@transaction.atomic
def close_shop(*, by: str, now: datetime) -> int:
    """Take everything off and refuse new orders; return to how many customers it was explained.

    Orders that were placed are concluded, paid, taught and refunded as ever, and invoices and
    payments stay by their own clocks. Who has an order that runs or an invoice to pay is written
    to. Once more changes nothing.
    """
    if queries.closed_at() is not None:
        return 0
    made = Closing.objects.create(closed_at=now)
    for product in Product.objects.filter(ended_at=None):
        withdraw_offer(product, by=by, now=now)
    for coupon in Coupon.objects.filter(ended_at=None):
        end_coupon(coupon, by=by, now=now)
    orders = queries.running(now).select_related("person")
    owed = ledger(unpaid=True).filter(person__isnull=False).select_related("person")
    people = {one.person_id: one.person for one in orders}
    people |= {one.person.pk: one.person for one in owed if one.person is not None}
    for person in people.values():
        _explain(person, now)
    detail = {"orders": len(orders), "told": len(people)}
    audit.record("shop.shop.closed", target=made, by=by, at=now, detail=detail)
    return len(people)


@transaction.atomic
def open_again(*, now: datetime, by: str) -> None:
    """Let the shop sell again; each course is put on offer anew. Once more changes nothing."""
    for closing in Closing.objects.filter(opened_at=None):
        closing.opened_at = now
        closing.save(update_fields=["opened_at"])
        audit.record("shop.shop.opened", target=closing, by=by, at=now)


def _explain(person: Person, now: datetime) -> None:
    if not person.email:
        return
    service = in_force(now).policy.service.name
    with translation.override(language_of(person)):
        subject = _("%(service)s sells no more courses; yours goes on") % {"service": service}
        text = _(
            "Nothing new can be ordered. What you ordered goes on until its last day: courses,"
            " payment, refunds and invoices stay where they are, in your account and under the"
            " link in the mail of your order. Invoices and payments are kept for as long as the"
            " law on accounting asks."
        )
    post(
        person_id=person.pk,
        address=person.email,
        sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{text}\n",
        now=now,
        about="shop closed",
    )


def standing(now: datetime) -> tuple[int, int]:
    """Return how many orders run and how many invoices are not paid."""
    return queries.running(now).count(), ledger(unpaid=True).count()


def has_sold() -> bool:
    """Whether an order was ever placed of which something is still held."""
    return Order.objects.exists()
