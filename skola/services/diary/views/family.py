"""What pupils and parents come for: today, homework, marks, and a note in three taps (5.2, 5.3)."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import Guardianship, allow_guardian
from skola.promises.policy.api import in_force
from skola.promises.retention.api import clock_of, clocks_of
from skola.services.diary import actions, hats, queries, rules
from skola.services.diary.forms import NoteForm
from skola.services.diary.models import Lesson, Look
from skola.services.school import api as school


@require_safe
@hats.in_school
def mine(request: Any) -> HttpResponse:
    """A pupil's page: today and what changed, homework, tests, new marks; nobody else's."""
    now = clock.now()
    today = school.today_here(now)
    places = hats.own(request, now)
    if not places:
        raise Http404
    person = frozenset({request.person.pk})
    context = {
        "today": today,
        "now_at": now.astimezone(school.zone(now)).time(),
        "shown": queries.days_ahead(places, today, now, tests=True, marks_of=person, ticks=True),
        "of_age": is_of_age(request.person.birth_on, now),
        "clock": clock_of(places[0], now=now),
        "tabs": hats.tabs(request, now),
    }
    return render(request, "diary/mine.html", context)


def is_of_age(birth_on: date | None, now: datetime) -> bool:
    """Whether somebody decides by themselves who sees their diary, as the policy says."""
    until = in_force(now).policy.minors.guardians_until
    if birth_on is None or until is None:
        return False
    return school.today_here(now) >= rules.birthday(birth_on, until)


@require_POST
@hats.in_school
def tick(request: Any, pk: UUID) -> HttpResponse:
    """A pupil ticks homework off; the tick is nobody else's business."""
    now = clock.now()
    classes = {place.school_class_id: place for place in hats.own(request, now)}
    lesson = get_object_or_404(
        Lesson.objects.filter(slot__group__school_class__in=classes).select_related("slot__group"),
        pk=pk,
    )
    place = classes[lesson.slot.group.school_class_id]
    done = request.POST.get("done") == "yes"
    actions.tick_homework(place, lesson, is_done=done, by=by(request), now=now)
    if request.htmx:
        context = {"one": lesson, "is_done": done}
        return render(request, "diary/tick.html", context)
    return redirect("diary:mine")


@require_POST
@hats.in_school
def guardian(request: Any, pk: UUID) -> HttpResponse:
    """Somebody of age lets a guardian go on seeing their diary, or no longer (ekool-1.4-parent)."""
    now = clock.now()
    if not is_of_age(request.person.birth_on, now):
        raise Http404
    link = get_object_or_404(Guardianship, pk=pk, child=request.person, ends_at=None)
    allowed = request.POST.get("allowed") == "yes"
    allow_guardian(link, allowed=allowed, by=by(request), now=now)
    return redirect("diary:looks", pk=request.person.pk)


@require_safe
@hats.in_school
def children(request: Any) -> HttpResponse:
    """A parent's page: one card for each child; who is not linked yet learns how to ask."""
    now = clock.now()
    today = school.today_here(now)
    places = hats.children(request, now)
    pupils = [one.pupil for one in places]
    with_marks = frozenset(one.pupil.person_id for one in places if "marks" in one.powers)
    asked = []
    if not places:
        asked = list(
            school.LinkRequest.objects.filter(asker=request.person).select_related("school")
        )
    context = {
        "today": today,
        "shown": queries.days_ahead(pupils, today, now, marks_of=with_marks, notes=True),
        "excuses": {one.pupil.person_id for one in places if "excuse" in one.powers},
        "asked": asked,
        "clocks": clocks_of(pupils, now=now),
        "tabs": hats.tabs(request, now),
    }
    return render(request, "diary/children.html", context)


@require_safe
@hats.in_school
def child(request: Any, pk: UUID) -> HttpResponse:
    """One child: the days ahead, homework, tests."""
    now = clock.now()
    today = school.today_here(now)
    place = hats.seen(request, pk, now, "see")
    actions.note_look(pk, request.person, Look.What.CARD, on=today, now=now)
    context = {
        "place": place,
        "shown": queries.days_ahead([place.pupil], today, now, tests=True)[0],
        "today": today,
        "clock": clock_of(place.pupil, now=now),
        "sent": request.GET.get("sent") == "yes",
    }
    return render(request, "diary/child.html", context)


@require_safe
@hats.in_school
def record(request: Any, pk: UUID) -> HttpResponse:
    """What is held about a pupil's year, for the pupil and who sees it as a guardian."""
    now = clock.now()
    place = hats.seen(request, pk, now, "see")
    with_marks = place.is_own or "marks" in place.powers
    shown = queries.record_of(place.pupil, with_marks=with_marks)
    on = school.today_here(now)
    actions.note_look(pk, request.person, Look.What.MARKS, on=on, now=now)
    context = {
        "place": place,
        "shown": shown,
        "with_marks": with_marks,
        "spans": queries.explained_by(shown.notes),
        "explained": rules.explained,
        "clock": clock_of(place.pupil, now=now),
    }
    return render(request, "diary/record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@hats.in_school
def note(request: Any, pk: UUID) -> HttpResponse:
    """An absence note: the child is chosen, today is set, the reason is the button (5.3)."""
    now = clock.now()
    today = school.today_here(now)
    place = hats.seen(request, pk, now, "excuse")
    if place.is_own and not is_of_age(request.person.birth_on, now):
        raise Http404
    tomorrow = rules.days_shown(today + timedelta(days=1), 1)[0]
    form = NoteForm(request.POST or None, today=today, tomorrow=tomorrow)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.send_note(
            place.pupil,
            first_on=told["first_on"],
            last_on=told["last_on"],
            reason=told["reason"],
            text=told["text"],
            sender=request.person,
            by=by(request),
            now=now,
        )
        if place.is_own:
            return redirect("diary:record", pk=pk)
        return redirect(f"{reverse('diary:child', args=[pk])}?sent=yes")
    context = {
        "form": form,
        "place": place,
        "clock": clock_of(place.pupil, now=now),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "diary/note.html", context, status=status)
