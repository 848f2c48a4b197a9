"""Support staff of the service at a school: let in for a task, and out when it is done."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.promises.policy.api import needs
from skola.services.pupils import actions, queries, supporting
from skola.services.pupils.forms import CaseForm
from skola.services.pupils.models import SupportCase
from skola.services.school import api as school


@needs("diary.school")
@holding("school")
@require_http_methods(["GET", "HEAD", "POST"])
def cases(request: Any, pk: UUID) -> HttpResponse:
    """The school opens a case for somebody of the support, and sees those it opened."""
    now = clock.now()
    found = get_object_or_404(school.School.objects.run_by(request.person, now), pk=pk)
    form = CaseForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid():
        supporting.open_case(found, **form.cleaned_data, by=by(request), now=now)
        return redirect("pupils:cases", pk=pk)
    context = {
        "school": found,
        "form": form,
        "now": now,
        "cases": list(found.cases.select_related("agent").order_by("-opened_at")[:50]),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "pupils/cases.html", context, status=status)


@needs("diary.school")
@holding("school", "support")
@require_POST
def close(request: Any, pk: UUID) -> HttpResponse:
    """The school or the agent closes a case; what it opened closes with it."""
    now = clock.now()
    run = school.School.objects.run_by(request.person, now)
    mine = SupportCase.objects.filter(agent=request.person) | SupportCase.objects.filter(
        school__in=run
    )
    found = get_object_or_404(mine, pk=pk)
    supporting.close_case(found, by=by(request), now=now)
    if run.filter(pk=found.school_id).exists():
        return redirect("pupils:cases", pk=found.school_id)
    return redirect("pupils:front")


@needs("diary.school")
@holding("support")
@require_safe
def case(request: Any, pk: UUID) -> HttpResponse:
    """What a case opens to its agent: the classes with the names in them, and nothing else."""
    now = clock.now()
    found = get_object_or_404(_open(request, now).select_related("school"), pk=pk)
    pupils = queries.read_for(found.school, "support", school.today_here(now))
    actions.note_reading(found.school, "support", len(pupils), by=by(request), now=now)
    return render(request, "pupils/case.html", {"case": found, "pupils": pupils})


def _open(request: Any, now: datetime) -> Any:
    return SupportCase.objects.open_at(now).filter(agent=request.person)
