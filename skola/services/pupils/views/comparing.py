"""A register is compared with what the school has, and the school decides each difference."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.promises.policy.api import needs
from skola.services.pupils import comparing
from skola.services.pupils.forms import RegisterForm
from skola.services.pupils.models import Proposal
from skola.services.pupils.views.office import is_strong, school_of, stronger
from skola.services.school import api as school

SHOWN = 100


def _page(
    request: Any, found: school.School, *, problem: str = "", **told: Any
) -> tuple[dict[str, Any], int]:
    waiting = Proposal.objects.open().filter(school=found).select_related("person")
    ordered = waiting.order_by("person__family_name", "person__given_name", "person", "field")
    context = {
        "school": found,
        "rows": [(one, comparing.held_of(one.person, one.field)) for one in ordered[:SHOWN]],
        "count": waiting.count(),
        "form": told.get("form") or RegisterForm(),
        "compared": told.get("compared"),
        "problem": problem,
    }
    status = 409 if problem else 422 if told.get("form") else 200
    return context, status


@needs("diary.school")
@holding("school")
@require_http_methods(["GET", "HEAD", "POST"])
def compared(request: Any, pk: UUID) -> HttpResponse:
    """The differences that wait for the school, and the form that takes a register's list."""
    now = clock.now()
    found = school_of(request, pk, now)
    if not is_strong(request):
        return stronger(request)
    if request.method != "POST":
        context, status = _page(request, found)
        return render(request, "pupils/comparisons.html", context, status=status)
    form = RegisterForm(request.POST, request.FILES)
    if not form.is_valid():
        context, status = _page(request, found, form=form)
        return render(request, "pupils/comparisons.html", context, status=status)
    came = comparing.compare(
        found,
        form.lines,
        register=form.cleaned_data["register"],
        as_of=form.cleaned_data["as_of"],
        by=by(request),
        now=now,
    )
    context, status = _page(request, found, compared=came)
    return render(request, "pupils/comparisons.html", context, status=status)


@needs("diary.school")
@holding("school")
@require_POST
def decide(request: Any, pk: UUID) -> HttpResponse:
    """The school confirms what the register says, or keeps its own."""
    now = clock.now()
    schools = school.School.objects.run_by(request.person, now)
    mine = Proposal.objects.filter(school__in=schools).select_related("person", "school")
    found = get_object_or_404(mine, pk=pk)
    if not is_strong(request):
        return stronger(request)
    accept = request.POST.get("accept") == "yes"
    try:
        comparing.decide(found, accept=accept, author=request.person, by=by(request), now=now)
    except comparing.DecidedError as problem:
        context, status = _page(request, found.school, problem=str(problem))
        return render(request, "pupils/comparisons.html", context, status=status)
    return redirect("pupils:comparisons", pk=found.school_id)
