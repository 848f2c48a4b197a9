"""The film as it arrives part by part, and the pages on which it is seen."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.files import api as files
from skola.ground.people.http import holding, signed_in
from skola.ground.tenants.http import TenantRequest
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.exams import queries
from skola.services.exams.actions import RefusedError, filming
from skola.services.exams.forms import LookForm
from skola.services.exams.models import Recording, Take


def _number(request: TenantRequest, name: str) -> int:
    told = request.GET.get(name, "")
    return int(told) if told.isdecimal() and len(told) < 10 else -1


@needs(queries.CAPABILITY)
@signed_in
@require_POST
def open_take(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A recorder starts: of the camera or of the screen."""
    assert request.person is not None
    mine = Recording.objects.filter(attempt__person=request.person)
    recording = get_object_or_404(mine, attempt_id=pk)
    source = request.POST.get("source", "")
    if source not in Take.Source.values:
        return JsonResponse({"problem": "source"}, status=422)
    try:
        take = filming.open_take(recording, source=source, by=by(request), now=clock.now())
    except RefusedError as problem:
        return JsonResponse({"problem": str(problem)}, status=410)
    return JsonResponse({"parts": reverse("exams:parts", args=[take.pk])}, status=201)


@needs(queries.CAPABILITY)
@signed_in
@require_POST
def add_part(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A part of a take arrives, perhaps again, perhaps minutes late.

    201 or 200: kept, now or before. 409 with ``expected``: another one is the next. 410: too late.
    422: not what can stand there; the browser has to begin another take.
    """
    assert request.person is not None
    take = get_object_or_404(Take, pk=pk, recording__attempt__person=request.person)
    size = request.headers.get("Content-Length", "")
    if not size.isdecimal() or int(size) > filming.LARGEST_PART:
        return JsonResponse({"problem": "size"}, status=413)
    part = filming.Part(
        number=_number(request, "n"),
        content=request.body,
        begins_ms=_number(request, "from"),
        ends_ms=_number(request, "to"),
        seal=request.GET.get("seal", ""),
    )
    if part.number < 0 or not 0 <= part.begins_ms <= part.ends_ms:
        return JsonResponse({"problem": "number"}, status=422)
    try:
        added = filming.add_part(take, part, now=clock.now())
    except files.OutOfTurnError as problem:
        return JsonResponse({"expected": problem.expected}, status=409)
    except files.DifferentPartError as problem:
        return JsonResponse({"problem": str(problem)}, status=422)
    except RefusedError as problem:
        return JsonResponse({"problem": str(problem)}, status=410)
    return JsonResponse(
        {"parts": added.parts, "seal": added.seal}, status=201 if added.is_new else 200
    )


def _film(request: TenantRequest, recording: Recording, *, staff: bool) -> HttpResponse:
    now, attempt = clock.now(), recording.attempt
    context = {
        "attempt": attempt,
        "exam": attempt.sitting.exam,
        "recording": recording,
        "strips": queries.strips(recording, until=recording.finished_at or now),
        "viewings": recording.viewings.select_related("viewer").order_by("at"),
        "clock": clock_of(recording, now=now),
        "staff": staff,
    }
    return render(request, "exams/film.html", context)


@needs(queries.CAPABILITY)
@signed_in
@require_safe
def own(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The candidate sees their own film, its gaps, and who looked at it."""
    assert request.person is not None
    mine = Recording.objects.filter(attempt__person=request.person, finished_at__isnull=False)
    found = mine.select_related("attempt__sitting__exam")
    return _film(request, get_object_or_404(found, attempt_id=pk), staff=False)


@needs(queries.CAPABILITY)
@holding("examiner", "reviewer")
@require_POST
def look(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Somebody of the staff says why they look, and the audit knows it (ilearn-40.a)."""
    assert request.person is not None
    recording = get_object_or_404(Recording.objects.select_related("attempt"), attempt_id=pk)
    form = LookForm(request.POST)
    if form.is_valid() and recording.finished_at is not None:
        filming.look(
            recording,
            viewer=request.person,
            reason=form.cleaned_data["reason"],
            by=by(request),
            now=clock.now(),
        )
        return redirect("exams:staff-film", pk=pk)
    return redirect("exams:marking", pk=pk)


@needs(queries.CAPABILITY)
@holding("examiner", "reviewer")
@require_safe
def staff(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The film, for an hour, to who said why; to nobody else."""
    assert request.person is not None
    said = Recording.objects.filter(
        viewings__viewer=request.person, viewings__at__gt=clock.now() - queries.LOOKING_LASTS
    ).distinct()
    found = get_object_or_404(said.select_related("attempt__sitting__exam"), attempt_id=pk)
    return _film(request, found, staff=True)
