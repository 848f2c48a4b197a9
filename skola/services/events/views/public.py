"""Events that lie ahead, registering, and the page of one's registration."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import Person
from skola.promises.notices.collection import notice_for
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.campaigns.api import ask_to_confirm, news_on_offer
from skola.services.events import actions, queries
from skola.services.events.forms import RegisterForm
from skola.services.events.links import address_of, key_in
from skola.services.events.models import Event, Registration
from skola.services.events.queries import CAPABILITY
from skola.services.events.rules import Standing

FORM = "event"
"""The notice beside the form that the policy has for events."""
EVENT_FORM = "event-form"
"""How the policies call a consent that is given on a form of an event."""
NEXT = 100


def link(request: Any) -> actions.Link:
    """Return what gives the whole address of somebody's registration, for mails."""
    return lambda registration: str(request.build_absolute_uri(address_of(registration)))


@needs(CAPABILITY)
@require_safe
def listed(request: Any) -> HttpResponse:
    """The events that lie ahead, the next on top."""
    now = clock.now()
    found = Event.objects.published().ahead(now).with_taken().order_by("starts_at", "pk")[:NEXT]
    rows = [(one, queries.standing_of(one, now)) for one in found]
    return render(request, "events/listed.html", {"rows": rows})


@never_cache
@needs(CAPABILITY)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Any, pk: UUID) -> HttpResponse:
    """An event, and the form with which one registers (kic-source-campaigns)."""
    now = clock.now()
    event = get_object_or_404(Event.objects.published().with_taken(), pk=pk)
    sent = request.method == "POST"
    news = news_on_offer(now=now, source=EVENT_FORM)
    form = RegisterForm(request.POST if sent else None, known=bool(request.person), news=news)
    notice, problem = notice_for(FORM, now), ""
    if sent and form.is_valid():
        who: Person | actions.Guest = request.person or form.guest()
        language = translation.get_language() or "en"
        told = actions.Sent(notice.version, language)
        try:
            made = actions.register(event, who, told, by=by(request), now=now)
        except (actions.ClosedError, actions.TwiceError) as refused:
            problem = str(refused)
        else:
            actions.tell(made, event, "registered", link=link(request)(made), now=now)
            if form.cleaned_data.get("news"):
                address = form.cleaned_data["email"]
                ask_to_confirm(address, form.cleaned_data["news"], source=EVENT_FORM, now=now)
            return redirect(f"{address_of(made)}?sent=yes")
    context = {
        "event": event,
        "stands": queries.standing_of(event, now),
        "open": queries.standing_of(event, now) is Standing.OPEN,
        "form": form,
        "collection": notice,
        "problem": problem,
        "own": _own(request, event),
    }
    status = 409 if problem else 422 if sent else 200
    return render(request, "events/one.html", context, status=status)


def _own(request: Any, event: Event) -> str:
    """Return the address of the registration of who is signed in; empty without one."""
    if not request.person:
        return ""
    found = event.registrations.standing().filter(person=request.person).first()
    return address_of(found) if found else ""


def _registration(token: str) -> Registration:
    return get_object_or_404(
        Registration.objects.select_related("event", "person"), pk=key_in(token)
    )


@never_cache
@needs(CAPABILITY)
@require_safe
def mine(request: Any, token: str) -> HttpResponse:
    """A registration, for who sent it: what is kept, until when, and how to withdraw it."""
    return _mine(request, token)


def _mine(request: Any, token: str, problem: str = "") -> HttpResponse:
    now = clock.now()
    found = _registration(token)
    context = {
        "registration": found,
        "event": found.event,
        "stands": queries.standing_of(found.event, now),
        "can_withdraw": found.withdrawn_at is None
        and found.event.cancelled_at is None
        and now < found.event.starts_at,
        "clock": clock_of(found, now=now),
        "sent": request.GET.get("sent") == "yes",
        "token": token,
        "problem": problem,
    }
    return render(request, "events/mine.html", context, status=409 if problem else 200)


@needs(CAPABILITY)
@require_POST
def withdraw(request: Any, token: str) -> HttpResponse:
    """Somebody does not come after all."""
    try:
        actions.withdraw(_registration(token), by=by(request), now=clock.now())
    except actions.ClosedError as refused:
        return _mine(request, token, str(refused))
    return redirect("events:mine", token=token)
