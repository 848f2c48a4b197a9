"""Opening a claim, filing something for it, closing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.policy.api import in_force
from skola.promises.retention.api import Hold, place_hold, record_state, release_hold
from skola.promises.rights.claims import queries, rules
from skola.promises.rights.models import Claim, Filing, RightsRequest
from skola.promises.rights.requests.numbers import next_number


class ClosedError(Exception):
    """The claim is closed. Nothing changed."""


class NotKeptError(Exception):
    """The policy keeps no such data for claims. Nothing changed."""


@dataclass(frozen=True)
class About:
    """What a claim is about, which kinds of data it needs, and when it is looked at again."""

    side: str
    words: str
    categories: Sequence[str]
    review_on: date


@dataclass(frozen=True)
class Filed:
    """What went where, and when."""

    place: str
    name: str
    what: str
    on: date


@transaction.atomic
def open_claim(
    person: Person, about: About, *, reviewer: Person | None, by: str, now: datetime
) -> Claim:
    """Open a claim: what it names outlives its term until the claim is closed.

    Raises NotKeptError for data that the policy's purposes of claims do not name. Source:
    ilearn-11.r, ekool-4.2.2-rights.
    """
    policy = in_force(now).policy
    if not about.categories or not set(about.categories) <= set(rules.categories(policy)):
        raise NotKeptError(_("The policy keeps no such data for claims."))
    made = Claim.objects.create(
        person=person,
        number=next_number(),
        side=about.side,
        about=about.words,
        categories=sorted(about.categories),
        reviewer=reviewer,
        review_on=about.review_on,
        opened_at=now,
    )
    record_state(person.pk, rules.STATE, is_open=True, at=now)
    holds = [
        place_hold(reason=made.label, person_id=person.pk, category=category, by=by, now=now)
        for category in made.categories
    ]
    made.holds = [str(hold.pk) for hold in holds]
    made.save(update_fields=["holds"])
    clause = ", ".join(rules.clauses(policy))[:200]
    _record("opened", made, by, now, clause=clause, detail={"categories": made.categories})
    return made


@transaction.atomic
def file(claim: Claim, filed: Filed, *, by: str, now: datetime) -> Filing:
    """Write down what was handed in where. Raises ClosedError."""
    held = _open(claim)
    made = Filing.objects.create(
        claim=held,
        place=filed.place,
        name=filed.name,
        what=filed.what,
        filed_on=filed.on,
        filed_at=now,
    )
    _record("filed", held, by, now, detail={"place": str(filed.place)})
    return made


@transaction.atomic
def review(claim: Claim, review_on: date, *, reviewer: Person, by: str, now: datetime) -> None:
    """Somebody looked, and it is needed still: it is looked at again later. Raises ClosedError."""
    held = _open(claim)
    held.review_on, held.reviewer = review_on, reviewer
    held.save(update_fields=["review_on", "reviewer"])
    _record("reviewed", held, by, now, detail={"review_on": review_on.isoformat()})


@transaction.atomic
def close(claim: Claim, outcome: str, *, by: str, now: datetime) -> None:
    """End a claim: what should have gone meanwhile goes with the next sweep. Raises ClosedError.

    ``claim.open`` stays true of the person while another claim of theirs is open.
    """
    held = _open(claim)
    held.outcome, held.closed_at = outcome, now
    held.save(update_fields=["outcome", "closed_at"])
    for hold in Hold.objects.filter(pk__in=held.holds, released_at=None):
        release_hold(hold, by=by, now=now)
    if not queries.is_open(held.person_id) and not _claims_compensation(held):
        record_state(held.person_id, rules.STATE, is_open=False, at=now)
    _record("closed", held, by, now, detail={"outcome": str(outcome)})


def _claims_compensation(claim: Claim) -> bool:
    open_ = RightsRequest.objects.open().filter(person_id=claim.person_id)
    return open_.filter(kind=RightsRequest.Kind.COMPENSATION).exists()


def _open(claim: Claim) -> Claim:
    held = Claim.objects.select_for_update().get(pk=claim.pk)
    if held.closed_at is not None:
        raise ClosedError(_("This claim is closed."))
    return held


def _record(
    what: str,
    claim: Claim,
    by: str,
    now: datetime,
    *,
    clause: str = "",
    detail: dict[str, object] | None = None,
) -> None:
    audit.record(
        f"rights.claim.{what}",
        target=claim,
        subject=claim.person_id,
        by=by,
        at=now,
        clause=clause,
        detail=detail,
    )
