"""Demands by law, from the letter to the release."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.promises.disclosures import demands as doing
from skola.promises.disclosures import words
from skola.promises.disclosures.forms import DemandForm, ReviewForm
from skola.promises.disclosures.models import Demand
from skola.promises.disclosures.passing import RefusedError
from skola.promises.disclosures.payload import in_words
from skola.promises.disclosures.views.frame import ALLOWED, policy_now, show
from skola.promises.disclosures.views.ledger import as_download

LATEST = 100


@never_cache
@require_safe
@holding(*ALLOWED)
def demands(request: Any) -> HttpResponse:
    """Who demands what, latest first."""
    policy, now = policy_now(), clock.now()
    found = Demand.objects.select_related("party").order_by("-received_at")[:LATEST]
    rows = [(one, doing.lacks(one, now)) for one in found]
    return show(request, "demands", policy, rows=rows, words=words)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@holding(*ALLOWED)
def new(request: Any) -> HttpResponse:
    """Record a demand."""
    policy = policy_now()
    sent = request.method == "POST"
    form = DemandForm(request.POST if sent else None, policy=policy)
    if sent and form.is_valid():
        made = doing.record(
            form.cleaned_data["email"].pk,
            form.cleaned_data["party"],
            form.told(),
            recorder=request.person,
            by=by(request),
            now=clock.now(),
        )
        return redirect("disclosures:demand", pk=made.pk)
    return show(
        request, "demand_new", policy, here="demands", status=422 if sent else 200, form=form
    )


def _demand(pk: UUID) -> Demand:
    return get_object_or_404(Demand.objects.select_related("party", "person", "approver"), pk=pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@holding(*ALLOWED)
def demand(request: Any, pk: UUID) -> HttpResponse:
    """One demand, what it lacks, and the next step; a POST completes it."""
    found = _demand(pk)
    if request.method != "POST":
        return _page(request, found)
    form = DemandForm(request.POST, instance=found, policy=policy_now())
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    return _done(
        request,
        found,
        lambda: doing.complete(found, form.told(), by=by(request), now=clock.now()),
    )


def _page(
    request: Any,
    found: Demand,
    *,
    form: DemandForm | None = None,
    review: ReviewForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    policy = policy_now()
    return show(
        request,
        "demand",
        policy,
        here="demands",
        status=status,
        demand=found,
        lacks=doing.lacks(found, clock.now()),
        form=form or DemandForm(instance=found, policy=policy),
        review=review or ReviewForm(initial={"words": found.review}),
        scope=in_words(found.scope),
        problem=problem,
        words=words,
    )


def _done(request: Any, found: Demand, act: Any) -> HttpResponse:
    try:
        act()
    except (doing.SamePersonError, doing.OverError) as error:
        return _page(request, _demand(found.pk), problem=str(error), status=409)
    return redirect("disclosures:demand", pk=found.pk)


@require_POST
@holding(*ALLOWED)
def reviews(request: Any, pk: UUID) -> HttpResponse:
    """Somebody with knowledge of the law looked at it."""
    found, form = _demand(pk), ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, found, review=form, status=422)
    said = form.cleaned_data["words"]
    return _done(request, found, lambda: doing.review(found, said, by=by(request), now=clock.now()))


@require_POST
@holding(*ALLOWED)
def approvals(request: Any, pk: UUID) -> HttpResponse:
    """A second person agrees."""
    found = _demand(pk)
    return _done(
        request,
        found,
        lambda: doing.approve(found, approver=request.person, by=by(request), now=clock.now()),
    )


@require_POST
@holding(*ALLOWED)
def releases(request: Any, pk: UUID) -> HttpResponse:
    """Hand over exactly the scope; the file is the answer."""
    found = _demand(pk)
    try:
        passed = doing.release(found, by=by(request), now=clock.now())
    except RefusedError as error:
        said = words.refusal(error.why, error.lacks)
        return _page(request, _demand(pk), problem=said, status=422)
    return as_download(passed.content, found.pk.hex[-8:])


@require_POST
@holding(*ALLOWED)
def refusals(request: Any, pk: UUID) -> HttpResponse:
    """Turn it down."""
    doing.refuse(_demand(pk), by=by(request), now=clock.now())
    return redirect("disclosures:demand", pk=pk)
