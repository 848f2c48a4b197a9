"""The register of representatives, for the office: note, write, see who is to be told by when."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import language_of
from skola.ground.people.http import holding
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import in_force, needs
from skola.promises.retention.api import clock_of
from skola.promises.rights.api import local_day
from skola.services.companies import actions, queries
from skola.services.companies.forms import FoundForm, MessageForm
from skola.services.companies.models import Representative
from skola.services.companies.queries import CAPABILITY

OFFICE = ("administrator", "coordinator")


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_safe
def register(request: Any) -> HttpResponse:
    """Who represents which company, and who is still to be told; those on top."""
    page = Paginator(queries.register(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "companies/register.html", {"page": page, "now": clock.now()})


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """Note somebody from a public source; the next page has the message in which they are told."""
    now, sent = clock.now(), request.method == "POST"
    form = FoundForm(request.POST if sent else None, today=local_day(now))
    if sent and form.is_valid():
        language = in_force(now).policy.policy.authentic
        made = actions.note(form.found(), language=language, by=by(request), now=now)
        return redirect("companies:one", pk=made.pk)
    return render(request, "companies/new.html", {"form": form}, status=422 if sent else 200)


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Any, pk: UUID) -> HttpResponse:
    """A representative: from where, since when, told or not, and a message to them."""
    now, sent = clock.now(), request.method == "POST"
    found = get_object_or_404(Representative.objects.select_related("person", "company"), pk=pk)
    notice = request.build_absolute_uri(reverse("notices:notice"))
    form = MessageForm(request.POST if sent else None)
    if sent and form.is_valid():
        told = form.cleaned_data
        actions.write(found, told["subject"], told["text"], notice=notice, by=by(request), now=now)
        return redirect("companies:one", pk=pk)
    with translation.override(language_of(found.person)):
        added = "" if found.informed_at else actions.source_text(found, notice, now=now)
    context = {
        "found": found,
        "form": form,
        "added": added,
        "now": now,
        "clock": clock_of(found, now=now),
        "language": language_of(found.person),
    }
    return render(request, "companies/one.html", context, status=422 if sent else 200)
