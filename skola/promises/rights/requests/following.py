"""What follows from a request while it is open: facts that terms count from, uses that stop."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from skola.promises.retention.api import record_state
from skola.promises.rights.claims import queries as claims
from skola.promises.rights.models import RightsRequest
from skola.promises.rights.objections import actions as objections
from skola.promises.rights.objections.queries import of_request

Kind, Outcome = RightsRequest.Kind, RightsRequest.Outcome
_STATES = {
    Kind.OBJECTION: "objection.open",
    Kind.REVIEW: "objection.open",
    Kind.COMPENSATION: "claim.open",
}
"""What else is open while such a request is; terms and purposes of the policy count from it."""


def opened(made: RightsRequest, purposes: Sequence[str], *, by: str, now: datetime) -> None:
    """Say what is open from now on; an objection stops the uses that it is about."""
    record_state(made.person_id, "request.open", is_open=True, at=now)
    if state := _STATES.get(Kind(made.kind)):
        record_state(made.person_id, state, is_open=True, at=now)
    if made.kind == Kind.OBJECTION:
        objections.stop(made.person_id, purposes, request=made.pk, by=by, now=now)


def decided(asked: RightsRequest, *, upheld: Sequence[str], by: str, now: datetime) -> None:
    """What is upheld stays stopped, and what is refused goes on. Source: ilearn-10.d."""
    if asked.kind == Kind.OBJECTION:
        if asked.outcome == Outcome.GRANTED:
            upheld = [one.purpose for one in of_request(asked.pk)]
        objections.decide(asked.pk, upheld, by=by, now=now)
    elif asked.kind == Kind.REVIEW and asked.outcome == Outcome.GRANTED and asked.about_id:
        objections.overrule(asked.about_id, by=by, now=now)


def handed_over(asked: RightsRequest, before: UUID, *, by: str, now: datetime) -> None:
    """It turned out whose request it is: what follows from it follows for them."""
    if not RightsRequest.objects.open().filter(person_id=before).exists():
        record_state(before, "request.open", is_open=False, at=now)
        if state := _STATES.get(Kind(asked.kind)):
            record_state(before, state, is_open=False, at=now)
    opened(asked, (), by=by, now=now)


def sorted_anew(asked: RightsRequest, before: str, *, by: str, now: datetime) -> None:
    """It is about another right than it seemed."""
    _end_state(before, asked, now)
    opened(asked, (), by=by, now=now)


def withdrawn(asked: RightsRequest, *, by: str, now: datetime) -> None:
    """The person wants nothing any more: what the request stopped goes on."""
    objections.give_up(asked.pk, by=by, now=now)


def closed(asked: RightsRequest, *, now: datetime) -> None:
    """Say what is over: nothing, while another request or claim of the person keeps it open."""
    if not RightsRequest.objects.open().filter(person_id=asked.person_id).exists():
        record_state(asked.person_id, "request.open", is_open=False, at=now)
    _end_state(asked.kind, asked, now)


def _end_state(kind: str, asked: RightsRequest, now: datetime) -> None:
    others = set(RightsRequest.objects.open().filter(person_id=asked.person_id).values_list("kind"))
    state = _STATES.get(Kind(kind))
    if state is None or any(_STATES.get(Kind(kind)) == state for (kind,) in others):
        return
    if state != claims.STATE or not claims.is_open(asked.person_id):
        record_state(asked.person_id, state, is_open=False, at=now)
