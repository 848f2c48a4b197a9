"""What the office does: offers and ends contracts, issues invoices, records what was paid."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import Person
from skola.ground.people.http import holding
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.decisions.api import latest
from skola.promises.policy.api import has, needs
from skola.promises.retention.api import clock_of
from skola.services.billing import contracting, debts, invoicing, queries
from skola.services.billing.credit import POINT, NotACustomerError, assess_credit, run_risk
from skola.services.billing.forms import (
    EndingForm,
    HandOverForm,
    IdentityForm,
    IssueForm,
    LedgerForm,
    LineForms,
    MonthForm,
    OfferForm,
    PaymentForm,
    RiskForm,
)
from skola.services.billing.identity import CAPABILITY, latest_check, note_check
from skola.services.billing.models import ClosedMonth, Contract, Invoice
from skola.services.billing.months import (
    MonthClosedError,
    MonthOpenError,
    close_month,
    export_month,
    first_of,
)
from skola.services.billing.rules import PAY_WITHIN
from skola.services.billing.shown import shown_contract, shown_invoice

STAFF = ("finance", "administrator")
NO_MONTH = gettext_lazy("This is no month.")


@needs("billing.contracts")
@holding(*STAFF)
@require_safe
def contracts(request: TenantRequest) -> HttpResponse:
    """All contracts, latest first."""
    return _contracts_page(request)


def _contracts_page(request: TenantRequest, problem: str = "") -> HttpResponse:
    today = queries.today(clock.now())
    found = Contract.objects.select_related("person").order_by("-offered_at")
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    shown = [shown_contract(one, today) for one in page]
    has_invoices = has("billing.invoices", now=clock.now())
    context = {
        "page": page,
        "contracts": shown,
        "has_invoices": has_invoices,
        "assesses": has("decisions.automated", now=clock.now()),
        "problem": problem,
    }
    status = 422 if problem else 200
    return render(request, "billing/office_contracts.html", context, status=status)


@needs("decisions.automated")
@holding(*STAFF)
@require_POST
def risk_run(request: TenantRequest) -> HttpResponse:
    """Who has a running contract and owes something is assessed, nobody else (ekool-4.2.6)."""
    form = RiskForm(request.POST)
    if not form.is_valid():
        return _contracts_page(request, " ".join(str(one) for one in form.errors["person"]))
    run_risk(only=form.cleaned_data["person"], by=by(request), now=clock.now())
    return redirect("billing:office-contracts")


@needs("billing.contracts")
@holding(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: TenantRequest) -> HttpResponse:
    """The office offers somebody a contract."""
    now = clock.now()
    form = OfferForm(request.POST or None, initial={"starts_on": queries.today(now)})
    if request.method == "POST" and form.is_valid() and form.person is not None:
        told = form.cleaned_data
        made = contracting.offer_contract(
            form.person,
            title=told["title"],
            text=told["text"],
            starts_on=told["starts_on"],
            ends_on=told["ends_on"],
            course=told["course"],
            by=by(request),
            now=now,
        )
        return redirect("billing:office-contract", pk=made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "billing/offer.html", {"form": form}, status=status)


@needs("billing.contracts")
@holding(*STAFF)
@require_safe
def contract(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One contract, and the way to end it."""
    return _contract_page(request, pk)


def _contract_page(
    request: TenantRequest,
    pk: UUID,
    *,
    form: EndingForm | None = None,
    identity: IdentityForm | None = None,
    problem: str = "",
) -> HttpResponse:
    now = clock.now()
    found = get_object_or_404(Contract.objects.select_related("person", "course"), pk=pk)
    context = {
        "needs_identity": has(CAPABILITY, now=now),
        "check": latest_check(found.person_id),
        "identity": identity or IdentityForm(),
        "assesses": has("decisions.automated", now=now),
        "credit": latest(found.person_id, POINT),
        "shown": shown_contract(found, queries.today(now)),
        "form": form or EndingForm(),
        "problem": problem,
        "clock": clock_of(found, now=now),
    }
    status = 409 if problem else 422 if form or identity else 200
    return render(request, "billing/office_contract.html", context, status=status)


