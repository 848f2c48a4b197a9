"""What a school's administrator does: classes, subjects, people, timetable, changes of a day.

Everything is fetched through the schools that the visitor administers: another school's things do
not exist for them, the service's own staff included (ekool-1.4-admin, ekool-8.5-liability).
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import Person, Role
from skola.ground.people.http import holding, kinds
from skola.promises.policy.api import needs
from skola.services.school import actions, queries
from skola.services.school.forms import (
    ChangeForm,
    ClassForm,
    GroupForm,
    PersonForm,
    PupilForm,
    SchoolForm,
    SlotForm,
    SubjectForm,
    YearForm,
)
from skola.services.school.models import (
    CLASS,
    GROUP,
    Group,
    Pupil,
    School,
    SchoolClass,
    Slot,
    Weekday,
    Year,
)
from skola.services.school.rules import read_day, school_year
from skola.services.school.securing import require_second_factor


def school(request: Any, pk: UUID) -> School:
    """Return a school that the visitor administers; there is no other."""
    return get_object_or_404(School.objects.run_by(request.person, clock.now()), pk=pk)


def _class(request: Any, pk: UUID) -> SchoolClass:
    mine = SchoolClass.objects.run_by(request.person, clock.now())
    return get_object_or_404(mine.select_related("year__school"), pk=pk)


@needs("diary.school")
@holding("school", "administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def schools(request: Any) -> HttpResponse:
    """The schools one administers; the service's administrator opens new ones."""
    now = clock.now()
    serves = "administrator" in kinds(request)
    form = SchoolForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if not serves:
            raise Http404
        status = 422
        if form.is_valid():
            try:
                actions.open_school(**form.cleaned_data, by=by(request), now=now)
            except actions.TwiceError as problem:
                form.add_error("name", str(problem))
            else:
                return redirect("school:schools")
    context = {
        "mine": School.objects.run_by(request.person, now).order_by("name"),
        "all": School.objects.order_by("name") if serves else [],
        "form": form,
        "naming": PersonForm(),
        "serves": serves,
    }
    return render(request, "school/schools.html", context, status=status)


@needs("diary.school")
@holding("administrator")
@require_POST
def name(request: Any, pk: UUID) -> HttpResponse:
    """The service's administrator names who administers a school."""
    found = get_object_or_404(School, pk=pk)
    form = PersonForm(request.POST)
    if not form.is_valid():
        context = {
            "mine": School.objects.none(),
            "all": School.objects.order_by("name"),
            "form": SchoolForm(),
            "naming": form,
            "named": found,
            "serves": True,
        }
        return render(request, "school/schools.html", context, status=422)
    person = form.cleaned_data["person"]
    actions.name_administrator(found, person, by=by(request), now=clock.now())
    return redirect("school:schools")


def _school_page(request: Any, found: School, status: int = 200, **more: Any) -> HttpResponse:
    today = queries.today(clock.now())
    starts_on, ends_on = school_year(today)
    years = list(Year.objects.filter(school=found).order_by("-starts_on"))
    running = next((one for one in years if one.starts_on <= today <= one.ends_on), None)
    context = {
        "school": found,
        "years": years,
        "year": running,
        "classes": SchoolClass.objects.filter(year=running).order_by("grade", "name"),
        "subjects": found.subjects.order_by("name"),
        "staff": _staff(found),
        "year_form": YearForm(initial={"starts_on": starts_on, "ends_on": ends_on}),
        "class_form": ClassForm(),
        "subject_form": SubjectForm(),
        **more,
    }
    return render(request, "school/school.html", context, status=status)


@needs("diary.school")
@holding("school")
@require_POST
def second_factor(request: Any, pk: UUID) -> HttpResponse:
    """The school says whether its staff come in with a second factor only."""
    found = school(request, pk)
    needed = request.POST.get("needed") == "yes"
    require_second_factor(found, needed=needed, by=by(request), now=clock.now())
    return redirect("school:school", pk=pk)


def _staff(found: School) -> list[Person]:
    classes = SchoolClass.objects.filter(year__school=found).values("pk")
    groups = Group.objects.filter(school_class__year__school=found).values("pk")
    held = Role.objects.held_at(clock.now())
    teaching = held.filter(scope=CLASS, scope_id__in=classes) | held.filter(
        scope=GROUP, scope_id__in=groups
    )
    people = Person.objects.filter(pk__in=teaching.values("person_id"))
    return list(people.order_by("family_name", "given_name"))


