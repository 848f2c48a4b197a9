"""The office of works: record them, see who holds the service, tell exactly them (ilearn-8.d)."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.promises.rights.api import zone_of
from skola.services.upkeep import actions, queries
from skola.services.upkeep.forms import WorksForm
from skola.services.upkeep.models import Works
from skola.services.upkeep.queries import CAPABILITY

OFFICE = ("administrator", "support")


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_safe
def listed(request: Any) -> HttpResponse:
    """Works on the services, latest on top."""
    found = Works.objects.select_related("course").order_by("-starts_at", "-pk")
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "upkeep/listed.html", {"page": page, "now": clock.now()})


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """Record works; who is told of them is shown next."""
    now, sent = clock.now(), request.method == "POST"
    with timezone.override(zone_of(now)):
        form = WorksForm(request.POST if sent else None)
        if sent and form.is_valid():
            made = actions.record_works(form.planned(), by=by(request), now=now)
            return redirect("upkeep:one", pk=made.pk)
        return render(request, "upkeep/new.html", {"form": form}, status=422 if sent else 200)


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_safe
def one(request: Any, pk: UUID) -> HttpResponse:
    """Works, and exactly those who hold the service: told already, or to be told."""
    works = get_object_or_404(Works.objects.select_related("course"), pk=pk)
    people = Paginator(queries.holders(works), ROWS_A_PAGE).get_page(request.GET.get("page"))
    told = dict(works.notices.filter(person__in=list(people)).values_list("person", "at"))
    context = {
        "works": works,
        "page": people,
        "told": told,
        "waiting": queries.untold(works).count(),
        "over": works.ends_at <= clock.now(),
    }
    return render(request, "upkeep/one.html", context)


@needs(CAPABILITY)
@holding(*OFFICE)
@require_POST
def announce(request: Any, pk: UUID) -> HttpResponse:
    """Tell those who hold the service; who was told is not told again."""
    works = get_object_or_404(Works, pk=pk)
    actions.tell_later(works, by=by(request), now=clock.now())
    return redirect("upkeep:one", pk=pk)
