"""What an employee sees of their own training; and the companies, for staff."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding, signed_in
from skola.ground.tenants.http import TenantRequest
from skola.promises.policy.api import needs
from skola.promises.retention.api import clocks_of
from skola.promises.rights.api import unless_stopped
from skola.services.workforce import queries
from skola.services.workforce.actions import assigning
from skola.services.workforce.actions.organising import open_company
from skola.services.workforce.forms import CompanyForm
from skola.services.workforce.models import Assignment, Company, Training
from skola.services.workforce.sight import own_employments
from skola.services.workforce.wording import shown


@needs("workforce.briefings")
@signed_in
@unless_stopped("workforce.briefings")
@require_safe
def mine(request: TenantRequest) -> HttpResponse:
    """What is required of the visitor, employer by employer, why and by when (ema-2.1.9)."""
    return _mine(request)


def _mine(request: TenantRequest, problem: str = "") -> HttpResponse:
    now = clock.now()
    today = queries.today(now)
    employments = own_employments(request)
    tasks = list(queries.assignments_of(employments))
    far = queries.progress(tasks)
    context = {
        "employments": employments,
        "tasks": [shown(one, today, under_way=far.get(one.pk), explain=True) for one in tasks],
        "problem": problem,
        "clocks": clocks_of(employments, now=now),
    }
    return render(request, "workforce/mine.html", context, status=409 if problem else 200)


@needs("workforce.briefings")
@signed_in
@require_safe
def data(request: TenantRequest) -> HttpResponse:
    """What is held of the visitor for their employer, and who gave each of it (ema-2.2)."""
    assert request.person is not None
    return render(request, "workforce/data.html", {"given": queries.given(request.person)})


@needs("workforce.briefings")
@signed_in
@unless_stopped("workforce.briefings")
@require_POST
def take_course(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Somebody begins the course that is required of them, or goes on with it."""
    own = Assignment.objects.open().filter(employment__person=request.person)
    own = own.filter(employment__ended_on=None, training__kind=Training.Kind.COURSE)
    task = get_object_or_404(own.select_related("training__course", "employment__person"), pk=pk)
    try:
        assigning.take_course(task, by=by(request), now=clock.now())
    except assigning.NoSeatError:
        return _mine(request, _("This course is taken with a seat. Ask your employer for one."))
    except assigning.NotRequiredError:
        return _mine(request, _("This course is gone. Ask your employer what to do instead."))
    return redirect("courses:go_on", slug=task.training.course.slug)  # type: ignore[union-attr]


@needs("workforce.briefings")
@holding("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def companies(request: TenantRequest) -> HttpResponse:
    """Staff enter a client company and name its first training manager."""
    now = clock.now()
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        open_company(
            name=form.cleaned_data["name"],
            number=form.cleaned_data["number"],
            manager=form.manager,
            today=queries.today(now),
            by=by(request),
            now=now,
        )
        return redirect("workforce:companies")
    context = {"companies": Company.objects.all()[:500], "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "workforce/companies.html", context, status=status)
