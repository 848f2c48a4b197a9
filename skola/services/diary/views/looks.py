"""Who looked: the pupil and the family see who opened their pages (ekool-2.2-monitor)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from skola.ground import clock
from skola.ground.people.api import Guardianship
from skola.ground.people.http import holding
from skola.promises.policy.api import needs
from skola.promises.retention.api import clocks_of
from skola.services.diary import hats, queries
from skola.services.diary.views import family
from skola.services.school import api as school

SINCE = timedelta(days=30)


@needs("diary.school")
@holding("school")
@require_safe
def readings(request: Any) -> HttpResponse:
    """Who opened how many pupils' pages a day, for the school to ask why (ekool-2.2-monitor)."""
    now = clock.now()
    schools = school.School.objects.run_by(request.person, now)
    found = queries.readings(schools, school.today_here(now) - SINCE)
    return render(request, "diary/readings.html", {"readings": found})


@require_safe
@hats.in_school
def looks(request: Any, pk: UUID) -> HttpResponse:
    """Who opened this pupil's pages, when, and until when that is kept."""
    now = clock.now()
    is_own = pk == request.person.pk
    if not is_own and queries.ward(request.person, pk, now) is None:
        raise Http404
    found = queries.looks_at(pk)
    links = Guardianship.objects.filter(child=pk, ends_at=None, verified_at__isnull=False)
    context = {
        "looks": found,
        "is_own": is_own,
        "of_age": is_own and family.is_of_age(request.person.birth_on, now),
        "guardians": links.select_related("guardian").order_by("starts_at") if is_own else (),
        "clocks": clocks_of(found, now=now),
    }
    return render(request, "diary/looks.html", context)
