"""Who may be sent what, on which ground, and why not. Nothing here touches a database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from skola.promises.policy.schema import Message, Policy, Purpose

ALWAYS = frozenset({"service", "introduction"})
"""Kinds that nobody refuses and that need no ground of their own (ekool-6.4, learnifier-9.d)."""
ELECTRONIC = frozenset({"email", "sms", "push", "auto-call"})
"""Where an offer without consent reaches only who bought something similar (ePrivacy, Art. 13)."""
BY_MACHINE = "auto-call"
SENT_HERE = ("email", "account", "phone", "auto-call", "push", "post")
"""What this release serves: mails, the first page, devices, and lists for calls and letters."""
CARRIED = frozenset({"email", "push"})
"""Channels by which each message leaves by itself, in a job of its own."""
LISTED = frozenset({"phone", "auto-call", "post"})
"""Channels for which a list is given out, and what came of it is entered."""
MAJORITY = 18

MARKETING, DIRECT, POLLS = "marketing", "direct", "polls"
FLAGS = (MARKETING, DIRECT, POLLS)
"""What is refused as a whole: all marketing, messages to oneself, opinion polls."""


class Why(StrEnum):
    """Why somebody gets nothing."""

    NO_ADDRESS = "no-address"
    NOT_FOR_THEM = "not-for-them"
    NEVER_TO = "never-to"
    REFUSED = "refused"
    NO_CONSENT = "no-consent"
    NO_GROUND = "no-ground"
    NOT_SIMILAR = "not-similar"
    OUT_OF_SEGMENT = "out-of-segment"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one person at one moment, as far as it decides."""

    address: bool = True
    """Whether there is an address for the channel."""
    consents: frozenset[str] = frozenset()
    """Purposes to which a consent for the channel stands."""
    alive: frozenset[str] = frozenset()
    """Purposes on another basis that live for this person."""
    refused: frozenset[str] = frozenset()
    """Flags, ``TYPE/CHANNEL`` and ``purpose:ID``."""
    known_by: frozenset[str] = frozenset()
    """Words by which subjects are told apart: ``guardian``, ``ward``."""
    is_minor: bool = False
    bought_similar: bool = False
    in_segment: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody is sent a message: on which ground, or why not."""

    ground: str = ""
    """A purpose, or the kind of a message that needs none."""
    why_not: Why | None = None

    @property
    def is_sent(self) -> bool:
        return self.why_not is None


def verdict(
    policy: Policy, message: Message, channel: str, facts: Facts, *, with_segment: bool = False
) -> Verdict:
    """Return whether a person is sent a message of this kind by a channel, and why.

    Refusals go before every ground: they are never weighed (GDPR Art. 21(3)). ``with_segment``:
    its receivers are chosen by what is known of them. Clauses: ilearn-8.f, ilearn-31,
    kic-marketing-consent, ekool-6.1.2.
    """
    if not facts.address:
        return Verdict(why_not=Why.NO_ADDRESS)
    if message.kind in ALWAYS:
        found = Verdict(message.kind)
    elif is_never_to(policy, facts):
        return Verdict(why_not=Why.NEVER_TO)
    elif facts.refused & stops(message, channel, with_segment=with_segment):
        return Verdict(why_not=Why.REFUSED)
    else:
        found = _ground(policy, message, channel, facts)
    if found.is_sent and not facts.in_segment:
        return Verdict(why_not=Why.OUT_OF_SEGMENT)
    return found


def stops(message: Message, channel: str, *, with_segment: bool = False) -> frozenset[str]:
    """Return the refusals any of which stops a message of this kind on a channel."""
    if message.kind in ALWAYS:
        return frozenset()
    own = {f"{message.id}/{channel}", *(objection(one) for one in message.ground)}
    if message.kind == "offer":
        own |= {MARKETING}
        if channel != "account":
            own |= {DIRECT}
    if message.kind == "survey":
        own |= {POLLS}
    if with_segment:
        own |= {MARKETING, *(objection(one) for one in message.segments)}
    return frozenset(own)


def objection(purpose: str) -> str:
    """Return the word under which somebody objects to a purpose (GDPR Art. 21)."""
    return f"purpose:{purpose}"


def is_never_to(policy: Policy, facts: Facts) -> bool:
    """Whether the policy keeps offers away from this kind of person (ekool-6.1.2)."""
    if policy.marketing is None:
        return True
    for word in policy.marketing.never_to:
        if word == "minors" and facts.is_minor:
            return True
        if facts.known_by & known_by(policy, word):
            return True
    return False


def known_by(policy: Policy, *subjects: str) -> frozenset[str]:
    """Return the words by which the platform knows people of these kinds."""
    return frozenset(word for one in policy.subject if one.id in subjects for word in one.roles)


def _ground(policy: Policy, message: Message, channel: str, facts: Facts) -> Verdict:
    """The first ground that holds; else why the last that was tried does not."""
    problem = Why.NO_GROUND
    for purpose in grounds(policy, message):
        if not _is_for(policy, purpose, facts):
            problem = Why.NOT_FOR_THEM
        elif purpose.basis.kind == "consent":
            if purpose.id in facts.consents:
                return Verdict(purpose.id)
            problem = Why.NO_CONSENT
        elif needs_consent(policy, message, channel):
            problem = Why.NO_CONSENT
        elif purpose.id not in facts.alive:
            problem = problem if problem is Why.NO_CONSENT else Why.NO_GROUND
        elif message.kind == "offer" and channel in ELECTRONIC and not facts.bought_similar:
            problem = Why.NOT_SIMILAR
        else:
            return Verdict(purpose.id)
    return Verdict(why_not=problem)


def grounds(policy: Policy, message: Message) -> list[Purpose]:
    """Return the purposes that may allow a message, in the order of the policy's list."""
    by_id = {one.id: one for one in policy.purpose}
    return [by_id[one] for one in message.ground]


