"""A newsletter and a refusal, invented; only where the policy knows offers."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import has, in_force
from skola.services.campaigns import actions, refusing, rules
from skola.services.campaigns.models import Campaign, Delivery
from skola.services.campaigns.queries import CAPABILITY

_WORDS = {
    "lv": (
        "Pavasara kursi",
        "Labdien, {name}! Pavasarī sākas jauni kursi.",
        "Piesakieties līdz aprīlim un saņemiet 10 % atlaidi.",
    ),
    "sv": (
        "Kurser i vår",
        "Hej {name}! I vår börjar nya kurser.",
        "Anmäl dig före april och få 10 % rabatt.",
    ),
    "et": (
        "Kevadised pakkumised",
        "Tere, {name}! Kevadel on meil midagi uut.",
        "Tellige enne aprilli ja saate 10 % soodsamalt.",
    ),
}


def populate(tenant: str, people: Sequence[Person], chance: Random, now: datetime) -> None:
    """One refused by phone, one newsletter was sent a month ago and another is being written.

    Who agreed is told by the consents, which are made before.
    """
    if not has(CAPABILITY, now=now):
        return
    policy, then = in_force(now).policy, now - timedelta(days=30)
    message = next(one for one in rules.messages(policy, ("offer",)) if one.sender == "own")
    subject, text, offer = _WORDS.get(policy.policy.authentic, _WORDS["lv"])
    draft = actions.Draft(message.id, "email", subject, text, offer=offer)
    made = actions.write(draft, by="skola demo", now=then)
    actions.start(made, by="skola demo", now=then)
    sent = Delivery.objects.filter(campaign=made)
    sent.waiting().update(state=Delivery.State.SENT, settled_at=then)
    Campaign.objects.filter(pk=made.pk).update(state=Campaign.State.ENDED, ended_at=then)
    readers = sorted(sent.values_list("person_id", flat=True))
    if readers:
        reader = Person.objects.select_related("subscriber").get(pk=chance.choice(readers))
        refusing.refuse(reader, rules.DIRECT, way="phone", by="skola demo", now=now)
    actions.write(draft, by="skola demo", now=now)
    if policy.marketing and policy.marketing.partner_offers != "none":
        actions.add_partner("Raamat & Grāmata", "https://books.example/", by="skola demo", now=now)
