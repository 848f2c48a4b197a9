"""Sending: the last question is asked for each person when their message leaves."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import language_of
from skola.promises.policy.api import in_force
from skola.services.campaigns import letters, queries, refusing, rules
from skola.services.campaigns.models import Campaign, Delivery, Reaction, Refusal
from skola.services.campaigns.queries import Asked, Recipient
from skola.services.campaigns.rules import Why
from skola.services.reaching.api import CarrierError, devices_for, push

State = Delivery.State
SHOWN = 400
"""Letters of an offer that a device shows."""


@transaction.atomic
def deliver(delivery_id: UUID, *, now: datetime) -> bool:
    """Send one message, if its ground still stands; False where it does not, or it was sent before.

    Raises what the mail server says, or CarrierError, and is tried again then. Source:
    ilearn-26.b, learnifier-9.b, ekool-6.3-optout.
    """
    held = Delivery.objects.select_for_update(of=("self",)).waiting().filter(pk=delivery_id)
    one = held.select_related("campaign__partner", "person").first()
    if one is None:
        return False
    recipient = ask_again(one, now=now)
    if recipient is None or not recipient.verdict.is_sent:
        why = Why.GONE if recipient is None else recipient.verdict.why_not
        _settle(one, State.SKIPPED, why=str(why), now=now)
        return False
    if one.channel == "push":
        if not _push(one, recipient, now):
            _settle(one, State.SKIPPED, why=str(Why.NO_ADDRESS), now=now)
            return False
    else:
        _send(one, recipient, now)
    _settle(one, State.SENT, ground=recipient.verdict.ground, now=now)
    return True


def ask_again(one: Delivery, *, now: datetime) -> Recipient | None:
    """Return the verdict on a message as it stands now; None where its kind or person is gone."""
    message = queries.message_of(in_force(now).policy, one.campaign.kind)
    if message is None or one.campaign.state != Campaign.State.RUNNING:
        return None
    found = queries.recipients(Asked.of(one.campaign, message), now=now, only=[one.person_id])
    return found[0] if found else None


def _send(one: Delivery, recipient: Recipient, now: datetime) -> None:
    policy = in_force(now).policy
    message = queries.message_of(policy, one.campaign.kind)
    assert message is not None
    person = recipient.person
    to = letters.To(
        person=person.pk,
        name=person.given_name,
        address=recipient.address,
        language=language_of(person),
        delivery=one.pk,
    )
    agreed = recipient.facts.consents if rules.is_measured(policy, message, recipient.facts) else ()
    may = rules.measuring(policy)
    measured = letters.Measured(
        opens=bool(may.opens.intersection(agreed)), clicks=bool(may.clicks.intersection(agreed))
    )
    ground = recipient.verdict.ground
    letters.letter(one.campaign, message, policy, to, ground, measured).send()


def _push(one: Delivery, recipient: Recipient, now: datetime) -> bool:
    """Show an offer on each device that wants offers; whether one took it (ilearn-34.d)."""
    campaign, person = one.campaign, recipient.person
    with translation.override(language_of(person)):
        policy = in_force(now).policy
        parts = [letters.advertiser(campaign, policy), campaign.text, campaign.offer]
        text = " ".join(letters.personal(each, person.given_name) for each in parts if each)
        said = {
            "title": letters.personal(campaign.subject, person.given_name),
            "text": text[:SHOWN],
            "url": campaign.link or reverse("campaigns:settings"),
            "stop": reverse("reaching:devices"),
            "stop_word": _("No more offers"),
        }
    message = queries.message_of(policy, campaign.kind)
    offers = message is None or message.kind not in rules.ALWAYS
    taken, late = 0, None
    for device in devices_for([person.pk], offers=offers):
        try:
            taken += push(device, said, key=one.pk, by="campaigns.deliver", now=now)
        except CarrierError as error:
            late = error
    if late is not None and not taken:
        raise late
    return taken > 0


def _settle(
    one: Delivery, state: Delivery.State, *, why: str = "", ground: str = "", now: datetime
) -> None:
    one.state, one.settled_at, one.why_not = state, now, why
    one.ground = ground or one.ground
    one.save(update_fields=["state", "settled_at", "why_not", "ground"])
    detail = {"channel": one.channel, "ground": one.ground, "why_not": why}
    kind = "campaigns.message.sent" if state == State.SENT else "campaigns.message.withheld"
    audit.record(kind, target=one, subject=one.person_id, by="system", at=now, detail=detail)
    if not Delivery.objects.filter(campaign=one.campaign_id).waiting().exists():
        running = Campaign.objects.filter(pk=one.campaign_id, state=Campaign.State.RUNNING)
        running.update(state=Campaign.State.ENDED, ended_at=now)


# ---- lists: calls by people, calls by machines, letters ----


@transaction.atomic
def list_now(campaign: Campaign, *, by: str, now: datetime) -> list[tuple[Delivery, Recipient]]:
    """Return whom to call or write to, as it stands now; who has refused since is taken out.

    Each giving of the list asks anew, so an old copy is replaced by a right one (ilearn-32).
    """
    message = queries.message_of(in_force(now).policy, campaign.kind)
    if message is None or campaign.state != Campaign.State.RUNNING:
        return []
    waiting = Delivery.objects.filter(campaign=campaign).waiting().select_related("person")
    held = {one.person_id: one for one in waiting}
    found = queries.recipients(Asked.of(campaign, message), now=now, only=list(held))
    for one in found:
        if not one.verdict.is_sent:
            why = str(one.verdict.why_not)
            _settle_quietly([held[one.person.pk]], why, now)
    given = [(held[one.person.pk], one) for one in found if one.verdict.is_sent]
    audit.record(
        "campaigns.list.given", target=campaign, by=by, at=now, detail={"people": len(given)}
    )
    return given


def _settle_quietly(ones: Iterable[Delivery], why: str, now: datetime) -> None:
    keys = [one.pk for one in ones]
    Delivery.objects.filter(pk__in=keys).update(state=State.SKIPPED, why_not=why, settled_at=now)


@transaction.atomic
def record_result(
    one: Delivery, result: str, *, way: str = Refusal.Way.CALL, by: str, now: datetime
) -> None:
    """Enter what came of a call or a letter; who wants no more is refused at once (ilearn-32).

    A machine enters the key that was pressed to get no more as ``refused``.
    """
    one.result = result
    again = result in (Delivery.Result.AGAIN, Delivery.Result.NO_ANSWER)
    one.state, one.settled_at = (State.WAITING, None) if again else (State.SENT, now)
    one.save(update_fields=["result", "state", "settled_at"])
    if result == Delivery.Result.REFUSED:
        person = one.person
        message = queries.message_of(in_force(now).policy, one.campaign.kind)
        kind = message.kind if message else "offer"
        what = rules.POLLS if kind == "survey" else rules.DIRECT
        refusing.refuse(person, what, way=way, by=by, now=now)
    audit.record(
        "campaigns.call.entered",
        target=one,
        subject=one.person_id,
        by=by,
        at=now,
        detail={"result": result},
    )


# ---- what comes back ----


@transaction.atomic
def react(delivery_id: UUID, kind: str, *, now: datetime) -> Delivery | None:
    """Count that a message was opened or its link used, while the consent to it stands.

    Neither address nor browser is kept. Returns the message; None where it is gone. Source:
    learnifier-5.j, ekool-6.5.
    """
    one = Delivery.objects.select_related("campaign").filter(pk=delivery_id).first()
    if one is None:
        return None
    policy = in_force(now).policy
    message = queries.message_of(policy, one.campaign.kind)
    if message is None or message.kind in rules.ALWAYS:
        return one
    (recipient,) = queries.recipients(Asked(message, one.channel), now=now, only=[one.person_id])
    may = rules.measuring(policy)
    wanted = may.opens if kind == Reaction.Kind.OPENED else may.clicks
    if wanted & recipient.facts.consents and rules.is_measured(policy, message, recipient.facts):
        made, is_new = Reaction.objects.get_or_create(
            delivery=one, kind=kind, defaults={"first_at": now}
        )
        if not is_new:
            Reaction.objects.filter(pk=made.pk).update(times=F("times") + 1)
    return one
