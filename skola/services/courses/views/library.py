"""The library: lessons of an author's own courses, and of those that colleagues share, to copy."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import ROWS_A_PAGE
from skola.services.courses import authoring, queries
from skola.services.courses.access import authors
from skola.services.courses.forms import CopyForm, LibraryForm


@require_safe
@authors
def library(request: TenantRequest) -> HttpResponse:
    """Every lesson that can be copied, with its course."""
    assert request.person is not None
    form = LibraryForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    lessons = queries.library(request.person, words)
    page = Paginator(lessons, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "lessons": list(page), "words": words}
    return render(request, "courses/library.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@authors
def lesson(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A lesson as it is, and where it can be copied to."""
    assert request.person is not None
    found = get_object_or_404(queries.library(request.person), pk=pk)
    sections = list(queries.sections_of(request.person)[:500])
    form: Any = CopyForm(request.POST or None, sections=sections)
    if request.method == "POST" and form.is_valid():
        section = form.chosen()
        try:
            made = authoring.copy_lesson(found, section, by=by(request), now=clock.now())
        except authoring.BadUploadError as problem:
            form.add_error(None, str(problem))
        else:
            return redirect("courses:edit_lesson", section.course.slug, made.slug)
    context = {"form": form, "lesson": found, "has_sections": bool(sections)}
    status = 422 if request.method == "POST" else 200
    return render(request, "courses/library_lesson.html", context, status=status)
