"""Joint offers: partners are told by an order or by the button, and by nothing else."""

from datetime import datetime

from django.db import models, transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.consents.api import Shown, TooYoungError, give
from skola.promises.disclosures.api import Passing, RefusedError, for_task, pass_on
from skola.services.shop.models import Interest, Order, Product

TASK = "joint-offers"
"""How the policy marks partners of joint offers."""


def share(
    product: Product, person: Person, about: Order | Interest, *, by: str, now: datetime
) -> int:
    """Tell each named partner who ordered or is interested, and of what; return how many.

    The act is the consent, for this partner alone (learnifier-7.e). A partner who is active no more
    is not told: the gate refuses, and the refusal is in the audit.
    """
    there = {one.party.pk: one for one in for_task(TASK, now)}
    channel = "order" if isinstance(about, Order) else "interest-button"
    records: list[models.Model] = [person, about]
    told = 0
    for partner in product.partners.select_related("party"):
        found = there.get(partner.party_id)
        if found is None:
            continue
        scope = str(partner.party_id)
        passing = Passing(
            found.party, ground=found.ground, purpose=found.purpose, reference=str(about)
        )
        try:
            give(person, found.purpose, Shown(channel=channel), scope=scope, by=by, now=now)
            pass_on(passing, [person.pk], records=records, by=by, now=now)
        except (RefusedError, TooYoungError):
            continue
        told += 1
    return told


@transaction.atomic
def tell_interest(product: Product, person: Person, *, by: str, now: datetime) -> Interest:
    """Note that somebody is interested, and tell the partners; pressed twice it is once."""
    made, fresh = Interest.objects.get_or_create(
        person=person, product=product, defaults={"title": product.title, "told_at": now}
    )
    if fresh:
        audit.record("shop.interest.told", target=made, subject=person.pk, by=by, at=now)
        share(product, person, made, by=by, now=now)
    return made
