"""What the policy in force says of requests: which, by when, by which ways, whom to turn to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from skola.promises.policy.api import InForce, Period, Policy, in_force
from skola.promises.policy.schema import Authority, Contact
from skola.promises.rights.erasing.shown import in_language
from skola.promises.rights.models import RightsRequest
from skola.promises.rights.requests.rules import RIGHTS_OF_LAW, Proof, accepted

Kind, Reply = RightsRequest.Kind, RightsRequest.Reply
_REPLIES = {
    "account": (Reply.ACCOUNT,),
    "email": (Reply.EMAIL,),
    "email-named-in-request": (Reply.EMAIL,),
    "post": (Reply.POST,),
    "registered-letter": (Reply.REGISTERED,),
    "as-asked": (Reply.EMAIL, Reply.POST, Reply.IN_PERSON),
}


@dataclass(frozen=True)
class Promised:
    """By when a request is answered: the last local day in time, and whether it is due at once."""

    on: date
    at_once: bool


def zone(now: datetime) -> ZoneInfo:
    """Return the time zone of the speaking tenant, in which its days are counted."""
    return ZoneInfo(in_force(now).policy.policy.timezone)


def local_day(now: datetime) -> date:
    """Return the tenant's day."""
    return local(now, now)


def local(moment: datetime, now: datetime) -> date:
    """Return the tenant's day of a moment."""
    return moment.astimezone(zone(now)).date()


def offered(found: InForce) -> tuple[RightsRequest.Kind, ...]:
    """Return what may be asked for: what the policy names, and what the law gives besides.

    Source: kic-law, ema-9.1.
    """
    given = found.effective.rights
    return tuple(Kind(k) for k in RIGHTS_OF_LAW if k in given and promised(found, k, None))


def promised(found: InForce, kind: str, received_at: datetime | None) -> Promised | None:
    """Return by when a request that came at ``received_at`` is answered; None where it is no right.

    A term of days or months is kept by its own last day, though the law would let a weekend pass.
    """
    at = received_at or found.policy.policy.effective
    try:
        due = found.effective.answer_by(kind, at)
    except LookupError:
        return None
    if due.target == at:
        return Promised(due.limit_on, at_once=True)
    return Promised(due.target_on, at_once=False)


def extension(found: InForce, kind: str) -> Period | None:
    """Return how much longer an answer may take once, with reasons; None when not at all."""
    return found.effective.extension(kind)


def free_per_year(policy: Policy, kind: str) -> int | None:
    """Return how many requests a calendar year are free by the policy's own words; None: all."""
    for right in policy.right:
        if kind in right.kinds and right.fee is not None:
            return right.fee.free
    return None


def clauses(policy: Policy, kind: str) -> tuple[str, ...]:
    """Return the clauses that grant a right."""
    return tuple(
        dict.fromkeys(c for right in policy.right if kind in right.kinds for c in right.clause)
    )


def proofs(policy: Policy) -> frozenset[Proof]:
    """Return which proofs of identity count here."""
    return accepted(route.proof for route in policy.right_process.submit)


def replies(policy: Policy, kind: str = "") -> tuple[RightsRequest.Reply, ...]:
    """Return by which ways an answer can go, the account first where it is one.

    Where letters are registered no plain one goes: what people wish is no weaker proof.
    """
    said = list(policy.right_process.reply)
    said += [way for right in policy.right if kind in right.kinds for way in right.reply]
    found = {reply for way in said for reply in _REPLIES.get(way, ())}
    if Reply.REGISTERED in found:
        found.discard(Reply.POST)
    return tuple(reply for reply in Reply if reply in found)


def letter(policy: Policy) -> RightsRequest.Reply:
    """Return how a letter goes: registered where the policy names that."""
    ways = replies(policy)
    return Reply.REGISTERED if Reply.REGISTERED in ways else Reply.POST


def authority(policy: Policy) -> Authority:
    """Return the supervisory authority that examines complaints."""
    fitting = [one for one in policy.authority if "complaint" in one.for_]
    return (fitting or policy.authority)[0]


def officer(policy: Policy) -> Contact:
    """Return whom to turn to about personal data (ilearn-dpo)."""
    fitting = [one for one in policy.contact if one.kind == "data-protection"]
    return (fitting or policy.contact)[0]


@dataclass(frozen=True)
class Duty:
    """A law that the policy cites for a kind of data."""

    id: str
    name: str
    law: str


def duties(policy: Policy) -> tuple[Duty, ...]:
    """Return the legal obligations of the policy, in the active language.

    A refusal cites one of them (ilearn-23.g).
    """
    return tuple(dict.fromkeys(_duties(policy)))


def _duties(policy: Policy) -> Iterator[Duty]:
    names = {one.id: in_language(one.name) or one.id for one in policy.category}
    for purpose in policy.purpose:
        if purpose.basis.kind == "legal-obligation" and purpose.basis.law:
            law = in_language(purpose.basis.law)
            yield Duty(purpose.id, in_language(purpose.name), law)
    for rule in policy.retention:
        if rule.at_least is not None and rule.at_least.law:
            of = ", ".join(names.get(one, one) for one in rule.categories)
            yield Duty(rule.id, in_language(rule.name) or of, in_language(rule.at_least.law))
