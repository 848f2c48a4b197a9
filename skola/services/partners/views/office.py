"""The office lets somebody of a partner in, sees what was viewed, and ends it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.ui.api import ROWS_A_PAGE
from skola.services.partners import actions, queries, rules
from skola.services.partners.forms import AccessForm
from skola.services.partners.models import Access

STAFF = ("administrator", "officer")


def _there(now: datetime) -> None:
    if not queries.activities(now):
        raise Http404


@holding(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def accesses(request: Any) -> HttpResponse:
    """The register of people of partners, and a form to let another one in (ilearn-15.a)."""
    now = clock.now()
    _there(now)
    form: Any = AccessForm(
        request.POST or None,
        activities=queries.activities(now),
        parties=queries.candidates(now),
    )
    if request.method == "POST" and form.is_valid():
        language = get_language() or "en"
        try:
            made = actions.let_in(form.told(), language=language, by=by(request), now=now)
        except actions.NotLetInError as refused:
            form.add_error(refused.field, str(refused))
        else:
            return redirect("partners:access", pk=made.pk)
    context = {"form": form, "rows": _rows(now)}
    status = 422 if request.method == "POST" else 200
    return render(request, "partners/accesses.html", context, status=status)


def _rows(now: datetime) -> list[tuple[queries.Row, bool, str]]:
    found = []
    for row in queries.accesses(now):
        one = row.access
        is_open = rules.is_open(one.starts_at, one.ends_at, one.ended_at, now)
        found.append((row, is_open, ", ".join(map(_word, row.categories))))
    return found


def _word(text: Any) -> str:
    language = get_language() or "en"
    return str(text.get(language) or text.get("en") or next(iter(text.values()), ""))


@holding(*STAFF)
@require_safe
def access(request: Any, pk: UUID) -> HttpResponse:
    """One access, and everything that was viewed under it (ilearn-18)."""
    now = clock.now()
    found = get_object_or_404(Access.objects.select_related("person", "party"), pk=pk)
    page = Paginator(queries.viewed(found), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "access": found,
        "is_open": rules.is_open(found.starts_at, found.ends_at, found.ended_at, now),
        "page": page,
        "rows": list(page),
    }
    return render(request, "partners/access.html", context)


@holding(*STAFF)
@require_POST
def end(request: Any, pk: UUID) -> HttpResponse:
    """An access ends before its time."""
    found = get_object_or_404(Access, pk=pk)
    actions.end_access(found, by=by(request), now=clock.now())
    return redirect("partners:access", pk=pk)


@holding(*STAFF)
@require_safe
def transfers(request: Any) -> HttpResponse:
    """Who is outside the European Economic Area, with the safeguard and its document."""
    now = clock.now()
    _there(now)
    rows = [
        (one, _word(one.entry.name), ", ".join(map(_word, one.categories)))
        for one in queries.transfers(now)
    ]
    return render(request, "partners/transfers.html", {"rows": rows})
