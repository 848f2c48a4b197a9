"""Landing pages for visitors, and how the office writes them and makes coupons."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.files.api import RefusedError
from skola.ground.people.http import holding, kinds
from skola.ground.tenants.http import TenantRequest
from skola.promises.policy.api import has, needs
from skola.services.shop import queries, rules
from skola.services.shop.actions import marketing
from skola.services.shop.forms import CouponForm, LandingForm
from skola.services.shop.models import Coupon, Landing, Product
from skola.services.shop.views.buying import CAPABILITY
from skola.services.shop.views.office import STAFF


@needs(CAPABILITY)
@require_safe
def landing(request: TenantRequest, slug: str) -> HttpResponse:
    """The page with which a course is marketed: what it is, what is in it, and what it costs."""
    now = clock.now()
    if queries.closed_at():
        return redirect("shop:shop")
    found = queries.landing(slug)
    staff = bool(kinds(request) & set(STAFF))
    if found is None or not (found.is_public or staff):
        raise Http404
    product = found.product
    coupon = queries.coupon(found.coupon.code, product, now) if found.coupon else None
    percent = coupon.percent if coupon else 0
    context = {
        "landing": found,
        "product": product,
        "coupon": coupon,
        "price": rules.with_tax(rules.less(product.unit_cents, percent), product.vat_percent),
        "parts": queries.contents(product.course) if product.course else [],
        "has_news": has("newsletters.send", now=now),
        "staff": staff,
    }
    return render(request, "shop/landing.html", context)


@needs(CAPABILITY)
@holding(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The office writes the landing page of an offer."""
    product = get_object_or_404(Product.objects.offered(), pk=pk)
    known = Landing.objects.filter(product=product).first()
    now = clock.now()
    live = Coupon.objects.live_on(queries.today(now))
    coupons = [one for one in live if one.product_id in (None, product.pk)]
    form = LandingForm(
        request.POST or None, request.FILES or None, product=product, known=known, coupons=coupons
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = marketing.write_landing(product, form.page(), by=by(request), now=now)
        except RefusedError as problem:
            form.add_error("picture", str(problem))
        else:
            return redirect("shop:landing", slug=made.slug)
    context = {"form": form, "product": product, "landing": known}
    status = 422 if request.method == "POST" else 200
    return render(request, "shop/landing_form.html", context, status=status)


@needs(CAPABILITY)
@holding(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def coupons(request: TenantRequest) -> HttpResponse:
    """The coupons, how often each was used, and a form for another one."""
    now = clock.now()
    products = list(Product.objects.offered().order_by("title")[:500])
    form: Any = CouponForm(request.POST or None, products=products, today=queries.today(now))
    if request.method == "POST" and form.is_valid():
        try:
            marketing.make_coupon(form.cheaper(), by=by(request), now=now)
        except marketing.TakenError as problem:
            form.add_error("code", str(problem))
        else:
            return redirect("shop:coupons")
    day = queries.today(now)
    context = {
        "form": form,
        "rows": [(one, _state(one, day)) for one in queries.coupons()[:200]],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "shop/coupons.html", context, status=status)


def _state(coupon: Any, day: Any) -> tuple[str, str]:
    if coupon.ended_at or coupon.last_on < day:
        return "neutral", _("ended")
    if coupon.used >= coupon.most:
        return "neutral", _("used up")
    if coupon.first_on > day:
        return "waiting", _("not yet")
    return "ok", _("runs")


@needs(CAPABILITY)
@holding(*STAFF)
@require_POST
def end_coupon(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A coupon can no longer be used."""
    marketing.end_coupon(get_object_or_404(Coupon, pk=pk), by=by(request), now=clock.now())
    return redirect("shop:coupons")
