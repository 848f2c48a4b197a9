"""Hand-overs between schools, from both sides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.promises.policy.api import needs
from skola.services.pupils import moving
from skola.services.pupils.forms import HandOverForm, TakeOverForm
from skola.services.pupils.models import HandOver
from skola.services.pupils.views.office import pupil_of
from skola.services.school import api as school


@needs("diary.school")
@holding("school")
@require_POST
def hand_over(request: Any, pk: UUID) -> HttpResponse:
    """The old school hands a pupil over; from now on it has the archive only."""
    now = clock.now()
    found = pupil_of(request, pk, now)
    if found.left_on is not None and found.left_on < school.today_here(now):
        raise Http404
    form = HandOverForm(request.POST, but=found.school_class.year.school_id)
    if not form.is_valid():
        return redirect("pupils:pupil", pk=pk)
    made = moving.hand_over(found, form.cleaned_data["to_school"], by=by(request), now=now)
    return redirect("pupils:hand-over", pk=made.pk)


def _mine(request: Any, now: datetime) -> QuerySet[HandOver]:
    schools = school.School.objects.run_by(request.person, now)
    found = HandOver.objects.filter(Q(to_school__in=schools) | Q(from_school__in=schools))
    return found.select_related("person", "from_school", "to_school")


@needs("diary.school")
@holding("school")
@require_safe
def listed(request: Any) -> HttpResponse:
    """Pupils who were handed over, from and to the schools one administers."""
    shown = list(_mine(request, clock.now()).order_by("-handed_at")[:100])
    return render(request, "pupils/hand_overs.html", {"shown": shown})


@needs("diary.school")
@holding("school")
@require_safe
def one(request: Any, pk: UUID) -> HttpResponse:
    """One hand-over with its record; the new school takes the pupil into a class."""
    now = clock.now()
    return _page(request, get_object_or_404(_mine(request, now), pk=pk), now)


def _page(
    request: Any, found: HandOver, now: datetime, form: TakeOverForm | None = None
) -> HttpResponse:
    schools = school.School.objects.run_by(request.person, now)
    takes = found.taken_at is None and schools.filter(pk=found.to_school_id).exists()
    today = school.today_here(now)
    context = {
        "handed": found,
        "form": (form or TakeOverForm(where=found.to_school, on=today)) if takes else None,
    }
    return render(request, "pupils/hand_over.html", context, status=422 if form else 200)


@needs("diary.school")
@holding("school")
@require_POST
def take_over(request: Any, pk: UUID) -> HttpResponse:
    """The new school takes the pupil into one of its classes."""
    now = clock.now()
    schools = school.School.objects.run_by(request.person, now)
    found = get_object_or_404(_mine(request, now).filter(to_school__in=schools), pk=pk)
    form = TakeOverForm(request.POST, where=found.to_school, on=school.today_here(now))
    if not form.is_valid():
        return _page(request, found, now, form)
    try:
        moving.take_over(found, form.cleaned_data["school_class"], by=by(request), now=now)
    except (moving.TakenError, school.TwiceError):
        return redirect("pupils:hand-over", pk=pk)
    return redirect("pupils:hand-over", pk=pk)
