"""Opening contact data in an emergency, for staff; reviewing it, for officers."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.ground.people.http import holding
from skola.promises.emergency import actions, rules
from skola.promises.emergency.forms import OpenForm, ReviewForm
from skola.promises.emergency.models import Emergency
from skola.promises.policy.api import needs

CAPABILITY = "access.emergency"
STAFF = ("support", "coordinator", "administrator", "officer")
REVIEWERS = ("officer", "administrator")
SHOWN = 200


@never_cache
@needs(CAPABILITY)
@holding(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def open_(request: Any) -> HttpResponse:
    """Say whom to reach, and why; without a reason nothing opens."""
    form = OpenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = actions.break_glass(
            form.person, form.cleaned_data["reason"], by=audit.by(request), now=clock.now()
        )
        return redirect("emergency:one", pk=made.pk)
    context = {"form": form, "minutes": int(rules.OPEN_FOR.total_seconds() // 60)}
    status = 422 if form.errors else 200
    return render(request, "emergency/open.html", context, status=status)


@never_cache
@needs(CAPABILITY)
@holding(*STAFF)
@require_safe
def one(request: Any, pk: UUID) -> HttpResponse:
    """Names and contact data, for who opened them and a quarter of an hour."""
    mine = Emergency.objects.select_related("person").filter(opened_by=audit.by(request))
    found = get_object_or_404(mine, pk=pk)
    if not rules.is_open(found.opened_at, clock.now()):
        return render(request, "emergency/over.html", status=410)
    near = Person.objects.filter(wards__child=found.person_id, wards__ends_at=None).distinct()
    context = {
        "emergency": found,
        "near": near[:10],
        "ends_at": found.opened_at + rules.OPEN_FOR,
    }
    return render(request, "emergency/one.html", context)


@never_cache
@needs(CAPABILITY)
@holding(*REVIEWERS)
@require_safe
def listed(request: Any) -> HttpResponse:
    """Every use, those that wait for a review on top."""
    found = Emergency.objects.select_related("person").order_by("-opened_at")[:SHOWN]
    rows = sorted(found, key=lambda one: one.reviewed_at is not None)
    return render(request, "emergency/all.html", {"rows": rows})


@never_cache
@needs(CAPABILITY)
@holding(*REVIEWERS)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Any, pk: UUID) -> HttpResponse:
    """An officer says whether it was right; nobody reviews their own."""
    me = audit.by(request)
    others = Emergency.objects.select_related("person").exclude(opened_by=me)
    found = get_object_or_404(others, pk=pk)
    form, problem = ReviewForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.review(found, **form.cleaned_data, by=me, now=clock.now())
        except actions.ReviewedError as refused:
            problem = str(refused)
        else:
            return redirect("emergency:all")
    known = audit.person_behind(found.opened_by)
    who = Person.objects.filter(pk=known).first() if known else None
    context = {"emergency": found, "who": who, "form": form, "problem": problem}
    status = 409 if problem else 422 if form.errors else 200
    return render(request, "emergency/review.html", context, status=status)