@needs(CAPABILITY)
@holding(*STAFF)
@require_POST
def identify(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The office has looked at who the customer is; no copy of a document is kept (ilearn-8.a)."""
    found = get_object_or_404(Contract.objects.select_related("person"), pk=pk)
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return _contract_page(request, pk, identity=form)
    note_check(found.person, **form.cleaned_data, by=by(request), now=clock.now())
    return redirect("billing:office-contract", pk=pk)


@needs("decisions.automated")
@holding(*STAFF)
@require_POST
def assess(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Creditworthiness is assessed, at the order or while the contract runs (ilearn-11.f)."""
    found = get_object_or_404(Contract.objects.select_related("person"), pk=pk)
    try:
        assess_credit(found, by=by(request), now=clock.now())
    except NotACustomerError as problem:
        return _contract_page(request, pk, problem=str(problem))
    return redirect("billing:office-contract", pk=pk)


@needs("billing.contracts")
@holding(*STAFF)
@require_POST
def end(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The office ends a contract, or withdraws an offer."""
    found = get_object_or_404(Contract, pk=pk)
    form = EndingForm(request.POST)
    if not form.is_valid():
        return _contract_page(request, pk, form=form)
    who, now = by(request), clock.now()
    try:
        if found.accepted_at is None:
            contracting.end_offer(found, ending=Contract.Ending.WITHDRAWN, by=who, now=now)
        else:
            contracting.end_contract(found, ending=Contract.Ending.STAFF, by=who, now=now)
    except (contracting.NotOnOfferError, contracting.NotRunningError) as problem:
        return _contract_page(request, pk, problem=str(problem))
    return redirect("billing:office-contract", pk=pk)


@needs("billing.invoices")
@holding(*STAFF)
@require_safe
def ledger(request: TenantRequest) -> HttpResponse:
    """Invoices not paid in full, longest due on top; or all, latest first."""
    form = LedgerForm(request.GET or None)
    everything = form.is_bound and form.is_valid() and form.cleaned_data["show"] == "all"
    found = queries.ledger(unpaid=not everything)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    today = queries.today(clock.now())
    context = {
        "form": form,
        "page": page,
        "invoices": [shown_invoice(one, today) for one in page],
        "everything": everything,
    }
    return render(request, "billing/ledger.html", context)


@needs("billing.invoices")
@holding(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: TenantRequest) -> HttpResponse:
    """The office issues an invoice; it cannot be changed afterwards."""
    now = clock.now()
    today = queries.today(now)
    form = IssueForm(request.POST or None, today=today, initial={"due_on": today + PAY_WITHIN})
    lines = LineForms(request.POST or None, prefix="line")
    if request.method == "POST" and all([form.is_valid(), lines.is_valid()]):
        made = invoicing.issue_invoice(
            form.for_whom(),
            lines.lines(),
            seller=queries.seller(now),
            due_on=form.cleaned_data["due_on"],
            currency=form.cleaned_data["currency"],
            person=form.person,
            by=by(request),
            now=now,
        )
        return redirect("billing:office-invoice", pk=made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "billing/issue.html", {"form": form, "lines": lines}, status=status)


@needs("billing.invoices")
@holding(*STAFF)
@require_safe
def invoice(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One invoice as it was issued, what was paid for it, and what can be done."""
    return _invoice_page(request, pk)


def _invoice_page(
    request: TenantRequest,
    pk: UUID,
    *,
    payment: PaymentForm | None = None,
    handing: HandOverForm | None = None,
    problem: str = "",
) -> HttpResponse:
    now = clock.now()
    today = queries.today(now)
    found = get_object_or_404(
        Invoice.objects.with_balance().prefetch_related("lines", "payments"), pk=pk
    )
    context: dict[str, Any] = {
        "shown": shown_invoice(found, today),
        "payment": payment or PaymentForm(today=today),
        "problem": problem,
        "clock": clock_of(found, now=now),
        **_debt(found, now, handing),
    }
    status = 409 if problem else 422 if payment or handing else 200
    return render(request, "billing/office_invoice.html", context, status=status)


def _debt(found: Invoice, now: datetime, handing: HandOverForm | None) -> dict[str, Any]:
    """How far the reminders are, and whether the debt can go to somebody."""
    reminders, there = list(found.reminders.all()), list(found.collections.select_related("party"))
    if debts.ladder_of(found, now) is None or found.due_on >= queries.today(now):
        return {"reminders": reminders, "collections": there}
    return {
        "reminders": reminders,
        "collections": there,
        "not_yet": debts.why_not_yet(found, [one.sent_at for one in reminders], now),
        "handing": handing or HandOverForm(collectors=debts.collectors(now)),
        "owed": found.kind == Invoice.Kind.INVOICE and found.open_cents > 0,
    }


@needs("billing.invoices")
@holding(*STAFF)
@require_POST
def hand_over(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A debt is handed over: the file goes to whoever collects it (ilearn-8.l, ekool-5.2.6)."""
    now = clock.now()
    found = get_object_or_404(Invoice, pk=pk)
    form = HandOverForm(request.POST, collectors=debts.collectors(now))
    if not form.is_valid():
        return _invoice_page(request, pk, handing=form)
    told = {"balance": form.cleaned_data["balance"], "by": by(request), "now": now}
    try:
        made, passed = debts.hand_over(found, form.to_whom(), **told)
    except debts.NotYetError as problem:
        return _invoice_page(request, pk, problem=str(problem))
    except debts.RefusedError:
        words = _("Nothing may be passed on about this customer. The audit says why.")
        return _invoice_page(request, pk, problem=words)
    name = f"{made.reference}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(passed.content, content_type="application/json", headers=headers)


@needs("billing.invoices")
@holding(*STAFF)
@require_POST
def pay(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Money came for an invoice, or went back."""
    now = clock.now()
    found = get_object_or_404(Invoice, pk=pk)
    form = PaymentForm(request.POST, today=queries.today(now))
    if not form.is_valid():
        return _invoice_page(request, pk, payment=form)
    told = form.cleaned_data
    try:
        invoicing.record_payment(
            found,
            amount_cents=form.cents(),
            paid_on=told["paid_on"],
            method=told["method"],
            reference=told["reference"],
            by=by(request),
            now=now,
        )
    except (invoicing.NotAnInvoiceError, MonthClosedError) as problem:
        return _invoice_page(request, pk, problem=str(problem))
    return redirect("billing:office-invoice", pk=pk)


@needs("billing.invoices")
@holding(*STAFF)
@require_POST
def credit(request: TenantRequest, pk: UUID) -> HttpResponse:
    """An invoice is taken back by a credit note."""
    now = clock.now()
    found = get_object_or_404(Invoice, pk=pk)
    try:
        note = invoicing.credit_invoice(found, zone=queries.zone(now), by=by(request), now=now)
    except (invoicing.AlreadyCreditedError, invoicing.NotAnInvoiceError) as problem:
        return _invoice_page(request, pk, problem=str(problem))
    return redirect("billing:office-invoice", pk=note.pk)


@needs("billing.invoices")
@holding(*STAFF)
@require_safe
def statement(request: TenantRequest, pk: UUID) -> HttpResponse:
    """What a customer owed and paid, first to last (ilearn-11.q)."""
    whose = get_object_or_404(Person, pk=pk)
    found = queries.statements_of(whose, queries.zone(clock.now()))
    return render(request, "billing/statement.html", {"statements": found, "whose": whose})


# ---- months of the books -------------------------------------------------------------------------

MONTHS = 24
"""So many months stand on the page, the latest first."""


@needs("billing.invoices")
@holding(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def months(request: TenantRequest) -> HttpResponse:
    """The months of the books: each is exported, and closed once it has ended."""
    now = clock.now()
    if request.method != "POST":
        return _months_page(request)
    form = MonthForm(request.POST)
    if not form.is_valid():
        return _months_page(request, 422, problem=str(NO_MONTH))
    try:
        close_month(form.cleaned_data["month"], zone=queries.zone(now), by=by(request), now=now)
    except MonthOpenError as problem:
        return _months_page(request, 422, problem=str(problem))
    return redirect("billing:months")


@needs("billing.invoices")
@holding(*STAFF)
@require_safe
def month(request: TenantRequest, month: str) -> HttpResponse:
    """What the books say of a month, as CSV."""
    form = MonthForm({"month": month})
    if not form.is_valid():
        raise Http404
    now = clock.now()
    found = export_month(
        form.cleaned_data["month"], zone=queries.zone(now), by=by(request), now=now
    )
    answer = HttpResponse(found.content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="books-{month}.csv"'
    return answer


def _months_page(request: TenantRequest, status: int = 200, problem: str = "") -> HttpResponse:
    this = first_of(queries.today(clock.now()))
    closed = {one.month: one for one in ClosedMonth.objects.order_by("-month")[:MONTHS]}
    shown = [this]
    while len(shown) < MONTHS:
        shown.append(first_of(shown[-1] - timedelta(days=1)))
    rows = [(one, closed.get(one), one < this) for one in shown]
    context = {"months": rows, "problem": problem}
    return render(request, "billing/months.html", context, status=status)
