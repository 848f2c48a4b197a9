"""What whoever ordered sees, with an account or by the link that was mailed."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import signed_in
from skola.ground.tenants.http import TenantRequest
from skola.promises.policy.api import has, in_force, needs
from skola.promises.retention.api import clock_of
from skola.services.billing.api import (
    NotIdentifiedError,
    card_page,
    credit_of,
    lacks_identity,
    open_cents,
    takes_cards,
)
from skola.services.shop import queries
from skola.services.shop.actions import ordering, refunding, seating
from skola.services.shop.forms import RefundForm
from skola.services.shop.models import Order, Seat
from skola.services.shop.views.buying import CAPABILITY
from skola.services.shop.wording import KINDS, order_word


@needs(CAPABILITY)
@signed_in
@require_safe
def orders(request: TenantRequest) -> HttpResponse:
    """The orders of who is signed in, latest first."""
    assert request.person is not None
    found = Order.objects.of(request.person).select_related("invoice").order_by("-placed_at")[:200]
    rows = [
        (one, queries.address_of(one), KINDS[one.state], order_word(one.state)) for one in found
    ]
    return render(request, "shop/mine.html", {"rows": rows})


def _found(token: str) -> Order:
    found = queries.by_link(token, queries.ORDER)
    if found is None:
        raise Http404
    return found


@needs(CAPABILITY)
@require_safe
def order(request: TenantRequest, token: str) -> HttpResponse:
    """An order: how it stands, how it is paid, its seats, and the way to a refund."""
    return _page(request, _found(token), token)


def _page(
    request: TenantRequest, found: Order, token: str, *, form: Any = None, problem: str = ""
) -> HttpResponse:
    now = clock.now()
    owed = open_cents(found.invoice) if found.invoice is not None else 0
    context = {
        "order": found,
        "token": token,
        "kind": KINDS[found.state],
        "word": order_word(found.state),
        "owed": owed if found.ended_at is None else 0,
        "taken": found.taken.count(),
        "seat_url": request.build_absolute_uri(queries.seat_address_of(found)),
        "refunds": list(found.refunds.select_related("credit_note")),
        "credit": credit_of(found.person_id) if found.way == Order.Way.INVOICE else None,
        "lacks_identity": lacks_identity(found.person_id, now=now),
        "contacts": in_force(now).policy.contact,
        "vat": found.vat_checks.first(),
        "takes_cards": takes_cards(now),
        "closed_at": queries.closed_at(),
        "form": form or RefundForm(),
        "problem": problem,
        "clock": clock_of(found, now=now),
        "asks": has("desk.enquiries", now=now),
    }
    status = 409 if problem else 422 if form else 200
    return render(request, "shop/one.html", context, status=status)


@needs(CAPABILITY)
@require_POST
def conclude(request: TenantRequest, token: str) -> HttpResponse:
    """The contract is concluded, once it was made sure who the customer is (ilearn-11.c)."""
    found = _found(token)
    try:
        ordering.conclude(found, by=by(request), now=clock.now())
    except NotIdentifiedError as problem:
        return _page(request, found, token, problem=str(problem))
    return redirect("shop:order", token=token)


@needs(CAPABILITY)
@require_POST
def pay(request: TenantRequest, token: str) -> HttpResponse:
    """Over to the provider of cards."""
    found = _found(token)
    if found.invoice is None or found.ended_at is not None:
        raise Http404
    return card_page(request, found.invoice, here=reverse("shop:order", args=[token]))


@needs(CAPABILITY)
@require_POST
def ask_refund(request: TenantRequest, token: str) -> HttpResponse:
    """Whoever paid asks for the money back (ilearn-refund)."""
    found = _found(token)
    form = RefundForm(request.POST)
    if not form.is_valid():
        return _page(request, found, token, form=form)
    try:
        refunding.ask_refund(found, form.cleaned_data["reason"], by=by(request), now=clock.now())
    except refunding.NotRefundableError as problem:
        return _page(request, found, token, problem=str(problem))
    return redirect("shop:order", token=token)


@needs(CAPABILITY)
@require_http_methods(["GET", "HEAD", "POST"])
def seat(request: TenantRequest, token: str) -> HttpResponse:
    """Behind the link of an order: somebody takes one of its seats, until none is left."""
    found = queries.by_link(token, queries.SEAT)
    if found is None or found.product is None or found.product.course is None:
        raise Http404
    full = closed = False
    if request.method == "POST":
        if not request.person:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        try:
            seating.take_seat(found, request.person, by=by(request), now=clock.now())
        except seating.NoSeatError:
            full = True
        except seating.NotOpenError:
            closed = True
        else:
            return redirect("courses:course", slug=found.product.course.slug)
    ways = urlencode({"next": request.path})
    context = {
        "order": found,
        "left": max(found.seats - found.taken.count(), 0),
        "has_seat": bool(request.person)
        and Seat.objects.filter(order=found, person=request.person).exists(),
        "full": full,
        "here": request.path,
        "closed": closed or found.opened_at is None or found.ended_at is not None,
        "sign_in_url": f"{reverse('account_login')}?{ways}",
        "sign_up_url": f"{reverse('account_signup')}?{ways}"
        if has("account.sign_up", now=clock.now())
        else "",
    }
    return render(request, "shop/seat.html", context, status=409 if full or closed else 200)
