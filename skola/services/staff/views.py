"""One's own training and guidelines, and the office that grants roles and writes guidelines."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import Person, Role
from skola.ground.people.http import holding, kinds, signed_in
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import in_words, needs, parse_period
from skola.services.staff import actions, queries, rules, training
from skola.services.staff.forms import CourseForm, GuidelineForm, TextForm
from skola.services.staff.models import Grant, Guideline, StaffCourse, Version

OFFICE = tuple(str(kind) for kind in queries.OFFICE)


def _own_roles(request: Any) -> list[Role]:
    """Return the roles of the staff that the visitor was granted. Others find nothing here."""
    found = queries.own_roles(request.person, clock.now())
    if not found:
        raise Http404
    return found


@needs(queries.CAPABILITY)
@signed_in
@require_safe
def own(request: Any) -> HttpResponse:
    """What somebody of the staff has to learn and to read, and what they may do until when."""
    now = clock.now()
    roles = _own_roles(request)
    context = {
        "roles": roles,
        "training": queries.own_training(roles, request.person, now),
        "asks_training": any(role.trained_until is not None for role in roles),
        "to_read": queries.to_read(request.person),
        "versions": queries.latest_versions().order_by("guideline__title"),
        "in_office": bool(kinds(request).intersection(OFFICE)),
    }
    return render(request, "staff/own.html", context)


@needs(queries.CAPABILITY)
@signed_in
@require_POST
def take(request: Any) -> HttpResponse:
    """Begin the training, or begin it anew."""
    _own_roles(request)
    try:
        course = training.take(request.person, by=by(request), now=clock.now())
    except training.NoCourseError:
        return redirect("staff:own")
    return redirect("courses:course", slug=course.slug)


@needs(queries.CAPABILITY)
@signed_in
@require_http_methods(["GET", "POST"])
def read(request: Any, pk: UUID) -> HttpResponse:
    """A version of a guideline, to be read and acknowledged."""
    _own_roles(request)
    version = get_object_or_404(Version.objects.select_related("guideline"), pk=pk)
    if request.method == "POST":
        actions.acknowledge(version, request.person, by=by(request), now=clock.now())
        return redirect("staff:own")
    done = version.acknowledgements.filter(person=request.person).first()
    return render(request, "staff/read.html", {"version": version, "done": done})


@needs(queries.CAPABILITY)
@holding(*OFFICE)
@require_safe
def grants(request: Any) -> HttpResponse:
    """Every role of the staff: what waits for approval, what runs, what is to be reviewed."""
    return _grants(request)


def _grants(request: Any, *, problem: str = "") -> HttpResponse:
    now = clock.now()
    if queries.rule(now) is None:
        raise Http404
    page = Paginator(queries.grants(now), ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        (
            one,
            one.standing(now),
            rules.can_decide(request.person.pk, asked_by=one.asked_by_id, holder=one.person_id),
        )
        for one in page
    ]
    term = in_words(parse_period(queries.rule(now).review), get_language() or "en")
    context = {"page": page, "rows": rows, "problem": problem, "term": term}
    return render(request, "staff/grants.html", context, status=409 if problem else 200)


def _decide(request: Any, pk: UUID, act: Any, **who: Person) -> HttpResponse:
    grant = get_object_or_404(Grant, pk=pk)
    if queries.rule(clock.now()) is None:
        raise Http404
    try:
        act(grant, **who, by=by(request), now=clock.now())
    except (actions.DecidedError, actions.SameHandError) as problem:
        return _grants(request, problem=str(problem))
    return redirect("staff:grants")


@needs(queries.CAPABILITY)
@holding(*OFFICE)
@require_POST
def approve(request: Any, pk: UUID) -> HttpResponse:
    """Somebody else than who asked gives the role."""
    return _decide(request, pk, actions.approve, decider=request.person)


@needs(queries.CAPABILITY)
@holding(*OFFICE)
@require_POST
def refuse(request: Any, pk: UUID) -> HttpResponse:
    """Somebody else than who asked does not give the role."""
    return _decide(request, pk, actions.refuse, decider=request.person)


@needs(queries.CAPABILITY)
@holding(*OFFICE)
@require_POST
def review(request: Any, pk: UUID) -> HttpResponse:
    """The role is still needed."""
    return _decide(request, pk, actions.review, reviewer=request.person)


def _asks_of(request: Any, wanted: tuple[str, ...]) -> None:
    """Let who was granted one of these roles go on, trained or not: nobody's data are shown."""
    held = Role.objects.granted_at(clock.now()).filter(person=request.person, scope="")
    if not held.filter(kind__in=wanted).exists():
        raise Http404


