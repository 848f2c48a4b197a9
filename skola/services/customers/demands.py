"""A customer demands that processing stops or data are deleted: what becomes of their contracts.

Which cannot go on is told beforehand; ending one is a decision of staff, with its reason, a message
and a settlement to the day. What the school provides is not ended by it. Clause: ekool-7.6.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, language_of, post
from skola.ground.ui.formats import money
from skola.promises.policy.api import has, in_force
from skola.promises.rights.api import Consequence, RightsRequest
from skola.services.billing import api as billing
from skola.services.customers import functions, queries
from skola.services.customers.models import Decision, Subscription
from skola.services.school import api as school


class DecidedError(Exception):
    """The contract has ended, or was decided about for this request."""


def consequences_of(person: Person, now: datetime) -> Sequence[Consequence]:
    """Return what becomes of somebody's contracts, and of what a school provides to them."""
    if not has(queries.CAPABILITY, now=now):
        return []
    return [*_contracts(person), *_provided(person, now)]


def page_of(request: UUID) -> str:
    """Return where staff decide about the contracts of who demands."""
    return reverse("customers:demand", args=[request])


def concerned(person: Person) -> list[billing.Contract]:
    """Return the running contracts of somebody's own that need their data; no school's."""
    running = billing.Contract.objects.running().filter(person=person)
    return list(running.exclude(subscription__school__isnull=False).order_by("offered_at"))


def _contracts(person: Person) -> Iterator[Consequence]:
    held = {
        one.contract_id: one
        for one in Subscription.objects.filter(contract__person=person).select_related(
            "service", "school", "contract"
        )
    }
    for contract in concerned(person):
        one = held.get(contract.pk)
        function = functions.word_of(one.service.function) if one else ""
        why = _("It is with you, and cannot be performed without your data.")
        yield Consequence(contract.title, function, why, ends=True)
    for one in held.values():
        if one.school is not None and one.contract.closed_at is None:
            why = _("It is %(school)s's contract; somebody else is named for it.")
            yield Consequence(one.service.name, "", why % {"school": one.school.name}, ends=False)


def _provided(person: Person, now: datetime) -> Iterator[Consequence]:
    places = school.places_for(person, queries.today(now), now)
    for name in dict.fromkeys(one.pupil.school_class.year.school.name for one in places):
        yield Consequence(
            _("The diary of %(school)s") % {"school": name},
            "",
            _("The school provides it, and your contracts have nothing to do with it."),
            ends=False,
        )


@dataclass(frozen=True)
class Decided:
    """What was decided about a contract: the reason is for the file, the message for them."""

    outcome: str
    reason: str
    message: str


@transaction.atomic
def decide(
    contract: billing.Contract,
    asked: RightsRequest,
    what: Decided,
    *,
    decider: Person,
    by: str,
    now: datetime,
) -> Decision:
    """Decide whether a contract goes on; one that ends does so at once, settled to the day.

    The customer is told in the same transaction. Raises DecidedError, and changes nothing, when
    that was decided already or the contract does not run. Source: ekool-7.6.
    """
    held = billing.Contract.objects.running().select_for_update().filter(pk=contract.pk).first()
    if held is None or Decision.objects.filter(contract=held, request=asked.pk).exists():
        raise DecidedError(_("This was decided already, or the contract has ended."))
    made = Decision.objects.create(
        contract=held,
        request=asked.pk,
        outcome=what.outcome,
        reason=what.reason,
        message=what.message,
        decider=decider,
        decided_at=now,
    )
    rule = in_force(now).policy.on_erasure
    audit.record(
        "customers.demand.decided",
        target=made,
        subject=held.person_id,
        by=by,
        at=now,
        clause=", ".join(rule.clause) if rule else "",
        detail={"outcome": str(what.outcome)},
    )
    if what.outcome == Decision.Outcome.END:
        end = billing.Contract.Ending.DEMAND
        billing.end_contract(contract, ending=end, by=by, now=now)
    _tell(contract, asked, made, now=now)
    return made


def _tell(
    contract: billing.Contract, asked: RightsRequest, made: Decision, *, now: datetime
) -> None:
    person = contract.person
    if not person.email:
        return
    with translation.override(language_of(person)):
        told = {"title": contract.title, "number": asked.label}
        ends = made.outcome == Decision.Outcome.END
        subject = (
            _("The contract “%(title)s” has ended")
            if ends
            else _("The contract “%(title)s” goes on")
        ) % told
        parts = [_("This follows from your request %(number)s.") % told, made.message]
        notes = billing.Invoice.objects.filter(contract=contract, kind="credit-note", issued_at=now)
        parts += [
            _("Credit note %(number)s: %(amount)s.")
            % {"number": note.label, "amount": money(-note.total_cents, note.currency)}
            for note in notes.order_by("number")
        ]
    post(
        person_id=person.pk,
        address=person.email,
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=subject[:200],
        text="\n\n".join(parts) + "\n",
        now=now,
        about="contract after a demand",
    )
