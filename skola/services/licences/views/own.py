"""The seats that somebody holds; and the orders, for staff."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding, signed_in
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of, clocks_of
from skola.services.licences import actions, queries
from skola.services.licences.forms import ChangeForm, PaymentForm
from skola.services.licences.models import Change, Order
from skola.services.licences.wording import KINDS, licence_word, order_word
from skola.services.workforce.api import tenants_today


@needs(queries.CAPABILITY)
@needs("workforce.briefings")
@signed_in
@require_safe
def mine(request: TenantRequest) -> HttpResponse:
    """The seats that the visitor holds or held, and for whom they ordered some (ema-1.1.3)."""
    now = clock.now()
    assert request.person is not None
    seats = list(queries.seats_of(request.person)[:ROWS_A_PAGE])
    orders = list(Order.objects.filter(person=request.person).order_by("-ordered_at")[:ROWS_A_PAGE])
    today = tenants_today(now)
    shown = []
    for seat in seats:
        state = seat.licence.stands(today)
        shown.append((seat, KINDS[state], licence_word(seat.licence, state)))
    context = {
        "seats": shown,
        "orders": [(one, KINDS[one.state], order_word(one.state)) for one in orders],
        "clocks": clocks_of([seat.employment for seat in seats], now=now),
    }
    return render(request, "licences/mine.html", context)


@needs(queries.CAPABILITY)
@needs("workforce.briefings")
@holding("administrator")
@require_safe
def orders(request: TenantRequest) -> HttpResponse:
    """The orders of all companies, for staff; those that wait for payment on top."""
    found = Order.objects.select_related("company", "person")
    waiting = found.filter(paid_at=None, withdrawn_at=None).order_by("ordered_at")
    done = found.exclude(paid_at=None, withdrawn_at=None).order_by("-ordered_at")
    page = Paginator(done, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": waiting[:ROWS_A_PAGE],
        "page": page,
        "rows_of_done": [(one, KINDS[one.state], order_word(one.state)) for one in page],
    }
    return render(request, "licences/orders.html", context)


@needs(queries.CAPABILITY)
@needs("workforce.briefings")
@holding("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def note_payment(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Staff note that an order was paid; with it the licence runs (ema-1.6.2)."""
    now = clock.now()
    held = get_object_or_404(Order.objects.select_related("company", "person"), pk=pk)
    form, problem = PaymentForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        told = {"reference": form.cleaned_data["reference"], "today": tenants_today(now)}
        try:
            actions.fulfil(held, **told, by=by(request), now=now)
        except actions.NotOpenOrderError:
            problem = _("This order was withdrawn meanwhile.")
        else:
            return redirect("licences:orders")
    context = {
        "order": held,
        "kind": KINDS[held.state],
        "word": order_word(held.state),
        "form": form,
        "problem": problem,
        "clock": clock_of(held, now=now),
    }
    status = 409 if problem else 422 if request.method == "POST" else 200
    return render(request, "licences/order.html", context, status=status)


@needs(queries.CAPABILITY)
@needs("workforce.briefings")
@holding("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def changes(request: TenantRequest) -> HttpResponse:
    """Staff say what became different in a course; who uses it is told (ema-1.6.4)."""
    now = clock.now()
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        today = tenants_today(now)
        actions.publish_change(**form.cleaned_data, today=today, by=by(request), now=now)
        return redirect("licences:changes")
    told = Change.objects.select_related("course")
    page = Paginator(told, ROWS_A_PAGE).get_page(request.GET.get("page"))
    status = 422 if request.method == "POST" else 200
    return render(request, "licences/changes.html", {"form": form, "page": page}, status=status)