@needs("diary.school")
@holding("school")
@require_safe
def one_school(request: Any, pk: UUID) -> HttpResponse:
    """One school: this year's classes, its subjects, its teachers."""
    return _school_page(request, school(request, pk))


@needs("diary.school")
@holding("school")
@require_POST
def add_year(request: Any, pk: UUID) -> HttpResponse:
    """A school year begins."""
    found, now = school(request, pk), clock.now()
    form = YearForm(request.POST)
    if form.is_valid():
        try:
            actions.begin_year(
                found, **form.cleaned_data, zone=queries.zone(now), by=by(request), now=now
            )
        except actions.TwiceError as problem:
            form.add_error("starts_on", str(problem))
        else:
            return redirect("school:school", pk=pk)
    return _school_page(request, found, 422, year_form=form)


@needs("diary.school")
@holding("school")
@require_POST
def add_class(request: Any, pk: UUID) -> HttpResponse:
    """A class of the running year."""
    found, now = school(request, pk), clock.now()
    today = queries.today(now)
    year = get_object_or_404(Year, school=found, starts_on__lte=today, ends_on__gte=today)
    form = ClassForm(request.POST)
    if form.is_valid():
        try:
            made = actions.open_class(year, **form.cleaned_data, by=by(request), now=now)
        except actions.TwiceError as problem:
            form.add_error("name", str(problem))
        else:
            return redirect("school:class", pk=made.pk)
    return _school_page(request, found, 422, class_form=form)


@needs("diary.school")
@holding("school")
@require_POST
def add_subject(request: Any, pk: UUID) -> HttpResponse:
    """A subject with its scale."""
    found = school(request, pk)
    form = SubjectForm(request.POST)
    if form.is_valid():
        try:
            actions.add_subject(found, **form.cleaned_data, by=by(request), now=clock.now())
        except actions.TwiceError as problem:
            form.add_error("name", str(problem))
        else:
            return redirect("school:school", pk=pk)
    return _school_page(request, found, 422, subject_form=form)


@needs("diary.school")
@holding("school")
@require_POST
def end_staff(request: Any, pk: UUID) -> HttpResponse:
    """Somebody leaves the school: every role here ends now."""
    found = school(request, pk)
    if "person" not in request.POST:
        return redirect("school:school", pk=pk)
    person = get_object_or_404(Person, pk=_uuid(request.POST.get("person")))
    if not actions.end_employment(found, person, by=by(request), now=clock.now()):
        raise Http404
    return redirect("school:school", pk=pk)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


# ---- one class -----------------------------------------------------------------------------------


def _class_page(request: Any, found: SchoolClass, status: int = 200, **more: Any) -> HttpResponse:
    now = clock.now()
    today = queries.today(now)
    groups = list(
        Group.objects.filter(school_class=found).select_related("subject").order_by("subject__name")
    )
    slots = list(
        Slot.objects.filter(group__in=groups, until_on=None)
        .select_related("group__subject", "bell")
        .order_by("weekday", "bell__number")
    )
    leader = Role.objects.filter(scope=CLASS, scope_id=found.pk).held_at(now)
    context = {
        "class": found,
        "pupils": queries.pupils_of(found.pk, today),
        "groups": groups,
        "teachers": queries.teachers_of([one.pk for one in groups], now),
        "leaders": [one.person for one in leader.select_related("person")],
        "slots": slots,
        "weekdays": dict(Weekday.choices),
        "pupil_form": PupilForm(initial={"joined_on": today}),
        "group_form": GroupForm(school=found.year.school),
        "slot_form": SlotForm(school_class=found, initial={"from_on": today}),
        "leader_form": PersonForm(),
        **more,
    }
    return render(request, "school/class.html", context, status=status)


@needs("diary.school")
@holding("school")
@require_safe
def one_class(request: Any, pk: UUID) -> HttpResponse:
    """One class: pupils, subjects with teachers, timetable."""
    return _class_page(request, _class(request, pk))


@needs("diary.school")
@holding("school")
@require_POST
def add_pupil(request: Any, pk: UUID) -> HttpResponse:
    """A pupil joins the class: somebody known by the address, or a child not known yet."""
    found, now = _class(request, pk), clock.now()
    form = PupilForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        known = (
            Person.objects.filter(email=told["email"].lower()).first() if told["email"] else None
        )
        try:
            if known is not None:
                actions.enter_pupil(
                    found, known, joined_on=told["joined_on"], by=by(request), now=now
                )
            else:
                actions.enter_new_pupil(
                    found, **told, language=request.LANGUAGE_CODE[:5], by=by(request), now=now
                )
        except actions.TwiceError as problem:
            form.add_error("email", str(problem))
        else:
            return redirect("school:class", pk=pk)
    return _class_page(request, found, 422, pupil_form=form)


