"""The notice that a service goes over, objecting to it, and the officer's page."""

import functools
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.http import holding, signed_in
from skola.promises.handover import actions, links, queries
from skola.promises.handover.forms import CancelForm, EventForm, OnBehalfForm
from skola.promises.handover.models import Arrival, Handover
from skola.promises.handover.rules import Stage, totals
from skola.promises.policy.api import PolicyError, in_force
from skola.promises.rights.api import HANDOVER, in_language, stopping

OFFICE = ("officer", "administrator")
BY_LINK = "visitor"
View = Callable[..., HttpResponseBase]


def where_promised(view: View) -> View:
    """Let a view exist only where the policy says what happens when the business is sold."""

    @functools.wraps(view)
    def gated(request: Any, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if queries.rule(clock.now()) is None:
            raise Http404
        return view(request, *args, **kwargs)

    return gated


def _standing() -> Handover:
    told = queries.current()
    if told is None:
        raise Http404
    return told


@never_cache
@where_promised
@require_safe
def notice(request: Any) -> HttpResponse:
    """Who the new controller is, from when on, and how to object; nobody signs in for it."""
    told, now = _standing(), clock.now()
    person = getattr(request, "person", None)
    objection = stopping(person.pk, HANDOVER) if person else None
    context = {
        **_about(told, now),
        "objection": objection,
        "is_open": queries.stage_of(told, now) is Stage.ANNOUNCED,
    }
    return render(request, "handover/notice.html", context)


def _about(told: Handover, now: datetime) -> dict[str, Any]:
    policy = in_force(now).policy
    return {
        "told": told,
        "goes_on": queries.goes_on(told, now),
        "policy": policy,
        "keeps": [
            in_language(one.name) or one.id
            for one in policy.purpose
            if one.basis.kind == "legal-obligation"
        ],
    }


@where_promised
@require_POST
@signed_in
def objections(request: Any) -> HttpResponse:
    """The person objects, or takes it back."""
    now, by = clock.now(), audit.by(request)
    act = actions.take_back if request.POST.get("what") == "withdraw" else actions.object_to
    try:
        act(request.person.pk, by=by, now=now)
    except actions.RefusedError as refused:
        return render(request, "handover/refused.html", {"problem": refused}, status=409)
    return redirect("handover:notice")


@never_cache
@where_promised
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: Any, token: str) -> HttpResponse:
    """The same by the link of the mail. Opening it changes nothing: machines open links."""
    person, told, now = links.person_of(token), queries.current(), clock.now()
    if person is None or told is None:
        return _quiet(render(request, "handover/over.html", status=410))
    problem = ""
    if request.method == "POST":
        withdraws = request.POST.get("what") == "withdraw"
        act = actions.take_back if withdraws else actions.object_to
        try:
            act(person.pk, by=BY_LINK, now=now)
        except actions.RefusedError as refused:
            problem = str(refused)
        else:
            return _quiet(redirect("handover:by_link", token))
    context = {
        **_about(told, now),
        "objection": stopping(person.pk, HANDOVER),
        "is_open": queries.stage_of(told, now) is Stage.ANNOUNCED,
        "token": token,
        "problem": problem,
    }
    status = 409 if problem else 200
    return _quiet(render(request, "handover/by_link.html", context, status=status))


def _quiet(answer: HttpResponse) -> HttpResponse:
    """A page whose address is a secret is not passed on by it."""
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@never_cache
@where_promised
@holding(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def office(request: Any) -> HttpResponse:
    """Where it stands and what comes next; or the form that records the event."""
    now = clock.now()
    told = queries.current()
    if told is not None:
        return _state(request, told, now)
    first = actions.first_possible(now)
    form = EventForm(
        request.POST if request.method == "POST" else None, today=_today(now), first=first
    )
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.announce(form.event(), by=audit.by(request), now=now)
        except actions.TooEarlyError as refused:
            form.add_error("goes_on", str(refused))
        except actions.RefusedError as refused:
            form.add_error(None, str(refused))
        except PolicyError as refused:
            problems = [str(one) for one in refused.problems]
        else:
            return redirect("handover:office")
    context = {
        "form": form,
        "first": first,
        "problems": problems,
        "window_ends": queries.window_ends(now),
        "arrival": Arrival.objects.first(),
        "cancelled": Handover.objects.exclude(cancelled_at=None).order_by("-cancelled_at")[:5],
        "clause": ", ".join(_clauses(now)),
    }
    status = 422 if form.errors or problems else 200
    return render(request, "handover/record.html", context, status=status)


def _clauses(now: datetime) -> list[str]:
    rule = queries.rule(now)
    return list(rule.clause) if rule is not None else []


def _today(now: datetime) -> date:
    return now.astimezone(queries.zone_of(now)).date()


def _state(
    request: Any,
    told: Handover,
    now: datetime,
    *,
    cancel: CancelForm | None = None,
    behalf: OnBehalfForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    found = queries.stage_of(told, now)
    rows, objects = totals(told.counts)
    order = list(Stage)
    context = {
        **_about(told, now),
        "stage": str(found),
        "steps": [(one, order.index(one) - order.index(found)) for one in order],
        "numbers": queries.reached(told),
        "academies": queries.open_academies() if found in (Stage.ANNOUNCED, Stage.READY) else [],
        "rows": rows,
        "objects": objects,
        "cancel": cancel or CancelForm(auto_id="cancel_%s"),
        "behalf": behalf or OnBehalfForm(auto_id="behalf_%s"),
        "problem": problem,
        "slug": request.tenant.slug,
        "clause": ", ".join(_clauses(now)),
    }
    return render(request, "handover/office.html", context, status=status)


@where_promised
@holding(*OFFICE)
@require_POST
def cancellations(request: Any) -> HttpResponse:
    """The officer cancels it."""
    told, now = _standing(), clock.now()
    form = CancelForm(request.POST, auto_id="cancel_%s")
    if not form.is_valid():
        return _state(request, told, now, cancel=form, status=422)
    try:
        actions.cancel(told, form.cleaned_data["because"], by=audit.by(request), now=now)
    except actions.RefusedError as refused:
        return _state(request, told, now, problem=str(refused), status=409)
    return redirect("handover:office")


@where_promised
@holding(*OFFICE)
@require_POST
def on_behalf(request: Any) -> HttpResponse:
    """The officer enters an objection that came another way."""
    told, now = _standing(), clock.now()
    form = OnBehalfForm(request.POST, auto_id="behalf_%s")
    if not form.is_valid():
        return _state(request, told, now, behalf=form, status=422)
    try:
        actions.object_to(form.person.pk, by=audit.by(request), now=now)
    except actions.RefusedError as refused:
        return _state(request, told, now, problem=str(refused), status=409)
    return redirect("handover:office")
