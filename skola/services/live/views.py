"""A live lesson: what is said while a group meets (kic-cookie-realtime)."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import signed_in
from skola.promises.policy.api import needs
from skola.services.groups.api import is_open
from skola.services.live import actions, queries
from skola.services.live.forms import LineForm


@never_cache
@needs(queries.CAPABILITY)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: Any, pk: UUID) -> HttpResponse:
    """The lines of a lesson, which the page asks for anew every few seconds, and a form."""
    now, sent = clock.now(), request.method == "POST"
    found = queries.lesson_of(request.person, pk, now=now)
    if found is None:
        raise Http404
    meeting, leads = found
    form = LineForm(request.POST if sent else None)
    problem = ""
    if sent and form.is_valid():
        words = form.cleaned_data["words"]
        try:
            actions.say(meeting, request.person, words, leads=leads, by=by(request), now=now)
            return redirect("live:lesson", pk=pk)
        except actions.NotNowError as refused:
            problem = str(refused)
    context = {
        "meeting": meeting,
        "run": meeting.run,
        "leads": leads,
        "is_open": is_open(meeting, now),
        "lines": queries.lines(meeting),
        "form": form,
        "problem": problem,
    }
    status = 409 if problem else 422 if sent else 200
    return render(request, "live/lesson.html", context, status=status)
