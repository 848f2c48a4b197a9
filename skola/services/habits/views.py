"""Own habits and opinions, and the register of complaints for the office."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding, signed_in
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs, purposes_for
from skola.services.habits import actions, queries
from skola.services.habits.forms import SCORES, AnswerForm, ComplaintForm, OpinionForm
from skola.services.habits.models import Complaint
from skola.services.habits.queries import CAPABILITY

OFFICE = ("administrator", "support", "officer")


@never_cache
@needs(CAPABILITY)
@signed_in
@require_safe
def mine(request: Any) -> HttpResponse:
    """What is counted of the visitor, what they said, and what they complained of (ekool-3.1.4)."""
    return _mine(request, OpinionForm(), ComplaintForm())


def _mine(
    request: Any, opinion: OpinionForm, complaint: ComplaintForm, status: int = 200
) -> HttpResponse:
    scores = {score: str(word) for score, word in SCORES}
    context = {
        "counts": queries.counts(request.person.pk, now=clock.now()),
        "purpose": min(purposes_for([CAPABILITY], now=clock.now())),
        "uses": queries.uses(request.person),
        "opinions": [
            (one, scores.get(one.score or 0, "")) for one in queries.opinions(request.person)
        ],
        "complaints": queries.complaints(request.person)[:ROWS_A_PAGE],
        "opinion": opinion,
        "complaint": complaint,
    }
    return render(request, "habits/mine.html", context, status=status)


@needs(CAPABILITY)
@signed_in
@require_POST
def say(request: Any) -> HttpResponse:
    """The visitor says what they wish of a service."""
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return _mine(request, form, ComplaintForm(), 422)
    actions.note_opinion(request.person, **form.cleaned_data, by=by(request), now=clock.now())
    return redirect("habits:mine")


@needs(CAPABILITY)
@signed_in
@require_POST
def complain(request: Any) -> HttpResponse:
    """The visitor is not content with a service."""
    form = ComplaintForm(request.POST)
    if not form.is_valid():
        return _mine(request, OpinionForm(), form, 422)
    actions.complain(request.person, **form.cleaned_data, by=by(request), now=clock.now())
    return redirect("habits:mine")


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_safe
def register(request: Any) -> HttpResponse:
    """The register of complaints; what waits for an answer is on top."""
    page = Paginator(queries.complaints(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "habits/register.html", {"page": page})


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Any, pk: UUID) -> HttpResponse:
    """One complaint, and its answer."""
    sent = request.method == "POST"
    found = get_object_or_404(Complaint.objects.select_related("person"), pk=pk)
    form = AnswerForm(request.POST if sent else None)
    problem = ""
    if sent and form.is_valid():
        try:
            actions.answer(found, form.cleaned_data["answer"], by=by(request), now=clock.now())
            return redirect("habits:one", pk=pk)
        except actions.AnsweredError as refused:
            problem = str(refused)
    context = {"one": found, "form": form, "problem": problem}
    status = 409 if problem else 422 if sent else 200
    return render(request, "habits/one.html", context, status=status)
