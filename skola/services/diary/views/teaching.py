"""What a teacher does all day: see the day, enter lessons, note who is away (features 5.4)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.promises.disclosures.api import has_texts
from skola.services.diary import actions, hats, queries, rules
from skola.services.diary.forms import LessonForm
from skola.services.diary.models import AbsenceNote, Lesson
from skola.services.school import api as school


@dataclass(frozen=True)
class Card:
    """A lesson in a teacher's list."""

    lesson: school.DayLesson
    entry: Lesson | None
    state: str
    """``cancelled``, ``given-away``, ``done``, ``running``, ``missing`` or ``ahead``."""


def card(one: school.DayLesson, entry: Lesson | None, person: Any, now: datetime) -> Card:
    """Say where a lesson stands for the teacher who looks at the list."""
    zone = school.zone(now)
    regular = one.plan.regular
    if one.is_cancelled:
        state = "cancelled"
    elif one.plan.teacher is not None and one.plan.teacher != person.pk:
        state = "given-away"
    elif entry is not None and entry.topic:
        state = "done"
    elif school.moment(one.plan.on, regular.ends, zone) <= now:
        state = "missing"
    elif school.moment(one.plan.on, regular.begins, zone) <= now:
        state = "running"
    else:
        state = "ahead"
    return Card(one, entry, state)


def day_of(text: str) -> date:
    """Return the day of an address, ``2026-03-02``; Http404 for what is none."""
    found = school.read_day(text)
    if found is None:
        raise Http404
    return found


@require_safe
@hats.in_school
def front(request: Any) -> HttpResponse:
    """Lead everybody to the page that is theirs."""
    return redirect(hats.front(request, clock.now()))


@require_safe
@hats.in_school
def teaching(request: Any) -> HttpResponse:
    """Today's lessons, and those of the last days in which nothing is entered."""
    now = clock.now()
    if not hats.teaches(request, now):
        raise Http404
    today = school.today_here(now)
    shown = day_of(request.GET.get("day") or today.isoformat())
    back = [today - timedelta(days=ago) for ago in range(1, hats.LOOK_BACK.days + 1)]
    by_day = school.taught_in(request.person, [shown, *(d for d in back if d != shown)], now)
    entries = queries.entries(one for there in by_day.values() for one in there)
    cards = {
        day: [card(one, entries.get((one.slot.pk, day)), request.person, now) for one in there]
        for day, there in by_day.items()
    }
    missing = [one for day in back for one in cards.get(day, []) if one.state == "missing"]
    led = school.classes_of_today(school.SchoolClass.objects.led_by(request.person, now), today)
    context = {
        "day": shown,
        "today": today,
        "before": shown - timedelta(days=1),
        "after": shown + timedelta(days=1),
        "cards": cards[shown],
        "missing": missing,
        "groups": sorted(
            {
                one.lesson.group.pk: one.lesson.group
                for there in cards.values()
                for one in there
                if vars(one.lesson.slot)["is_mine"]
            }.values(),
            key=lambda group: (group.school_class.grade, group.school_class.name),
        ),
        "led": led,
        "waiting": AbsenceNote.objects.filter(queries.waiting_notes(request.person, now)).count(),
        "tabs": hats.tabs(request, now),
    }
    return render(request, "diary/teaching.html", context)


def lesson_of(request: Any, pk: UUID, on: str, now: datetime) -> school.DayLesson:
    """Return the lesson of an address that the visitor gives; Http404 for every other."""
    found = school.lesson_of(request.person, pk, day_of(on), now)
    if found is None:
        raise Http404
    return found


