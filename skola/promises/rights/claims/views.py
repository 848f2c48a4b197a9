"""The files of claims, for officers and administrators."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.db.purposes import CLAIMS, reading_for
from skola.ground.people.http import holding
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import in_force
from skola.promises.rights.claims import actions, queries, rules
from skola.promises.rights.claims.forms import ClaimForm, CloseForm, FilingForm, ReviewForm
from skola.promises.rights.erasing.shown import in_language
from skola.promises.rights.models import Claim
from skola.promises.rights.requests import terms
from skola.promises.rights.requests.actions import OFFICERS

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]
PAGE = "claims:one"


def _file_of_claims(*methods: str) -> Callable[[View[P]], View[P]]:
    """A page of claims: it exists where claims are a purpose, and reads for them."""

    def wrap(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def reading(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not rules.categories(in_force(clock.now()).policy):
                raise Http404
            with reading_for(CLAIMS):
                return view(request, *args, **kwargs)

        guarded: Any = holding(*OFFICERS)(require_http_methods(list(methods))(reading))
        found: View[P] = never_cache(guarded)
        return found

    return wrap


@_file_of_claims("GET", "HEAD")
def listed(request: Any) -> HttpResponse:
    """Open claims, by the day on which they are looked at again; or those that ended."""
    is_open = request.GET.get("state", "") != "closed"
    page = Paginator(queries.listed(is_open=is_open), ROWS_A_PAGE).get_page(request.GET.get("page"))
    now = clock.now()
    context = {"page": page, "is_open": is_open, "today": terms.local(now, now)}
    return render(request, "claims/all.html", context)


@_file_of_claims("GET", "HEAD", "POST")
def new(request: Any) -> HttpResponse:
    """Open a claim: what it names is kept from now on."""
    now = clock.now()
    sent = request.method == "POST"
    form = ClaimForm(request.POST if sent else None, policy=in_force(now).policy, now=now)
    if sent and form.is_valid():
        person = form.cleaned_data["known_as"]
        made = actions.open_claim(
            person, form.about_it(), reviewer=request.person, by=audit.by(request), now=now
        )
        return redirect(PAGE, pk=made.pk)
    return render(request, "claims/new.html", {"form": form}, status=422 if sent else 200)


def _found(pk: UUID) -> Claim:
    found = Claim.objects.select_related("person", "reviewer").prefetch_related("filings")
    return get_object_or_404(found, pk=pk)


@_file_of_claims("GET", "HEAD")
def one(request: Any, pk: UUID) -> HttpResponse:
    """One claim: what it is about, what is kept, what was handed in where."""
    return _page(request, _found(pk))


def _page(
    request: Any, claim: Claim, *, problem: str = "", status: int = 200, **forms: Any
) -> HttpResponse:
    now = clock.now()
    policy = in_force(now).policy
    names = {each.id: in_language(each.name) for each in policy.category}
    context = {
        "claim": claim,
        "kept": [names.get(each, each) for each in claim.categories],
        "filing": FilingForm(now=now, auto_id="filing_%s"),
        "review": ReviewForm(now=now, auto_id="review_%s"),
        "closing": CloseForm(auto_id="closing_%s"),
        "today": terms.local(now, now),
        "problem": problem,
        **forms,
    }
    return render(request, "claims/one.html", context, status=status)


def _then(request: Any, pk: UUID, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except actions.ClosedError as problem:
        return _page(request, _found(pk), problem=str(problem), status=409)
    return redirect(PAGE, pk=pk)


@_file_of_claims("POST")
def filings(request: Any, pk: UUID) -> HttpResponse:
    """Write down what was handed in where."""
    claim, now = _found(pk), clock.now()
    form = FilingForm(request.POST, now=now, auto_id="filing_%s")
    if not form.is_valid():
        return _page(request, claim, status=422, filing=form)
    filed, by = form.filed(), audit.by(request)
    return _then(request, pk, lambda: actions.file(claim, filed, by=by, now=now))


@_file_of_claims("POST")
def reviews(request: Any, pk: UUID) -> HttpResponse:
    """It is needed still."""
    claim, now = _found(pk), clock.now()
    form = ReviewForm(request.POST, now=now, auto_id="review_%s")
    if not form.is_valid():
        return _page(request, claim, status=422, review=form)
    day, by = form.cleaned_data["review_on"], audit.by(request)
    return _then(
        request, pk, lambda: actions.review(claim, day, reviewer=request.person, by=by, now=now)
    )


@_file_of_claims("POST")
def closings(request: Any, pk: UUID) -> HttpResponse:
    """The claim ends; what should have gone goes."""
    claim, now = _found(pk), clock.now()
    form = CloseForm(request.POST, auto_id="closing_%s")
    if not form.is_valid():
        return _page(request, claim, status=422, closing=form)
    outcome, by = form.cleaned_data["outcome"], audit.by(request)
    return _then(request, pk, lambda: actions.close(claim, outcome, by=by, now=now))
