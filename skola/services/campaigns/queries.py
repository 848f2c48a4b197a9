"""Who gets a message and who does not, from what stands at this moment."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from skola.ground.people.api import Account, Guardianship, Person, Role
from skola.promises.consents.api import standing
from skola.promises.policy.api import in_force
from skola.promises.policy.schema import Message, Policy, Purpose
from skola.promises.retention.api import open_states
from skola.promises.rights.api import who_stopped
from skola.services.billing.api import Contract
from skola.services.campaigns import rules, segments
from skola.services.campaigns.digests import digest
from skola.services.campaigns.models import Campaign, Refusal, Subscriber, Suppression
from skola.services.campaigns.rules import Facts, Verdict, Why
from skola.services.reaching.api import devices_for

CAPABILITY = "newsletters.send"
A_MOMENT = timedelta(seconds=1)
NO_TIME = datetime.min.replace(tzinfo=UTC)
Times = dict[UUID, datetime]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody, the address for a channel, and what was decided about them."""

    person: Person
    address: str
    verdict: Verdict
    facts: Facts


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be sent: a kind of message by a channel, and whom it is meant for."""

    message: Message
    channel: str
    bought: tuple[str, ...] = ()
    conditions: tuple[segments.Condition, ...] = ()

    @classmethod
    def of(cls, campaign: Campaign, message: Message) -> "Asked":
        """What a campaign asks for."""
        return cls(
            message,
            campaign.channel,
            tuple(campaign.bought),
            tuple(segments.conditions(campaign.segment)),
        )


def message_of(policy: Policy, kind: str) -> Message | None:
    """Return a kind of message of the policy, or None where it has it no more."""
    return next((one for one in rules.messages(policy) if one.id == kind), None)


def begun(key: str) -> Campaign | None:
    """Return the campaign of this key, once it has begun; None for any other word."""
    try:
        wanted = UUID(key)
    except ValueError:
        return None
    return Campaign.objects.exclude(state=Campaign.State.DRAFT).filter(pk=wanted).first()


def recipients(
    asked: Asked, *, now: datetime, only: Collection[UUID] | None = None
) -> list[Recipient]:
    """Return everybody, or these people, each with the verdict as it stands at ``now``.

    Called when a campaign is looked at, when it starts, and for each person once more when the
    message leaves: a refusal counts from the second it was given (ilearn-26.b, learnifier-9.b).
    """
    policy = in_force(now).policy
    people = _people(only)
    known = _Known.about(asked, policy, [one.pk for one in people], now, everybody=only is None)
    found = []
    for person in people:
        address = address_of(person, asked.channel, known.accounts)
        facts = known.facts(person, address)
        decided = rules.verdict(
            policy, asked.message, asked.channel, facts, with_segment=bool(asked.conditions)
        )
        found.append(Recipient(person, address, decided, facts))
    return found


def _people(only: Collection[UUID] | None) -> list[Person]:
    found = Person.objects.select_related("subscriber").order_by("family_name", "given_name", "pk")
    return list(found if only is None else found.filter(pk__in=only))


def subscriber_of(person: Person) -> Subscriber | None:
    """Return where offers to somebody go, if they are held apart from the person."""
    found: Subscriber | None = getattr(person, "subscriber", None)
    return found


def address_of(person: Person, channel: str, accounts: Collection[UUID] = ()) -> str:
    """Return the address of somebody for a channel; empty where there is none."""
    kept = subscriber_of(person)
    if channel == "email":
        return person.email or (kept.email if kept else "")
    if channel in ("phone", "auto-call", "sms"):
        return person.phone or (kept.phone if kept else "")
    if channel == "post":
        return person.address
    return str(person.pk) if person.pk in accounts else ""


def addresses_of(person: Person) -> list[str]:
    """Return every address under which somebody can be written to or called."""
    kept = subscriber_of(person)
    own = [person.email, person.phone]
    own += [kept.email, kept.phone] if kept else []
    return [one for one in dict.fromkeys(own) if one]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the tables say about many people at once."""

    asked: Asked
    consents: Mapping[str, Times]
    alive: Mapping[str, Collection[UUID] | None]
    """None: it lives for everybody."""
    refused: Mapping[UUID, Mapping[str, datetime]]
    suppressed: Mapping[str, Mapping[str, datetime]]
    words: Mapping[UUID, frozenset[str]]
    buyers: frozenset[UUID]
    inside: frozenset[UUID] | None
    accounts: frozenset[UUID]
    today: object

    @classmethod
    def about(
        cls, asked: Asked, policy: Policy, people: list[UUID], now: datetime, *, everybody: bool
    ) -> "_Known":
        refusable = asked.message.kind not in rules.ALWAYS
        found = rules.grounds(policy, asked.message)
        tracked = rules.measuring(policy).purposes
        consents = {
            one: _consents(one, asked.channel, people, now)
            for one in {p.id for p in found if p.basis.kind == "consent"} | tracked
            if refusable
        }
        return cls(
            asked=asked,
            consents=consents,
            alive={one.id: _alive(one, now) for one in found if one.basis.kind != "consent"},
            refused=_refused(people, asked.message, policy) if refusable else {},
            suppressed=_suppressed(people, everybody=everybody) if refusable else {},
            words=_known_by(policy, people, now) if refusable else {},
            buyers=_buyers(asked.bought),
            inside=_inside(asked.conditions, people),
            accounts=_reached(asked, people),
            today=now.astimezone(ZoneInfo(policy.policy.timezone)).date(),
        )

    def facts(self, person: Person, address: str) -> Facts:
        """Return what decides about one person."""
        agreed = {
            name: held[person.pk] for name, held in self.consents.items() if person.pk in held
        }
        return Facts(
            address=bool(address),
            consents=frozenset(agreed),
            alive=frozenset(
                name for name, held in self.alive.items() if held is None or person.pk in held
            ),
            refused=self._refusals(person, address, agreed),
            known_by=self.words.get(person.pk, frozenset()) | {"anybody"},
            is_minor=rules.is_minor(person.birth_on, self.today),  # type: ignore[arg-type]
            bought_similar=person.pk in self.buyers,
            in_segment=self.inside is None or person.pk in self.inside,
        )

    def _refusals(
        self, person: Person, address: str, agreed: Mapping[str, datetime]
    ) -> frozenset[str]:
        """What stands against a message; who agreed anew after refusing has changed their mind.

        Of addresses only the one that would be used counts: two people may share a phone.
        """
        said = dict(self.refused.get(person.pk, {}))
        has_none = self.asked.channel in ("account", "post", "push")
        used = person.email if has_none else address
        if self.suppressed and used:
            said |= self.suppressed.get(digest(used), {})
        latest = max(
            (at for name, at in agreed.items() if name in self.asked.message.ground), default=None
        )
        return frozenset(
            what
            for what, at in said.items()
            if what.startswith("purpose:") or latest is None or at >= latest
        )