def needs_consent(policy: Policy, message: Message, channel: str) -> bool:
    """Whether nothing but consent allows a message on a channel (ilearn-32)."""
    own = policy.marketing.per_channel_consent if policy.marketing else []
    return channel == BY_MACHINE or (message.kind == "offer" and channel in own)


def _is_for(policy: Policy, purpose: Purpose, facts: Facts) -> bool:
    words = known_by(policy, *purpose.subjects)
    return not words or bool(facts.known_by & words) or "anybody" in words


def is_minor(birth_on: date | None, today: date) -> bool:
    """Whether somebody is known to be below 18 on this day."""
    if birth_on is None:
        return False
    years = today.year - birth_on.year
    return years - ((today.month, today.day) < (birth_on.month, birth_on.day)) < MAJORITY


# ---- choosing receivers ----


def readable_for(policy: Policy, message: Message) -> frozenset[str]:
    """Return the categories by which receivers of a message may be chosen.

    Those of its ground and of ``segments``, less what a lock keeps for other purposes: study data
    and billing are never among them (ekool-4.4, ekool-3.1.5, learnifier-4.d).
    """
    if message.kind in ALWAYS:
        return frozenset()
    used = {*message.ground, *message.segments}
    found = {category for one in policy.purpose if one.id in used for category in one.categories}
    for lock in policy.purpose_lock:
        if not used.issubset(lock.only):
            found.difference_update(lock.categories)
    return frozenset(found)


# ---- what may stand in a message ----


class Fault(StrEnum):
    """Why a message is refused before anybody gets it."""

    OFFER_IN_SERVICE = "offer-in-service"
    FIELDS_IN_INTRODUCTION = "fields-in-introduction"
    FILTER = "filter"
    PARTNER_IN_OWN = "partner-in-own"
    NO_PARTNER = "no-partner"
    PARTNER_NOT_APPROVED = "partner-not-approved"
    NO_SIMILAR = "no-similar"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Content:
    """What a message is made of."""

    text: str = ""
    offer: str = ""
    """The block that advertises."""
    has_partner: bool = False
    partner_approved: bool = False
    has_filter: bool = False
    channel: str = "email"


def faults(message: Message, content: Content) -> list[Fault]:
    """Return everything that keeps a message of this kind from being saved or sent.

    Service and introduction carry no advertising; an introduction is the same for all, so it names
    nobody and chooses nobody; a partner is named in a partner's offer alone, and is approved.
    Clauses: ilearn-30, learnifier-9.d, ekool-6.4, ekool-6.1.3.
    """
    found = []
    if content.channel not in message.channels or content.channel not in SENT_HERE:
        found.append(Fault.CHANNEL)
    if message.kind != "offer" and content.offer:
        found.append(Fault.OFFER_IN_SERVICE)
    if message.kind == "introduction" and FIELD in content.text:
        found.append(Fault.FIELDS_IN_INTRODUCTION)
    if message.kind in ALWAYS and content.has_filter:
        found.append(Fault.FILTER)
    if message.sender == "partner" and not content.has_partner:
        found.append(Fault.NO_PARTNER)
    if message.sender == "partner" and content.has_partner and not content.partner_approved:
        found.append(Fault.PARTNER_NOT_APPROVED)
    if message.sender != "partner" and content.has_partner:
        found.append(Fault.PARTNER_IN_OWN)
    return found


FIELD = "{name}"
"""Stands in a text for the first name of who reads it."""


@dataclass(frozen=True, slots=True)
class Measuring:
    """What of a message may be measured, and on which consent."""

    opens: frozenset[str] = field(default_factory=frozenset)
    clicks: frozenset[str] = field(default_factory=frozenset)

    @property
    def purposes(self) -> frozenset[str]:
        return self.opens | self.clicks


def measuring(policy: Policy) -> Measuring:
    """Return the consents on which opening and clicking are measured (learnifier-5.j, ekool-6.5).

    Where the policy names no tracker nothing is measured, whoever would agree.
    """
    needs: Mapping[str, set[str]] = {"opens": set(), "clicks": set()}
    for tracker in policy.tracker:
        kind, _, purpose = tracker.needs.partition(":")
        for what in tracker.measures:
            if kind == "consent" and what in needs:
                needs[what].add(purpose)
    return Measuring(frozenset(needs["opens"]), frozenset(needs["clicks"]))


def is_measured(policy: Policy, message: Message, facts: Facts) -> bool:
    """Whether a tracker may watch this person at all: never in what nobody can refuse."""
    if message.kind in ALWAYS:
        return False
    never = {word for tracker in policy.tracker for word in tracker.never_for}
    if "minors" in never and facts.is_minor:
        return False
    return not facts.known_by & known_by(policy, *never)


def messages(policy: Policy, kinds: Iterable[str] = ()) -> list[Message]:
    """Return the kinds of messages of a policy that this release can send by some channel."""
    wanted = frozenset(kinds)
    return [
        one for one in policy.message if (not wanted or one.kind in wanted) and channels_of(one)
    ]


def channels_of(message: Message) -> list[str]:
    """Return the channels of a kind of message that this release serves."""
    return [one for one in SENT_HERE if one in message.channels]
