"""What the officer decides in the evening: look at one, hold it, hold all, let go, believe."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.jobs import api as jobs
from skola.ground.people.http import holding
from skola.promises.policy.api import in_force
from skola.promises.retention.api import (
    Breaker,
    ClockDoubtError,
    Forecast,
    Hold,
    clock_of,
    confirm_clock,
    place_hold,
    release_hold,
    release_rule,
)
from skola.web.officer import queries, views
from skola.web.officer.forms import DaysForm, ReasonForm
from skola.web.officer.tabs import ALLOWED


@require_POST
@holding(*ALLOWED)
def look(request: Any, pk: UUID) -> HttpResponse:
    """Look at one of the records that go tonight: kind, days and reason. The look is recorded."""
    row = get_object_or_404(Forecast, pk=pk)
    return _sample(request, row, DaysForm())


def _sample(request: Any, row: Forecast, form: DaysForm, *, status: int = 200) -> HttpResponse:
    now = clock.now()
    policy = in_force(now).policy
    with transaction.atomic():
        record = queries.record_behind(row)
        if record is not None:
            audit.record(
                "retention.sample.opened",
                target=record,
                by=audit.by(request),
                at=now,
                detail={"rule": row.rule, "category": row.category},
            )
    return views.show(
        request,
        "sample",
        policy,
        status=status,
        row=row,
        rule=queries.rule_names(policy).get(row.rule, row.rule),
        kind=queries.category_names(policy).get(row.category, row.category),
        is_there=record is not None,
        clock=clock_of(record, now=now, category=row.category) if record is not None else None,
        form=form,
    )


@require_POST
@holding(*ALLOWED)
def hold_one(request: Any, pk: UUID) -> HttpResponse:
    """Hold the record that was looked at."""
    row = get_object_or_404(Forecast, pk=pk)
    form = DaysForm(request.POST)
    record = queries.record_behind(row)
    if record is None or not form.is_valid():
        return _sample(request, row, form, status=422)
    now = clock.now()
    place_hold(
        reason=form.cleaned_data["reason"],
        target=record,
        ends_at=now + timedelta(days=form.cleaned_data["days"]),
        by=audit.by(request),
        now=now,
    )
    return _foreseen_anew("web:officer:holds")


@require_POST
@holding(*ALLOWED)
def hold_kind(request: Any) -> HttpResponse:
    """Hold all of one kind of data, of everybody, for some days."""
    form = DaysForm(request.POST)
    now = clock.now()
    known, category = queries.category_names(in_force(now).policy), request.POST.get("category", "")
    if category not in known or not form.is_valid():
        return views.evening(request, wrong=category, form=form, status=422)
    place_hold(
        reason=form.cleaned_data["reason"],
        category=category,
        ends_at=now + timedelta(days=form.cleaned_data["days"]),
        by=audit.by(request),
        now=now,
    )
    return _foreseen_anew("web:officer:holds")


@require_POST
@holding(*ALLOWED)
def release(request: Any, pk: UUID) -> HttpResponse:
    """End a hold; what should have gone meanwhile goes with the next sweep."""
    hold = get_object_or_404(Hold, pk=pk, released_at=None)
    release_hold(hold, by=audit.by(request), now=clock.now())
    return _foreseen_anew("web:officer:holds")


@require_POST
@holding(*ALLOWED)
def let_go(request: Any, pk: UUID) -> HttpResponse:
    """Let a rule that the breaker stopped erase what is due; the sweep follows."""
    breaker = get_object_or_404(Breaker, pk=pk, released_at=None, ended_at=None)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return views.evening(request, wrong=breaker.rule, form=form, status=422)
    release_rule(
        breaker.rule, reason=form.cleaned_data["reason"], by=audit.by(request), now=clock.now()
    )
    jobs.enqueue("retention.sweep", key="every")
    return redirect("web:officer:tonight")


@require_POST
@holding(*ALLOWED)
def believe(request: Any) -> HttpResponse:
    """Say that the clock is right; the sweep goes on."""
    try:
        confirm_clock(clocks=clock.clocks(), by=audit.by(request), now=clock.now())
    except ClockDoubtError:
        return views.evening(request, status=409)
    jobs.enqueue("retention.sweep", key="every")
    return redirect("web:officer:tonight")


def _foreseen_anew(view: str) -> HttpResponse:
    jobs.enqueue("retention.foresee", key="foresee")
    return redirect(view)