def _page(request: Any, one: school.DayLesson, now: datetime, **more: Any) -> HttpResponse:
    entry, previous = queries.entry_and_before(one)
    rows = queries.class_list(one, entry)
    values: dict[str, Any] = {}
    if entry is not None:
        values = {"topic": entry.topic, "homework": entry.homework, "due_on": entry.due_on}
    form = LessonForm(initial=values, ghost=previous.topic if previous else "")
    context = {
        "lesson": one,
        "entry": entry,
        "previous": previous,
        "rows": rows,
        "clock": queries.first_clock([row.pupil for row in rows], one.group.school_class, now),
        "there": sum(row.was != rules.Was.ABSENT for row in rows),
        "form": form,
        "has_texts": has_texts(now),
        **more,
    }
    return render(request, "diary/lesson.html", context, status=422 if "form" in more else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@hats.in_school
def lesson(request: Any, pk: UUID, on: str) -> HttpResponse:
    """One lesson: topic, homework, and the class in which only exceptions are noted."""
    now = clock.now()
    one = lesson_of(request, pk, on, now)
    if request.method != "POST":
        return _page(request, one, now)
    form = LessonForm(request.POST)
    if not form.is_valid():
        return _page(request, one, now, form=form)
    actions.enter_lesson(one.slot, one.plan.on, **form.cleaned_data, by=by(request), now=now)
    if request.htmx:
        return render(request, "diary/saved.html", {"at": now})
    _minutes(request, one, now)
    if request.POST.get("tap"):
        _tap(request, one, request.POST["tap"], now)
    return redirect("diary:lesson", pk=pk, on=on)


@require_POST
@hats.in_school
def absences(request: Any, pk: UUID, on: str) -> HttpResponse:
    """A tap on a pupil: away, late, there again; or a key that says which."""
    now = clock.now()
    one = lesson_of(request, pk, on, now)
    if "tap" not in request.POST:
        return redirect("diary:lesson", pk=pk, on=on)
    _tap(request, one, request.POST["tap"], now)
    entry = queries.entries([one]).get((one.slot.pk, one.plan.on))
    rows = queries.class_list(one, entry)
    tapped = [row for row in rows if str(row.pupil.pk) == request.POST.get("tap")]
    if not request.htmx or not tapped:
        return redirect("diary:lesson", pk=pk, on=on)
    context = {
        "lesson": one,
        "row": tapped[0],
        "rows": rows,
        "there": sum(row.was != rules.Was.ABSENT for row in rows),
    }
    return render(request, "diary/tapped.html", context)


def _minutes(request: Any, one: school.DayLesson, now: datetime) -> None:
    """Take the minutes that stand in the page where nobody's script sent them."""
    entry = queries.entries([one]).get((one.slot.pk, one.plan.on))
    told = {}
    for row in queries.class_list(one, entry):
        typed = request.POST.get(f"minutes-{row.pupil.pk}", "")
        if row.absence and typed.isdecimal() and int(typed) != row.absence.minutes:
            minutes = min(max(int(typed), 1), rules.LATE_AT_MOST)
            told[row.pupil.pk] = (str(rules.Was.LATE), minutes)
    if told:
        actions.note_absences(one.slot, one.plan.on, told, by=by(request), now=now)


def _tap(request: Any, one: school.DayLesson, tapped: str, now: datetime) -> None:
    try:
        pupil = UUID(tapped)
    except ValueError:
        raise Http404 from None
    entry = queries.entries([one]).get((one.slot.pk, one.plan.on))
    was = [row.was for row in queries.class_list(one, entry) if row.pupil.pk == pupil]
    if not was:
        raise Http404
    said = request.POST.get("was", "")
    becomes = said if said in set(rules.Was) else rules.after_tap(was[0])
    begins = school.moment(one.plan.on, one.plan.regular.begins, school.zone(now))
    typed = request.POST.get(f"minutes-{pupil}", "")
    minutes = rules.minutes_late(begins, now)
    if typed.isdecimal():
        minutes = min(max(int(typed), 1), rules.LATE_AT_MOST)
    actions.note_absences(
        one.slot, one.plan.on, {pupil: (becomes, minutes)}, by=by(request), now=now
    )
