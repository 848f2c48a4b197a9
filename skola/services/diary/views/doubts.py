"""A mark is reported as wrong by the family, and answered by who teaches the group (ekool-7.3)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import kinds
from skola.services.diary import actions, doubting, hats, queries
from skola.services.diary.forms import DoubtAnswerForm, DoubtForm
from skola.services.diary.models import Doubt, DoubtQuerySet, Mark
from skola.services.school import api as school


@require_POST
@hats.in_school
def report(request: Any, pk: UUID) -> HttpResponse:
    """The pupil, or a guardian who sees marks, says that this one is wrong."""
    now = clock.now()
    mark = get_object_or_404(Mark.objects.select_related("pupil").exclude(value=""), pk=pk)
    person = mark.pupil.person_id
    if person != request.person.pk and not queries.ward(request.person, person, now, "marks"):
        raise Http404
    form = DoubtForm(request.POST)
    if not form.is_valid():
        return redirect(f"{reverse('diary:mark', args=[pk])}?wrong=yes#wrong")
    words = form.cleaned_data["words"]
    doubting.doubt_mark(mark, sender=request.person, words=words, by=by(request), now=now)
    return redirect("diary:mark", pk=pk)


def _shown(request: Any, now: datetime) -> DoubtQuerySet:
    """Return what waits: at groups one teaches, and at schools one administers."""
    found: DoubtQuerySet = Doubt.objects.filter(queries.at_groups_of(request.person, now))
    return found.select_related(
        "sender",
        "mark__pupil__person",
        "mark__assessment__group__subject",
        "mark__assessment__group__school_class",
    )


@require_safe
@hats.in_school
def waiting(request: Any) -> HttpResponse:
    """The school's queue of marks that are said to be wrong, for its teachers and its office."""
    now = clock.now()
    if not kinds(request) & {"teacher", "school"}:
        raise Http404
    taught = school.Group.objects.taught_by(request.person, now).values_list("pk", flat=True)
    return _page(request, now, set(taught))


def _page(
    request: Any,
    now: datetime,
    taught: set[UUID],
    wrong: dict[UUID, DoubtAnswerForm] | None = None,
) -> HttpResponse:
    doubts = list(_shown(request, now).open()[:100])
    forms = {one.pk: DoubtAnswerForm(auto_id=f"d-{one.pk}-%s") for one in doubts}
    context = {"doubts": doubts, "taught": taught, "forms": forms | (wrong or {})}
    return render(request, "diary/doubts.html", context, status=422 if wrong else 200)


@require_POST
@hats.teachers
def answer(request: Any, pk: UUID) -> HttpResponse:
    """Who teaches the group says that the mark stands, or changes it."""
    now = clock.now()
    groups = school.Group.objects.taught_by(request.person, now)
    found = get_object_or_404(
        _shown(request, now).filter(mark__assessment__group__in=groups), pk=pk
    )
    form = DoubtAnswerForm(request.POST, auto_id=f"d-{found.pk}-%s")
    if form.is_valid():
        try:
            doubting.answer_doubt(
                found,
                value=form.cleaned_data["value"],
                answer=form.cleaned_data["answer"],
                author=request.person,
                link=request.build_absolute_uri(reverse("diary:mark", args=[found.mark_id])),
                by=by(request),
                now=now,
            )
        except actions.NoMarkError as problem:
            form.add_error("value", str(problem))
        except actions.AnsweredError:
            return redirect("diary:doubts")
        else:
            return redirect("diary:doubts")
    taught = set(groups.values_list("pk", flat=True))
    return _page(request, now, taught, {found.pk: form})
