"""The attempt itself: the card and the start, the paper, saving, handing in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import signed_in
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui import formats
from skola.ground.ui.permissions import films
from skola.promises.policy.api import needs
from skola.services.exams import queries, rules
from skola.services.exams.actions import RefusedError, invigilating, sitting
from skola.services.exams.forms import BeginForm, HelpForm, answers_from, later_from
from skola.services.exams.models import Attempt, IdentityCheck
from skola.services.exams.views.candidate import card, own

SLICE_MS = 2_000
"""How long a part of the film is."""


def by_script(request: TenantRequest) -> bool:
    """Whether the page's script asks, and not a form."""
    return request.headers.get("Accept", "") == "application/json"


@needs(queries.CAPABILITY)
@signed_in
@never_cache
@films
@require_safe
def paper(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Before the start the card with the button, after it the paper, after the end the result."""
    return _paper(request, own(request, pk))


def _paper(
    request: TenantRequest,
    held: Attempt,
    *,
    form: BeginForm | None = None,
    asking: HelpForm | None = None,
    problem: str = "",
) -> HttpResponse:
    now = clock.now()
    if held.finished_at is not None or (held.ends_at and rules.time_is_up(held.ends_at, now)):
        return redirect("exams:attempt", pk=held.pk)
    identity: IdentityCheck | None = getattr(held, "identity", None)
    context: dict[str, Any] = {
        "attempt": held,
        "exam": held.sitting.exam,
        "problem": problem,
        "now": now,
        "slice_ms": SLICE_MS,
    }
    if held.begun_at is None:
        told = card(held, now)
        context["card"] = told
        context["form"] = form or BeginForm(initial={"days": told["days"]}, wording=_wording())
        context["can_begin"] = rules.can_begin(
            starts_at=held.sitting.starts_at,
            closes_at=held.sitting.closes_at,
            is_checked=identity is not None and identity.outcome != "",
            now=now,
        )
        page = "exams/start.html"
    else:
        context |= {**_news(held, now), "paper": queries.paper(held)}
        context["asking"] = asking or HelpForm()
        page = "exams/paper.html"
    status = 409 if problem else 422 if form or asking else 200
    return render(request, page, context, status=status)


def _news(held: Attempt, now: datetime) -> dict[str, Any]:
    """Return what was said so far, and the server's clock in milliseconds."""
    assert held.ends_at is not None
    return {
        "notes": queries.said_during(held),
        "now_ms": int(now.timestamp() * 1000),
        "ends_ms": int(held.ends_at.timestamp() * 1000),
    }


def _wording() -> str:
    return _("I have read what is recorded, who sees it and until when it is kept.")


@needs(queries.CAPABILITY)
@signed_in
@films
@require_POST
def begin(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The candidate starts; from here on the server's clock runs."""
    held = own(request, pk)
    form = BeginForm(request.POST, wording=_wording())
    if not form.is_valid():
        return _paper(request, held, form=form)
    try:
        sitting.begin(
            held,
            told_days=form.cleaned_data["days"],
            camera=form.cleaned_data["camera"] == "on",
            by=by(request),
            now=clock.now(),
        )
    except RefusedError as problem:
        return _paper(request, held, problem=str(problem))
    return redirect("exams:paper", pk=pk)


@needs(queries.CAPABILITY)
@signed_in
@films
@require_POST
def save(request: TenantRequest, pk: UUID) -> HttpResponse:
    """What is answered so far is kept; the script asks this again and again."""
    held, now = own(request, pk), clock.now()
    asked = list(held.sitting.exam.questions.all())
    given, later = answers_from(request.POST, asked), later_from(request.POST, asked)
    try:
        sitting.save_answers(held, given, later=later, now=now)
    except RefusedError as problem:
        if by_script(request):
            return JsonResponse({"problem": str(problem)}, status=409)
        return _paper(request, held, problem=str(problem))
    if by_script(request):
        return JsonResponse({"saved": _("Saved at %(time)s") % {"time": formats.hour(now)}})
    return redirect("exams:paper", pk=pk)


@needs(queries.CAPABILITY)
@signed_in
@films
@require_POST
def hand_in(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The candidate is done."""
    held = own(request, pk)
    given = answers_from(request.POST, list(held.sitting.exam.questions.all()))
    try:
        sitting.hand_in(held, given, by=by(request), now=clock.now())
    except RefusedError as problem:
        return _paper(request, held, problem=str(problem))
    return redirect("exams:attempt", pk=pk)


@needs(queries.CAPABILITY)
@signed_in
@never_cache
@require_safe
def news(request: TenantRequest, pk: UUID) -> HttpResponse:
    """What the invigilator said so far, until when one may write, and whether it goes on.

    The page's script asks this every few seconds; without it, the paper shows the same.
    """
    held = own(request, pk)
    if held.begun_at is None:
        raise Http404
    return render(request, "exams/news.html", {"attempt": held, **_news(held, clock.now())})


@needs(queries.CAPABILITY)
@signed_in
@films
@require_POST
def ask_for_help(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The candidate asks the invigilator something, without leaving the paper."""
    held, form = own(request, pk), HelpForm(request.POST)
    if not form.is_valid():
        return _paper(request, held, asking=form)
    try:
        invigilating.ask_for_help(held, **form.cleaned_data, by=by(request), now=clock.now())
    except RefusedError as problem:
        return _paper(request, held, problem=str(problem))
    if by_script(request):
        return JsonResponse({"asked": True}, status=201)
    return redirect("exams:paper", pk=pk)
