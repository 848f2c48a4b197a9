"""What a training manager does: order seats, give them to people, take them back."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.services.licences import actions, queries
from skola.services.licences.forms import OrderForm, SeatsForm
from skola.services.licences.models import Licence, Order, Seat
from skola.services.licences.wording import KINDS, licence_word, no_seat, order_word
from skola.services.workforce.api import TRAINING, seeing, tenants_today, zone


@needs(queries.CAPABILITY)
@seeing(TRAINING)
@require_safe
def licences(request: Any, pk: UUID) -> HttpResponse:
    """The licences of a company with what is left of each, and its orders."""
    return _page(request)


def _page(request: Any, form: OrderForm | None = None, problem: str = "") -> HttpResponse:
    company, today = request.sight.company, tenants_today(clock.now())
    found = Paginator(queries.licences_of(company), ROWS_A_PAGE)
    page = found.get_page(request.GET.get("page"))
    orders = queries.orders_of(company)[:ROWS_A_PAGE]
    context = {
        "sight": request.sight,
        "page": page,
        "licences": [_shown(one, today) for one in page],
        "orders": [(one, KINDS[one.state], order_word(one.state)) for one in orders],
        "form": form or OrderForm(courses=list(queries.offered())),
        "problem": problem,
    }
    status = 409 if problem else 422 if form else 200
    return render(request, "licences/licences.html", context, status=status)


def _shown(licence: Licence, today: Any) -> tuple[Licence, str, str]:
    state = licence.stands(today)
    return licence, KINDS[state], licence_word(licence, state)


@needs(queries.CAPABILITY)
@seeing(TRAINING)
@require_POST
def order(request: Any, pk: UUID) -> HttpResponse:
    """The training manager orders seats of a course."""
    form = OrderForm(request.POST, courses=list(queries.offered()))
    if not form.is_valid():
        return _page(request, form)
    actions.order(
        request.sight.company,
        form.wanted,
        person=request.person,
        by=by(request),
        now=clock.now(),
    )
    return redirect("licences:licences", pk=pk)


@needs(queries.CAPABILITY)
@seeing(TRAINING)
@require_POST
def withdraw(request: Any, pk: UUID, order: UUID) -> HttpResponse:
    """The training manager withdraws an order that was not paid."""
    held = get_object_or_404(Order.objects.filter(company=request.sight.company), pk=order)
    try:
        actions.withdraw(held, by=by(request), now=clock.now())
    except actions.NotOpenOrderError:
        return _page(request, problem=_("This order was fulfilled or withdrawn meanwhile."))
    return redirect("licences:licences", pk=pk)


def _licence(request: Any, pk: UUID) -> Licence:
    mine = queries.licences_of(request.sight.company).select_related("company", "course")
    return get_object_or_404(mine, pk=pk)


@needs(queries.CAPABILITY)
@seeing(TRAINING)
@require_safe
def licence(request: Any, pk: UUID, licence: UUID) -> HttpResponse:
    """One licence: what is left, who holds a seat, and its ledger."""
    return _licence_page(request, _licence(request, licence))


def _licence_page(
    request: Any, held: Licence, form: SeatsForm | None = None, problem: str = ""
) -> HttpResponse:
    today = tenants_today(clock.now())
    page = Paginator(queries.holders(held), ROWS_A_PAGE).get_page(request.GET.get("page"))
    _held, kind, word = _shown(held, today)
    context = {
        "sight": request.sight,
        "licence": held,
        "kind": kind,
        "word": word,
        "runs": held.stands(today) == "running" and held.course is not None,
        "page": page,
        "entries": held.entries.order_by("-number")[:ROWS_A_PAGE],
        "form": form or SeatsForm(licence=held),
        "problem": problem,
    }
    status = 409 if problem else 422 if form else 200
    return render(request, "licences/licence.html", context, status=status)


@needs(queries.CAPABILITY)
@seeing(TRAINING)
@require_POST
def assign(request: Any, pk: UUID, licence: UUID) -> HttpResponse:
    """The training manager gives seats; all who were named get one, or nobody does."""
    now, held = clock.now(), _licence(request, licence)
    form = SeatsForm(request.POST, licence=held)
    if not form.is_valid():
        return _licence_page(request, held, form)
    try:
        actions.assign(
            held,
            form.employments,
            today=tenants_today(now),
            zone=zone(now),
            by=by(request),
            now=now,
        )
    except actions.NoSeatLeftError as few:
        return _licence_page(request, held, problem=no_seat(few))
    except actions.NotRunningError:
        return _licence_page(request, held, problem=_("This licence does not run today."))
    return redirect("licences:licence", pk=pk, licence=licence)


@needs(queries.CAPABILITY)
@seeing(TRAINING)
@require_POST
def release(request: Any, pk: UUID, licence: UUID, seat: UUID) -> HttpResponse:
    """The training manager takes a seat back."""
    seats = Seat.objects.filter(licence=licence, licence__company=request.sight.company)
    held = get_object_or_404(seats.select_related("licence", "employment__person"), pk=seat)
    actions.release(held, by=by(request), now=clock.now())
    return redirect("licences:licence", pk=pk, licence=licence)
