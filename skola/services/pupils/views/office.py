"""The register of pupils, for who administers the school: each purpose gets its own fields."""

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import ProfileChange, take_back_change
from skola.ground.people.http import holding
from skola.promises.policy.api import in_force, needs
from skola.services.pupils import actions, queries, rules
from skola.services.pupils.forms import HandOverForm, OfficialForm
from skola.services.school import api as school


def is_strong(request: Any) -> bool:
    """Whether the visitor signed in with a second factor, and not by e-mail or password alone."""
    ways = get_authentication_records(request, request.user)
    return any(way.get("method") == "mfa" for way in ways)


def stronger(request: Any) -> HttpResponse:
    """Say that this page wants a stronger sign-in, and how one gets there."""
    return render(request, "pupils/stronger.html", status=403)


def school_of(request: Any, pk: UUID, now: datetime) -> school.School:
    return get_object_or_404(school.School.objects.run_by(request.person, now), pk=pk)


@needs("diary.school")
@holding("school")
@require_safe
def register(request: Any, pk: UUID) -> HttpResponse:
    """The register of pupils of a school; it asks for a second factor (ekool-4.2.1)."""
    now = clock.now()
    found = school_of(request, pk, now)
    if not is_strong(request):
        return stronger(request)
    today = school.today_here(now)
    pupils = school.Pupil.objects.filter(school_class__year__school=found).in_class_on(today)
    running = pupils.filter(
        school_class__year__starts_on__lte=today, school_class__year__ends_on__gte=today
    )
    words = request.GET.get("q", "")[:80]
    for word in words.split()[:4]:
        running = running.filter(person__family_name__icontains=word) | running.filter(
            person__given_name__icontains=word
        )
    shown = list(
        running.select_related("person", "school_class").order_by(
            "school_class__grade", "school_class__name", "person__family_name", "pk"
        )[:200]
    )
    codes = queries.codes_of(one.person_id for one in shown)
    actions.note_reading(found, "register", len(shown), by=by(request), now=now)
    context = {
        "school": found,
        "q": words,
        "rows": [(one, rules.masked(codes.get(one.person_id, ""))) for one in shown],
    }
    return render(request, "pupils/register.html", context)


@needs("diary.school")
@holding("school")
@require_safe
def data(request: Any, pk: UUID) -> HttpResponse:
    """Pupils of a school as data, ``?for=timetable``: the fields of that purpose (ekool-2.7)."""
    now = clock.now()
    found = school_of(request, pk, now)
    purpose = request.GET.get("for", "timetable")
    if purpose not in rules.FIELDS:
        raise Http404
    if rules.needs_stronger(purpose) and not is_strong(request):
        return JsonResponse({"problem": _("Sign in with a second factor.")}, status=403)
    pupils = queries.read_for(found, purpose, school.today_here(now))
    actions.note_reading(found, purpose, len(pupils), by=by(request), now=now)
    return JsonResponse({"purpose": purpose, "pupils": pupils})


def pupil_of(request: Any, pk: UUID, now: datetime) -> school.Pupil:
    """Return a pupil of a school that the visitor administers; there is no other."""
    schools = school.School.objects.run_by(request.person, now)
    theirs = school.Pupil.objects.filter(school_class__year__school__in=schools)
    return get_object_or_404(theirs.select_related("person", "school_class__year__school"), pk=pk)


@needs("diary.school")
@holding("school")
@require_http_methods(["GET", "HEAD", "POST"])
def pupil(request: Any, pk: UUID) -> HttpResponse:
    """One pupil in the register: official fields, and how the family changed contacts."""
    now = clock.now()
    found = pupil_of(request, pk, now)
    if not is_strong(request):
        return stronger(request)
    person = found.person
    held = {name: getattr(person, name) for name in ("given_name", "family_name", "birth_on")}
    country = in_force(now).policy.controller.country
    form = OfficialForm(request.POST or None, initial=held, country=country)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        code = told.pop("code")
        try:
            if code:
                actions.set_code(person, code, by=by(request), now=now)
            actions.correct_official(found, **told, by=by(request), now=now)
        except actions.CodeTakenError as problem:
            form.add_error("code", str(problem))
        else:
            return redirect("pupils:pupil", pk=pk)
    history = queries.history_of(person)
    context = {
        "pupil": found,
        "person": person,
        "form": form,
        "code": rules.masked(queries.code_of(person.pk)),
        "history": history,
        "sources": queries.sources_of(person, history),
        "hands": HandOverForm(but=found.school_class.year.school_id),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "pupils/pupil.html", context, status=status)


@needs("diary.school")
@holding("school")
@require_POST
def take_back(request: Any, pk: UUID) -> HttpResponse:
    """The school takes a family's change back; what it was before stands again."""
    now = clock.now()
    schools = school.School.objects.run_by(request.person, now)
    theirs = school.Pupil.objects.filter(school_class__year__school__in=schools)
    changes = ProfileChange.objects.filter(person__in=theirs.values("person_id"))
    found = get_object_or_404(changes.exclude(field="").select_related("person"), pk=pk)
    take_back_change(found, by=by(request), now=now)
    mine = theirs.filter(person=found.person_id).order_by("-joined_on").first()
    assert mine is not None
    return redirect("pupils:pupil", pk=mine.pk)
