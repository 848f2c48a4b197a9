"""People of a company and how their training stands: status and dates, nothing else (ema-2.5)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import IsReadable
from skola.ground.people.http import signed_in
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.workforce import queries
from skola.services.workforce.actions.assigning import NotRequiredError, complete
from skola.services.workforce.actions.identifying import show
from skola.services.workforce.forms import CompletionForm, FindForm, PeopleForm
from skola.services.workforce.models import Assignment, StaffNumber, Training
from skola.services.workforce.rules.terms import SOON
from skola.services.workforce.sight import TRAINING, employment_in_sight, seeing
from skola.services.workforce.wording import shown


@seeing()
@require_safe
def people(request: Any, pk: UUID) -> HttpResponse:
    """The people in the visitor's units, by training: who is overdue, who is about to be."""
    return _people(request)


@seeing()
@require_POST
def find(request: Any, pk: UUID) -> HttpResponse:
    """Somebody is found by what the company calls them, in the units that the visitor sees."""
    form = FindForm(request.POST, sight=request.sight)
    if not form.is_valid():
        return _people(request, form)
    return redirect("workforce:employee", pk=form.employment.pk)


def _people(request: Any, finding: FindForm | None = None) -> HttpResponse:
    today = queries.today(clock.now())
    sight = request.sight
    posts = sight.posts()
    units = queries.unit_names(sight.company, sight.of())
    form = PeopleForm(request.GET or None, units=units)
    chosen = posts
    if form.is_valid():
        said = form.cleaned_data
        if said["unit"]:
            chosen = chosen.within(UUID(said["unit"]))
        if said["name"]:
            chosen = chosen.filter(
                IsReadable("identity", "employment__person__"),
                employment__person__family_name__istartswith=said["name"],
            )
        if said["stands"]:
            chosen = _with_something(chosen, said["stands"], today)
    ordered = queries.with_trainings(chosen).order_by(
        "employment__person__family_name", "employment__person__given_name", "pk"
    )
    is_whole = chosen is posts
    figures = queries.figures(posts, today, None if is_whole else chosen)
    pages = Paginator(ordered, ROWS_A_PAGE)
    # counted with the others
    vars(pages)["count"] = figures.people if is_whole else figures.chosen
    page = pages.get_page(request.GET.get("page"))
    asked: list[tuple[Any, list[Assignment]]] = []
    for post in page:
        employment: Any = post.employment
        asked.append((post, employment.required))
    far = queries.progress(_of_whom(asked))
    rows = [
        (post, [shown(one, today, under_way=far.get(one.pk)) for one in required])
        for post, required in asked
    ]
    context = {
        "sight": sight,
        "form": form,
        "page": page,
        "rows": rows,
        "figures": figures,
        "units": units,
        "finding": finding or FindForm(sight=sight),
    }
    return render(request, "workforce/people.html", context, status=422 if finding else 200)


def _of_whom(asked: list[tuple[Any, list[Assignment]]]) -> Iterator[Assignment]:
    """Yield tasks, each with the employment that is in memory already."""
    for post, required in asked:
        for one in required:
            one.employment = post.employment
            yield one


def _with_something(posts: Any, stands: str, today: Any) -> Any:
    due = Assignment.objects.open()
    if stands == "overdue":
        due = due.filter(due_on__lt=today)
    else:
        due = due.filter(due_on__range=(today, today + SOON))
    return posts.filter(employment__in=due.values("employment"))


@needs("workforce.briefings")
@signed_in
@require_safe
def employee(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One employee: where they work and worked, what is required of them, why and by when."""
    return _page(request, pk)


@needs("workforce.briefings")
@signed_in
@require_POST
def show_identifier(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The training manager sees a birth date or personal code in full; that it was shown stays."""
    _sight, employment = employment_in_sight(request, pk, TRAINING)
    try:
        shown = show(employment, by=by(request), now=clock.now())
    except StaffNumber.DoesNotExist as none:
        raise Http404 from none
    return _page(request, pk, identifier=shown)


def _page(
    request: TenantRequest,
    pk: UUID,
    *,
    form: CompletionForm | None = None,
    problem: str = "",
    identifier: str = "",
) -> HttpResponse:
    now = clock.now()
    today = queries.today(now)
    sight, employment = employment_in_sight(request, pk)
    found = list(queries.assignments_of([employment]).prefetch_related("completions"))
    far = queries.progress(found)
    tasks = [shown(one, today, under_way=far.get(one.pk), explain=True) for one in found]
    context = {
        "sight": sight,
        "employment": employment,
        "posts": employment.posts.all(),
        "units": queries.unit_names(sight.company),
        "tasks": tasks,
        "outside": Training.Kind.OUTSIDE,
        "called": queries.CALLED[sight.company.identifier],
        "identifier": identifier,
        "may_note": sight.may(TRAINING),
        "form": form or CompletionForm(today=today),
        "problem": problem,
        "clock": clock_of(employment, now=now),
    }
    status = 409 if problem else 422 if form else 200
    return render(request, "workforce/employee.html", context, status=status)


@needs("workforce.briefings")
@signed_in
@require_POST
def note_done(request: TenantRequest, pk: UUID, task: UUID) -> HttpResponse:
    """The training manager notes a training that was given elsewhere."""
    now = clock.now()
    _sight, employment = employment_in_sight(request, pk, TRAINING)
    tasks = Assignment.objects.open().filter(
        employment=employment, training__kind=Training.Kind.OUTSIDE
    )
    assignment = get_object_or_404(tasks, pk=task)
    form = CompletionForm(request.POST, today=queries.today(now))
    if not form.is_valid():
        return _page(request, pk, form=form)
    try:
        complete(assignment, **form.cleaned_data, by=by(request), now=now)
    except NotRequiredError as problem:
        return _page(request, pk, problem=str(problem))
    return redirect("workforce:employee", pk=pk)
