"""The register of cameras for the office, the sign of an area, and asking for footage."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding, signed_in
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.notices.api import notice_for
from skola.promises.policy.api import in_force, needs
from skola.promises.rights.api import zone_of
from skola.services.premises import actions, queries
from skola.services.premises.forms import AreaForm, AskForm, FootageForm, SearchForm
from skola.services.premises.models import Area
from skola.services.premises.queries import CAPABILITY

OFFICE = ("administrator", "officer")


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: Any) -> HttpResponse:
    """Areas under cameras, and the footage of an area and a time."""
    now, sent = clock.now(), request.method == "POST"
    form = AreaForm(request.POST if sent else None)
    if sent and form.is_valid():
        try:
            made = actions.register_area(form.place(), by=by(request), now=now)
            return redirect("premises:area", pk=made.pk)
        except actions.TwiceError as problem:
            form.add_error("name", str(problem))
    with timezone.override(zone_of(now)):
        search = SearchForm(None if sent else request.GET or None, auto_id="search_%s")
        told = search.cleaned_data if search.is_bound and search.is_valid() else {}
        found = queries.stored(told.get("area"), told.get("at"))
        page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
        context = {"areas": queries.watched(), "form": form, "search": search, "page": page}
        return render(request, "premises/register.html", context, status=422 if sent else 200)


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def area(request: Any, pk: UUID) -> HttpResponse:
    """One area: what footage of it is stored, and another entry."""
    now, sent = clock.now(), request.method == "POST"
    found = get_object_or_404(Area, pk=pk)
    with timezone.override(zone_of(now)):
        form = FootageForm(request.POST if sent else None, now=now)
        if sent and form.is_valid():
            actions.store_footage(found, **form.cleaned_data, by=by(request), now=now)
            return redirect("premises:area", pk=pk)
        page = Paginator(queries.stored(found), ROWS_A_PAGE).get_page(request.GET.get("page"))
        context = {"area": found, "form": form, "page": page}
        return render(request, "premises/area.html", context, status=422 if sent else 200)


@needs(CAPABILITY)
@holding(*OFFICE)
@require_POST
def end(request: Any, pk: UUID) -> HttpResponse:
    """The cameras of an area are gone."""
    actions.end_area(get_object_or_404(Area, pk=pk), by=by(request), now=clock.now())
    return redirect("premises:register")


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_safe
def sign(request: Any, pk: UUID) -> HttpResponse:
    """The sign of an area, to be printed: who films, why, how long, and where to read more."""
    now = clock.now()
    found = get_object_or_404(queries.watched(), pk=pk)
    policy = in_force(now).policy
    context = {
        "area": found,
        "told": notice_for("premises-camera", now).text,
        "controller": policy.controller,
        "contact": policy.controller.email or policy.contact[0].email,
        "notice": request.build_absolute_uri(reverse("notices:notice")),
    }
    return render(request, "premises/sign.html", context)


@never_cache
@needs(CAPABILITY)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Any) -> HttpResponse:
    """Ask to see footage of oneself, by place, day and time."""
    now, sent = clock.now(), request.method == "POST"
    with timezone.override(zone_of(now)):
        form = AskForm(request.POST if sent else None)
        if sent and form.is_valid():
            told = form.cleaned_data
            made = actions.ask_for_footage(
                request.person, told["area"], told["at"], told["words"], by=by(request), now=now
            )
            return redirect("requests:one", pk=made.pk)
        return render(request, "premises/ask.html", {"form": form}, status=422 if sent else 200)
