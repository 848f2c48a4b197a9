"""The office of events: plan, publish, change, cancel, and see who comes."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.promises.rights.api import zone_of
from skola.services.events import actions, queries
from skola.services.events.forms import EventForm
from skola.services.events.models import Event
from skola.services.events.queries import CAPABILITY
from skola.services.events.views.public import link

OFFICE = ("administrator", "coordinator", "support")


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_safe
def listed(request: Any) -> HttpResponse:
    """All events, the latest on top."""
    now = clock.now()
    found = Event.objects.with_taken().order_by("-starts_at", "-pk")
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, queries.standing_of(one, now)) for one in page]
    return render(request, "events/office.html", {"page": page, "rows": rows})


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """Plan an event; nobody else sees it before it is published."""
    return _write(request, None)


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Any, pk: UUID) -> HttpResponse:
    """Change an event; who is registered is told of another time or place."""
    return _write(request, get_object_or_404(Event, pk=pk))


def _write(request: Any, event: Event | None) -> HttpResponse:
    now, sent, problem = clock.now(), request.method == "POST", ""
    with timezone.override(zone_of(now)):
        form = EventForm(request.POST if sent else None, event=event)
        if sent and form.is_valid():
            facts = form.facts()
            try:
                if event is None:
                    event = actions.plan_event(facts, by=by(request), now=now)
                else:
                    actions.change_event(event, facts, link=link(request), by=by(request), now=now)
            except actions.ClosedError as refused:
                problem = str(refused)
            else:
                return redirect("events:office-one", pk=event.pk)
        context = {"form": form, "event": event, "problem": problem}
        status = 409 if problem else 422 if sent else 200
        return render(request, "events/write.html", context, status=status)


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_safe
def one(request: Any, pk: UUID) -> HttpResponse:
    """An event, and who comes."""
    return _one(request, pk)


def _one(request: Any, pk: UUID, problem: str = "") -> HttpResponse:
    now = clock.now()
    event = get_object_or_404(Event, pk=pk)
    coming = event.registrations.standing().select_related("person").order_by("registered_at", "pk")
    context = {
        "event": event,
        "stands": queries.standing_of(event, now),
        "page": Paginator(coming, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "ahead": event.cancelled_at is None and now < event.ends_at,
        "problem": problem,
    }
    return render(request, "events/office_one.html", context, status=409 if problem else 200)


@needs(CAPABILITY)
@holding(*OFFICE)
@require_POST
def publish(request: Any, pk: UUID) -> HttpResponse:
    """Let everybody see the event, and register."""
    event = get_object_or_404(Event, pk=pk)
    try:
        actions.publish_event(event, by=by(request), now=clock.now())
    except actions.ClosedError as refused:
        return _one(request, pk, str(refused))
    return redirect("events:office-one", pk=pk)


@needs(CAPABILITY)
@holding(*OFFICE)
@require_POST
def cancel(request: Any, pk: UUID) -> HttpResponse:
    """Cancel the event; who is registered is told."""
    event = get_object_or_404(Event, pk=pk)
    try:
        actions.cancel_event(event, link=link(request), by=by(request), now=clock.now())
    except actions.ClosedError as refused:
        return _one(request, pk, str(refused))
    return redirect("events:office-one", pk=pk)
