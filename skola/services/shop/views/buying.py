"""What everybody sees: the offers, their terms, the order form and the button of interest."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import signed_in
from skola.ground.tenants.http import TenantRequest
from skola.promises.policy.api import has, needs
from skola.services.billing.api import takes_cards
from skola.services.shop import queries, rules
from skola.services.shop.actions import joint, ordering
from skola.services.shop.actions.checking import checks_vat
from skola.services.shop.forms import OrderForm
from skola.services.shop.models import Coupon, Document, Interest, Order, Product
from skola.services.workforce.api import TRAINING, Company, sights

CAPABILITY = "shop.orders"


@needs(CAPABILITY)
@require_safe
def shop(request: TenantRequest) -> HttpResponse:
    """All offers, or straight to the one of a course."""
    found = queries.offered()
    if course := request.GET.get("course", ""):
        one = found.filter(course__slug=course).first()
        if one is not None:
            return redirect("shop:product", pk=one.pk)
    context = {
        "products": found[:200],
        "documents": queries.documents(),
        "closed_at": queries.closed_at(),
    }
    return render(request, "shop/shop.html", context)


@needs(CAPABILITY)
@require_safe
def document(request: TenantRequest, kind: str, version: int) -> HttpResponse:
    """A version of the terms or of the refund policy, the present or an earlier one."""
    found = get_object_or_404(Document, kind=kind, version=version)
    return render(request, "shop/document.html", {"document": found})


def _product(pk: UUID) -> Product:
    return get_object_or_404(queries.offered().prefetch_related("partners__party"), pk=pk)


@needs(CAPABILITY)
@require_safe
def product(request: TenantRequest, pk: UUID) -> HttpResponse:
    """An offer. To look at it tells nobody anything (learnifier-7.g)."""
    if queries.closed_at():
        return redirect("shop:shop")
    found = _product(pk)
    interested = (
        bool(request.person)
        and Interest.objects.filter(product=found, person=request.person).exists()
    )
    context = {"product": found, "interested": interested, "here": request.get_full_path()}
    return render(request, "shop/product.html", context)


@needs(CAPABILITY)
@signed_in
@require_POST
def tell_interest(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Somebody is interested in a joint offer: the named partners are told, once."""
    found = _product(pk)
    assert request.person is not None
    if not found.partners.all():
        raise Http404
    joint.tell_interest(found, request.person, by=by(request), now=clock.now())
    return redirect("shop:product", pk=pk)


@needs(CAPABILITY)
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The checkout: what is ordered, who pays, and the terms that are accepted."""
    if queries.closed_at():
        return redirect("shop:shop")
    found, now = _product(pk), clock.now()
    form = _form(request, found)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = ordering.place(
                found,
                form.wanted(),
                person=request.person or None,
                payer=form.payer(get_language() or "en"),
                here=request.build_absolute_uri("/").rstrip("/"),
                by=by(request),
                now=now,
            )
        except ordering.ChangedError as error:
            problem = str(error)
        else:
            return redirect(queries.address_of(made))
    if problem:
        form = _form(request, found, anew=True)
    context = {
        "product": found,
        "form": form,
        "problem": problem,
        "documents": queries.documents(),
        "cheaper": _cheaper(request, found, now),
        "optional": [form[name] for name in OrderForm.OPTIONAL if name in form.fields],
    }
    status = 409 if problem else 422 if request.method == "POST" else 200
    return render(request, "shop/order.html", context, status=status)


def _form(request: TenantRequest, found: Product, *, anew: bool = False) -> OrderForm:
    now = clock.now()
    told: Any = request.POST if request.method == "POST" and not anew else None
    person = request.person or None
    return OrderForm(
        told,
        known=person is not None,
        documents=queries.documents(),
        ways=_ways(now),
        companies=_companies(request),
        checks_vat=checks_vat(now),
        asks_optional=queries.asks_optional(now),
        coupon_of=(lambda code: queries.coupon(code, found, now))
        if queries.takes_coupons(found, now)
        else None,
        initial={
            "buyer": person.name if person else "",
            "address": person.address if person else "",
            "coupon": request.GET.get("coupon", "")[:20],
        },
    )


def _cheaper(request: TenantRequest, found: Product, now: Any) -> tuple[Coupon, int] | None:
    """The coupon that a landing page gave to its visitor, and the price of a seat with it."""
    code = request.GET.get("coupon", "")[:20]
    coupon = queries.coupon(code, found, now) if code else None
    if coupon is None:
        return None
    price = rules.less(found.unit_cents, coupon.percent)
    return coupon, rules.with_tax(price, found.vat_percent)


def _ways(now: Any) -> list[str]:
    ways = [Order.Way.CARD] if takes_cards(now) else []
    return [str(one) for one in [*ways, *([Order.Way.INVOICE] if _bills(now) else [])]]


def _bills(now: Any) -> bool:
    return has("billing.invoices", now=now)


def _companies(request: TenantRequest) -> list[Company]:
    if not request.person or not has("workforce.briefings", now=clock.now()):
        return []
    return [one.company for one in sights(request) if one.may(TRAINING)]
