"""Everything that changes plans and applications, one function each."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.decisions import api as decisions
from skola.promises.policy.api import Period, Unit, due
from skola.promises.rights.api import local_day, zone_of
from skola.services.applications.models import Plan, PlanApplication
from skola.services.applications.rules import MOST_FOR_NEW, Result, judge
from skola.services.billing.api import (
    Contract,
    NotOnOfferError,
    debt_of,
    end_offer,
    offer_contract,
)
from skola.services.courses.api import Course

POINT = "application"


class ClosedError(Exception):
    """The plan takes no applications any more, or this person's waits already."""


@transaction.atomic
def make_plan(
    *,
    title: str,
    text: str,
    price_cents: int,
    months: int,
    course: Course | None,
    by: str,
    now: datetime,
) -> Plan:
    """Offer something that people may apply for."""
    made = Plan.objects.create(
        title=title,
        text=text,
        price_cents=price_cents,
        months=months,
        course=course,
        made_at=now,
    )
    audit.record("applications.plan.made", target=made, by=by, at=now)
    return made


@transaction.atomic
def close_plan(plan: Plan, *, by: str, now: datetime) -> None:
    """Take no more applications for it; what waits is decided still."""
    if Plan.objects.filter(pk=plan.pk, closed_at=None).update(closed_at=now):
        audit.record("applications.plan.closed", target=plan, by=by, at=now)


@transaction.atomic
def apply(
    plan: Plan, person: Person, *, consent: str = "", by: str, now: datetime
) -> decisions.Decision:
    """Somebody applies. With ``consent``, word for word, the software decides at once.

    Without it, or once they objected, a person decides. Raises ClosedError, and changes nothing,
    when the plan is closed or an application of theirs waits. Source: ilearn-14.
    """
    held = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if held.closed_at is not None:
        raise ClosedError(_("This is on offer no more. Choose something else."))
    try:
        with transaction.atomic():
            made = PlanApplication.objects.create(plan=held, person=person, applied_at=now)
    except IntegrityError:
        raise ClosedError(_("You have applied already. You are written to.")) from None
    audit.record(
        "applications.application.made",
        target=made,
        subject=person.pk,
        by=by,
        at=now,
        clause="ilearn-14",
        detail={"consent": bool(consent)},
    )
    debt = debt_of(person, now=now)
    contracts = Contract.objects.of(person).filter(accepted_at__isnull=False).count()
    return decisions.decide(
        POINT,
        person,
        result=judge(overdue=debt.overdue, contracts=contracts, price_cents=held.price_cents),
        inputs={
            "overdue": debt.overdue,
            "contracts": contracts,
            "price": f"{held.price_cents / 100:.2f}",
        },
        ground=decisions.Ground("consent-explicit", consent) if consent else decisions.NONE,
        about=made.pk,
        by=by,
        now=now,
    )


def _carry_out(decision: decisions.Decision, by: str, now: datetime) -> None:
    """An approval becomes a contract on offer; a rejection takes an offer back."""
    made = (
        PlanApplication.objects.select_for_update(of=("self",))
        .filter(pk__in=[decision.about])
        .first()
    )
    if made is None:
        return
    made.state, made.decision = PlanApplication.State(decision.result), decision.pk
    if decision.result == Result.APPROVED:
        made.contract = _offer(made, by, now)
    elif made.contract is not None:
        _take_back(made.contract, by, now)
    made.save(update_fields=["state", "decision", "contract"])


def _offer(made: PlanApplication, by: str, now: datetime) -> Contract:
    plan = made.plan
    over = due(now, Period(plan.months, Unit.MONTH), zone_of(now))
    return offer_contract(
        made.person,
        title=plan.title,
        text=plan.text,
        starts_on=local_day(now),
        ends_on=local_day(over),
        course=plan.course,
        by=by,
        now=now,
    )


def _take_back(contract: Contract, by: str, now: datetime) -> None:
    """Withdraw what was offered; a contract that was accepted meanwhile stands."""
    try:
        end_offer(contract, ending=Contract.Ending.WITHDRAWN, by=by, now=now)
    except NotOnOfferError:
        return


decisions.register(
    decisions.Point(
        id=POINT,
        version="1",
        logic=lambda: (
            _(
                "Approved is who has no overdue invoice; who has had no contract here before, up"
                " to a price of %(most)s euros."
            )
            % {"most": MOST_FOR_NEW // 100}
        ),
        inputs={
            "overdue": lambda: _("overdue invoices"),
            "contracts": lambda: _("contracts concluded before"),
            "price": lambda: _("price, in euros"),
        },
        results={
            Result.APPROVED: lambda: _("Your application is approved."),
            Result.REJECTED: lambda: _("Your application is not approved."),
        },
        lost=lambda: _("An answer at once; a person answers you within the term of the policy."),
        carry_out=_carry_out,
    )
)
