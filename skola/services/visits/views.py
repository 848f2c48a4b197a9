"""The report of visits for staff, and what was looked at, for whoever looked."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.promises.policy.api import has, in_force, needs
from skola.promises.rights.api import in_language
from skola.services.visits import actions, queries, wording
from skola.services.visits.models import Tally
from skola.services.visits.queries import CAPABILITY, FAULTS, INTERESTS, TAGS

READING = ("administrator", "officer")


@never_cache
@needs(CAPABILITY)
@require_safe
@holding(*READING)
def report(request: Any) -> HttpResponse:
    """Visits of the last four weeks by page, browser, region; small numbers are left out."""
    now = clock.now()
    policy = in_force(now).policy
    fields = queries.reported(policy)
    chosen = request.GET.get("by", "")
    chosen = chosen if chosen in fields else fields[0]
    here = reverse("visits:report")
    found, shown = queries.measured(policy), queries.report(chosen, now=now)
    weeks = [(one, "number") for one in (*shown.columns, _("Together"))] if shown else []
    context = {
        "tabs": [(wording.field(one), f"{here}?by={one}", one == chosen) for one in fields],
        "field": wording.field(chosen),
        "shown": shown,
        "faults": has(FAULTS, now=now),
        "counts_tags": has(TAGS, now=now),
        "columns": [wording.field(chosen), *weeks],
        "of_nobody": found is not None and found.of_nobody,
    }
    return render(request, "visits/report.html", context)


@never_cache
@needs(FAULTS)
@require_safe
@holding(*READING)
def faults(request: Any) -> HttpResponse:
    """What broke, where and how often; nothing of what was entered (ilearn-8.m)."""
    return render(request, "visits/faults.html", {"faults": queries.faults()})


@never_cache
@needs(TAGS)
@require_safe
@holding(*READING)
def tags(request: Any) -> HttpResponse:
    """How often tags are used, and what learners think of courses: numbers alone."""
    now = clock.now()
    context = {
        "tags": queries.tallied(Tally.Kind.TAG, now=now),
        "feedback": queries.thought(wording.answers(), now=now),
    }
    return render(request, "visits/tags.html", context)


@never_cache
@needs(INTERESTS)
@require_safe
def interests(request: Any) -> HttpResponse:
    """What this visitor looked at, as far as it is kept, and that it decides what stands first."""
    now = clock.now()
    purpose = queries.interests_purpose(in_force(now).policy)
    context = {
        "follows": queries.may_follow(request, now=now),
        "looked": queries.looked_at(request, now=now),
        "purpose": in_language(purpose.name) if purpose else "",
    }
    return render(request, "visits/interests.html", context)


@needs(INTERESTS)
@require_POST
def forget(request: Any) -> HttpResponse:
    """The visitor lets go what they looked at; they may go on agreeing."""
    now = clock.now()
    if request.person:
        actions.forget_interests(request.person.pk, by=by(request), now=now)
    elif device := queries.device_of(request):
        actions.forget_device(device, by="visitor", now=now)
    return redirect("visits:interests")
