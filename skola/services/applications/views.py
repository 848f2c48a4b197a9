"""What a person may apply for, and the office's list of it."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding, signed_in
from skola.promises.decisions.api import may_decide
from skola.promises.policy.api import needs
from skola.services.applications import actions
from skola.services.applications.forms import ApplyForm, PlanForm
from skola.services.applications.models import Plan, PlanApplication

CAPABILITY = "decisions.applications"
STAFF = ("finance", "administrator")
SHOWN = 200


@never_cache
@needs(CAPABILITY)
@signed_in
@require_safe
def plans(request: Any) -> HttpResponse:
    """What can be applied for, and what the person applied for."""
    mine = PlanApplication.objects.of(request.person).select_related("plan").order_by("-applied_at")
    context = {"plans": Plan.objects.filter(closed_at=None)[:SHOWN], "mine": mine[:SHOWN]}
    return render(request, "applications/plans.html", context)


@never_cache
@needs(CAPABILITY)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: Any, pk: UUID) -> HttpResponse:
    """Somebody applies, and says whether the software may decide (ilearn-14)."""
    plan = get_object_or_404(Plan.objects.select_related("course"), pk=pk)
    wording = _("I agree that the software alone decides on this application, at once.")
    by_software = may_decide(request.person.pk, actions.POINT)
    form = ApplyForm(
        request.POST if request.method == "POST" else None, wording=wording, by_software=by_software
    )
    problem = ""
    if request.method == "POST" and form.is_valid():
        consent = form.consented_to()
        try:
            made = actions.apply(
                plan, request.person, consent=consent, by=by(request), now=clock.now()
            )
        except actions.ClosedError as refused:
            problem = str(refused)
        else:
            return redirect("decisions:one", pk=made.pk)
    context = {"plan": plan, "form": form, "by_software": by_software, "problem": problem}
    status = 409 if problem else 422 if form.errors else 200
    return render(request, "applications/apply.html", context, status=status)


@never_cache
@needs(CAPABILITY)
@holding(*STAFF)
@require_safe
def office(request: Any) -> HttpResponse:
    """What people may apply for, and how many wait."""
    waiting = Count("applications", filter=Q(applications__state="waiting"))
    found = Plan.objects.annotate(count=Count("applications"), waiting=waiting)
    context = {"plans": found.order_by("closed_at", "title")[:SHOWN]}
    return render(request, "applications/office.html", context)


@never_cache
@needs(CAPABILITY)
@holding(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """The office offers something to apply for."""
    form = PlanForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.make_plan(**form.told(), by=by(request), now=clock.now())
        return redirect("applications:office")
    status = 422 if form.errors else 200
    return render(request, "applications/new.html", {"form": form}, status=status)


@needs(CAPABILITY)
@holding(*STAFF)
@require_POST
def close(request: Any, pk: UUID) -> HttpResponse:
    """The office takes no more applications for something."""
    actions.close_plan(get_object_or_404(Plan, pk=pk), by=by(request), now=clock.now())
    return redirect("applications:office")
