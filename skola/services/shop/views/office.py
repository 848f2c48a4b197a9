"""What the office does: offers, terms, orders, refunds."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.disclosures.api import for_task
from skola.promises.policy.api import has, needs
from skola.promises.retention.api import clock_of
from skola.services.billing.api import ProviderError
from skola.services.courses.api import Course
from skola.services.desk.api import about_order
from skola.services.shop import queries
from skola.services.shop.actions import checking, refunding, selling
from skola.services.shop.actions.joint import TASK as JOINT
from skola.services.shop.forms import DecisionForm, DocumentForm, FindForm, ProductForm
from skola.services.shop.models import Document, Order, Product, Refund
from skola.services.shop.views.buying import CAPABILITY
from skola.services.shop.wording import KINDS, order_word

STAFF = ("finance", "administrator")
READING = (*STAFF, "support")


@needs(CAPABILITY)
@holding(*READING)
@require_safe
def orders(request: TenantRequest) -> HttpResponse:
    """All orders, latest first, with refunds that wait on top; or the one with a number."""
    form = FindForm(request.GET or None)
    found = queries.orders()
    if form.is_bound and form.is_valid() and form.cleaned_data["number"]:
        one = found.filter(number=form.cleaned_data["number"]).first()
        if one is not None:
            return redirect("shop:office-order", pk=one.pk)
        form.add_error("number", _("No order has this number."))
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(one, KINDS[one.state], order_word(one.state)) for one in page],
        "refunds": queries.waiting_refunds()[:ROWS_A_PAGE],
    }
    return render(request, "shop/office.html", context)


@needs(CAPABILITY)
@holding(*READING)
@require_safe
def order(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One order with everything about it, disputes of its customer as well (ilearn-disputes)."""
    return _page(request, pk)


def _page(
    request: TenantRequest, pk: UUID, *, form: DecisionForm | None = None, problem: str = ""
) -> HttpResponse:
    now = clock.now()
    found = get_object_or_404(queries.orders().select_related("contract", "product"), pk=pk)
    context: dict[str, Any] = {
        "order": found,
        "kind": KINDS[found.state],
        "word": order_word(found.state),
        "refunds": list(found.refunds.select_related("credit_note", "decider")),
        "vat": list(found.vat_checks.all()),
        "checks_vat": bool(found.vat_number) and checking.checks_vat(now),
        "cases": about_order(found.number, found.person) if has("desk.enquiries", now=now) else [],
        "form": form or DecisionForm(),
        "has_contracts": has("billing.contracts", now=now),
        "bills": has("billing.invoices", now=now),
        "problem": problem,
        "clock": clock_of(found, now=now),
    }
    status = 409 if problem else 422 if form else 200
    return render(request, "shop/office_order.html", context, status=status)


@needs(CAPABILITY)
@holding(*STAFF)
@require_POST
def check_vat(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The VAT number of an order is checked by the register (learnifier-7.b)."""
    found = get_object_or_404(Order, pk=pk)
    try:
        checking.check_vat(found, by=by(request), now=clock.now())
    except checking.NoCheckError as problem:
        return _page(request, pk, problem=str(problem))
    return redirect("shop:office-order", pk=pk)


@needs(CAPABILITY)
@holding(*STAFF)
@require_POST
def decide(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Staff decide on a refund, with an answer (ilearn-refund)."""
    found = get_object_or_404(Refund, pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, found.order_id, form=form)
    assert request.person is not None
    told = form.cleaned_data
    try:
        refunding.decide_refund(
            found,
            grant=told["decision"] == "grant",
            answer=told["answer"],
            decider=request.person,
            by=by(request),
            now=clock.now(),
        )
    except refunding.NotRefundableError as problem:
        return _page(request, found.order_id, problem=str(problem))
    except ProviderError:
        words = _("The card provider does not answer. Nothing was decided; try again later.")
        return _page(request, found.order_id, problem=words)
    return redirect("shop:office-order", pk=found.order_id)


@needs(CAPABILITY)
@holding(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def products(request: TenantRequest) -> HttpResponse:
    """What is on offer, and a form to offer another course."""
    now = clock.now()
    courses = list(Course.objects.published().order_by("title")[:500])
    parties = [one.party for one in for_task(JOINT, now)]
    form = ProductForm(request.POST or None, courses=courses, parties=parties)
    if request.method == "POST" and queries.closed_at() is None and form.is_valid():
        selling.offer(
            form.courses[form.cleaned_data["course"]],
            form.price_told(),
            about=form.cleaned_data["about"],
            partners=form.partners(),
            by=by(request),
            now=now,
        )
        return redirect("shop:products")
    found = Product.objects.filter(ended_at=None).select_related("landing")
    found = found.prefetch_related("partners__party")
    context = {
        "form": form,
        "products": found[:200],
        "lacks_terms": len(queries.documents()) < 2,
        "closed_at": queries.closed_at(),
        "has_courses": bool(courses),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "shop/products.html", context, status=status)


@needs(CAPABILITY)
@holding(*STAFF)
@require_POST
def withdraw(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A course is no longer on offer."""
    found = get_object_or_404(Product, pk=pk)
    selling.withdraw_offer(found, by=by(request), now=clock.now())
    return redirect("shop:products")


@needs(CAPABILITY)
@holding(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: TenantRequest) -> HttpResponse:
    """The terms and the refund policy, all versions, and a form for the next one."""
    form = DocumentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        selling.publish_document(**form.cleaned_data, by=by(request), now=clock.now())
        return redirect("shop:documents")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "documents": Document.objects.all()[:200]}
    return render(request, "shop/documents.html", context, status=status)
