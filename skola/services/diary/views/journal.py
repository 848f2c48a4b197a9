"""The journal of a group: marks typed by keyboard, and the history of each (features 5.5)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import Person
from skola.promises.retention.api import clock_of
from skola.services.diary import actions, hats, queries, rules
from skola.services.diary.forms import AssessmentForm, DoubtForm, MarkForm
from skola.services.diary.models import Assessment, Doubt, Look, Mark
from skola.services.school import api as school


def _group(request: Any, pk: UUID) -> school.Group:
    mine = school.Group.objects.taught_by(request.person, clock.now())
    return get_object_or_404(mine.select_related("subject", "school_class__year__school"), pk=pk)


def _page(request: Any, group: school.Group, status: int = 200, **more: Any) -> HttpResponse:
    now = clock.now()
    today = school.today_here(now)
    found = queries.journal(group, today)
    context = {
        "journal": found,
        "clock": queries.first_clock([line.pupil for line in found.lines], group.school_class, now),
        "scale": rules.SCALES[group.subject.scale],
        "form": AssessmentForm(initial={"on": today}),
        **more,
    }
    return render(request, "diary/journal.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@hats.teachers
def journal(request: Any, pk: UUID) -> HttpResponse:
    """The marks of a group as a grid; sending the page as a whole works without script."""
    group = _group(request, pk)
    if request.method != "POST":
        return _page(request, group)
    problems = []
    for one, pupil, typed, reason in _typed(request, group):
        try:
            actions.give_mark(
                one,
                pupil,
                typed,
                author=request.person,
                reason=reason,
                by=by(request),
                now=clock.now(),
            )
        except (actions.NoMarkError, actions.ReasonMissingError) as problem:
            problems.append(f"{pupil.person.name}: {problem}")
    if problems:
        return _page(request, group, 422, problems=problems)
    return redirect("diary:journal", pk=pk)


def _typed(request: Any, group: school.Group) -> list[tuple[Assessment, school.Pupil, str, str]]:
    """Return the cells of the whole page that differ from what is stored."""
    found = queries.journal(group, school.today_here(clock.now()))
    reason = request.POST.get("reason", "").replace("\0", "")[:200]
    cells = []
    for line in found.lines:
        for one, mark in zip(found.assessments, line.marks, strict=True):
            typed = request.POST.get(f"m-{one.pk}-{line.pupil.pk}")
            if typed is not None and typed.strip().upper() != (mark.value if mark else ""):
                one.group = group
                cells.append((one, line.pupil, typed, reason))
    return cells


@require_POST
@hats.teachers
def assessments(request: Any, pk: UUID) -> HttpResponse:
    """A new column of the journal."""
    group = _group(request, pk)
    form = AssessmentForm(request.POST)
    if not form.is_valid():
        return _page(request, group, 422, form=form)
    actions.add_assessment(group, **form.cleaned_data, by=by(request), now=clock.now())
    return redirect("diary:journal", pk=pk)


@require_POST
@hats.teachers
def marks(request: Any, pk: UUID) -> HttpResponse:
    """One cell of the journal, sent when it is left; answers with the cell as it now is."""
    now = clock.now()
    mine = school.Group.objects.taught_by(request.person, now)
    one = get_object_or_404(
        Assessment.objects.filter(group__in=mine).select_related("group__subject"), pk=pk
    )
    if "pupil" not in request.POST:
        return redirect("diary:journal", pk=one.group_id)
    form = MarkForm(request.POST)
    pupil = get_object_or_404(
        school.Pupil.objects.filter(school_class=one.group.school_class_id).select_related(
            "person"
        ),
        pk=form.cleaned_data["pupil"] if form.is_valid() else None,
    )
    problem, asks = "", False
    try:
        actions.give_mark(
            one,
            pupil,
            form.cleaned_data["value"],
            author=request.person,
            reason=form.cleaned_data["reason"],
            by=by(request),
            now=now,
        )
    except actions.NoMarkError as error:
        problem = str(error)
    except actions.ReasonMissingError as error:
        problem, asks = str(error), True
    if not request.htmx:
        return redirect("diary:journal", pk=one.group_id)
    stands = Mark.objects.filter(assessment=one, pupil=pupil).exclude(value="").first()
    context = {
        "assessment": one,
        "pupil": pupil,
        "mark": stands,
        "typed": form.cleaned_data["value"] if problem else None,
        "problem": problem,
        "asks": asks,
    }
    return render(request, "diary/cell.html", context)


@require_safe
@hats.in_school
def mark(request: Any, pk: UUID) -> HttpResponse:
    """One mark with all it ever was, for pupil and family, its teachers and the form teacher."""
    now = clock.now()
    found = get_object_or_404(
        Mark.objects.select_related(
            "assessment__group__subject",
            "assessment__group__school_class",
            "pupil__person",
            "pupil__school_class__year",
        ),
        pk=pk,
    )
    person = found.pupil.person_id
    teaches, leads = _teaches(request.person, found, now)
    is_teacher = teaches or leads
    is_own = person == request.person.pk
    if not (is_teacher or is_own or queries.ward(request.person, person, now, "marks")):
        raise Http404
    if is_teacher:
        on = school.today_here(now)
        actions.note_look(person, request.person, Look.What.MARKS, on=on, now=now)
    context = {
        "mark": found,
        "changes": found.changes.select_related("author").order_by("-at"),
        "teaches": teaches,
        "doubts": _doubts(found, None if is_teacher else request.person),
        "doubt": None if is_teacher or not found.value else DoubtForm(),
        "wrong": request.GET.get("wrong") == "yes",
        "clock": clock_of(found, now=now),
    }
    return render(request, "diary/mark.html", context)


def _doubts(found: Mark, sender: Any) -> list[Doubt]:
    """Return the reports on a mark: all for its teachers, one's own for the family."""
    doubts = found.doubts.order_by("-sent_at")
    return list(doubts if sender is None else doubts.filter(sender=sender))


def _teaches(person: Person, found: Mark, now: datetime) -> tuple[bool, bool]:
    """Return whether somebody teaches the group of a mark, and whether they lead the class."""
    taught = school.Group.objects.taught_by(person, now).filter(pk=OuterRef("pk"))
    led = school.SchoolClass.objects.led_by(person, now).filter(pk=OuterRef("school_class"))
    group = school.Group.objects.filter(pk=found.assessment.group_id)
    told = group.annotate(teaches=Exists(taught), leads=Exists(led))
    return told.values_list("teaches", "leads").get()
