"""Refusing: by whatever way it comes it is one act, and counts from that second.

A refusal stands with its person, and beside it the digests of their addresses, which stay when the
person is erased. What was agreed to for the same messages is withdrawn with it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Func, Q, Value

from skola.ground.audit import api as audit
from skola.ground.journal import api as journal
from skola.ground.people.api import Person
from skola.promises.consents.api import standing, withdraw
from skola.promises.policy.api import due as end_of
from skola.promises.policy.api import in_force, parse_term
from skola.promises.policy.periods import Term, Word, parse
from skola.promises.policy.schema import Policy
from skola.services.campaigns import queries, rules
from skola.services.campaigns.digests import digest, plain
from skola.services.campaigns.models import Refusal, Subscriber, Suppression

Way = Refusal.Way
A_MONTH = parse("1 month")


class UnknownRefusalError(ValueError):
    """Nothing can be refused by this word."""


def words_of(policy: Policy) -> frozenset[str]:
    """Return everything that can be refused under a policy."""
    found = set(rules.FLAGS)
    for message in rules.messages(policy):
        if message.kind in rules.ALWAYS:
            continue
        found |= {f"{message.id}/{channel}" for channel in rules.channels_of(message)}
        found |= {rules.objection(one) for one in objectionable(policy, [message.id])}
    return frozenset(found)


def objectionable(policy: Policy, kinds: Iterable[str] = ()) -> list[str]:
    """Return the purposes of messages that rest on an interest: those can be objected to."""
    wanted = frozenset(kinds)
    used = {
        purpose
        for message in rules.messages(policy)
        if message.kind not in rules.ALWAYS and (not wanted or message.id in wanted)
        for purpose in (*message.ground, *message.segments)
    }
    return [
        one.id
        for one in policy.purpose
        if one.id in used and one.basis.kind == "legitimate-interest"
    ]


@transaction.atomic
def refuse(
    person: Person, what: str, *, way: str, told_at: datetime | None = None, by: str, now: datetime
) -> Refusal:
    """Stop something for somebody at once; the same refusal twice is one.

    ``told_at`` is when they said it, where staff enter it later. Raises UnknownRefusalError.
    Clauses: kic-rights-marketing, ekool-6.3-optout, ilearn-11.m, ilearn-34.b.
    """
    policy = in_force(now).policy
    if what not in words_of(policy):
        raise UnknownRefusalError(what)
    standing_one = Refusal.objects.standing().filter(person=person, what=what).first()
    if standing_one is not None:
        return standing_one
    made = Refusal.objects.create(
        person=person,
        what=what,
        way=way,
        told_at=min(told_at or now, now),
        apply_by=now,
        applied_at=now,
    )
    journal.write("objection", subject=person.pk, at=now, detail={"what": what})
    suppress([digest(one) for one in queries.addresses_of(person)], what, now=now)
    _withdraw(person, policy, what, way=way, by=by, now=now)
    audit.record(
        "campaigns.refusal.applied",
        target=made,
        subject=person.pk,
        by=by,
        at=now,
        detail={"what": what, "way": way},
    )
    return made


def suppress(digests: Iterable[str], what: str, *, now: datetime) -> None:
    """Remember that addresses get no more of something, without the addresses."""
    for one in digests:
        _, is_new = Suppression.objects.get_or_create(
            digest=one, what=what, defaults={"since_at": now}
        )
        if is_new:
            detail = {"what": what, "digest": one}
            journal.write("objection", subject=None, at=now, detail=detail)


def _withdraw(
    person: Person, policy: Policy, what: str, *, way: str, by: str, now: datetime
) -> None:
    """End the consents that a refusal takes back."""
    kinds = {rules.POLLS: ("survey",)}.get(what, ("offer",) if what in rules.FLAGS else ())
    consents = {one.id for one in policy.purpose if one.basis.kind == "consent"}
    for message in rules.messages(policy, kinds) if kinds else []:
        for purpose in consents.intersection(message.ground):
            withdraw(person, purpose, channel=way, by=by, now=now)
    drop_address(person, now=now)


def drop_address(person: Person, *, now: datetime) -> bool:
    """Delete the address that is kept for offers, once nothing is left that allows them.

    Return whether there was one to delete (ilearn-34.a).
    """
    kept = Subscriber.objects.filter(person=person)
    if not kept.exists():
        return False
    policy = in_force(now).policy
    for purpose in consents_for_messages(policy):
        for scope in {"", *(policy.marketing.per_channel_consent if policy.marketing else [])}:
            if standing(purpose, now=now, scope=scope).filter(person_id=person.pk).exists():
                return False
    kept.delete()
    return True


def consents_for_messages(policy: Policy) -> list[str]:
    """Return the purposes on consent that some kind of message rests on."""
    used = {purpose for message in rules.messages(policy) for purpose in message.ground}
    return [one.id for one in policy.purpose if one.id in used and one.basis.kind == "consent"]


def may_be_asked(person: Person, *, now: datetime) -> bool:
    """Whether somebody is asked how it was, by a room that asks by itself (ilearn-11.n).

    Not who refused polls, or switched off the surveys that need no consent.
    """
    policy = in_force(now).policy
    consents = {one.id for one in policy.purpose if one.basis.kind == "consent"}
    words = {rules.POLLS}
    for message in rules.messages(policy, ("survey",)):
        if not consents.intersection(message.ground):
            words |= rules.stops(message, "email")
    if Refusal.objects.standing().filter(person=person, what__in=words).exists():
        return False
    digests = [digest(person.email)] if person.email else []
    return not Suppression.objects.filter(digest__in=digests, what__in=words).exists()


@transaction.atomic
def take_back(person: Person, words: Iterable[str], *, by: str, now: datetime) -> int:
    """End refusals, because the person now wants what they had refused; return how many."""
    wanted = set(words)
    held = Refusal.objects.standing().filter(person=person, what__in=wanted)
    ended = held.update(ended_at=now)
    digests = [digest(one) for one in queries.addresses_of(person)]
    Suppression.objects.filter(digest__in=digests, what__in=wanted).delete()
    if ended:
        audit.record(
            "campaigns.refusal.ended",
            subject=person.pk,
            by=by,
            at=now,
            detail={"what": sorted(wanted)},
        )
    return ended


@transaction.atomic
def stop_by_link(reader: UUID, digested: str, kind: str, *, by: str, now: datetime) -> None:
    """Stop what the message was one of, for who has its link; it works when the person is gone.

    An offer stops all offers, a survey all polls, information that kind alone. Source: RFC 8058;
    ilearn-34.e, learnifier-9.b.
    """
    policy = in_force(now).policy
    message = queries.message_of(policy, kind)
    what = stopped(message.kind, message.id) if message else rules.DIRECT
    person = Person.objects.select_related("subscriber").filter(pk=reader).first()
    if person is not None and what in words_of(policy):
        refuse(person, what, way=Way.LINK, by=by, now=now)
    suppress([digested], what, now=now)


def stopped(kind: str, ident: str) -> str:
    """Return what the way out of one message stops."""
    if kind == "survey":
        return rules.POLLS
    return rules.DIRECT if kind == "offer" else f"{ident}/email"


# ---- what somebody has to read first ----


@transaction.atomic
def receive(
    address: str,
    *,
    what: str = rules.DIRECT,
    way: str = Way.EMAIL,
    words: str = "",
    apply_by: datetime | None = None,
    told_at: datetime,
    person: Person | None = None,
    by: str,
    now: datetime,
) -> Refusal:
    """Record that somebody asked to get no more, where a person has to read it first (ilearn-35).

    It is applied by itself when the longest time that the policy allows has run, or at
    ``apply_by``. ``words`` are what they wrote, for who reads it; they go when it is applied.
    """
    policy = in_force(now).policy
    if what not in words_of(policy):
        raise UnknownRefusalError(what)
    made = Refusal.objects.create(
        person=person or person_at(address),
        address=address,
        words=words,
        what=what,
        way=way,
        told_at=told_at,
        apply_by=apply_by or _latest(policy, told_at),
    )
    audit.record(
        "campaigns.refusal.received",
        target=made,
        subject=made.person_id,
        by=by,
        at=now,
        detail={"what": what, "way": way},
    )
    return made


def people_at(address: str) -> list[Person]:
    """Return who is known by an address or a phone number, those with an account first."""
    found = Person.objects.select_related("subscriber").order_by("account", "created_at")
    if "@" in address:
        wanted = address.strip()
        known = Q(account__email__iexact=wanted) | Q(email__iexact=wanted)
        return list(found.filter(known | Q(subscriber__email__iexact=wanted)))
    digits = plain(address)
    if not digits:
        return []
    numbers = {
        name: Func(F(name), Value(r"\D"), Value(""), Value("g"), function="regexp_replace")
        for name in ("phone", "subscriber__phone")
    }
    spelled = found.annotate(own=numbers["phone"], kept=numbers["subscriber__phone"])
    return list(spelled.filter(Q(own=digits) | Q(kept=digits)))


def person_at(address: str) -> Person | None:
    """Return who is known by an address, an account first; None where nobody is."""
    return next(iter(people_at(address)), None)


def is_at_once(policy: Policy) -> bool:
    """Whether the policy promises to apply a refusal at once."""
    return isinstance(_promise(policy), Word)


def last_day(told_at: datetime) -> datetime:
    """Return by when somebody who wrote is answered at the latest (GDPR Art. 12(3))."""
    written = in_force(told_at).policy.policy
    return end_of(told_at, A_MONTH, ZoneInfo(written.timezone), written.calendar)


def _promise(policy: Policy) -> Term | Word:
    promise = policy.marketing.opt_out_promise if policy.marketing else str(Word.AT_ONCE)
    return parse_term(promise, words=frozenset({Word.AT_ONCE}))


def _latest(policy: Policy, told_at: datetime) -> datetime:
    term = _promise(policy)
    if isinstance(term, Word):
        return told_at
    zone = ZoneInfo(policy.policy.timezone)
    literally = _literally(policy.marketing.opt_out_promise) if policy.marketing else timedelta()
    return min(end_of(told_at, term, zone, policy.policy.calendar), told_at + literally)


def _literally(promise: str) -> timedelta:
    count, unit = promise.split(maxsplit=1)
    days = {"day": 1, "week": 7}.get(unit.rstrip("s"))
    return timedelta(days=int(count) * days) if days else timedelta(days=36_500)


@transaction.atomic
def apply(waiting: Refusal, *, is_late: bool = False, by: str, now: datetime) -> None:
    """Apply a refusal that waited; nothing happens where it was applied before."""
    held = Refusal.objects.select_for_update(of=("self",)).waiting().filter(pk=waiting.pk).first()
    if held is None:
        return
    digests = [digest(held.address)] if held.address else []
    if held.person_id is None:
        held.applied_at, held.is_late, held.address, held.words = now, is_late, "", ""
        held.save(update_fields=["applied_at", "is_late", "address", "words"])
    else:
        person = Person.objects.select_related("subscriber").get(pk=held.person_id)
        made = refuse(person, held.what, way=held.way, told_at=held.told_at, by=by, now=now)
        Refusal.objects.filter(pk=made.pk).update(is_late=is_late, apply_by=held.apply_by)
        held.delete()
    suppress(digests, held.what, now=now)
    kind = "campaigns.refusal.late" if is_late else "campaigns.refusal.read"
    audit.record(kind, by=by, at=now, subject=held.person_id, detail={"what": held.what})


def apply_what_is_late(*, by: str, now: datetime) -> int:
    """Apply what nobody read in time, and return how many. Safe to repeat (ilearn-35)."""
    late = list(Refusal.objects.waiting().filter(apply_by__lte=now).order_by("apply_by")[:500])
    for one in late:
        apply(one, is_late=True, by=by, now=now)
    return len(late)
