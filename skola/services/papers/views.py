"""The register of papers, for the office (ilearn-6.a)."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.promises.rights.api import local_day
from skola.services.papers import actions, queries
from skola.services.papers.forms import PaperForm, PlaceForm, SearchForm
from skola.services.papers.models import Paper, Sheet
from skola.services.papers.queries import CAPABILITY

OFFICE = ("administrator", "officer", "support")


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_safe
def register(request: Any) -> HttpResponse:
    """What stands on which shelf, and what has to be destroyed."""
    return _register(request)


def _register(request: Any, problem: str = "", status: int = 200) -> HttpResponse:
    form = SearchForm(request.GET or None)
    sought = form.cleaned_data["q"].strip() if form.is_bound and form.is_valid() else ""
    page = Paginator(queries.register(sought), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "sought": sought,
        "destroy": queries.to_destroy(now=clock.now()),
        "problem": problem,
    }
    return render(request, "papers/register.html", context, status=status)


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """File a paper; the next page says which mark to write on it."""
    now, sent = clock.now(), request.method == "POST"
    today = local_day(now)
    form = PaperForm(request.POST if sent else None, today=today)
    if sent and form.is_valid():
        person = form.cleaned_data["email"]
        made = actions.file_paper(person, form.filed(), by=by(request), now=now)
        return redirect("papers:one", pk=made.pk)
    return render(request, "papers/new.html", {"form": form}, status=422 if sent else 200)


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Any, pk: UUID) -> HttpResponse:
    """One paper: what it is, where it stands, until when; and where it stands now."""
    now, sent = clock.now(), request.method == "POST"
    paper = get_object_or_404(Paper.objects.select_related("person"), pk=pk)
    form = PlaceForm(request.POST if sent else None, initial={"place": paper.place})
    if sent and form.is_valid():
        actions.move_paper(paper, form.cleaned_data["place"], by=by(request), now=now)
        return redirect("papers:one", pk=pk)
    context = {"paper": paper, "form": form, "clock": clock_of(paper, now=now)}
    return render(request, "papers/one.html", context, status=422 if sent else 200)


@needs(CAPABILITY)
@holding(*OFFICE)
@require_POST
def destroyed(request: Any, pk: UUID) -> HttpResponse:
    """Somebody destroyed a paper."""
    sheet = get_object_or_404(Sheet, pk=pk)
    try:
        actions.destroy(sheet, by=by(request), now=clock.now())
    except actions.NotDueError as problem:
        return _register(request, str(problem), status=409)
    return redirect("papers:register")
