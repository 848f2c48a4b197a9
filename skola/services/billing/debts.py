"""Debts: reminders by the ladder of the policy, hand-over through the gate, recall on payment.

What goes out are the fields that the policy lists, of the debtor and of this invoice: no line of
it, and nothing of a child for whom it was. Clauses: ilearn-8.l, ekool-5.2.6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.ids import uuid7
from skola.ground.people.api import Person, has_guardian, language_of, post
from skola.promises.disclosures.api import (
    Passed,
    Passing,
    RefusedError,
    Tasked,
    Telling,
    ask,
    for_task,
    in_words,
    pass_on,
)
from skola.promises.policy.api import due, in_force, parse_period
from skola.services.billing import queries, rules
from skola.services.billing.models import Collection, Invoice, Reminder

TASK = "debt-collection"
"""How the policy marks who collects debts."""


class NotYetError(Exception):
    """The debt cannot be handed over; the message says why, and what comes first."""


@dataclass(frozen=True)
class Ladder:
    """The moments at which the reminders of one invoice are due, and from which it may go."""

    reminders: tuple[datetime, ...]
    hand_over: datetime


def ladder_of(invoice: Invoice, now: datetime) -> Ladder | None:
    """Return the ladder of an invoice; None where the policy has none."""
    policy = in_force(now).policy
    if policy.dunning is None:
        return None
    zone = queries.zone(now)
    day = clock.last_second(invoice.due_on, zone)

    def after(term: str) -> datetime:
        return due(day, parse_period(term), zone, policy.policy.calendar)

    found = tuple(after(term) for term in policy.dunning.reminders)
    return Ladder(found, after(policy.dunning.hand_over))


def remind(*, by: str, now: datetime) -> int:
    """Send each debtor the next reminder whose day has come, and return how many were sent.

    One at a time, in their order, and never nearer to each other than in the policy, however late
    this runs. Safe to repeat.
    """
    if in_force(now).policy.dunning is None:
        return 0
    late = queries.ledger(unpaid=True).filter(due_on__lt=queries.today(now), person__isnull=False)
    found = late.select_related("person").prefetch_related("reminders", "collections")
    return sum(_remind(invoice, by=by, now=now) for invoice in found)


@transaction.atomic
def _remind(invoice: Invoice, *, by: str, now: datetime) -> bool:
    ladder = ladder_of(invoice, now)
    sent = [one.sent_at for one in invoice.reminders.all()]
    person = invoice.person
    if ladder is None or person is None or not person.email or invoice.collections.all():
        return False
    if not rules.may_remind(ladder.reminders, sent, now):
        return False
    made, fresh = Reminder.objects.get_or_create(
        invoice=invoice, step=len(sent) + 1, defaults={"sent_at": now}
    )
    if fresh:
        _write_reminder(invoice, person, made.step, ladder, now=now)
        audit.record(
            "billing.reminder.sent",
            target=made,
            subject=person.pk,
            by=by,
            at=now,
            detail={"step": made.step},
        )
    return fresh


def _write_reminder(
    invoice: Invoice, person: Person, step: int, ladder: Ladder, *, now: datetime
) -> None:
    with translation.override(language_of(person)):
        told = {"number": invoice.label, "step": step, "day": f"{invoice.due_on:%Y-%m-%d}"}
        subject = _("Reminder %(step)s: invoice %(number)s") % told
        text = (
            _(
                "Invoice %(number)s was to be paid by %(day)s, and something of it is still open. "
                "Please pay it, or tell us if it is not right."
            )
            % told
        )
        if step == len(ladder.reminders):
            text += "\n\n" + _(
                "This is the last reminder. If it stays unpaid, the debt may be handed over to "
                "somebody who collects it."
            )
    _post(person, subject, text, now=now)


def _post(person: Person, subject: str, text: str, *, now: datetime) -> None:
    post(
        person_id=person.pk,
        address=person.email,
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=subject,
        text=f"{text}\n",
        now=now,
    )


def collectors(now: datetime) -> list[Tasked]:
    """Return who is active to collect debts."""
    return for_task(TASK, now)


def why_not_yet(invoice: Invoice, sent: Sequence[datetime], now: datetime) -> str:
    """Return why a debt cannot be handed over now; empty where it can."""
    ladder = ladder_of(invoice, now)
    if ladder is None:
        return _("The policy lets no debt be handed over.")
    if invoice.kind != Invoice.Kind.INVOICE or queries.open_cents(invoice) <= 0:
        return _("Nothing is owed on it.")
    if invoice.person is None:
        return _("The buyer is nobody whom we know. Collect the debt yourself.")
    if has_guardian(invoice.person, now=now):
        return _("This is a child, who owes nothing. The contract is with an adult.")
    if not rules.may_hand_over(ladder.reminders, ladder.hand_over, sent, now):
        return _("The reminders and their terms come first.")
    return ""


def hand_over(
    invoice: Invoice, to: Tasked, *, balance: str = "", by: str, now: datetime
) -> tuple[Collection, Passed]:
    """Hand a debt over, once the ladder has ended, and tell the debtor; the file is to be sent.

    To the same once more is the same file. Raises NotYetError; RefusedError where the gate refuses.
    """
    held = Invoice.objects.select_related("person").get(pk=invoice.pk)
    there = Collection.objects.filter(invoice=held, recalled_at=None).first()
    sent = [one.sent_at for one in held.reminders.all()]
    if there is not None and there.party_id != to.party.pk:
        raise NotYetError(_("It is with somebody else already. One collects it, not two."))
    if there is None and (problem := why_not_yet(held, sent, now)):
        raise NotYetError(problem)
    person = held.person
    assert person is not None
    key = there.pk if there is not None else uuid7()
    passing = Passing(
        to.party,
        ground=to.ground,
        purpose=to.purpose,
        reference=_("invoice %(number)s") % {"number": held.label},
        balance=balance,
        once=key,
    )
    passed = pass_on(passing, [person.pk], records=[person, held], by=by, now=now)
    if there is not None:
        return there, passed
    with transaction.atomic():
        made = Collection.objects.create(
            id=key,
            invoice=held,
            party=to.party,
            reference=passed.entries[0].label,
            handed_at=now,
        )
        _tell_debtor(made, person, passed, now=now)
        audit.record("billing.debt.handed_over", target=made, subject=person.pk, by=by, at=now)
    return made, passed


def _tell_debtor(made: Collection, person: Person, passed: Passed, *, now: datetime) -> None:
    if not person.email:
        return
    with translation.override(language_of(person)):
        told = {
            "number": made.invoice.label,
            "name": made.party.name,
            "fields": in_words(passed.entries[0].fields),
        }
        subject = _("Invoice %(number)s was handed over") % told
        text = (
            _(
                "%(name)s collects the debt of invoice %(number)s for us. They got: %(fields)s. "
                "Pay us, and we call it back."
            )
            % told
        )
    _post(person, subject, text, now=now)


def recall(invoice: Invoice, by: str, now: datetime) -> None:
    """Tell whoever collects a debt that there is none any more; once.

    Called when nothing is open on an invoice, because it was paid or taken back (ekool-5.2.6).
    """
    for one in Collection.objects.select_for_update(of=("self",)).filter(
        invoice=invoice, recalled_at=None
    ):
        one.recalled_at = now
        one.save(update_fields=["recalled_at"])
        what, letter = Telling.What.RECALL, [f"{one.reference} ({invoice.label})"]
        ask(one.party, what, case=one.pk, reference=one.reference, letter=letter, by=by, now=now)
        audit.record("billing.debt.recalled", target=one, subject=invoice.person_id, by=by, at=now)


__all__ = ["NotYetError", "RefusedError", "collectors", "hand_over", "recall", "remind"]