def _consents(purpose: str, channel: str, people: list[UUID], now: datetime) -> Times:
    found = standing(purpose, now=now, scope=channel).filter(person_id__in=people)
    return dict(found.order_by("given_at").values_list("person_id", "given_at"))


def _alive(purpose: Purpose, now: datetime) -> Collection[UUID] | None:
    if "always" in purpose.alive_while:
        return None
    return {
        person
        for state in purpose.alive_while
        for person in open_states(state, before=now + A_MOMENT)
    }


def _refused(
    people: list[UUID], message: Message, policy: Policy
) -> dict[UUID, dict[str, datetime]]:
    """What stands against messages: refusals, and objections to a purpose, weighed or upheld."""
    found: dict[UUID, dict[str, datetime]] = defaultdict(dict)
    consents = {one.id for one in policy.purpose if one.basis.kind == "consent"}
    for purpose in {*message.ground, *message.segments} - consents:
        for person in who_stopped(purpose):
            found[person][rules.objection(purpose)] = NO_TIME
    standing_ones = Refusal.objects.standing().filter(person_id__in=people)
    for person, what, at in standing_ones.values_list("person_id", "what", "applied_at"):
        if person is not None and at is not None:
            found[person][what] = at
    return found


def _suppressed(people: list[UUID], *, everybody: bool) -> dict[str, dict[str, datetime]]:
    found: dict[str, dict[str, datetime]] = defaultdict(dict)
    rows = Suppression.objects.all()
    if not everybody:
        digests = [digest(one) for person in _people(people) for one in addresses_of(person)]
        rows = rows.filter(digest__in=digests)
    for digested, what, at in rows.values_list("digest", "what", "since_at"):
        found[digested][what] = at
    return found


