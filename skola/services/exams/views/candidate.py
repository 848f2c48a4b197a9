"""A candidate: where there are places, how to sit, the rehearsal, the result, contesting it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.files import api as files
from skola.ground.people.http import signed_in
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import ROWS_A_PAGE
from skola.ground.ui.permissions import films
from skola.promises.notices.api import notice_for
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.exams import queries, rules
from skola.services.exams.actions import RefusedError, contesting
from skola.services.exams.actions import sitting as sitting_actions
from skola.services.exams.forms import ContestForm, PapersForm, WayForm
from skola.services.exams.models import Attempt, Recording, Sitting


def own(request: TenantRequest, pk: UUID) -> Attempt:
    """Return the visitor's own attempt; what is not theirs does not exist (404)."""
    assert request.person is not None
    return get_object_or_404(Attempt.objects.of(request.person).whole(), pk=pk)


def card(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """Return what the card says: what is recorded, who sees it, when it is gone (ilearn-40.c)."""
    exam = attempt.sitting.exam
    days = queries.term_days(exam, now)
    day = max(now, attempt.sitting.starts_at)
    return {
        "days": days,
        "own_term": exam.term_days is not None,
        "gone_at": queries.window_end(day, told_days=exam.term_days, now=now),
        "notice": notice_for("exam-start", now),
    }


@needs(queries.CAPABILITY)
@signed_in
@require_safe
def mine(request: TenantRequest) -> HttpResponse:
    """One's own exams, and the dates on which there is a place."""
    assert request.person is not None
    now = clock.now()
    attempts = Attempt.objects.of(request.person).whole().order_by("-sitting__starts_at")
    context = {
        "page": Paginator(attempts, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "sittings": queries.open_sittings(request.person, now)[:50],
        "now": now,
    }
    return render(request, "exams/mine.html", context)


@needs(queries.CAPABILITY)
@signed_in
@require_safe
def sitting(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One date of an exam, and the choice of how to sit it."""
    return _sitting(request, pk)


def _sitting(
    request: TenantRequest, pk: UUID, *, form: WayForm | None = None, problem: str = ""
) -> HttpResponse:
    found = Sitting.objects.filter(exam__published_at__isnull=False)
    held = get_object_or_404(found.select_related("exam"), pk=pk)
    now, taken = clock.now(), held.attempts.count()
    context = {
        "sitting": held,
        "form": form or WayForm(),
        "problem": problem,
        "left": max(0, held.places - taken),
        "days": queries.term_days(held.exam, now),
        "is_over": held.closes_at <= now,
    }
    status = 409 if problem else 422 if form else 200
    return render(request, "exams/sitting.html", context, status=status)


@needs(queries.CAPABILITY)
@signed_in
@require_POST
def take_place(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Somebody takes a place, with a camera or without; both are recorded as their choice."""
    held = get_object_or_404(Sitting.objects.filter(exam__published_at__isnull=False), pk=pk)
    form = WayForm(request.POST)
    if not form.is_valid():
        return _sitting(request, pk, form=form)
    assert request.person is not None
    try:
        made = sitting_actions.take_place(
            held, request.person, way=form.cleaned_data["way"], by=by(request), now=clock.now()
        )
    except RefusedError as problem:
        return _sitting(request, pk, problem=str(problem))
    return redirect("exams:attempt", pk=made.pk)


@needs(queries.CAPABILITY)
@signed_in
@require_safe
def attempt(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Before the exam: what to prepare. After it: result, film, and the term of both."""
    return _attempt(request, pk)


def _attempt(
    request: TenantRequest, pk: UUID, *, forms: dict[str, Any] | None = None, problem: str = ""
) -> HttpResponse:
    held, now = own(request, pk), clock.now()
    recording = Recording.objects.filter(attempt=held).first()
    context: dict[str, Any] = {
        "attempt": held,
        "exam": held.sitting.exam,
        "identity": getattr(held, "identity", None),
        "contest": getattr(held, "contest", None),
        "receipt": getattr(held, "receipt", None),
        "recording": recording,
        "problem": problem,
        "now": now,
        "days_left": rules.days_left(held.window_ends_at, now) if held.window_ends_at else 0,
        "card": card(held, now),
        "clock": clock_of(recording or held, now=now),
        "way": WayForm(initial={"way": held.way}),
        "papers": PapersForm(),
        "contesting": ContestForm(),
        "may_contest": rules.may_contest(
            finished=held.finished_at is not None,
            window_ends_at=held.window_ends_at,
            contested=hasattr(held, "contest"),
            now=now,
        ),
        **(forms or {}),
    }
    if held.finished_at is not None:
        context["notes"] = list(held.notes.all())
    if held.released_at is not None:
        context["paper"] = queries.paper(held)
        context["worth"] = queries.worth(held.sitting.exam)
    page = "exams/result.html" if held.finished_at else "exams/prepare.html"
    status = 409 if problem else 422 if forms else 200
    return render(request, page, context, status=status)


@needs(queries.CAPABILITY)
@signed_in
@require_POST
def choose_way(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The candidate sits otherwise than they chose first."""
    held, form = own(request, pk), WayForm(request.POST)
    if not form.is_valid():
        return _attempt(request, pk, forms={"way": form})
    try:
        sitting_actions.choose_way(
            held, way=form.cleaned_data["way"], by=by(request), now=clock.now()
        )
    except RefusedError as problem:
        return _attempt(request, pk, problem=str(problem))
    return redirect("exams:attempt", pk=pk)


@needs(queries.CAPABILITY)
@signed_in
@require_POST
def give_up(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The candidate gives the place back."""
    try:
        sitting_actions.give_up_place(own(request, pk), by=by(request), now=clock.now())
    except RefusedError as problem:
        return _attempt(request, pk, problem=str(problem))
    return redirect("exams:mine")


@needs(queries.CAPABILITY)
@signed_in
@require_POST
def show_papers(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The candidate shows their papers; a person looks at them."""
    held, form = own(request, pk), PapersForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            sitting_actions.show_papers(
                held, form.cleaned_data["picture"], by=by(request), now=clock.now()
            )
        except files.RefusedError as refused:
            form.add_error("picture", str(refused))
        except RefusedError as problem:
            return _attempt(request, pk, problem=str(problem))
        else:
            return redirect("exams:attempt", pk=pk)
    return _attempt(request, pk, forms={"papers": form})


@needs(queries.CAPABILITY)
@signed_in
@films
@require_safe
def rehearsal(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Camera, screen and network are tried for two minutes. Nothing is sent, nothing is kept."""
    held = own(request, pk)
    return render(request, "exams/rehearsal.html", {"attempt": held, "exam": held.sitting.exam})


@needs(queries.CAPABILITY)
@signed_in
@require_POST
def contest(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The candidate contests the exam; the film is held from now on (ilearn-40.b)."""
    held, form = own(request, pk), ContestForm(request.POST)
    if not form.is_valid():
        return _attempt(request, pk, forms={"contesting": form})
    try:
        contesting.contest(held, text=form.cleaned_data["text"], by=by(request), now=clock.now())
    except RefusedError as problem:
        return _attempt(request, pk, problem=str(problem))
    return redirect("exams:attempt", pk=pk)
