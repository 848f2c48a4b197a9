"""Everything that changes contracts, one function each."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.policy.api import in_force
from skola.promises.retention.api import record_event, record_state
from skola.services.billing.identity import lacks_identity
from skola.services.billing.models import Contract
from skola.services.billing.rules import over_on
from skola.services.courses.api import Course, enrol_all, lock, open_until


class NotOnOfferError(Exception):
    """The contract was accepted, declined or withdrawn already."""


class NotIdentifiedError(Exception):
    """The policy wants the identity of the customer verified first, and it is not."""


class NotRunningError(Exception):
    """The contract was not accepted, or has ended."""


WHILE_IT_RUNS = ("contract.open", "client.active")
"""Who has a running contract is a client (kic-retention-client)."""
WHEN_THE_LAST_ENDS = ("contract.closed", "client.ended")


@transaction.atomic
def offer_contract(
    person: Person,
    *,
    title: str,
    text: str,
    starts_on: date,
    ends_on: date | None,
    course: Course | None = None,
    by: str,
    now: datetime,
) -> Contract:
    """Offer a contract. Its text is fixed from here on; another text is another offer."""
    contract = Contract.objects.create(
        person=person,
        title=title,
        text=text,
        starts_on=starts_on,
        ends_on=ends_on,
        course=course,
        offered_at=now,
    )
    audit.record("billing.contract.offered", target=contract, subject=person.pk, by=by, at=now)
    return contract


@transaction.atomic
def accept_contract(
    contract: Contract, *, evidence: str = Contract.Evidence.CLICK, by: str, now: datetime
) -> None:
    """Conclude the contract, and record how that is proven (ilearn-8.b).

    Raises NotOnOfferError, and changes nothing, when it is on offer no more; NotIdentifiedError
    where the policy wants to know first who the customer is (ilearn-11.c). The relation with the
    customer runs from here (ekool-1.3), and so does the access that the contract gives.
    """
    held = _locked(contract)
    if held.accepted_at is not None or held.closed_at is not None:
        raise NotOnOfferError(_("This contract is on offer no more. Look at what became of it."))
    if lacks_identity(contract.person_id, now=now):
        raise NotIdentifiedError(
            _("First it has to be made sure who you are. Show us a document, then accept it here.")
        )
    contract.accepted_at, contract.evidence = now, evidence
    contract.save(update_fields=["accepted_at", "evidence"])
    for state in WHILE_IT_RUNS:
        record_state(contract.person_id, state, is_open=True, at=now)
    record_event(contract.person_id, "contract.opened", at=now)
    audit.record(
        "billing.contract.accepted",
        target=contract,
        subject=contract.person_id,
        by=by,
        at=now,
        detail={"evidence": str(evidence)},
    )
    _open_course(contract, by=by, now=now)


def _open_course(contract: Contract, *, by: str, now: datetime) -> None:
    """Let the customer into the course that the contract is about, until its last day is over."""
    if contract.course is None:
        return
    if contract.ends_on is None:
        enrol_all(contract.course, [contract.person_id], by=by, now=now)
        return
    zone = ZoneInfo(in_force(now).policy.policy.timezone)
    until = clock.last_second(contract.ends_on, zone) + timedelta(seconds=1)
    open_until(contract.course, [contract.person], until, by=by, now=now)


@transaction.atomic
def end_offer(contract: Contract, *, ending: str, by: str, now: datetime) -> None:
    """Decline or withdraw what was offered. Raises NotOnOfferError when it is no offer any more."""
    held = _locked(contract)
    if held.accepted_at is not None or held.closed_at is not None:
        raise NotOnOfferError(_("This contract is on offer no more. Look at what became of it."))
    _close(contract, ending=ending, kind="billing.contract.not_concluded", by=by, now=now, at=now)


@transaction.atomic
def end_contract(
    contract: Contract, *, ending: str, by: str, now: datetime, ended_at: datetime | None = None
) -> None:
    """End a running contract: what is kept because of it counts from here (ilearn-20.b).

    It ends now, or ended at ``ended_at`` already. Raises NotRunningError, and changes nothing, when
    it does not run.
    """
    at = ended_at or now
    held = _locked(contract)
    if held.accepted_at is None or held.closed_at is not None:
        raise NotRunningError(_("This contract does not run. There is nothing to end."))
    _close(contract, ending=ending, kind="billing.contract.ended", by=by, now=now, at=at)
    running = Contract.objects.running().filter(person_id=contract.person_id)
    if contract.course is not None and not running.filter(course=contract.course).exists():
        lock(contract.course, [contract.person], now=now)
    if not running.exists():
        for state in WHILE_IT_RUNS:
            record_state(contract.person_id, state, is_open=False, at=at)
        for event in WHEN_THE_LAST_ENDS:
            record_event(contract.person_id, event, at=at)
    for work in _WHEN_ENDED:
        work(contract, by, now)


Ended = Callable[[Contract, str, datetime], None]
_WHEN_ENDED: list[Ended] = []


def when_ended(work: Ended) -> None:
    """Let something be done when a running contract ends, in the same transaction."""
    _WHEN_ENDED.append(work)


def _locked(contract: Contract) -> Contract:
    return Contract.objects.select_for_update().get(pk=contract.pk)


def _close(
    contract: Contract, *, ending: str, kind: str, by: str, now: datetime, at: datetime
) -> None:
    contract.closed_at, contract.ending = at, ending
    contract.save(update_fields=["closed_at", "ending"])
    audit.record(
        kind,
        target=contract,
        subject=contract.person_id,
        by=by,
        at=now,
        detail={"ending": str(ending)},
    )


def end_contracts_that_are_over(*, zone: ZoneInfo, by: str, now: datetime) -> int:
    """End every contract whose last day has passed, and return how many. Safe to repeat.

    Each ends with its last day, however late this runs: nothing is kept longer for that.
    """
    today = now.astimezone(zone).date()
    over = [
        contract
        for contract in Contract.objects.running().filter(ends_on__lt=today).order_by("ends_on")
        if over_on(contract.ends_on, today)
    ]
    for contract in over:
        ended_at = _ended_at(contract, zone)
        end_contract(contract, ending=Contract.Ending.TERM, by=by, now=now, ended_at=ended_at)
    return len(over)


def _ended_at(contract: Contract, zone: ZoneInfo) -> datetime:
    """Return when a contract ended by its term, which is never before it began."""
    assert contract.ends_on is not None
    assert contract.accepted_at is not None
    return max(clock.last_second(contract.ends_on, zone), contract.accepted_at)
