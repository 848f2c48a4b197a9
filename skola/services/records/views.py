"""A person's learning record, and bringing one from another service."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import signed_in
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import in_force, needs
from skola.promises.retention.api import clock_of
from skola.promises.rights.api import right_of
from skola.services.records import actions, queries, rules
from skola.services.records.forms import BringForm


def _words() -> dict[str, str]:
    """What the verbs and activities of statements are called."""
    return {
        "registered": _("begun"),
        "completed": _("done"),
        "attempted": _("tried"),
        "passed": _("passed"),
        "failed": _("not passed"),
        "course": _("course"),
        "lesson": _("lesson"),
        "exercise": _("exercise"),
        "exam": _("exam"),
    }


def _may_bring() -> bool:
    return right_of(in_force(clock.now()), queries.RIGHT) is not None


@never_cache
@needs(queries.CAPABILITY)
@signed_in
@require_safe
def record(request: Any) -> HttpResponse:
    """What one learned, here and elsewhere, newest on top (ilearn-23.f)."""
    now = clock.now()
    found = [rules.told(one) for one in reversed(queries.record_of(request.person, now=now))]
    context = {
        "page": Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "badges": list(queries.badges_of(request.person)),
        "intakes": [(one, clock_of(one, now=now)) for one in queries.intakes_of(request.person)],
        "words": _words(),
        "here": in_force(now).policy.service.name,
        "may_bring": _may_bring(),
    }
    return render(request, "records/record.html", context)


@never_cache
@needs(queries.CAPABILITY)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: Any) -> HttpResponse:
    """Bring the file that another service gave, by the right to portability (GDPR Art. 20)."""
    if not _may_bring():
        raise Http404
    sent = request.method == "POST"
    files = request.FILES if sent else None
    initial = {"with_contacts": True}
    form = BringForm(request.POST if sent else None, files, initial=initial)
    if sent and form.is_valid():
        told = form.cleaned_data
        try:
            actions.take(
                request.person,
                told["file"],
                with_contacts=told["with_contacts"],
                by=by(request),
                now=clock.now(),
            )
        except (actions.NotYoursError, actions.NothingNewError) as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("records:record")
    return render(request, "records/bring.html", {"form": form}, status=422 if sent else 200)


@require_POST
@needs(queries.CAPABILITY)
@signed_in
def remove(request: Any, pk: UUID) -> HttpResponse:
    """Let go of what came with one file."""
    intake = get_object_or_404(queries.intakes_of(request.person), pk=pk)
    actions.let_go(intake, by=by(request), now=clock.now())
    return redirect("records:record")


@needs(queries.CAPABILITY)
@signed_in
@require_safe
def badge(request: Any, pk: UUID) -> HttpResponse:
    """One's own badge of elsewhere, as it was brought."""
    found = get_object_or_404(queries.badges_of(request.person), pk=pk)
    answer = HttpResponse(found.content, content_type="application/jwt")
    answer["Content-Disposition"] = f'attachment; filename="{found.pk}.jwt"'
    answer["Cache-Control"] = "private, no-store"
    return answer
