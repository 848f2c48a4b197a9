"""Where billing stands in the rail, and what waits there today."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui import formats
from skola.ground.ui.api import Place
from skola.ground.waiting import Thing, Told, Waiting
from skola.promises.policy.api import has
from skola.services.billing import queries
from skola.services.billing.models import Contract, Invoice

_STAFF = frozenset({"finance", "administrator"})


def places(request: Any) -> Sequence[Place]:
    """Return where this visitor goes: the office to its ledger, others to what is theirs."""
    if not request.person:
        return []
    now = clock.now()
    inside = str(request.path).startswith(reverse("billing:contracts"))
    invoices, contracts = has("billing.invoices", now=now), has("billing.contracts", now=now)
    if not invoices and not contracts:
        return []
    if kinds(request) & _STAFF:
        url = reverse("billing:ledger" if invoices else "billing:office-contracts")
        return [Place(_("Billing"), url, "billing", current=inside)]
    url = reverse("billing:contracts" if contracts else "billing:invoices")
    word = _("Contracts and invoices") if invoices else _("Contracts")
    return [Place(word, url, "billing", current=inside)]


def today(request: Any, *, now: datetime) -> list[Told]:
    """Return what waits for this person: offers to answer, invoices overdue."""
    found: list[Told] = []
    if has("billing.contracts", now=now):
        offers = Contract.objects.of(request.person).filter(accepted_at=None, closed_at=None)
        found.append(Waiting(offers, _offered))
    if has("billing.invoices", now=now):
        late = queries.ledger(unpaid=True).filter(due_on__lt=queries.today(now))
        if kinds(request) & _STAFF:
            found.append(Waiting(late, _late_office))
        else:
            found.append(Waiting(late.filter(person=request.person), _late))
    return found


def _offered(offers: QuerySet[Contract]) -> list[Thing]:
    return [
        (
            offer.title,
            _("A contract is offered to you."),
            reverse("billing:contract", args=[offer.pk]),
            _("Read it"),
            False,
        )
        for offer in offers[:5]
    ]


def _late(invoices: QuerySet[Invoice]) -> list[Thing]:
    return [
        (
            _("Invoice %(number)s is overdue") % {"number": invoice.label},
            _("It was to be paid by %(day)s.") % {"day": formats.day(invoice.due_on)},
            reverse("billing:invoice", args=[invoice.pk]),
            _("Look at it"),
            True,
        )
        for invoice in invoices[:5]
    ]


def _late_office(invoices: QuerySet[Invoice]) -> list[Thing]:
    count = invoices.count()
    words = ngettext("%(count)s invoice is overdue", "%(count)s invoices are overdue", count)
    return [
        (
            words % {"count": count},
            _("The longest due stands on top."),
            reverse("billing:ledger"),
            _("Open the ledger"),
            False,
        )
    ]
