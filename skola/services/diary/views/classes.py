"""What a form teacher does: the class at a glance, absence notes, a pupil's page (5.6)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.promises.retention.api import clock_of
from skola.services.diary import actions, glance, hats, queries, rules
from skola.services.diary.forms import AnswerForm
from skola.services.diary.models import AbsenceNote, Look
from skola.services.school import api as school


def _led(request: Any, pk: UUID) -> school.SchoolClass:
    mine = school.SchoolClass.objects.led_by(request.person, clock.now())
    return get_object_or_404(mine.select_related("year__school"), pk=pk)


@require_safe
@hats.teachers
def school_class(request: Any, pk: UUID) -> HttpResponse:
    """The class at a glance: who was away how often and unexplained, and the way to each pupil."""
    now = clock.now()
    found = _led(request, pk)
    today = school.today_here(now)
    there = glance.notes_of(found)
    lines = glance.lines(found, there, today)
    context = {
        "class": found,
        "lines": lines,
        "clock": queries.first_clock([line.pupil for line in lines], found, now),
        "waiting": sum(note.state == AbsenceNote.State.SENT for note in there),
    }
    return render(request, "diary/class.html", context)


def _notes_page(request: Any, pk: UUID, problem: str = "", status: int = 200) -> HttpResponse:
    now = clock.now()
    found = _led(request, pk)
    today = school.today_here(now)
    there = glance.notes_of(found)
    waiting = [note for note in there if note.state == AbsenceNote.State.SENT]
    grid = glance.grid(found, there, today)
    context = {
        "class": found,
        "grid": grid,
        "waiting": waiting,
        "ill": sum(note.reason == AbsenceNote.Reason.ILLNESS for note in waiting),
        "problem": problem,
        "clock": queries.first_clock([pupil for pupil, _squares in grid.rows], found, now),
    }
    return render(request, "diary/notes.html", context, status=status)


@require_safe
@hats.teachers
def notes(request: Any, pk: UUID) -> HttpResponse:
    """The days of a class, and the notes that wait, oldest first."""
    return _notes_page(request, pk)


@require_POST
@hats.teachers
def confirm_all(request: Any, pk: UUID) -> HttpResponse:
    """Confirm all notes of illness that wait."""
    found = _led(request, pk)
    ill = AbsenceNote.objects.waiting().filter(
        pupil__school_class=found, reason=AbsenceNote.Reason.ILLNESS
    )
    try:
        actions.answer_notes(list(ill), is_confirmed=True, by=by(request), now=clock.now())
    except actions.AnsweredError as problem:
        return _notes_page(request, pk, str(problem), 409)
    return redirect("diary:notes", pk=pk)


@require_POST
@hats.teachers
def answer(request: Any, pk: UUID) -> HttpResponse:
    """Confirm one note, or refuse it with a word."""
    now = clock.now()
    led = school.SchoolClass.objects.led_by(request.person, now)
    note = get_object_or_404(
        AbsenceNote.objects.filter(pupil__school_class__in=led).select_related("pupil"), pk=pk
    )
    where = note.pupil.school_class_id
    form = AnswerForm(request.POST)
    told = form.cleaned_data if form.is_valid() else {}
    confirmed, words = told.get("confirmed") == "yes", told.get("answer", "")
    try:
        actions.answer_notes([note], is_confirmed=confirmed, answer=words, by=by(request), now=now)
    except actions.ReasonMissingError as problem:
        return _notes_page(request, where, str(problem), 422)
    except actions.AnsweredError as problem:
        return _notes_page(request, where, str(problem), 409)
    return redirect("diary:notes", pk=where)


@require_safe
@hats.teachers
def pupil(request: Any, pk: UUID) -> HttpResponse:
    """A pupil's page for the form teacher; opening it is noted for the family to see."""
    now = clock.now()
    today = school.today_here(now)
    led = school.SchoolClass.objects.led_by(request.person, now)
    place = get_object_or_404(
        school.Pupil.objects.filter(school_class__in=led).select_related(
            "person", "school_class__year__school"
        ),
        pk=pk,
    )
    person = place.person_id
    shown = queries.record_of(place, with_marks=True)
    actions.note_look(person, request.person, Look.What.CARD, on=today, now=now)
    context = {
        "place": place,
        "shown": shown,
        "spans": queries.explained_by(shown.notes),
        "explained": rules.explained,
        "clock": clock_of(place, now=now),
    }
    return render(request, "diary/pupil.html", context)
