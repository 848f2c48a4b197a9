"""A child's lessons in one's own calendar: a secret address for each person and child."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.diary import actions, calendar, hats
from skola.services.diary.models import CalendarLink


@require_http_methods(["GET", "HEAD", "POST"])
@hats.in_school
def one_calendar(request: Any, pk: UUID) -> HttpResponse:
    """The address of a child's calendar; it is shown once, when it is made."""
    now = clock.now()
    place = hats.seen(request, pk, now, "see")
    address, is_open = "", calendar.is_open(request.person, place, now)
    if request.method == "POST":
        if not is_open:
            raise Http404
        secret = actions.open_calendar(request.person, pk, by=by(request), now=now)
        address = request.build_absolute_uri(reverse("diary:feed", args=[secret]))
    found = CalendarLink.objects.working().filter(reader=request.person, child=pk).first()
    context = {
        "place": place,
        "address": address,
        "is_open": is_open,
        "link": found,
        "clock": clock_of(found, now=now) if found else None,
    }
    return render(request, "diary/calendar.html", context)


@require_POST
@hats.in_school
def revoke(request: Any, pk: UUID) -> HttpResponse:
    """The address works no longer."""
    mine = CalendarLink.objects.working().filter(reader=request.person)
    found = get_object_or_404(mine, pk=pk)
    child = found.child_id
    actions.revoke_calendar(found, by=by(request), now=clock.now())
    return redirect("diary:calendar", pk=child)


@never_cache
@require_safe
@needs("diary.school")
def feed(request: Any, secret: str) -> HttpResponse:
    """What a calendar program fetches. Whoever has the address reads it, so it says little."""
    now = clock.now()
    found = CalendarLink.objects.working().filter(secret=actions.secret_hash(secret))
    link = found.select_related("reader__account").first()
    place = calendar.place_of(link, now) if link is not None else None
    if place is None:
        raise Http404
    body = calendar.calendar_of(place.pupil, request.get_host(), now)
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="lessons.ics"'
    answer["X-Robots-Tag"] = "noindex"
    return answer
