"""What a person finds in the account: contracts, invoices, what is owed."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import signed_in
from skola.ground.tenants.http import TenantRequest
from skola.promises.policy.api import has, needs
from skola.promises.retention.api import clock_of
from skola.services.billing import contracting, paying, queries
from skola.services.billing.beside import tabs
from skola.services.billing.credit import offers_to_pay_later
from skola.services.billing.identity import lacks_identity
from skola.services.billing.models import Contract, Invoice
from skola.services.billing.shown import shown_contract, shown_invoice


@needs("billing.contracts")
@signed_in
@require_safe
def contracts(request: TenantRequest) -> HttpResponse:
    """The person's contracts, offers on top."""
    assert request.person is not None
    today = queries.today(clock.now())
    found = Contract.objects.of(request.person).order_by("-offered_at")[:200]
    shown = sorted(
        (shown_contract(one, today) for one in found), key=lambda one: one.stage != "offered"
    )
    has_invoices = has("billing.invoices", now=clock.now())
    assesses = has("decisions.automated", now=clock.now())
    context = {
        "contracts": shown,
        "has_invoices": has_invoices,
        "beside": tabs(clock.now()),
        "pay_later": assesses and offers_to_pay_later(request.person.pk),
    }
    return render(request, "billing/contracts.html", context)


@needs("billing.contracts")
@signed_in
@require_safe
def contract(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One contract of the person: the exact text, and how it was concluded (ilearn-8.b)."""
    return _contract_page(request, pk)


def _contract_page(request: TenantRequest, pk: UUID, problem: str = "") -> HttpResponse:
    now = clock.now()
    assert request.person is not None
    found = get_object_or_404(Contract.objects.of(request.person).select_related("course"), pk=pk)
    context = {
        "shown": shown_contract(found, queries.today(now)),
        "clock": clock_of(found, now=now),
        "lacks_identity": lacks_identity(request.person.pk, now=now),
        "problem": problem,
    }
    return render(request, "billing/contract.html", context, status=409 if problem else 200)


@needs("billing.contracts")
@signed_in
@require_POST
def accept(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The person accepts an offer by a click."""
    assert request.person is not None
    found = get_object_or_404(Contract.objects.of(request.person), pk=pk)
    try:
        contracting.accept_contract(found, by=by(request), now=clock.now())
    except (contracting.NotOnOfferError, contracting.NotIdentifiedError) as problem:
        return _contract_page(request, pk, str(problem))
    return redirect("billing:contract", pk=pk)


@needs("billing.contracts")
@signed_in
@require_POST
def decline(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The person declines an offer."""
    assert request.person is not None
    found = get_object_or_404(Contract.objects.of(request.person), pk=pk)
    try:
        contracting.end_offer(
            found, ending=Contract.Ending.DECLINED, by=by(request), now=clock.now()
        )
    except contracting.NotOnOfferError as problem:
        return _contract_page(request, pk, str(problem))
    return redirect("billing:contract", pk=pk)


@needs("billing.invoices")
@signed_in
@require_safe
def invoices(request: TenantRequest) -> HttpResponse:
    """The person's invoices with what is open (ilearn-8.j)."""
    assert request.person is not None
    today = queries.today(clock.now())
    found = Invoice.objects.of(request.person).with_balance().order_by("-number")[:200]
    shown = [shown_invoice(one, today) for one in found]
    context = {"invoices": shown, "beside": tabs(clock.now())}
    return render(request, "billing/invoices.html", context)


@needs("billing.invoices")
@signed_in
@require_safe
def invoice(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One invoice of the person as it was issued, with its payments."""
    now = clock.now()
    assert request.person is not None
    found = get_object_or_404(
        Invoice.objects.of(request.person).with_balance().prefetch_related("lines", "payments"),
        pk=pk,
    )
    context = {
        "shown": shown_invoice(found, queries.today(now)),
        "takes_cards": paying.takes_cards(now),
        "clock": clock_of(found, now=now),
    }
    return render(request, "billing/invoice.html", context)


@needs("billing.invoices")
@signed_in
@require_safe
def statement(request: TenantRequest) -> HttpResponse:
    """Every invoice and payment of the person, and what was owed after each (ilearn-11.q)."""
    assert request.person is not None
    found = queries.statements_of(request.person, queries.zone(clock.now()))
    context = {"statements": found, "whose": None, "beside": tabs(clock.now())}
    return render(request, "billing/statement.html", context)
