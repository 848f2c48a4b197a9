"""What somebody wants to get: the switches of the page on which they choose, and subscribing."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.consents.api import Shown, give, standing, withdraw
from skola.promises.origins import api as origins
from skola.promises.policy.api import in_force
from skola.promises.policy.schema import ConsentRule, Message, Policy
from skola.promises.rights.api import zone_of
from skola.services.campaigns import queries, refusing, rules
from skola.services.campaigns.models import Reaction, Refusal, Subscriber
from skola.services.campaigns.queries import Asked

SOURCE = "newsletter"
"""How a person is marked who is known by a subscription alone."""
_BY_LINK = ("preference-page", "personal-link", "site-form")
"""Ways of the policy under which a consent can be given by the link in a message."""


@dataclass(frozen=True, slots=True)
class Switch:
    """One choice: a kind of message by one channel."""

    message: Message
    channel: str
    is_on: bool
    can_be_on: bool
    """Whether the person may switch it on on this page."""

    @property
    def word(self) -> str:
        return f"{self.message.id}/{self.channel}"


def switches(person: Person, *, way: str, now: datetime) -> list[Switch]:
    """Return a switch for each kind of message and channel that can be refused (ilearn-34.b)."""
    policy = in_force(now).policy
    found = []
    for message in rules.messages(policy):
        if message.kind in rules.ALWAYS:
            continue
        for channel in rules.channels_of(message):
            (one,) = queries.recipients(Asked(message, channel), now=now, only=[person.pk])
            reachable = replace(one.facts, address=True)
            why = rules.verdict(policy, message, channel, reachable).why_not
            if why in (rules.Why.NOT_FOR_THEM, rules.Why.NEVER_TO):
                continue
            is_on = why in (None, rules.Why.NOT_SIMILAR)
            can = bool(consent_by(policy, message, way)) or not _on_consent(policy, message)
            found.append(Switch(message, channel, is_on, can))
    return found


def always_on(*, now: datetime) -> list[Message]:
    """Return the kinds of messages that nobody switches off."""
    return rules.messages(in_force(now).policy, rules.ALWAYS)


def _on_consent(policy: Policy, message: Message) -> list[str]:
    return [one.id for one in rules.grounds(policy, message) if one.basis.kind == "consent"]


def consent_by(policy: Policy, message: Message, way: str) -> list[tuple[str, str]]:
    """Return the consents that a message rests on, each with how it may be given on this way."""
    return [
        (purpose, channel)
        for purpose in _on_consent(policy, message)
        if (channel := _channel(policy, purpose, way))
    ]


def _channel(policy: Policy, purpose: str, way: str) -> str:
    rule = next((one for one in policy.consent if purpose in one.purpose), None)
    wanted = ("account",) if way == Refusal.Way.ACCOUNT else _BY_LINK
    return next((one for one in wanted if rule is not None and one in rule.give_by), "")


@transaction.atomic
def choose(
    person: Person, wanted: frozenset[str], *, way: str, wording: str, by: str, now: datetime
) -> None:
    """Set the switches as the person left them; those that stay as they are are not touched.

    Switching off narrows, and withdraws the consent when no kind of message is left that rests on
    it. Switching on gives it, for this channel, to the words that stood beside the switch; what a
    consent or a refusal taken back would allow beyond that stays off.
    """
    before = switches(person, way=way, now=now)
    off = [one for one in before if one.is_on and one.word not in wanted]
    on = [one for one in before if not one.is_on and one.can_be_on and one.word in wanted]
    for one in off:
        refusing.refuse(person, one.word, way=way, by=by, now=now)
    for one in on:
        _switch_on(person, one, before, wanted, way=way, wording=wording, by=by, now=now)
    _withdraw_unused(person, before, wanted, way=way, by=by, now=now)
    if on:
        keep_address(person, source=way, now=now)
    refusing.drop_address(person, now=now)


def _switch_on(
    person: Person,
    one: Switch,
    all_: list[Switch],
    wanted: frozenset[str],
    *,
    way: str,
    wording: str,
    by: str,
    now: datetime,
) -> None:
    policy = in_force(now).policy
    lifted = rules.stops(one.message, one.channel)
    refusing.take_back(person, lifted, by=by, now=now)
    for purpose, channel in consent_by(policy, one.message, way):
        shown = Shown(channel=channel, wording=wording and f"{_name(one.message)}: {wording}")
        give(person, purpose, shown, scope=one.channel, by=by, now=now)
    for other in all_:
        if not other.is_on and other.word not in wanted:
            refusing.refuse(person, other.word, way=way, by=by, now=now)


def _name(message: Message) -> str:
    return message.name.get("en", message.id)


def _withdraw_unused(
    person: Person,
    before: list[Switch],
    wanted: frozenset[str],
    *,
    way: str,
    by: str,
    now: datetime,
) -> None:
    policy = in_force(now).policy
    for purpose in refusing.consents_for_messages(policy):
        for channel in {one.channel for one in before if purpose in one.message.ground}:
            mine = [
                one
                for one in before
                if purpose in one.message.ground and _shares(policy, one.channel, channel)
            ]
            if any(one.word in wanted for one in mine):
                continue
            if any(one.is_on for one in mine):
                withdraw(
                    person, purpose, channel=way, scope=_scope(policy, channel), by=by, now=now
                )


def _scope(policy: Policy, channel: str) -> str:
    own = policy.marketing.per_channel_consent if policy.marketing else []
    return channel if channel in own else ""


def _shares(policy: Policy, one: str, other: str) -> bool:
    return _scope(policy, one) == _scope(policy, other)


def keep_address(person: Person, *, source: str, email: str = "", now: datetime) -> Subscriber:
    """Keep where offers go, apart from contract and account: they end earlier (ilearn-34.a)."""
    kept, _ = Subscriber.objects.get_or_create(
        person=person, defaults={"source": source, "since_at": now}
    )
    kept.email = email or person.email or kept.email
    kept.phone = person.phone or kept.phone
    kept.save(update_fields=["email", "phone"])
    return kept


def keep_addresses(*, now: datetime) -> int:
    """Keep the address of everybody whose consent was given elsewhere, and drop what has no ground.

    Return how many were made or dropped. Safe to repeat.
    """
    policy = in_force(now).policy
    agreed: set[UUID] = set()
    for purpose in refusing.consents_for_messages(policy):
        for scope in {"", *(policy.marketing.per_channel_consent if policy.marketing else [])}:
            found = standing(purpose, now=now, scope=scope)
            agreed |= set(found.values_list("person_id", flat=True))
    changed = 0
    missing = Person.objects.filter(pk__in=agreed, subscriber=None).exclude(email="", phone="")
    for person in missing[:1_000]:
        keep_address(person, source="account", now=now)
        changed += 1
    for kept in Subscriber.objects.exclude(person__in=agreed).select_related("person")[:1_000]:
        changed += refusing.drop_address(kept.person, now=now)
    return changed


# ---- measuring ----


def measured_purposes(*, now: datetime) -> list[str]:
    """Return the consents on which opening and clicking are measured."""
    return sorted(rules.measuring(in_force(now).policy).purposes)


def is_measured(person: Person, *, now: datetime) -> bool:
    """Whether somebody agreed that opening and clicking are measured."""
    return any(
        standing(one, now=now).filter(person_id=person.pk).exists()
        for one in measured_purposes(now=now)
    )


@transaction.atomic
def measure(person: Person, *, wanted: bool, way: str, by: str, now: datetime) -> None:
    """Let opening and clicking be measured, or stop it; what was measured then goes, too."""
    policy = in_force(now).policy
    for purpose in measured_purposes(now=now):
        if not wanted:
            withdraw(person, purpose, channel=way, by=by, now=now)
        elif channel := _channel(policy, purpose, way):
            give(person, purpose, Shown(channel=channel), by=by, now=now)
    if not wanted:
        Reaction.objects.filter(delivery__person=person).delete()


# ---- subscribing with an address alone ----


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked for who is known by an address alone."""

    email: str
    language: str
    asked_at: str
    source: str = "site-form"
    campaign: str = ""
    """The campaign whose address was used; empty where none was."""


