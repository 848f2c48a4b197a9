"""What recruiters do; for everybody else, staff or not, these pages do not exist (ema-3.1-data)."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.hiring import actions, queries, rules
from skola.services.hiring.forms import CloseForm, NoteForm, StageForm, VacancyForm
from skola.services.hiring.models import Application, Vacancy, VacancyQuerySet


def _selections(request: TenantRequest) -> VacancyQuerySet:
    assert request.person is not None
    return Vacancy.objects.of_recruiter(request.person, clock.now())


@needs("hiring.vacancies")
@holding("recruiter")
@require_safe
def selections(request: TenantRequest) -> HttpResponse:
    """The selections this recruiter makes, open ones on top."""
    found = _selections(request).with_counts().order_by("-closed_at", "latest_on")
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "hiring/selections.html", {"page": page})


@needs("hiring.vacancies")
@holding("recruiter")
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: TenantRequest) -> HttpResponse:
    """A recruiter writes a vacancy."""
    now = clock.now()
    form = VacancyForm(request.POST or None, today=queries.today(now))
    if request.method == "POST" and form.is_valid():
        made = actions.draft_vacancy(**form.cleaned_data, by=by(request), now=now)
        return redirect("hiring:selection", pk=made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "hiring/draft.html", {"form": form, "vacancy": None}, status=status)


@needs("hiring.vacancies")
@holding("recruiter")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A recruiter changes a vacancy that is not published yet."""
    now = clock.now()
    drafts = _selections(request).filter(published_at=None)
    vacancy = get_object_or_404(drafts, pk=pk)
    values = {"title": vacancy.title, "text": vacancy.text, "latest_on": vacancy.latest_on}
    form = VacancyForm(request.POST or None, today=queries.today(now), initial=values)
    if request.method == "POST" and form.is_valid():
        actions.change_vacancy(vacancy, **form.cleaned_data, by=by(request), now=now)
        return redirect("hiring:selection", pk=pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "hiring/draft.html", {"form": form, "vacancy": vacancy}, status=status)


@needs("hiring.vacancies")
@holding("recruiter")
@require_safe
def selection(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One selection: who applied, stage by stage."""
    return _page(request, pk)


def _page(
    request: TenantRequest, pk: UUID, *, closing: CloseForm | None = None, problem: str = ""
) -> HttpResponse:
    vacancy = get_object_or_404(_selections(request), pk=pk)
    found = Application.objects.filter(vacancy=vacancy).in_order()
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "vacancy": vacancy,
        "page": page,
        "closing": closing or CloseForm(),
        "problem": problem,
    }
    status = 409 if problem else 422 if closing else 200
    return render(request, "hiring/selection.html", context, status=status)


@needs("hiring.vacancies")
@holding("recruiter")
@require_POST
def publish(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A recruiter publishes a vacancy."""
    now = clock.now()
    vacancy = get_object_or_404(_selections(request), pk=pk)
    try:
        actions.publish_vacancy(vacancy, today=queries.today(now), by=by(request), now=now)
    except actions.LatestDateError as problem:
        return _page(request, pk, problem=str(problem))
    return redirect("hiring:selection", pk=pk)


@needs("hiring.vacancies")
@holding("recruiter")
@require_POST
def close(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A recruiter closes a selection; the page has told what will be erased."""
    vacancy = get_object_or_404(_selections(request), pk=pk)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, closing=form)
    try:
        actions.close_selection(
            vacancy, ending=form.cleaned_data["ending"], by=by(request), now=clock.now()
        )
    except actions.SelectionClosedError as problem:
        return _page(request, pk, problem=str(problem))
    return redirect("hiring:selection", pk=pk)


@needs("hiring.vacancies")
@holding("recruiter")
@require_safe
def application(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One application with its documents, notes and stage."""
    return _application_page(request, pk)


def _application(request: TenantRequest, pk: UUID) -> Application:
    assert request.person is not None
    found = Application.objects.of_recruiter(request.person, clock.now())
    return get_object_or_404(found.select_related("vacancy"), pk=pk)


def _application_page(
    request: TenantRequest, pk: UUID, *, note: NoteForm | None = None, problem: str = ""
) -> HttpResponse:
    found = _application(request, pk)
    closed = found.vacancy.closed_at is not None
    context = {
        "application": found,
        "documents": found.documents.select_related("file"),
        "notes": found.evaluations.select_related("author").order_by("written_at"),
        "moving": StageForm(stages=rules.stages_from(found.stage, closed=closed)),
        "note": note or NoteForm(),
        "problem": problem,
        "clock": clock_of(found, now=clock.now()),
    }
    status = 409 if problem else 422 if note else 200
    return render(request, "hiring/application.html", context, status=status)


@needs("hiring.vacancies")
@holding("recruiter")
@require_POST
def move(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A recruiter moves an application to another stage."""
    found = _application(request, pk)
    try:
        actions.move(found, to=request.POST.get("to", ""), by=by(request), now=clock.now())
    except actions.SelectionClosedError as problem:
        return _application_page(request, pk, problem=str(problem))
    return redirect("hiring:application", pk=pk)


@needs("hiring.vacancies")
@holding("recruiter")
@require_POST
def note(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A recruiter writes what they think of an application."""
    found = _application(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _application_page(request, pk, note=form)
    assert request.person is not None
    actions.evaluate(
        found,
        text=form.cleaned_data["text"],
        author=request.person,
        by=by(request),
        now=clock.now(),
    )
    return redirect("hiring:application", pk=pk)
