"""The report of visits for staff, and what was looked at, for whoever looked."""

from typing import Any

from django.http import Http404, HttpResponse
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
from skola.services.visits import actions, outside, queries, wording
from skola.services.visits.forms import OutsideForm, ResultForm
from skola.services.visits.models import Outside, Tally
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
        "others": bool(outside.providers(now)),
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
@needs(CAPABILITY)
@holding(*READING)
@require_safe
def others(request: Any) -> HttpResponse:
    """Who else counts: what they are told, whether they are, and what came of advertisements."""
    return _others(request)


def _others(
    request: Any, wrong: tuple[str, OutsideForm] | None = None, result: ResultForm | None = None
) -> HttpResponse:
    now = clock.now()
    found = [
        (one, wrong[1] if wrong and wrong[0] == one.role else _form_of(one))
        for one in outside.providers(now)
    ]
    results = wording.ad_results()
    context = {
        "found": found,
        "results": list(results.values()),
        "ads": queries.advertised(list(results), now=now),
        "has_ads": any(one.role == Outside.Role.ADS for one, _form in found),
        "form": result or ResultForm(),
    }
    status = 422 if wrong or result else 200
    return render(request, "visits/others.html", context, status=status)


def _form_of(one: outside.Provider) -> OutsideForm:
    initial = {"role": one.role, "number": one.account, "is_on": one.is_on}
    return OutsideForm(initial=initial, auto_id=f"{one.role}_%s")


@needs(CAPABILITY)
@holding(*READING)
@require_POST
def settle(request: Any) -> HttpResponse:
    """A provider is told something from now on, or nothing any more."""
    now, role = clock.now(), request.POST.get("role", "")
    if role not in Outside.Role.values or outside.listed(in_force(now).policy, role) is None:
        raise Http404
    form = OutsideForm(request.POST, auto_id=f"{role}_%s")
    if not form.is_valid():
        return _others(request, wrong=(role, form))
    outside.settle(**form.cleaned_data, by=by(request), now=now)
    return redirect("visits:others")


@needs(CAPABILITY)
@holding(*READING)
@require_POST
def note_result(request: Any) -> HttpResponse:
    """What a network reports of a campaign is kept as numbers."""
    now = clock.now()
    if outside.listed(in_force(now).policy, Outside.Role.ADS) is None:
        raise Http404
    form = ResultForm(request.POST)
    if not form.is_valid():
        return _others(request, result=form)
    told = form.cleaned_data
    for result in ("shown", "clicked"):
        if told[result]:
            actions.tally(Tally.Kind.AD, told["campaign"], result, times=told[result], now=now)
    return redirect("visits:others")


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
