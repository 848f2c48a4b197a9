"""What may be consented to, within which limits, and until when: decided without a database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from skola.promises.policy.canonical import part_hash
from skola.promises.policy.periods import due, parse
from skola.promises.policy.schema import ConsentRule, Policy, Purpose


class NotAskedError(LookupError):
    """The policy in force asks for no such consent, or not by this channel; the message says so."""


def rule_of(policy: Policy, purpose: str) -> ConsentRule:
    """Return how consent to a purpose is given and withdrawn. Raises NotAskedError."""
    for rule in policy.consent:
        if purpose in rule.purpose:
            return rule
    raise NotAskedError(f'Nobody is asked for a consent to "{purpose}" by this policy.')


def purpose_of(policy: Policy, purpose: str) -> Purpose:
    """Return a purpose that rests on consent. Raises NotAskedError."""
    for each in policy.purpose:
        if each.id == purpose and each.basis.kind == "consent":
            return each
    raise NotAskedError(f'"{purpose}" does not rest on consent in this policy.')


def scope_of(policy: Policy, purpose: str, wanted: str) -> str:
    """Return the limits within which a consent is asked for: a channel of messages, or another.

    Offers by a channel that the policy names in ``per_channel_consent`` need a consent of their
    own; the other channels share one, which is not limited.
    """
    marketing = policy.marketing
    if marketing is None or wanted not in marketing.channels:
        return wanted
    return wanted if wanted in own_channels(policy, purpose) else ""


def own_channels(policy: Policy, purpose: str) -> tuple[str, ...]:
    """Return the channels for which a consent to a purpose is asked one by one."""
    found = next((each for each in policy.purpose if each.id == purpose), None)
    if policy.marketing is None or found is None or "marketing" not in found.categories:
        return ()
    return tuple(policy.marketing.per_channel_consent)


def shared_channels(policy: Policy, purpose: str) -> tuple[str, ...]:
    """Return the channels that share one consent to a purpose; empty where messages are not it."""
    found = next((each for each in policy.purpose if each.id == purpose), None)
    if policy.marketing is None or found is None or "marketing" not in found.categories:
        return ()
    own = policy.marketing.per_channel_consent
    return tuple(each for each in policy.marketing.channels if each not in own)


def is_too_young(birth_on: date | None, age: int, today: date) -> bool:
    """Whether somebody may not consent alone on this day. Where no birth day is known, they may."""
    return birth_on is not None and today < birthday(birth_on, age)


def birthday(birth_on: date, age: int) -> date:
    """Return the day on which somebody reaches an age; born on 29 February: on 1 March."""
    try:
        return birth_on.replace(year=birth_on.year + age)
    except ValueError:
        return date(birth_on.year + age, 3, 1)


def valid_until(
    rule: ConsentRule, policy: Policy, *, given_at: datetime, of_age_on: date | None
) -> datetime:
    """Return when a consent expires; one that a guardian gave lapses when the child is of age.

    ``of_age_on`` is the day on which the child may consent alone; None where they gave it.
    """
    zone = ZoneInfo(policy.policy.timezone)
    end = due(given_at, parse(rule.valid_for), zone, policy.policy.calendar)
    if of_age_on is None:
        return end
    return min(end, datetime.combine(of_age_on, time(), zone).astimezone(UTC))


def digest_of(policy: Policy, purpose: str) -> str:
    """Return the hash of the purpose as it was worded, to which a consent refers."""
    return part_hash(purpose_of(policy, purpose))


def language_of(policy: Policy, wanted: str) -> str:
    """Return in which language of the policy something is asked."""
    return wanted if wanted in policy.policy.languages else policy.policy.authentic


def asked_by(policy: Policy, *channels: str) -> Iterator[tuple[str, str]]:
    """Return what is asked by any of these channels: purpose and scope, each a switch of its own.

    What is limited to one text or recipient is asked where that comes up, and is not among it.
    """
    for rule in policy.consent:
        if rule.for_each or not set(channels).intersection(rule.give_by):
            continue
        for purpose in rule.purpose:
            own = own_channels(policy, purpose)
            if not own or shared_channels(policy, purpose):
                yield purpose, ""
            yield from ((purpose, channel) for channel in own)


def never_asked(policy: Policy, purpose: str) -> frozenset[str]:
    """Return the kinds of person whom the policy spares this: never offers, never tracking."""
    found = purpose_of(policy, purpose)
    never = set()
    if policy.marketing is not None and "marketing" in found.categories:
        never.update(policy.marketing.never_to)
    for tracker in policy.tracker:
        if tracker.needs == f"consent:{purpose}":
            never.update(tracker.never_for)
    return frozenset(never)


def states_only_of(policy: Policy, kinds: frozenset[str]) -> frozenset[str]:
    """Return the states that are true of these kinds of person and of no other kind."""
    of = {each.id: set(each.states) for each in policy.subject}
    others = {state for kind, states in of.items() if kind not in kinds for state in states}
    return frozenset({state for kind in kinds for state in of.get(kind, ())} - others)


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody is shown when they are asked: the purpose, the data, who receives them."""

    purpose: str
    name: str
    categories: tuple[str, ...]
    receivers: tuple[str, ...]

    @property
    def wording(self) -> str:
        """The same as one text, as it is kept with the consent."""
        told = [self.name, ", ".join(self.categories)]
        return ". ".join([*told, *(["; ".join(self.receivers)] if self.receivers else [])])


def asking(policy: Policy, purpose: str, language: str) -> Asking:
    """Return what a consent to a purpose is given to. Raises NotAskedError."""
    found = purpose_of(policy, purpose)
    names = {each.id: each.name[language] for each in policy.category}
    held = tuple(names.get(one, one) for one in found.categories)
    return Asking(found.id, found.name[language], held, tuple(_receivers(policy, found, language)))


def _receivers(policy: Policy, purpose: Purpose, language: str) -> Iterator[str]:
    """Everybody whom the policy binds to this consent."""
    for processor in policy.processor:
        if processor.needs_consent == purpose.id:
            yield processor.name[language]
