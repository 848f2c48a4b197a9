"""Seats for a company: the office books them, who signs concludes by the link from the mail."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.promises.policy.api import has, needs
from skola.promises.retention.api import clock_of
from skola.services.billing.api import Contract, NotOnOfferError
from skola.services.groups import actions, companies, queries
from skola.services.groups.forms import CompanyForm
from skola.services.groups.links import address_of_booking, booking_in, links
from skola.services.groups.models import Booking, Run
from skola.services.groups.views.sight import COORDINATOR, looked_after

CONTRACTS = "billing.contracts"


@needs(CONTRACTS)
@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def office(request: Any, pk: UUID) -> HttpResponse:
    """The companies of a group; seats can be booked for another one."""
    runs = looked_after(request).with_counts().select_related("programme")
    run = get_object_or_404(runs, pk=pk)
    price = f"{run.programme.price_cents / 100:.2f}"
    form = CompanyForm(request.POST or None, initial={"price": price, "vat_percent": "21.0"})
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            made = companies.book(
                run,
                form.facts(),
                form.cleaned_data["learners"],
                language=translation.get_language() or "en",
                notice_version=queries.notice_version(now),
                by=by(request),
                now=now,
            )
        except (actions.ClosedError, actions.NoSeatError) as problem:
            form.add_error("learners", str(problem))
        else:
            address = request.build_absolute_uri(address_of_booking(made))
            companies.tell(made, address=address, link=links(request), now=now)
            return redirect("groups:companies", pk=pk)
    return _office(request, run, form, status=422 if form.is_bound else 200)


def _office(
    request: Any, run: Run, form: CompanyForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    found = Booking.objects.filter(run=run).select_related("person", "contract", "invoice")
    context = {
        "run": run,
        "form": form,
        "problem": problem,
        "bookings": list(found.order_by("booked_at")),
        "sees_invoices": has("billing.invoices", now=clock.now()),
    }
    return render(request, "groups/companies.html", context, status=status)


@needs(CONTRACTS)
@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_POST
def sign_paper(request: Any, pk: UUID) -> HttpResponse:
    """The company has signed on paper: the contract is concluded."""
    found = Booking.objects.filter(run__in=looked_after(request)).select_related("run")
    held = get_object_or_404(found, pk=pk)
    try:
        _conclude(request, held, Contract.Evidence.PAPER)
    except (NotOnOfferError, actions.ClosedError) as problem:
        return _office(request, held.run, CompanyForm(), problem=str(problem), status=409)
    return redirect("groups:companies", pk=held.run_id)


def _conclude(request: Any, held: Booking, evidence: str) -> None:
    now = clock.now()
    companies.conclude(
        held,
        evidence=evidence,
        invoices=has("billing.invoices", now=now),
        by=by(request),
        now=now,
    )


def _booking(token: str) -> Booking:
    found = Booking.objects.select_related("run__programme", "person", "contract", "invoice")
    return get_object_or_404(found, pk=booking_in(token))


@needs(CONTRACTS)
@needs(queries.CAPABILITY)
@require_safe
def booking(request: Any, token: str) -> HttpResponse:
    """The contract, to be read and concluded by who signs for the company."""
    return _page(request, token)


def _page(request: Any, token: str, problem: str = "") -> HttpResponse:
    found = _booking(token)
    context = {
        "booking": found,
        "run": found.run,
        "contract": found.contract,
        "seats": companies.seats_of(found),
        "token": token,
        "problem": problem,
        "clock": clock_of(found, now=clock.now()),
    }
    return render(request, "groups/booking.html", context, status=409 if problem else 200)


@needs(CONTRACTS)
@needs(queries.CAPABILITY)
@require_POST
def answer(request: Any, token: str) -> HttpResponse:
    """The company concludes the contract, or gives its seats back."""
    found = _booking(token)
    try:
        if request.POST.get("answer") == "accept":
            _conclude(request, found, Contract.Evidence.LINK)
        else:
            companies.decline(found, by=by(request), now=clock.now())
    except (NotOnOfferError, actions.ClosedError) as problem:
        return _page(request, token, str(problem))
    return redirect("groups:booking", token=token)
