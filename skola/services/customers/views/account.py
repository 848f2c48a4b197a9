"""What a customer finds: the catalogue, their services, an order, and the way out of each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import kinds, signed_in
from skola.promises.policy.api import has, in_words, needs, parse_period
from skola.promises.retention.api import clock_of
from skola.services.billing import api as billing
from skola.services.customers import actions, fees, functions, queries, relations, words
from skola.services.customers.forms import OrderForm, TermForm
from skola.services.customers.models import Service, Subscription
from skola.services.customers.queries import CAPABILITY
from skola.services.school import api as school


@needs(CAPABILITY)
@signed_in
@require_safe
def catalogue(request: Any) -> HttpResponse:
    """What can be ordered, what one has already, and which function each opens."""
    now = clock.now()
    day = queries.today(now)
    mine = list(queries.of(request.person))
    orders = not queries.is_pupil(request.person, now)
    offered = queries.orderable(
        for_schools=orders and "school" in kinds(request), for_families=orders
    )
    running = set(queries.of(request.person).running(day).values_list("pk", flat=True))
    had = {one.service_id for one in mine if one.pk in running and one.school_id is None}
    context = {
        "relation": relations.latest(request.person.pk),
        "services": [one for one in offered if one.pk not in had],
        "mine": [(one, one.pk in running) for one in mine],
        "may_order": orders,
        "word_of": functions.word_of,
        "tariff": words.tariff,
        "beside": billing.tabs(now),
        "has_invoices": has("billing.invoices", now=now),
    }
    return render(request, "customers/catalogue.html", context)


def _schools(request: Any, service: Service) -> dict[str, Any] | None:
    """The schools for which the visitor may order; None where it is no school's service."""
    if not service.is_for_schools:
        return None
    found = {str(one.pk): one for one in queries.run_by(request.person, clock.now())}
    if not found:
        raise Http404
    return found


@needs(CAPABILITY)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: Any, pk: UUID) -> HttpResponse:
    """The contract to be concluded, word for word, with its price today; then it is."""
    now, sent = clock.now(), request.method == "POST"
    service = get_object_or_404(Service.objects.offered().prefetch_related("rates"), pk=pk)
    schools = _schools(request, service)
    names = {key: one.name for key, one in schools.items()} if schools is not None else None
    form = OrderForm(request.POST if sent else None, schools=names)
    problem = ""
    if sent and form.is_valid():
        school = schools[form.cleaned_data["school"]] if schools is not None else None
        try:
            made = actions.order(service, request.person, school=school, by=by(request), now=now)
        except (
            actions.NotOnSaleError,
            actions.TwiceError,
            billing.NotIdentifiedError,
        ) as refused:
            problem = str(refused)
        else:
            return redirect("customers:one", pk=made.pk)
    told = [None] if schools is None else list(schools.values())
    context = {
        "service": service,
        "form": form,
        "text": words.contract_text(service, told[0] if len(told) == 1 else None, now),
        "prices": [(one, queries.price(service, one, now)) for one in told],
        "months": words.months(service.months),
        "problem": problem,
    }
    status = 409 if problem else 422 if sent else 200
    return render(request, "customers/order.html", context, status=status)


def _mine(request: Any, pk: UUID) -> Subscription:
    return get_object_or_404(queries.of(request.person), pk=pk)


@needs(CAPABILITY)
@signed_in
@require_safe
def one(request: Any, pk: UUID) -> HttpResponse:
    """One service that the customer has: what it opens, what was charged, how it ends."""
    return _page(request, _mine(request, pk))


def _language() -> str:
    return get_language() or "en"


def _term_form(request: Any, held: Subscription, sent: Any = None) -> TermForm | None:
    """The form of what the contract of a school may say instead of the policy.

    None where it may say nothing, and for who does not run the school any more.
    """
    now = clock.now()
    bounds = school.bounds(now)
    if held.school is None or bounds is None:
        return None
    if not queries.run_by(request.person, now).filter(pk=held.school.pk).exists():
        return None
    return TermForm(sent, bounds=bounds, language=_language())


@needs(CAPABILITY)
@signed_in
@require_POST
def agree(request: Any, pk: UUID) -> HttpResponse:
    """Who runs the school says in its contract how long its study data are kept (ekool-1.8)."""
    held = _mine(request, pk)
    form = _term_form(request, held, request.POST)
    if form is None:
        raise Http404
    if not form.is_valid():
        return _page(request, held, form=form)
    try:
        actions.agree_term(held, form.period(), by=by(request), now=clock.now())
    except (actions.OverError, school.OutOfBoundsError) as problem:
        return _page(request, held, str(problem))
    return redirect("customers:one", pk=pk)


def _page(
    request: Any, held: Subscription, problem: str = "", form: TermForm | None = None
) -> HttpResponse:
    now = clock.now()
    agreed = school.term_of(held.school) if held.school else None
    if agreed is not None and agreed.contract != held.contract_id:
        agreed = None
    runs = Subscription.objects.running(queries.today(now)).filter(pk=held.pk).exists()
    context = {
        "held": held,
        "runs": runs,
        "paid_until": fees.paid_until(held, now) if runs else None,
        "function": functions.word_of(held.service.function),
        "fees": held.fees.select_related("invoice"),
        "tariff": words.tariff(held.service),
        "clock": clock_of(held.contract, now=now),
        "problem": problem,
        "agreed": agreed,
        "agreed_term": in_words(parse_period(agreed.period), _language()) if agreed else "",
        "term_form": form or _term_form(request, held),
    }
    status = 409 if problem else 422 if form else 200
    return render(request, "customers/one.html", context, status=status)


@needs(CAPABILITY)
@signed_in
@require_POST
def give_notice(request: Any, pk: UUID) -> HttpResponse:
    """Let it end with the period that is paid."""
    return _change(request, pk, actions.give_notice)


@needs(CAPABILITY)
@signed_in
@require_POST
def go_on(request: Any, pk: UUID) -> HttpResponse:
    """Take the notice back."""
    return _change(request, pk, actions.take_back_notice)


def _change(request: Any, pk: UUID, change: Callable[..., object]) -> HttpResponse:
    held = _mine(request, pk)
    try:
        change(held, by=by(request), now=clock.now())
    except actions.OverError as problem:
        return _page(request, held, str(problem))
    return redirect("customers:one", pk=pk)
