"""Requests of participants that come to the operator, and what clients ask of it."""

from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.tenants.api import inside
from skola.promises.policy.api import in_force, needs
from skola.promises.rights.api import Asked, Asker
from skola.services.academies import queries
from skola.services.academies.actions import helping
from skola.services.academies.forms import AssistForm, ParticipantForm, PlanForm
from skola.services.academies.models import Academy, Assist

STAFF = ("support", "administrator")
SENDING = {"participant": "10/h/ip"}
"""How often one address hands something over: each sends a mail."""


@needs("academy.client")
@require_http_methods(["GET", "HEAD", "POST"])
def participant(request: Any) -> HttpResponse:
    """A participant asks here; the request goes to the client, who is the controller."""
    form = ParticipantForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and form.found is not None:
            if ratelimit.consume(request, app="academies", action="participant", config=SENDING):
                return _handed(request, form, form.found)
            form.add_error(None, _("Too many requests came from here. Try again in an hour."))
            status = 429
    return render(request, "academies/participant.html", {"form": form}, status=status)


def _handed(request: Any, form: ParticipantForm, academy: Academy) -> HttpResponse:
    now = clock.now()
    told = form.cleaned_data
    asked = Asked(
        told["kind"],
        "link",
        "email",
        words=told["words"],
        language=translation.get_language() or "en",
    )
    asker = Asker(told["given_name"], told["family_name"], told["email"])
    helping.hand_over(academy, asked, asker, by=by(request), now=now)
    with inside(academy.client):
        controller = in_force(now).policy.controller
    context = {"academy": academy, "controller": controller}
    return render(request, "academies/handed.html", context)


@needs("academy.own")
@holding("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Any) -> HttpResponse:
    """The client asks its operator for what it cannot do itself; and how that stands."""
    now = clock.now()
    form = AssistForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        helping.ask_operator(form.cleaned_data["words"], by=by(request), now=now)
        return redirect("academies:assist")
    with inside(request.tenant.operator_id):
        operator = in_force(now).policy.controller.name
        academy = Academy.objects.filter(client=request.tenant.pk)
        found = list(Assist.objects.filter(academy__in=academy).order_by("-asked_at")[:100])
    context = {"form": form, "operator": operator, "assists": found}
    return render(request, "academies/assist.html", context, status=422 if form.is_bound else 200)


@needs("academy.client")
@holding(*STAFF)
@require_safe
def assists(request: Any) -> HttpResponse:
    """What clients asked for, with how much of the term is left; and how requests stand."""
    return _assists(request)


def _assists(request: Any, *, problem: str = "", status: int = 200) -> HttpResponse:
    now = clock.now()
    rows = [(one, one.is_overdue(now), PlanForm(auto_id=f"{one.pk}_%s")) for one in _latest()]
    context = {"rows": rows, "handed": queries.handed(now), "problem": problem}
    return render(request, "academies/assists.html", context, status=status)


def _latest() -> list[Assist]:
    return list(queries.assists()[:100])


@needs("academy.client")
@holding(*STAFF)
@require_POST
def acknowledge(request: Any, pk: UUID) -> HttpResponse:
    """Staff confirm a ticket, and say what will be done."""
    found = get_object_or_404(Assist, pk=pk)
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _assists(request, problem=_("Write what will be done, and when."), status=422)
    try:
        helping.acknowledge(found, form.cleaned_data["plan"], by=by(request), now=clock.now())
    except helping.StepError as refused:
        return _assists(request, problem=str(refused), status=409)
    return redirect("academies:assists")


@needs("academy.client")
@holding(*STAFF)
@require_POST
def finish(request: Any, pk: UUID) -> HttpResponse:
    """Staff have done it."""
    found = get_object_or_404(Assist, pk=pk)
    try:
        helping.finish(found, by=by(request), now=clock.now())
    except helping.StepError as refused:
        return _assists(request, problem=str(refused), status=409)
    return redirect("academies:assists")
