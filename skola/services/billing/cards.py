"""A tenant sets up who takes its cards: the keys of its account, and the entry in the register."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.files.api import seal_text
from skola.ground.ids import uuid7
from skola.ground.tenants.api import current_id
from skola.promises.disclosures.api import Party, activate, entries, file_paper, for_task, register
from skola.promises.policy.api import in_force
from skola.services.billing.models import CardKeys
from skola.services.billing.paying import TASK
from skola.services.billing.queries import today


@dataclass(frozen=True)
class Taker:
    """Who takes the cards, and the agreement with them."""

    name: str
    country: str
    agreement: str


def rule_of_taker(now: datetime) -> str:
    """Return as whom of the policy somebody takes cards; empty where the policy has nobody."""
    found = entries(in_force(now).policy).items()
    return next((rule for rule, one in found if one.task == TASK), "")


def taker(now: datetime) -> Party | None:
    """Return who stands in the register as the one who takes cards, active or not yet."""
    if active := for_task(TASK, now):
        return active[0].party
    rule = rule_of_taker(now)
    return Party.objects.there().filter(entry=rule).order_by("-registered_at").first()


@transaction.atomic
def set_up_cards(
    key: str, secret: str, who: Taker | None, *, by: str, now: datetime
) -> Party | None:
    """Keep the keys, sealed, in place of earlier ones, and enter who takes the cards.

    ``who`` is None where they stand in the register already. Raises NotFitError where they lack
    something that the policy or the law wants; then nothing changed. Source: learnifier-3.2.a.
    """
    CardKeys.objects.all().delete()
    made, tenant = uuid7(), current_id()
    CardKeys.objects.create(
        pk=made,
        key_sealed=seal_text(key, tenant=tenant, row=made),
        secret_sealed=seal_text(secret, tenant=tenant, row=made),
        entered_at=now,
    )
    audit.record("billing.cards.set_up", by=by, at=now)
    return _enter(who, by=by, now=now) if who else taker(now)


def _enter(who: Taker, *, by: str, now: datetime) -> Party:
    day = today(now)
    party = register(
        rule_of_taker(now), who.name, country=who.country, changed_on=day, by=by, now=now
    )
    file_paper(party, "agreement", who.agreement, valid_from=day, valid_until=None, by=by, now=now)
    activate(party, by=by, now=now)
    return party


@transaction.atomic
def forget_keys(*, by: str, now: datetime) -> None:
    """Forget the keys: no card is asked for on that account any more. Once more changes nothing."""
    gone, _each = CardKeys.objects.all().delete()
    if gone:
        audit.record("billing.cards.forgotten", by=by, at=now)
