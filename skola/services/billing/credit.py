"""Creditworthiness: what a customer owes decides how they may pay, at an order and again later.

The decision is one of the register (``promises.decisions``): it is told, and a person looks at it
again where the customer asks. Clauses: ilearn-8.k, ilearn-11.f.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from skola.ground.people.api import Person
from skola.promises.decisions import api as decisions
from skola.services.billing import queries, rules
from skola.services.billing.models import Contract
from skola.services.billing.rules import Credit
from skola.services.school.api import Pupil

POINT = "credit"


class NotACustomerError(Exception):
    """Only who has a contract, or one on offer, is assessed."""


@dataclass(frozen=True)
class Debt:
    """What a person owes that is overdue: how many invoices, for how long, how much."""

    overdue: int
    longest: int
    cents: int


def debt_of(person: Person, *, now: datetime) -> Debt:
    """Return what somebody owes beyond its day, as of the tenant's day."""
    today = queries.today(now)
    late = list(queries.ledger(unpaid=True).filter(person=person, due_on__lt=today))
    return Debt(
        len(late),
        max(((today - one.due_on).days for one in late), default=0),
        sum(one.open_cents for one in late),
    )


def assess_credit(contract: Contract, *, by: str, now: datetime) -> decisions.Decision:
    """Assess the party of a contract that is on offer or runs; the result is dated and told.

    The ground is the contract itself (GDPR Art. 22(2)(a)). Raises NotACustomerError where it has
    ended, since there is nothing left to assess for, and for a pupil. Source: ilearn-11.f,
    ekool-4.2.6.
    """
    if contract.closed_at is not None:
        raise NotACustomerError(
            _("This contract has ended. Assess a customer by a contract that runs.")
        )
    if is_pupil(contract.person_id):
        raise NotACustomerError(_("Pupils are never assessed."))
    debt = debt_of(contract.person, now=now)
    return decisions.decide(
        POINT,
        contract.person,
        result=rules.credit(overdue=debt.overdue, longest=debt.longest),
        inputs={
            "overdue": debt.overdue,
            "longest": debt.longest,
            "owed": f"{debt.cents / 100:.2f}",
        },
        ground=decisions.Ground("contract"),
        about=contract.pk,
        by=by,
        now=now,
    )


def run_risk(*, only: UUID | None = None, by: str, now: datetime) -> list[decisions.Decision]:
    """Assess the parties of running contracts who owe something beyond its day; ``only`` one.

    Nobody else is looked at, never a pupil, and nobody twice while a person has to decide.
    Source: ekool-4.2.6.
    """
    running = Contract.objects.running().select_related("person").order_by("person", "-accepted_at")
    if only is not None:
        running = running.filter(person=only)
    waiting = decisions.Decision.objects.waiting().filter(point=POINT)
    pupils = Pupil.objects.values("person")
    late = queries.ledger(unpaid=True).filter(due_on__lt=queries.today(now), person__isnull=False)
    asked = (
        running.filter(person__in=late.order_by().values("person"))
        .exclude(person__in=waiting.values("person"))
        .exclude(person__in=pupils)
    )
    found = {one.person_id: one for one in asked}
    return [assess_credit(one, by=by, now=now) for one in found.values()]


def is_pupil(person_id: UUID) -> bool:
    """Whether somebody is or was a pupil here."""
    return Pupil.objects.filter(person=person_id).exists()


def credit_of(person_id: UUID) -> Credit | None:
    """Return how somebody may pay by the latest assessment; None where there is none."""
    found = decisions.latest(person_id, POINT)
    return Credit(found.result) if found else None


def offers_to_pay_later(person_id: UUID) -> bool:
    """Whether the account offers to pay later: assessed so, and no objection to the assessment."""
    return decisions.may_decide(person_id, POINT) and credit_of(person_id) == Credit.LATER


def _carried_out(decision: decisions.Decision, by: str, now: datetime) -> None:
    """Nothing is to be done: how somebody may pay is asked where something is sold."""


decisions.register(
    decisions.Point(
        id=POINT,
        version="1",
        logic=lambda: _(
            "Who has no overdue invoice may pay later. Who has one pays in advance. Who has had one"
            " for 60 days or longer is sold nothing more until it is paid."
        ),
        inputs={
            "overdue": lambda: _("overdue invoices"),
            "longest": lambda: _("days for which the oldest is overdue"),
            "owed": lambda: _("what is overdue, in euros"),
        },
        results={
            Credit.LATER: lambda: _("You may pay later."),
            Credit.ADVANCE: lambda: _("You pay in advance."),
            Credit.STOP: lambda: _("Nothing more is sold until what is overdue is paid."),
        },
        lost=lambda: _("The offer to pay later in your account; a person decides on it instead."),
        carry_out=_carried_out,
    )
)
