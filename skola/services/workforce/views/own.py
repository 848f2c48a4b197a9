"""What an employee sees of their own training; and the companies, for staff."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding, signed_in
from skola.ground.tenants.http import TenantRequest
from skola.promises.policy.api import needs
from skola.promises.retention.api import clocks_of
from skola.services.workforce import queries
from skola.services.workforce.actions.organising import open_company
from skola.services.workforce.forms import CompanyForm
from skola.services.workforce.models import Company, Employment
from skola.services.workforce.wording import shown


@needs("workforce.briefings")
@signed_in
@require_safe
def mine(request: TenantRequest) -> HttpResponse:
    """What is required of the visitor, employer by employer, why and by when (ema-2.1.9)."""
    now = clock.now()
    today = queries.today(now)
    held = Employment.objects.filter(person=request.person, ended_on=None)
    employments = list(held.select_related("company", "person").order_by("company__name"))
    tasks = queries.assignments_of(employments)
    context = {
        "employments": employments,
        "tasks": [shown(one, today, explain=True) for one in tasks],
        "clocks": clocks_of(employments, now=now),
    }
    return render(request, "workforce/mine.html", context)


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
