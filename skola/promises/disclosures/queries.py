"""What the policy says of a recipient, where they stand, and what passed to whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext

from skola.promises.consents.api import allowed_among
from skola.promises.disclosures import rules
from skola.promises.disclosures.models import WHOLE, Party, Stop
from skola.promises.disclosures.rules import Ground, Needed, Paper, Standing
from skola.promises.policy.api import Policy, in_force, parse_period
from skola.promises.policy.api import due as end_of
from skola.promises.policy.schema import BusinessTransfer, PassingOn, Processor, Recipient, Text
from skola.promises.retention.api import open_states

RECIPIENT, PROCESSOR = "recipient.", "processor."
BUYER = "business_transfer"
"""The rule by which a new controller receives the whole service."""
SAFEGUARDS = frozenset({"adequacy", "scc", "bcr"})


@dataclass(frozen=True)
class Entry:
    """What the policy says of one kind of recipient."""

    rule: str
    name: Text
    what: Text
    """What for, in each language of the policy."""
    """What they receive data for, in the policy's words."""
    role: str
    ground: Ground | None
    form: str
    categories: tuple[str, ...]
    fields: tuple[str, ...]
    purposes: tuple[str, ...]
    names: tuple[str, ...]
    papers: frozenset[str]
    needs: tuple[str, ...]
    named_papers: frozenset[str]
    task: str = ""
    consents: tuple[str, ...] = ()
    """Purposes of which one has to be consented to, where they work on consent."""

    @property
    def is_processor(self) -> bool:
        """Whether they work on the controller's behalf; all others are third parties."""
        return self.rule.startswith(PROCESSOR)


def entries(policy: Policy) -> dict[str, Entry]:
    """Return everybody who may receive, by the rule of the policy. Whoever is not here may not."""
    found = [_recipient(policy, one) for one in policy.recipient]
    found += [_processor(policy, one) for one in policy.processor]
    return {one.rule: one for one in found}


def entry_of(policy: Policy, rule: str) -> Entry | None:
    """Return what a policy says of one kind of recipient, the buyer of the service among them."""
    if rule == BUYER and policy.business_transfer is not None:
        return _buyer(policy, policy.business_transfer)
    return entries(policy).get(rule)


def _buyer(policy: Policy, one: BusinessTransfer) -> Entry:
    """Who buys the service, or merges with its controller: a hand-over enters them, no form."""
    name = {}
    for language in policy.policy.languages:
        with translation.override(language):
            name[language] = gettext("New controller of the service")
    return Entry(
        rule=BUYER,
        name=name,
        what=_each(policy, one.buyer),
        role="controller",
        ground=Ground.INTEREST,
        form=WHOLE,
        categories=(),
        fields=(),
        purposes=(),
        names=(),
        papers=frozenset(),
        needs=("reference",),
        named_papers=frozenset(),
    )


def _each(policy: Policy, text: str | dict[str, str]) -> dict[str, str]:
    """A text in each language of the policy; one that is written once stands for all."""
    if isinstance(text, str):
        return dict.fromkeys(policy.policy.languages, text)
    return text


def _recipient(policy: Policy, one: Recipient) -> Entry:
    return Entry(
        rule=f"{RECIPIENT}{one.id}",
        name=one.name,
        what=one.detail or _each(policy, one.for_),
        role=one.role,
        ground=rules.ground_of(one.basis, one.needs),
        form=one.form,
        categories=tuple(one.categories),
        fields=tuple(one.fields),
        purposes=tuple(one.purposes),
        names=tuple(one.names),
        papers=frozenset(one.papers),
        needs=tuple(one.needs),
        named_papers=frozenset(one.named_papers),
        task=one.task,
    )


def _processor(policy: Policy, one: Processor) -> Entry:
    return Entry(
        rule=f"{PROCESSOR}{one.id}",
        name=one.name,
        what=one.detail or _each(policy, ", ".join(one.does)),
        role="processor",
        ground=Ground.CONTRACT,
        form=one.form,
        categories=tuple(one.categories),
        fields=tuple(one.fields),
        purposes=tuple(one.purposes),
        names=(),
        papers=frozenset(one.papers) | {"agreement"},
        needs=tuple(one.needs),
        named_papers=frozenset(),
        task=one.task,
        consents=tuple(each for each in one.needs_consent.split("|") if each),
    )


def zone_of(policy: Policy) -> ZoneInfo:
    """Return the zone in which the days of this policy are counted."""
    return ZoneInfo(policy.policy.timezone)


def today(policy: Policy, now: datetime) -> date:
    """Return the tenant's day."""
    return now.astimezone(zone_of(policy)).date()


def last_day(end: datetime, zone: ZoneInfo) -> date:
    """Return the last day before a moment at which a period ends."""
    return (end - timedelta(seconds=1)).astimezone(zone).date()


def passing_on(policy: Policy) -> PassingOn:
    """Return the rules for everybody who receives; those of the language where none are written."""
    return policy.passing_on or PassingOn()


def needed_of(policy: Policy, entry: Entry) -> Needed:
    """Return what somebody of this kind has to have on file."""
    said = passing_on(policy)
    older = None
    if said.rules_version and said.accept_within:
        period = parse_period(said.accept_within)
        zone = zone_of(policy)
        older = last_day(
            end_of(policy.policy.effective, period, zone, policy.policy.calendar), zone
        )
    return Needed(
        papers=entry.papers,
        safeguards=SAFEGUARDS & {kind for one in policy.transfer for kind in one.safeguard},
        only_in_eea=said.region == "EEA",
        rules_version=said.rules_version,
        older_rules_until=older,
    )