def _known_by(policy: Policy, people: list[UUID], now: datetime) -> dict[UUID, frozenset[str]]:
    """Return the words by which each person is known, where the policy asks for any."""
    if not any(one.roles for one in policy.subject):
        return {}
    found: dict[UUID, set[str]] = defaultdict(set)
    roles = Role.objects.held_at(now).filter(person_id__in=people)
    for person, kind in roles.values_list("person_id", "kind"):
        found[person].add(kind)
    theirs = Q(child__in=people) | Q(guardian__in=people)
    links = Guardianship.objects.filter(theirs, verified_at__isnull=False, starts_at__lte=now)
    for child, guardian, ends_at in links.values_list("child_id", "guardian_id", "ends_at"):
        if ends_at is None or ends_at > now:
            found[child].add("ward")
            found[guardian].add("guardian")
    return {person: frozenset(words) for person, words in found.items()}


def _buyers(titles: Iterable[str]) -> frozenset[UUID]:
    wanted = list(titles)
    if not wanted:
        return frozenset()
    bought = Contract.objects.filter(title__in=wanted, accepted_at__isnull=False)
    return frozenset(bought.values_list("person_id", flat=True))


def _inside(
    conditions: tuple[segments.Condition, ...], people: list[UUID]
) -> frozenset[UUID] | None:
    if not conditions:
        return None
    left = set(people)
    for one, found in zip(conditions, segments.chosen(conditions), strict=True):
        left = left - found if one.op == segments.NEVER else left & found
    return frozenset(left)


def _reached(asked: Asked, people: list[UUID]) -> frozenset[UUID]:
    """Who has an account, or a device on which they want this, where that is the channel."""
    if asked.channel == "push":
        offers = asked.message.kind not in rules.ALWAYS
        return frozenset(one.person_id for one in devices_for(people, offers=offers))
    return _accounts(people) if asked.channel == "account" else frozenset()


def _accounts(people: list[UUID]) -> frozenset[UUID]:
    held = Account.objects.filter(person_id__in=people, is_active=True)
    return frozenset(held.values_list("person_id", flat=True))


def shown_to(person: Person, *, now: datetime) -> list[tuple[Campaign, Message]]:
    """Return what somebody is shown on their first page, decided as it is shown (ilearn-11.m)."""
    policy = in_force(now).policy
    found = []
    for campaign in _running("account"):
        message = message_of(policy, campaign.kind)
        if message is None:
            continue
        (recipient,) = recipients(Asked.of(campaign, message), now=now, only=[person.pk]) or (None,)
        if recipient is not None and recipient.verdict.is_sent:
            found.append((campaign, message))
    return found


def _running(channel: str) -> QuerySet[Campaign]:
    running = Campaign.objects.filter(state=Campaign.State.RUNNING, channel=channel)
    return running.select_related("partner")[:3]


def by_reason(found: Iterable[Recipient]) -> dict[Why, list[Recipient]]:
    """Return those who get nothing, by reason."""
    reasons: dict[Why, list[Recipient]] = defaultdict(list)
    for one in found:
        if one.verdict.why_not is not None:
            reasons[one.verdict.why_not].append(one)
    return dict(sorted(reasons.items()))
