"""Companies that send people: seats, one contract, and one invoice once it is concluded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import post, register_person
from skola.promises.origins import api as origins
from skola.services.billing.api import (
    PAY_WITHIN,
    Buyer,
    Contract,
    Invoice,
    Line,
    accept_contract,
    issue_invoice,
    offer_contract,
    seller,
)
from skola.services.groups import actions, queries, wording
from skola.services.groups.models import Application, Booking, Participant, Run
from skola.services.groups.rules import Learner


@dataclass(frozen=True)
class CompanyFacts:
    """Which company sends people, who signs for it, and what a seat costs it without tax."""

    company: str
    address: str
    given_name: str
    family_name: str
    email: str
    price_cents: int
    vat_percent: Decimal


@transaction.atomic
def book(
    run: Run,
    facts: CompanyFacts,
    learners: Sequence[Learner],
    *,
    language: str,
    notice_version: str,
    by: str,
    now: datetime,
) -> Booking:
    """Give the people of a company their seats, and offer it one contract about all of them.

    Raises NoSeatError when fewer are free, ClosedError when the run is over or cancelled; nothing
    changes then. Source: kic-purpose-contracts.
    """
    held = actions.locked(run)
    _takes(held, len(learners), now)
    signs = register_person(
        given_name=facts.given_name,
        family_name=facts.family_name,
        email=facts.email,
        language=language,
        source="application",
        by=by,
        now=now,
    )
    with translation.override(language):
        text = wording.company_contract(held, facts, learners)
    contract = offer_contract(
        signs,
        title=held.programme.title,
        text=text,
        starts_on=held.starts_on,
        ends_on=held.ends_on,
        by=by,
        now=now,
    )
    booking = Booking.objects.create(
        run=held,
        person=signs,
        company=facts.company,
        address=facts.address,
        price_cents=facts.price_cents,
        vat_percent=facts.vat_percent,
        language=language,
        contract=contract,
        booked_at=now,
    )
    origins.note(
        signs.pk,
        origins.Origin.Kind.SERVICE_REQUEST,
        about=booking.pk,
        name=held.programme.title,
        now=now,
    )
    for learner in learners:
        _seat(booking, learner, notice_version=notice_version, by=by, now=now)
    audit.record(
        "groups.company.booked",
        target=booking,
        subject=signs.pk,
        by=by,
        at=now,
        detail={"seats": len(learners)},
    )
    return booking


def _takes(run: Run, count: int, now: datetime) -> None:
    if run.cancelled_at is not None or queries.today(now) > run.ends_on:
        raise actions.ClosedError(_("This group is over or cancelled. Choose another one."))
    if run.free < count:
        raise actions.NoSeatError(
            _("%(free)s seats are free, and the company sends %(count)s people.")
            % {"free": run.free, "count": count}
        )


def _seat(
    booking: Booking, learner: Learner, *, notice_version: str, by: str, now: datetime
) -> Participant:
    person = register_person(
        given_name=learner.given_name,
        family_name=learner.family_name,
        email=learner.email,
        language=booking.language,
        source="employer",
        by=by,
        now=now,
    )
    application = Application.objects.create(
        run=booking.run,
        person=person,
        stage=Application.Stage.ADMITTED,
        source=Application.Source.COMPANY,
        language=booking.language,
        notice_version=notice_version,
        applied_at=now,
        decided_at=now,
    )
    return Participant.objects.create(
        run=booking.run,
        person=person,
        application=application,
        contract=booking.contract,
        admitted_at=now,
    )


def seats_of(booking: Booking) -> list[Participant]:
    """Return the seats that the company has now, by name."""
    if booking.contract_id is None:
        return []
    found = Participant.objects.filter(contract=booking.contract_id, left_at=None)
    return list(found.select_related("person", "application").order_by("person__family_name"))


@transaction.atomic
def conclude(booking: Booking, *, evidence: str, invoices: bool, by: str, now: datetime) -> None:
    """The company concludes the contract: one invoice for all its seats is issued.

    Raises NotOnOfferError when it is on offer no more, so that no second invoice is issued.
    """
    held = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    contract = held.contract
    if contract is None:
        raise actions.ClosedError(_("This contract is kept no more."))
    accept_contract(contract, evidence=evidence, by=by, now=now)
    if invoices:
        held.invoice = _invoice(held, contract, by=by, now=now)
        held.save(update_fields=["invoice"])


def _invoice(booking: Booking, contract: Contract, *, by: str, now: datetime) -> Invoice:
    seats = seats_of(booking)
    with translation.override(booking.language):
        words = _("%(title)s, group %(code)s, seats") % {
            "title": contract.title,
            "code": booking.run.code,
        }
    line = Line(words, Decimal(len(seats)), booking.price_cents, booking.vat_percent)
    return issue_invoice(
        Buyer(booking.company, booking.address),
        [line],
        seller=seller(now),
        due_on=queries.today(now) + PAY_WITHIN,
        person=booking.person,
        contract=contract,
        by=by,
        now=now,
    )


@transaction.atomic
def decline(booking: Booking, *, by: str, now: datetime) -> None:
    """The company does not conclude the contract: its seats are free. Raises ClosedError."""
    contract = booking.contract
    if contract is None or contract.accepted_at is not None or contract.closed_at is not None:
        raise actions.ClosedError(_("This contract is on offer no more."))
    for seat in seats_of(booking):
        assert seat.application is not None
        actions.withdraw(
            seat.application,
            ending=Contract.Ending.DECLINED,
            today=queries.today(now),
            by=by,
            now=now,
        )


def tell(
    booking: Booking, *, address: str, link: Callable[[Application], str], now: datetime
) -> None:
    """Write who signs where the contract is, and each learner that their company named them."""
    with translation.override(booking.language):
        subject, text = wording.mail_for("booked", booking.run)
    post(
        person_id=booking.person_id,
        address=booking.person.email,
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=subject,
        text=f"{text}\n{address}\n",
        now=now,
    )
    for seat in seats_of(booking):
        assert seat.application is not None
        actions.tell(seat.application, "named", link=link(seat.application), now=now)