def on_offer(*, now: datetime, source: str = "site-form") -> list[Message]:
    """Return the kinds of messages that somebody subscribes to with an address alone."""
    policy = in_force(now).policy
    found = []
    for message in rules.messages(policy, ("offer", "survey")):
        rule_of = {one: rule for rule in policy.consent for one in rule.purpose}
        purposes = _on_consent(policy, message)
        if "email" in message.channels and any(
            _takes(rule_of.get(one), source) for one in purposes
        ):
            found.append(message)
    return found


def _takes(rule: ConsentRule | None, source: str) -> bool:
    return rule is not None and source in rule.give_by


@transaction.atomic
def confirm(wish: Wish, kinds: frozenset[str], *, by: str, now: datetime) -> Person:
    """Somebody used the link that was mailed: only now anything is kept of them (ilearn-33)."""
    person = refusing.person_at(wish.email)
    if person is None:
        person = Person.objects.create(
            language=wish.language, source=SOURCE, status=Person.Status.LEAD, created_at=now
        )
        audit.record("people.person.registered", target=person, subject=person.pk, by=by, at=now)
    before = {one.word for one in switches(person, way=Refusal.Way.LINK, now=now) if one.is_on}
    keep_address(person, source=wish.source, email=wish.email, now=now)
    person = Person.objects.select_related("subscriber").get(pk=person.pk)
    proof = f"asked at {wish.asked_at}, confirmed by the link that was mailed"
    wanted = [one for one in on_offer(now=now, source=wish.source) if one.id in kinds]
    policy = in_force(now).policy
    for message in wanted:
        refusing.take_back(person, rules.stops(message, "email"), by=by, now=now)
        for purpose in _on_consent(policy, message):
            shown = Shown(channel=wish.source, language=wish.language, proof=proof)
            give(person, purpose, shown, scope="email", by=by, now=now)
    if wish.campaign:
        _note_campaign(person, wish.campaign, now=now)
    chosen = before | {f"{one.id}/email" for one in wanted}
    for one in switches(person, way=Refusal.Way.LINK, now=now):
        if one.is_on and one.word not in chosen:
            refusing.refuse(person, one.word, way=Refusal.Way.LINK, by=by, now=now)
    return person


def _note_campaign(person: Person, campaign: str, *, now: datetime) -> None:
    """Note that the address is from a campaign, with its day (kic-source-campaigns)."""
    found = queries.begun(campaign)
    if found is not None and found.started_at is not None:
        day = found.started_at.astimezone(zone_of(now)).date()
        kind = origins.Origin.Kind.CAMPAIGN
        origins.note(person.pk, kind, about=found.pk, name=found.subject, on=day, now=now)
