"""The invigilator's pages: who sits there now, one candidate, and what is done about them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.services.exams import invigilation, queries
from skola.services.exams.actions import RefusedError, invigilating
from skola.services.exams.forms import ExtraTimeForm, InvigilatorsForm, SayForm
from skola.services.exams.models import Attempt, Note, Recording, Sitting
from skola.services.exams.views.desk import EXAMINER


def _watched(request: TenantRequest, pk: UUID) -> Sitting:
    """Return a date that runs and that the visitor watches over; no other exists (404)."""
    assert request.person is not None
    now = clock.now()
    return get_object_or_404(invigilation.watched(request.person, now).running(now), pk=pk)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@never_cache
@require_safe
def sitting(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Everybody who has a place on a date that runs, who needs somebody on top."""
    assert request.person is not None
    found: Any = get_object_or_404(invigilation.watched(request.person, clock.now()), pk=pk)
    if not found.runs:
        return render(request, "exams/not_running.html", {"sitting": found})
    return _sitting(request, found)


def _sitting(
    request: TenantRequest, held: Sitting, *, form: SayForm | None = None, problem: str = ""
) -> HttpResponse:
    now = clock.now()
    seats = invigilation.seats(held, now)
    context = {
        "sitting": held,
        "page": Paginator(seats, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "counts": invigilation.counts(seats),
        "form": form or SayForm(),
        "problem": problem,
        "now": now,
    }
    status = 409 if problem else 422 if form else 200
    return render(request, "exams/live.html", context, status=status)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_POST
def tell_all(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The invigilator tells everybody who writes the same."""
    held, form = _watched(request, pk), SayForm(request.POST)
    if not form.is_valid():
        return _sitting(request, held, form=form)
    assert request.person is not None
    try:
        invigilating.say_to_all(
            held, **form.cleaned_data, invigilator=request.person, by=by(request), now=clock.now()
        )
    except RefusedError as problem:
        return _sitting(request, held, problem=str(problem))
    return redirect("exams:live", pk=pk)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_http_methods(["GET", "HEAD", "POST"])
def name_invigilators(request: TenantRequest, pk: UUID) -> HttpResponse:
    """An examiner says who watches over a date."""
    held, now = get_object_or_404(Sitting.objects.select_related("exam"), pk=pk), clock.now()
    known = held.invigilators.values_list("person", flat=True)
    form = InvigilatorsForm(
        request.POST if request.method == "POST" else None,
        examiners=queries.examiners(now),
        initial={"people": list(known)},
    )
    problem = ""
    if request.method == "POST" and form.is_valid():
        people = list(form.cleaned_data["people"])
        try:
            invigilating.name_invigilators(held, people, by=by(request), now=now)
        except RefusedError as refused:
            problem = str(refused)
        else:
            return redirect("exams:hall", pk=pk)
    context = {"sitting": held, "form": form, "problem": problem}
    status = 409 if problem else 422 if request.method == "POST" else 200
    return render(request, "exams/invigilators.html", context, status=status)


# ---- one candidate -------------------------------------------------------------------------------


def _attempt(request: TenantRequest, pk: UUID) -> Attempt:
    assert request.person is not None
    runs = Sitting.objects.running(clock.now()).filter(invigilators__person=request.person)
    return get_object_or_404(Attempt.objects.filter(sitting__in=runs.values("pk")), pk=pk)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_POST
def watch(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The invigilator opens one candidate's record: audit and candidate know of it."""
    held = _attempt(request, pk)
    assert request.person is not None
    try:
        invigilating.watch(held, invigilator=request.person, by=by(request), now=clock.now())
    except RefusedError as problem:
        return _sitting(request, _watched(request, held.sitting_id), problem=str(problem))
    return redirect("exams:watched", pk=pk)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@never_cache
@require_safe
def watched(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One candidate, for an hour after the invigilator opened the record."""
    return _watched_one(request, pk)


def _watched_one(
    request: TenantRequest,
    pk: UUID,
    *,
    forms: dict[str, Any] | None = None,
    problem: str = "",
) -> HttpResponse:
    found, now = _attempt(request, pk), clock.now()
    held = _watched(request, found.sitting_id)
    looked = Note.objects.filter(
        attempt=found,
        kind=Note.Kind.LOOK,
        author=request.person,
        at__gt=now - queries.LOOKING_LASTS,
    )
    seat = invigilation.seat(held, pk, now)
    if seat is None or not looked.exists():
        raise Http404
    recording = Recording.objects.filter(attempt=found).select_related("attempt").first()
    context: dict[str, Any] = {
        "sitting": held,
        "seat": seat,
        "attempt": seat.attempt,
        "notes": found.notes.select_related("author"),
        "strips": queries.strips(recording, until=now) if recording else [],
        "problem": problem,
        "now": now,
        "saying": SayForm(prefix="say"),
        "flagging": SayForm(prefix="flag"),
        "extending": ExtraTimeForm(prefix="time"),
        "stopping": SayForm(prefix="stop"),
        **(forms or {}),
    }
    status = 409 if problem else 422 if forms else 200
    return render(request, "exams/watched.html", context, status=status)


def _done(
    request: TenantRequest,
    pk: UUID,
    name: str,
    form: forms.Form,
    act: Callable[..., object],
) -> HttpResponse:
    """Do what a form tells about one candidate, and show the candidate again."""
    held = _attempt(request, pk)
    if not form.is_valid():
        return _watched_one(request, pk, forms={name: form})
    told = {**form.cleaned_data, "invigilator": request.person}
    try:
        act(held, **told, by=by(request), now=clock.now())
    except RefusedError as problem:
        return _watched_one(request, pk, problem=str(problem))
    if act is invigilating.stop:
        return redirect("exams:live", pk=held.sitting_id)
    return redirect("exams:watched", pk=pk)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_POST
def tell(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The invigilator tells one candidate something."""
    return _done(request, pk, "saying", SayForm(request.POST, prefix="say"), invigilating.say)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_POST
def flag(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The invigilator notes something for whoever marks it."""
    return _done(request, pk, "flagging", SayForm(request.POST, prefix="flag"), invigilating.flag)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_POST
def extend(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The invigilator gives one candidate more time."""
    form = ExtraTimeForm(request.POST, prefix="time")
    return _done(request, pk, "extending", form, invigilating.give_time)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_POST
def stop(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The invigilator ends one candidate's attempt."""
    return _done(request, pk, "stopping", SayForm(request.POST, prefix="stop"), invigilating.stop)
