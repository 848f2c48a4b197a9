"""What a processor does for a controller: hands requests over, and helps where it is asked."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.tenants.api import Tenant, current_id, inside
from skola.promises.policy.api import due, in_force, parse_period
from skola.promises.rights.api import Asked, Asker, receive_request
from skola.services.academies.models import Academy, Assist, Handed

USUAL_TERM = "30 days"
"""Where the operator's policy names no term for an acknowledgement."""


class StepError(Exception):
    """The ticket is at another step."""


@transaction.atomic
def hand_over(academy: Academy, asked: Asked, asker: Asker, *, by: str, now: datetime) -> Handed:
    """Put a participant's request into the queue of the academy, whose controller answers it.

    The academy confirms it to the requester. The operator keeps no word of it (learnifier-12.d).
    Raises RefusedError where the academy's policy knows no such right.
    """
    with inside(academy.client):
        request = receive_request(
            asked, asker, person=None, received_at=now, by="operator", now=now
        ).pk
    handed = Handed.objects.create(academy=academy, request=request, handed_at=now)
    audit.record(
        "academies.request.handed_over", target=handed, by=by, at=now, clause="learnifier-12.d"
    )
    return handed


@transaction.atomic
def ask_operator(words: str, *, by: str, now: datetime) -> Assist:
    """Ask the operator, from within an academy, for something it cannot do itself.

    The ticket stands at the operator, acknowledged within the term of its policy (learnifier-12.e).
    """
    here = Tenant.objects.get(pk=current_id())
    assert here.operator_id is not None
    audit.record("academies.operator.asked", by=by, at=now, clause="learnifier-12.e")
    with inside(here.operator_id):
        academy = Academy.objects.get(client=here.pk)
        subscription = academy.subscriptions.order_by("agreed_at").first()
        made = Assist.objects.create(
            academy=academy,
            person_id=subscription.person_id if subscription else None,
            words=words,
            asked_at=now,
            due_at_latest=_latest(now),
        )
        audit.record("academies.assist.asked", target=made, by=by, at=now, clause="learnifier-12.e")
    return made


def _latest(now: datetime) -> datetime:
    policy = in_force(now).policy
    terms = [one.acknowledge for one in policy.dataset if one.role == "processor"]
    term = next((one for one in terms if one), USUAL_TERM)
    zone = ZoneInfo(policy.policy.timezone)
    return due(now, parse_period(term), zone, policy.policy.calendar)


@transaction.atomic
def acknowledge(assist: Assist, plan: str, *, by: str, now: datetime) -> None:
    """Confirm a ticket with what will be done. Raises StepError when that was done before."""
    held = Assist.objects.select_for_update().get(pk=assist.pk)
    if held.acknowledged_at is not None:
        raise StepError(_("Somebody has acknowledged this already."))
    held.plan, held.acknowledged_at = plan, now
    held.save(update_fields=["plan", "acknowledged_at"])
    audit.record("academies.assist.acknowledged", target=held, by=by, at=now)


@transaction.atomic
def finish(assist: Assist, *, by: str, now: datetime) -> None:
    """It is done. Raises StepError before it was acknowledged, or twice."""
    held = Assist.objects.select_for_update().get(pk=assist.pk)
    if held.acknowledged_at is None or held.done_at is not None:
        raise StepError(_("Acknowledge it first; what is done is done once."))
    held.done_at = now
    held.save(update_fields=["done_at"])
    audit.record("academies.assist.done", target=held, by=by, at=now)
