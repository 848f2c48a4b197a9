"""Pages of the officer's place."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.http import holding
from skola.promises.policy.api import Policy, in_force
from skola.promises.retention.api import Hold, place_hold, release_hold, sweep
from skola.web.officer import queries
from skola.web.officer.forms import HoldForm
from skola.web.officer.tabs import ALLOWED

ENDED = 20
"""Holds that ended, on the page of holds."""


def _show(
    request: Any, template: str, policy: Policy, /, *, status: int = 200, **context: object
) -> HttpResponse:
    """Answer with a page of the officer's place; its moments are told in the tenant's zone."""
    with timezone.override(ZoneInfo(policy.policy.timezone)):
        return render(request, f"web/officer/{template}.html", context, status=status)


@require_GET
@holding(*ALLOWED)
def tonight(request: Any) -> HttpResponse:
    """What goes until tomorrow morning, by rule."""
    now = clock.now()
    zone = ZoneInfo(in_force(now).policy.policy.timezone)
    morning = queries.morning_after(now, zone)
    policy = in_force(morning).policy
    report = sweep(now=morning, dry_run=True)
    return _show(
        request,
        "tonight",
        policy,
        going=queries.going(report, policy),
        total=report.erased,
        morning=morning,
    )


@require_http_methods(["GET", "POST"])
@holding(*ALLOWED)
def holds(request: Any) -> HttpResponse:
    """What is held back, why, by whom, until when; and the form that holds more."""
    now = clock.now()
    policy = in_force(now).policy
    categories = sorted(queries.category_names(policy).items(), key=lambda pair: pair[1])
    sent = request.method == "POST"
    form = HoldForm(request.POST if sent else None, categories=categories)
    if sent and form.is_valid():
        told = form.cleaned_data
        place_hold(
            reason=told["reason"],
            person_id=told["email"].pk,
            category=told["category"],
            ends_at=told["ends_on"],
            by=audit.by(request),
            now=now,
        )
        return redirect("web:officer:holds")
    return _show(
        request,
        "holds",
        policy,
        status=422 if sent else 200,
        form=form,
        running=queries.running_holds(now),
        ended=queries.ended_holds(now, limit=ENDED),
        names=dict(categories),
        mine=audit.by(request),
    )


@require_POST
@holding(*ALLOWED)
def release(request: Any, pk: UUID) -> HttpResponse:
    """End a hold; what should have gone meanwhile goes with the next sweep."""
    hold = get_object_or_404(Hold, pk=pk, released_at=None)
    release_hold(hold, by=audit.by(request), now=clock.now())
    return redirect("web:officer:holds")
