"""The chats of the staff: who waits, one chat, and the hours in which somebody answers."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding, kinds
from skola.ground.ui.api import render_block
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.chat import actions, queries
from skola.services.chat.door import STAFF
from skola.services.chat.forms import DayForm, EndingForm, WordsForm
from skola.services.chat.models import Chat, Hours
from skola.services.chat.queries import CAPABILITY


@never_cache
@needs(CAPABILITY)
@holding(*STAFF)
@require_safe
def waiting(request: Any) -> HttpResponse:
    """Who waits, longest first; then the chats that somebody has."""
    now = clock.now()
    live = list(Chat.objects.live().with_turn().order_by("begun_at")[:100])
    me = request.person.pk
    context = {
        "waiting": [one for one in live if one.agent_id is None],
        "mine": [one for one in live if one.agent_id == me],
        "others": [one for one in live if one.agent_id not in (None, me)],
        "office": queries.office(now),
        "now": now,
    }
    return render(request, "chat/waiting.html", context)


@never_cache
@needs(CAPABILITY)
@holding(*STAFF)
@require_safe
def one(request: Any, pk: UUID) -> HttpResponse:
    """One chat with what was said, as it goes on."""
    return _page(request, _found(pk))


def _found(pk: UUID) -> Chat:
    return get_object_or_404(Chat.objects.with_turn(), pk=pk)


def _page(request: Any, found: Chat, form: WordsForm | None = None) -> HttpResponse:
    said = queries.said_in(found)
    mark = f"{len(said)}-{found.agent_id or ''}-{found.ended_at or ''}"
    if request.htmx and request.method == "GET" and request.GET.get("mark") == mark:
        return HttpResponse(status=204)
    if request.htmx and found.ended_at is not None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {
        "chat": found,
        "enquiry": found.enquiry,
        "said": said,
        "mark": mark,
        "form": form or WordsForm(),
        "ending": EndingForm(),
        "clock": clock_of(found.enquiry, now=clock.now()),
        "mine": found.agent_id == request.person.pk,
    }
    if request.htmx:
        return HttpResponse(render_block("chat/one.html", "talk", context, request))
    return render(request, "chat/one.html", context, status=422 if form else 200)


@needs(CAPABILITY)
@holding(*STAFF)
@require_POST
def answer(request: Any, pk: UUID) -> HttpResponse:
    """Somebody of the staff says something, and has the chat from then on."""
    found, form = _found(pk), WordsForm(request.POST)
    if form.is_valid():
        try:
            actions.answer(
                found,
                body=form.cleaned_data["body"],
                agent=request.person,
                by=by(request),
                now=clock.now(),
            )
        except actions.EndedError:
            return HttpResponse(headers={"HX-Refresh": "true"}) if request.htmx else _to(pk)
        return _page(request, _found(pk)) if request.htmx else _to(pk)
    return _page(request, found, None if request.htmx else form)


def _to(pk: UUID) -> HttpResponse:
    return redirect("chat:one", pk=pk)


@needs(CAPABILITY)
@holding(*STAFF)
@require_POST
def join(request: Any, pk: UUID) -> HttpResponse:
    """Somebody of the staff takes the chat."""
    found = _found(pk)
    if found.ended_at is None:
        actions.join(found, agent=request.person, by=by(request), now=clock.now())
    return _to(pk)


@needs(CAPABILITY)
@holding(*STAFF)
@require_POST
def end(request: Any, pk: UUID) -> HttpResponse:
    """Somebody of the staff ends the chat, and says whether the enquiry is done."""
    found, form = _found(pk), EndingForm(request.POST)
    if form.is_valid():
        done = form.cleaned_data["outcome"] == EndingForm.DONE
        actions.end(found, Chat.Ending.AGENT, done=done, by=by(request), now=clock.now())
    return _to(pk)


@needs(CAPABILITY)
@holding(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: Any) -> HttpResponse:
    """Administrators say when somebody answers; the others of the staff read it."""
    may_set = "administrator" in kinds(request)
    sent = request.method == "POST" and may_set
    set_now = {one.weekday: one for one in Hours.objects.all()}
    days = [
        DayForm(
            request.POST if sent else None,
            weekday=weekday,
            initial={"opens": kept.opens, "closes": kept.closes}
            if (kept := set_now.get(weekday))
            else {},
        )
        for weekday in Hours.Day.values
    ]
    if sent and not any(day.errors for day in days):
        found = [span for day in days if (span := day.span())]
        actions.set_hours(found, by=by(request), now=clock.now())
        return redirect("chat:waiting")
    context = {"days": days, "may_set": may_set, "set_now": set_now}
    return render(request, "chat/hours.html", context, status=422 if sent else 200)