def papers_of(party: Party) -> list[Paper]:
    """Return what is on file; prefetched where there are many."""
    return [
        Paper(one.kind, one.valid_from, one.valid_until, one.reference)
        for one in party.papers.all()
    ]


@dataclass(frozen=True)
class Stands:
    """An entry of the register, with where it stands and what it lacks."""

    party: Party
    entry: Entry | None
    standing: Standing
    lacks: tuple[str, ...]
    ends_on: date | None
    """The first day on which something that it needs will have run out."""

    @property
    def outside(self) -> bool:
        """Whether data leave the European Economic Area."""
        return rules.is_outside(self.party.country)


def stands(policy: Policy, party: Party, now: datetime) -> Stands:
    """Return where one stands. What the policy does not name can receive nothing."""
    entry = entry_of(policy, party.entry)
    if entry is None:
        return Stands(party, None, Standing.SUSPENDED, ("policy",), None)
    day, papers = today(policy, now), papers_of(party)
    needed = needed_of(policy, entry)
    lacks = rules.missing(needed, papers, country=party.country, day=day)
    standing = rules.standing(
        activated_at=party.activated_at,
        active_from=party.active_from,
        ended_at=party.ended_at,
        lacks=lacks,
        now=now,
    )
    asked = needed.papers | (needed.safeguards if rules.is_outside(party.country) else frozenset())
    ends = [p.valid_until for p in papers if p.kind in asked and p.valid_until and p.holds_on(day)]
    return Stands(party, entry, standing, lacks, min(ends, default=None))


def register(now: datetime) -> list[Stands]:
    """Return the whole register, those that run first."""
    policy = in_force(now).policy
    found = Party.objects.prefetch_related("papers").order_by("ended_at", "entry", "name")
    return [stands(policy, party, now) for party in found]


@dataclass(frozen=True)
class Tasked:
    """An active party for whom the policy names a task, and on which ground they receive."""

    party: Party
    ground: str
    purpose: str


def for_task(task: str, now: datetime) -> list[Tasked]:
    """Return who is active under entries of the policy that are marked with a task, by name."""
    policy = in_force(now).policy
    marked = {rule: one for rule, one in entries(policy).items() if one.task == task}
    if not marked:
        return []
    there = Party.objects.there().filter(entry__in=marked).prefetch_related("papers")
    return [
        Tasked(one, str(marked[one.entry].ground), next(iter(marked[one.entry].purposes), ""))
        for one in there.order_by("name")
        if stands(policy, one, now).standing is Standing.ACTIVE
    ]


def valid_papers(policy: Policy, party: Party, now: datetime) -> frozenset[str]:
    """Return the kinds of what is on file about a party and valid today."""
    day = today(policy, now)
    return frozenset(one.kind for one in papers_of(party) if one.holds_on(day))


def safeguard_of(policy: Policy, party: Party, day: date) -> str:
    """Return the safeguard on which data go to this party; empty inside of the EEA."""
    if not rules.is_outside(party.country):
        return ""
    kinds = {kind for one in policy.transfer for kind in one.safeguard} & SAFEGUARDS
    valid = (p for p in papers_of(party) if p.kind in kinds and p.holds_on(day))
    return next((f"{paper.kind}: {paper.reference}" for paper in valid), "")


def agreement_of(party: Party, now: datetime) -> Paper | None:
    """Return the agreement with a party that is valid today."""
    day = today(in_force(now).policy, now)
    valid = (one for one in papers_of(party) if one.kind == "agreement" and one.holds_on(day))
    return next(valid, None)


def on_the_list(now: datetime) -> dict[str, list[Party]]:
    """Return who is on the public list by name, by the id of the processor (ekool-1.7-list)."""
    found: dict[str, list[Party]] = {}
    listed = Party.objects.there().filter(
        entry__startswith=PROCESSOR, published_at__lte=now, activated_at__isnull=False
    )
    for party in listed.order_by("name"):
        found.setdefault(party.entry.removeprefix(PROCESSOR), []).append(party)
    return found


def with_claims(now: datetime) -> frozenset[UUID]:
    """Return of whom a claim is open, by them or against them."""
    return frozenset(open_states("claim.open", before=now + timedelta(seconds=1)))


def consenting(
    entry: Entry, party: Party, purpose: str, people: Sequence[UUID], now: datetime
) -> set[UUID]:
    """Return those who consented to this recipient, or to what it works on (ilearn-17.c).

    A consent to a recipient names it: it opens no other one. Classes of cookies are consents of a
    browser, and no person's.
    """
    free = set(people)
    if "consent" in entry.needs:
        wanted = purpose or next(iter(entry.purposes), "")
        free &= allowed_among(people, wanted, now=now, scope=str(party.pk))
    if entry.consents:
        found = [allowed_among(people, each, now=now) for each in entry.consents]
        free &= set().union(*found)
    return free


def stopped(people: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of whom nothing more is to be passed on."""
    found = Stop.objects.filter(person_id__in=list(people), ended_at=None)
    return frozenset(found.values_list("person_id", flat=True))


def purpose_words(policy: Policy, entry: Entry, purpose: str, language: str) -> str:
    """Return what data are passed on for, in words of the policy."""
    names: Mapping[str, str] = {one.id: one.name[language] for one in policy.purpose}
    return names.get(purpose) or entry.what[language]
