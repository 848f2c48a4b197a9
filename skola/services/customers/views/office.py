"""What the office does: keeps the catalogue, and looks at who has what of it."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.services.customers import actions, functions, queries, words
from skola.services.customers.forms import ServiceForm, StepForms
from skola.services.customers.models import Service, Subscription
from skola.services.customers.places import STAFF
from skola.services.customers.queries import CAPABILITY


@needs(CAPABILITY)
@holding(*STAFF)
@require_safe
def services(request: Any) -> HttpResponse:
    """The catalogue, what is offered on top, with how many have each."""
    context = {
        "services": queries.with_holders(queries.today(clock.now())),
        "word_of": functions.word_of,
        "tariff": words.tariff,
    }
    return render(request, "customers/office.html", context)


@needs(CAPABILITY)
@holding(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """Put a service into the catalogue. It is not changed afterwards."""
    sent = request.method == "POST"
    form = ServiceForm(request.POST if sent else None)
    steps = StepForms(request.POST if sent else None, prefix="step")
    if sent and all([form.is_valid(), steps.is_valid()]):
        actions.offer_service(form.offered(steps.steps()), by=by(request), now=clock.now())
        return redirect("customers:office")
    context = {"form": form, "steps": steps}
    return render(request, "customers/new.html", context, status=422 if sent else 200)


@needs(CAPABILITY)
@holding(*STAFF)
@require_POST
def withdraw(request: Any, pk: UUID) -> HttpResponse:
    """Sell it no more."""
    found = get_object_or_404(Service, pk=pk)
    actions.withdraw_service(found, by=by(request), now=clock.now())
    return redirect("customers:office")


@needs(CAPABILITY)
@holding(*STAFF)
@require_safe
def contracts(request: Any) -> HttpResponse:
    """Who has what, latest first."""
    found = Subscription.objects.select_related("contract__person", "service", "school")
    page = Paginator(found.order_by("-contract__offered_at"), ROWS_A_PAGE)
    context = {"page": page.get_page(request.GET.get("page")), "day": queries.today(clock.now())}
    return render(request, "customers/office_contracts.html", context)


@needs(CAPABILITY)
@holding(*STAFF)
@require_safe
def contract(request: Any, pk: UUID) -> HttpResponse:
    """One contract about a service: its tariff and what was charged."""
    found = Subscription.objects.select_related("contract__person", "service", "school")
    held = get_object_or_404(found, pk=pk)
    context = {
        "held": held,
        "function": functions.word_of(held.service.function),
        "fees": held.fees.select_related("invoice"),
        "tariff": words.tariff(held.service),
    }
    return render(request, "customers/office_contract.html", context)