@needs(queries.CAPABILITY)
@signed_in
@require_http_methods(["GET", "POST"])
def course(request: Any) -> HttpResponse:
    """Name the course of the staff; an administrator can, also before they have passed one."""
    _asks_of(request, (Role.Kind.ADMINISTRATOR,))
    named = StaffCourse.objects.select_related("course").first()
    form = CourseForm(request.POST or None, initial={"course": named.course_id if named else None})
    if request.method == "POST" and form.is_valid():
        training.name_course(form.cleaned_data["course"], by=by(request), now=clock.now())
        return redirect("staff:own")
    status = 422 if form.is_bound else 200
    return render(request, "staff/course.html", {"form": form, "named": named}, status=status)


@needs(queries.CAPABILITY)
@holding(*OFFICE)
@require_safe
def trained(request: Any) -> HttpResponse:
    """Who of the staff is trained, and until when."""
    now = clock.now()
    if queries.rule(now) is None:
        raise Http404
    page = Paginator(queries.trained(now), ROWS_A_PAGE).get_page(request.GET.get("page"))
    named = StaffCourse.objects.select_related("course").first()
    return render(request, "staff/trained.html", {"page": page, "named": named})


@needs(queries.CAPABILITY)
@holding(*OFFICE)
@require_http_methods(["GET", "POST"])
def guidelines(request: Any) -> HttpResponse:
    """The guidelines with their days of review; a new one can be written."""
    now = clock.now()
    day = queries.today(now)
    form = GuidelineForm(request.POST or None, today=day)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.write_guideline(**form.cleaned_data, by=by(request), now=now)
        except actions.TwiceError as twice:
            problem = str(twice)
        else:
            return redirect("staff:guideline", pk=made.pk)
    context = {
        "rows": [(one, one.is_due(day)) for one in queries.guidelines()],
        "form": form,
        "problem": problem,
    }
    status = 409 if problem else 422 if form.is_bound else 200
    return render(request, "staff/guidelines.html", context, status=status)


@needs(queries.CAPABILITY)
@holding(*OFFICE)
@require_http_methods(["GET", "POST"])
def guideline(request: Any, pk: UUID) -> HttpResponse:
    """One guideline: its versions, who has read each, and the form for the next one."""
    now = clock.now()
    found = get_object_or_404(Guideline, pk=pk, withdrawn_at=None)
    versions = list(found.versions.all())
    day = queries.today(now)
    form = TextForm(request.POST or None, initial={"text": versions[0].text}, today=day)
    if request.method == "POST" and form.is_valid():
        actions.improve(found, **form.cleaned_data, by=by(request), now=now)
        return redirect("staff:guideline", pk=pk)
    number = request.GET.get("version", "")
    chosen = next((one for one in versions if str(one.number) == number), versions[0])
    done, left = queries.readers(chosen, now)
    context = {
        "guideline": found,
        "versions": versions,
        "chosen": chosen,
        "done": done,
        "left": left if chosen == versions[0] else [],
        "form": form,
        "is_due": found.is_due(day),
    }
    return render(request, "staff/guideline.html", context, status=422 if form.is_bound else 200)


@needs(queries.CAPABILITY)
@holding(*OFFICE)
@require_POST
def withdraw(request: Any, pk: UUID) -> HttpResponse:
    """A guideline is used no more."""
    found = get_object_or_404(Guideline, pk=pk)
    actions.withdraw(found, by=by(request), now=clock.now())
    return redirect("staff:guidelines")
