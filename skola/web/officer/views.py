"""Pages of the officer's place."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.jobs import api as jobs
from skola.ground.people.http import holding
from skola.promises.policy.api import Policy, in_force
from skola.promises.retention.api import clock_doubt, place_hold, stopped
from skola.web.officer import keeping, queries
from skola.web.officer.forms import DaysForm, HoldForm, KeptForm, ReasonForm
from skola.web.officer.tabs import ALLOWED

ENDED = 20
"""Holds that ended, on the page of holds."""


def show(
    request: Any, template: str, policy: Policy, /, *, status: int = 200, **context: object
) -> HttpResponse:
    """Answer with a page of the officer's place; its moments are told in the tenant's zone."""
    with timezone.override(ZoneInfo(policy.policy.timezone)):
        return render(request, f"web/officer/{template}.html", context, status=status)


@require_GET
@holding(*ALLOWED)
def tonight(request: Any) -> HttpResponse:
    """What goes until tomorrow's first hours, by rule, and what needs a decision first."""
    return evening(request)


def evening(
    request: Any, *, wrong: str = "", form: DaysForm | ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    """Show tonight; ``wrong`` names the rule or kind whose form needs another look."""
    now = clock.now()
    policy = in_force(now + timedelta(days=1)).policy
    open_ = stopped()
    night = queries.night_of(policy, open_, now)
    shown = {one.rule for one in night.going}
    return show(
        request,
        "tonight",
        policy,
        status=status,
        night=night,
        kept=queries.kept_of(policy, now),
        others=[one for one in open_ if one.rule not in shown],
        names=queries.rule_names(policy),
        doubt=clock_doubt(),
        doubts=DOUBTS,
        wrong=wrong,
        form=form,
        days=DaysForm(),
        reason=ReasonForm(),
        is_held=bool(open_),
    )


DOUBTS = {
    "apart": gettext_lazy(
        "This machine's clock says %(host)s, and the database's says %(database)s. Whoever runs the"
        " service has to set them right; the sweep then goes on by itself."
    ),
    "back": gettext_lazy(
        "It is said to be %(now)s, but %(recorded)s is on record already. If the clock was wrong"
        " before and is right now, confirm the time."
    ),
    "stepped": gettext_lazy(
        "The clock was moved from %(last)s to %(host)s, and that much time has not passed. If it"
        " is right now, confirm the time."
    ),
    "ahead": gettext_lazy(
        "The last sweep was at %(recorded)s, and it is said to be %(now)s now. If the service was"
        " simply switched off, confirm the time; the sweep then catches up."
    ),
}


@require_GET
@holding(*ALLOWED)
def morning(request: Any) -> HttpResponse:
    """What went since yesterday evening, under which clause, and the proof that nothing is left."""
    now = clock.now()
    policy = in_force(now).policy
    return show(
        request,
        "morning",
        policy,
        morning=queries.morning_of(policy, now),
        controller=policy.controller.name,
        now=now,
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
        jobs.enqueue("retention.foresee", key="foresee")
        return redirect("web:officer:holds")
    return show(
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


@require_GET
@holding(*ALLOWED)
def kept(request: Any) -> HttpResponse:
    """Why somebody's records are kept: what stands for each now, and until when (ilearn-20.a)."""
    now = clock.now()
    policy = in_force(now).policy
    asked = "who" in request.GET
    form = KeptForm(request.GET if asked else None, kinds=keeping.kinds_of_record())
    found = None
    if asked and form.is_valid():
        told = form.cleaned_data
        found = keeping.kept_of(told["who"], told["kind"], policy, now=now)
    return show(
        request,
        "kept",
        policy,
        status=422 if asked and found is None else 200,
        form=form,
        found=found,
    )
