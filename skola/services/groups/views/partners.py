"""Cooperation contracts, their evaluation, and who leads a group."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import Role, end_role
from skola.ground.people.http import holding
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.groups import queries, trainers, wording
from skola.services.groups.forms import CooperationForm, EvaluationForm, TrainerForm
from skola.services.groups.models import Cooperation
from skola.services.groups.views.sight import COORDINATOR, looked_after


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def partners(request: TenantRequest) -> HttpResponse:
    """The cooperation contracts, running ones on top; a coordinator records another one."""
    now = clock.now()
    form = CooperationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = trainers.record_cooperation(
            form.cleaned_data["person"], form.facts(), by=by(request), now=now
        )
        return redirect("groups:partner", pk=made.pk)
    found = Cooperation.objects.select_related("person").order_by("-ended_at", "partner")
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    today = queries.today(now)
    context = {
        "page": page,
        "rows": [(one, wording.partner_words(one, today)) for one in page],
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "groups/partners.html", context, status=status)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One contract: a coordinator evaluates the partner (kic-security-partners)."""
    now = clock.now()
    found = get_object_or_404(Cooperation.objects.select_related("person"), pk=pk)
    today = queries.today(now)
    form = EvaluationForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        trainers.evaluate(found, **form.cleaned_data, today=today, by=by(request), now=now)
        return redirect("groups:partner", pk=pk)
    context = {
        "partner": found,
        "state": wording.partner_words(found, today),
        "form": form,
        "clock": clock_of(found, now=now),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "groups/partner.html", context, status=status)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_POST
def end(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A contract ends before its last day, and the partner's access with it."""
    found = get_object_or_404(Cooperation.objects.select_related("person"), pk=pk)
    trainers.end_cooperation(found, by=by(request), now=clock.now())
    return redirect("groups:partner", pk=pk)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def trainers_of_run(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Who leads a group, and until when; a coordinator lets somebody in."""
    now = clock.now()
    run = get_object_or_404(looked_after(request).with_counts().select_related("programme"), pk=pk)
    form = TrainerForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            trainers.let_in(
                run,
                form.cleaned_data["person"],
                zone=queries.zone(now),
                by=by(request),
                now=now,
            )
        except trainers.UnfitError as problem:
            form.add_error("person", wording.unfit_words(problem.why))
            status = 409
        else:
            return redirect("groups:trainers", pk=pk)
    context = {
        "run": run,
        "state": wording.standing_words(run, queries.today(now)),
        "roles": [
            (one, one.ends_at is None or one.ends_at > now) for one in queries.trainers_of(run)
        ],
        "form": form,
    }
    return render(request, "groups/trainers.html", context, status=status)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_POST
def end_trainer(request: TenantRequest, pk: UUID, role: UUID) -> HttpResponse:
    """Somebody leads the group no more, from now on."""
    run = get_object_or_404(looked_after(request), pk=pk)
    now = clock.now()
    leading = queries.trainers_of(run).values("pk")
    held = get_object_or_404(Role.objects.held_at(now).filter(pk__in=leading), pk=role)
    end_role(held, by=by(request), now=now)
    return redirect("groups:trainers", pk=pk)
