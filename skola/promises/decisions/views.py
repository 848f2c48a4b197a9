"""What the software decided about the visitor; and what waits for who decides."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding, kinds, signed_in
from skola.promises.decisions import actions, queries
from skola.promises.decisions.forms import AnswerForm, ContestForm, ObjectForm
from skola.promises.decisions.models import Decision
from skola.promises.decisions.points import point as point_of
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.promises.rights.api import allow_again, automated, stopping

SHOWN = 200
REVIEWERS = ("administrator", "reviewer", "support", "finance", "officer", "school", "examiner")
"""Kinds of role that a policy may name in ``review_by``; each sees only what is theirs."""


@never_cache
@needs(queries.CAPABILITY)
@signed_in
@require_safe
def mine(request: Any) -> HttpResponse:
    """What was decided about the person, and each kind of decision with the way to object."""
    now = clock.now()
    found = Decision.objects.of(request.person).order_by("-asked_at")[:SHOWN]
    context = {
        "rows": [queries.shown(one, now=now) for one in found],
        "register": queries.register_of(now=now, person_id=request.person.pk),
    }
    return render(request, "decisions/mine.html", context)


@never_cache
@needs(queries.CAPABILITY)
@signed_in
@require_safe
def one(request: Any, pk: UUID) -> HttpResponse:
    """One decision about the person: logic, inputs, result, ground, and how to object."""
    return _own_page(request, pk)


def _own_page(
    request: Any, pk: UUID, *, form: ContestForm | None = None, problem: str = ""
) -> HttpResponse:
    now = clock.now()
    found = get_object_or_404(Decision.objects.of(request.person), pk=pk)
    context = {
        "shown": queries.shown(found, now=now),
        "form": form or ContestForm(),
        "problem": problem,
        "stopped": not queries.may_decide(request.person.pk, found.point),
        "clock": clock_of(found, now=now),
    }
    status = 409 if problem else 422 if form else 200
    return render(request, "decisions/one.html", context, status=status)


@needs(queries.CAPABILITY)
@signed_in
@require_POST
def contest(request: Any, pk: UUID) -> HttpResponse:
    """The person asks for a human being to look at it."""
    found = get_object_or_404(Decision.objects.of(request.person), pk=pk)
    form = ContestForm(request.POST)
    if not form.is_valid():
        return _own_page(request, pk, form=form)
    try:
        actions.contest(found, form.cleaned_data["view"], by=by(request), now=clock.now())
    except actions.DecidedError as problem:
        return _own_page(request, pk, problem=str(problem))
    return redirect("decisions:one", pk=pk)


@never_cache
@needs(queries.CAPABILITY)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: Any, point: str) -> HttpResponse:
    """What is no longer to be had, said first; then the software decides this no more."""
    now = clock.now()
    found = _entry(request, point)
    form = ObjectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.object_to(request.person, point, by=by(request), now=now)
        return redirect("decisions:mine")
    context = {"entry": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "decisions/objection.html", context, status=status)


@needs(queries.CAPABILITY)
@signed_in
@require_POST
def allow(request: Any, point: str) -> HttpResponse:
    """The person lets the software decide this again."""
    _entry(request, point)
    found = stopping(request.person.pk, automated(point))
    if found is not None:
        allow_again(found, by=by(request), now=clock.now())
    return redirect("decisions:mine")


def _entry(request: Any, point: str) -> queries.Entry:
    known = queries.register_of(now=clock.now(), person_id=request.person.pk)
    for entry in known:
        if entry.point.id == point:
            return entry
    raise Http404


@never_cache
@needs(queries.CAPABILITY)
@holding(*REVIEWERS)
@require_safe
def office(request: Any) -> HttpResponse:
    """What waits for a person, the soonest due on top; and the register of decisions."""
    now = clock.now()
    waiting = queries.waiting_for(kinds(request), now=now)[:SHOWN]
    context = {
        "rows": [queries.shown(one, now=now) for one in waiting],
        "register": queries.register_of(now=now),
        "now": now,
    }
    return render(request, "decisions/office.html", context)


@never_cache
@needs(queries.CAPABILITY)
@holding(*REVIEWERS)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Any, pk: UUID) -> HttpResponse:
    """A person decides, or looks again at what the software decided, and may overturn it."""
    now = clock.now()
    found = get_object_or_404(queries.reviewed_by(kinds(request), now=now), pk=pk)
    form, problem = (
        AnswerForm(request.POST if request.method == "POST" else None, at=point_of(found.point)),
        "",
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.answer(found, told["result"], told["reasons"], by=by(request), now=now)
        except actions.DecidedError as refused:
            problem = str(refused)
        else:
            return redirect("decisions:office")
    status = 409 if problem else 422 if form.errors else 200
    shown = queries.shown(found, now=now)
    context = {"shown": shown, "form": form, "problem": problem}
    return render(request, "decisions/answer.html", context, status=status)
