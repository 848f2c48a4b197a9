"""The page for parents, and the reports on which staff decide."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.core.internal import ratelimit
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.people.http import holding
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.minors import actions, queries
from skola.promises.minors.actions import DECIDING, DecidedError
from skola.promises.minors.forms import AccountForm, ReportForm, SureForm
from skola.promises.minors.models import Report
from skola.promises.policy.api import in_force

TEN_AN_HOUR = {"report": "10/h/ip"}
P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]


def _promised(view: View[P]) -> View[P]:
    """A page that exists where the policy lets anybody report a child."""

    @functools.wraps(view)
    def gated(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not queries.is_promised(clock.now()):
            raise Http404
        return view(request, *args, **kwargs)

    return gated


def _desk(*methods: str) -> Callable[[View[P]], View[P]]:
    """A page of who decides: they read what is hidden from everybody else."""

    def wrap(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def reading(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            with reading_for(RIGHTS):
                return view(request, *args, **kwargs)

        guarded: Any = holding(*DECIDING)(require_http_methods(list(methods))(reading))
        return never_cache(_promised(guarded))

    return wrap


@_promised
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def parents(request: Any) -> HttpResponse:
    """What parents should know, and the form in which anybody reports a child (learnifier-14.b)."""
    now = clock.now()
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if ratelimit.consume(request, app="minors", action="report", config=TEN_AN_HOUR):
            told = form.told(translation.get_language() or "en")
            actions.report(told, by=by(request), now=now)
            return redirect("minors:thanks")
        form.add_error(None, _("Too many reports from here. Wait an hour, or write to us."))
    status = 422 if form.is_bound else 200
    context = {"form": form, "age": in_force(now).policy.minors.age}
    return render(request, "minors/parents.html", context, status=status)


@_promised
@require_safe
def thanks(request: Any) -> HttpResponse:
    """It was taken; the same whether or not there is such an account."""
    return render(request, "minors/thanks.html")


@_desk("GET", "HEAD")
def listed(request: Any) -> HttpResponse:
    """Reports that wait, the most urgent first; or those that were unfounded."""
    is_open = request.GET.get("state", "") != "closed"
    found = queries.waiting() if is_open else queries.decided()
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "is_open": is_open, "now": clock.now()}
    return render(request, "minors/all.html", context)


@_desk("GET", "HEAD")
def one(request: Any, pk: UUID) -> HttpResponse:
    """One report: what was told, whose account it is, and the decision."""
    return _page(request, _found(pk))


def _found(pk: UUID) -> Report:
    return get_object_or_404(Report.objects.select_related("person__account"), pk=pk)


def _page(request: Any, found: Report, *, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "report": found,
        "naming": AccountForm(auto_id="naming_%s"),
        "sure": SureForm(),
        "now": clock.now(),
        "problem": "",
        **forms,
    }
    return render(request, "minors/one.html", context, status=status)


@_desk("POST")
def name(request: Any, pk: UUID) -> HttpResponse:
    """Staff found out whose account is meant."""
    found = _found(pk)
    form = AccountForm(request.POST, auto_id="naming_%s")
    if not form.is_valid():
        return _page(request, found, status=422, naming=form)
    try:
        actions.name_account(found, form.cleaned_data["account"], by=by(request), now=clock.now())
    except DecidedError as problem:
        return _page(request, found, status=409, problem=str(problem))
    return redirect("minors:one", pk=pk)


@_desk("POST")
def dismiss(request: Any, pk: UUID) -> HttpResponse:
    """It is no child below the age."""
    found = _found(pk)
    outcome = Report.Outcome.UNFOUNDED if found.person_id else Report.Outcome.NOBODY
    try:
        actions.dismiss(found, outcome, by=by(request), now=clock.now())
    except DecidedError as problem:
        return _page(request, found, status=409, problem=str(problem))
    return redirect("minors:all")


confirmed: Callable[[View[P]], View[P]] = reauthentication_required(allow_get=True)


@_desk("POST")
def confirm(request: Any, pk: UUID) -> HttpResponseBase:
    """It is a child: everything about it goes, and the receipt is shown."""
    return _confirm(request, _found(pk))


@confirmed
def _confirm(request: Any, found: Report) -> HttpResponse:
    form = SureForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, sure=form)
    try:
        receipt = actions.confirm(found, by=by(request), now=clock.now())
    except DecidedError as problem:
        return _page(request, found, status=409, problem=str(problem))
    return redirect("erasing:done", code=receipt.code)
