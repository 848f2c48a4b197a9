"""Campaigns from the first draft to their end, and the partners whose offers are sent."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.jobs import api as jobs
from skola.promises.policy.api import in_force
from skola.promises.policy.schema import Message
from skola.services.campaigns import queries, rules, segments
from skola.services.campaigns.models import Campaign, Delivery, Partner
from skola.services.campaigns.queries import Asked

DELIVER = "campaigns.deliver"


class FaultyError(Exception):
    """A message that may not be sent as it is; ``faults`` says why."""

    def __init__(self, faults: list[rules.Fault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


class StartedError(Exception):
    """The campaign has begun, so that it can neither be changed nor begun again."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a campaign says, by which channel, and to whom."""

    kind: str
    channel: str
    subject: str
    text: str
    offer: str = ""
    link: str = ""
    partner: Partner | None = None
    similar_to: str = ""
    conditions: tuple[segments.Condition, ...] = ()


def _message(kind: str, now: datetime) -> Message:
    found = queries.message_of(in_force(now).policy, kind)
    if found is None:
        raise FaultyError([rules.Fault.CHANNEL])
    return found


def _check(draft: Draft, message: Message, now: datetime, *, starts: bool = False) -> None:
    content = rules.Content(
        text=f"{draft.subject} {draft.text}",
        offer=draft.offer or (draft.link if message.kind in rules.ALWAYS and draft.partner else ""),
        has_partner=draft.partner is not None,
        partner_approved=bool(draft.partner and draft.partner.approved_at) or not starts,
        has_filter=bool(draft.conditions),
        channel=draft.channel,
    )
    if found := rules.faults(message, content):
        raise FaultyError(found)
    segments.check(in_force(now).policy, message, draft.conditions)


@transaction.atomic
def write(draft: Draft, *, campaign: Campaign | None = None, by: str, now: datetime) -> Campaign:
    """Write a campaign, or write it anew before it has begun.

    Raises FaultyError where its kind may not say that (ilearn-30, ekool-6.4), SegmentError where it
    would choose by data that its purposes do not cover (ekool-4.4), StartedError.
    """
    _check(draft, _message(draft.kind, now), now)
    if campaign is not None and campaign.state != Campaign.State.DRAFT:
        raise StartedError
    kept = campaign or Campaign(created_at=now)
    for name in ("kind", "channel", "subject", "text", "offer", "link", "partner", "similar_to"):
        setattr(kept, name, getattr(draft, name))
    kept.segment = [
        {"field": one.field, "op": one.op, "value": one.value} for one in draft.conditions
    ]
    kept.save()
    audit.record(
        "campaigns.campaign.written",
        target=kept,
        by=by,
        at=now,
        detail={"kind": kept.kind, "channel": kept.channel},
    )
    return kept


def draft_of(campaign: Campaign) -> Draft:
    """Return what a campaign says, as it was written."""
    return Draft(
        kind=campaign.kind,
        channel=campaign.channel,
        subject=campaign.subject,
        text=campaign.text,
        offer=campaign.offer,
        link=campaign.link,
        partner=campaign.partner,
        similar_to=campaign.similar_to,
        conditions=tuple(segments.conditions(campaign.segment)),
    )


@transaction.atomic
def start(campaign: Campaign, *, by: str, now: datetime) -> int:
    """Let a campaign run: queue a message to each who may get it; return how many.

    Who is left out is counted by reason and not listed: nothing allows a list of them. Raises
    FaultyError, SegmentError, StartedError. Source: ilearn-8.f, ekool-6.1.3.
    """
    held = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if held.state != Campaign.State.DRAFT:
        raise StartedError
    message = _message(held.kind, now)
    _check(draft_of(held), message, now, starts=True)
    found = queries.recipients(Asked.of(held, message), now=now)
    counts = Counter(one.verdict.why_not for one in found if one.verdict.why_not is not None)
    reached = [one for one in found if one.verdict.is_sent]
    held.state, held.started_at, held.left_out = Campaign.State.RUNNING, now, dict(counts)
    if held.channel != "account":
        _queue(held, reached, now)
    if held.channel in rules.CARRIED and not reached:
        held.state, held.ended_at = Campaign.State.ENDED, now
    held.save()
    campaign.refresh_from_db()
    audit.record(
        "campaigns.campaign.started",
        target=held,
        by=by,
        at=now,
        detail={"to": len(reached), "left_out": sum(counts.values())},
    )
    return len(reached)


def _queue(campaign: Campaign, reached: list[queries.Recipient], now: datetime) -> None:
    chosen_by = "; ".join(one.words for one in segments.conditions(campaign.segment))
    made = Delivery.objects.bulk_create(
        Delivery(
            campaign=campaign,
            person=one.person,
            title=campaign.subject,
            channel=campaign.channel,
            ground=one.verdict.ground,
            chosen_by=chosen_by[:300],
            queued_at=now,
        )
        for one in reached
    )
    if campaign.channel in rules.CARRIED:
        for one in made:
            jobs.enqueue(DELIVER, delivery=one.pk)


@transaction.atomic
def end(campaign: Campaign, *, by: str, now: datetime) -> None:
    """End a campaign: it is shown no more, and nobody is called any more."""
    running = Campaign.objects.filter(pk=campaign.pk, state=Campaign.State.RUNNING)
    if not running.update(state=Campaign.State.ENDED, ended_at=now):
        return
    waiting = Delivery.objects.filter(campaign=campaign).waiting()
    waiting.update(state=Delivery.State.SKIPPED, why_not=rules.Why.GONE, settled_at=now)
    audit.record("campaigns.campaign.ended", target=campaign, by=by, at=now)


@transaction.atomic
def add_partner(name: str, website: str, *, by: str, now: datetime) -> Partner:
    """Record somebody whose offers might be sent; nothing is, before they are approved."""
    made = Partner.objects.create(name=name, website=website, created_at=now)
    audit.record("campaigns.partner.added", target=made, by=by, at=now)
    return made


@transaction.atomic
def judge_partner(
    partner: Partner, *, approved: bool, findings: str, by: str, now: datetime
) -> None:
    """Approve a partner after a review, or take the approval back (ekool-6.1.3)."""
    partner.findings, partner.approved_at = findings, now if approved else None
    partner.save(update_fields=["findings", "approved_at"])
    kind = "campaigns.partner.approved" if approved else "campaigns.partner.refused"
    audit.record(kind, target=partner, by=by, at=now)