@needs("diary.school")
@holding("school")
@require_POST
def remove_pupil(request: Any, pk: UUID) -> HttpResponse:
    """Today is a pupil's last day in the class."""
    now = clock.now()
    mine = SchoolClass.objects.run_by(request.person, now)
    pupil = get_object_or_404(Pupil, pk=pk, school_class__in=mine, left_on=None)
    actions.leave_class(pupil, on=queries.today(now), by=by(request), now=now)
    return redirect("school:class", pk=pupil.school_class_id)


@needs("diary.school")
@holding("school")
@require_POST
def add_group(request: Any, pk: UUID) -> HttpResponse:
    """The class is taught a subject."""
    found = _class(request, pk)
    form = GroupForm(request.POST, school=found.year.school)
    if form.is_valid():
        try:
            actions.form_group(found, **form.cleaned_data, by=by(request), now=clock.now())
        except actions.TwiceError as problem:
            form.add_error("subject", str(problem))
        else:
            return redirect("school:class", pk=pk)
    return _class_page(request, found, 422, group_form=form)


@needs("diary.school")
@holding("school")
@require_POST
def set_leader(request: Any, pk: UUID) -> HttpResponse:
    """Somebody becomes form teacher of the class."""
    found = _class(request, pk)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _class_page(request, found, 422, leader_form=form)
    actions.name_form_teacher(found, form.cleaned_data["person"], by=by(request), now=clock.now())
    return redirect("school:class", pk=pk)


@needs("diary.school")
@holding("school")
@require_POST
def add_slot(request: Any, pk: UUID) -> HttpResponse:
    """A lesson enters the timetable."""
    found = _class(request, pk)
    form = SlotForm(request.POST, school_class=found)
    if form.is_valid():
        try:
            actions.add_slot(**form.cleaned_data, by=by(request), now=clock.now())
        except actions.TwiceError as problem:
            form.add_error("bell", str(problem))
        else:
            return redirect("school:class", pk=pk)
    return _class_page(request, found, 422, slot_form=form)


@needs("diary.school")
@holding("school")
@require_POST
def end_slot(request: Any, pk: UUID) -> HttpResponse:
    """A lesson leaves the timetable after today."""
    now = clock.now()
    mine = SchoolClass.objects.run_by(request.person, now)
    slot = get_object_or_404(
        Slot.objects.select_related("group"), pk=pk, group__school_class__in=mine, until_on=None
    )
    actions.end_slot(slot, until_on=queries.today(now), by=by(request), now=now)
    return redirect("school:class", pk=slot.group.school_class_id)


# ---- what is different today ---------------------------------------------------------------------


@needs("diary.school")
@holding("school")
@require_safe
def changes(request: Any, pk: UUID) -> HttpResponse:
    """The lessons of a day, and what is different about each."""
    return _changes_page(request, school(request, pk), request.GET.get("day", ""))


def _changes_page(
    request: Any, found: School, day: str, status: int = 200, **more: Any
) -> HttpResponse:
    now = clock.now()
    on = read_day(day) if day else queries.today(now)
    if on is None:
        raise Http404
    there = queries.slots().filter(group__school_class__year__school=found)
    lessons = queries.lessons_on(there, on, now)
    context = {
        "school": found,
        "on": on,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "lessons": lessons,
        **more,
    }
    return render(request, "school/changes.html", context, status=status)


@needs("diary.school")
@holding("school")
@require_POST
def change(request: Any, pk: UUID) -> HttpResponse:
    """A lesson of one day falls out, is elsewhere, or somebody stands in."""
    now = clock.now()
    mine = SchoolClass.objects.run_by(request.person, now)
    slot = get_object_or_404(queries.slots().filter(group__school_class__in=mine), pk=pk)
    found = slot.group.school_class.year.school
    day = request.POST.get("on") or queries.today(now).isoformat()
    form = ChangeForm(request.POST)
    on = read_day(day)
    if on is None:
        raise Http404
    if not form.is_valid():
        return _changes_page(request, found, day, 422, form=form, wrong=slot.pk)
    actions.change_lesson(slot, on=on, **form.cleaned_data, by=by(request), now=now)
    return redirect(f"{reverse('school:changes', args=[found.pk])}?day={day}#l-{slot.pk}")
