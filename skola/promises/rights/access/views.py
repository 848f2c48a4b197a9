"""A copy of my data: ask for it, fetch it, delete it."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.files import api as files
from skola.ground.people.http import proven_anew, signed_in
from skola.promises.policy.api import in_force
from skola.promises.rights.access import actions, queries
from skola.promises.rights.access.told import answer_due
from skola.promises.rights.models import Export


class AskForm(forms.Form):
    """Which kind of copy."""

    kind = forms.ChoiceField(choices=Export.Kind.choices)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def copies(request: Any) -> HttpResponse:
    """The person's copies with their clocks; a POST asks for one (GDPR Art. 15 and 20)."""
    now = clock.now()
    found = in_force(now)
    offered = queries.offers(found, now)
    if not offered:
        raise Http404
    if request.method == "POST":
        form = AskForm(request.POST)
        if not form.is_valid() or form.cleaned_data["kind"] not in {one.kind for one in offered}:
            raise Http404
        actions.ask_for_export(
            request.person.pk,
            kind=form.cleaned_data["kind"],
            language=translation.get_language() or "en",
            by=audit.by(request),
            now=now,
        )
        return redirect("access:copies")
    exports = queries.exports_of(request.person.pk, now=now)
    running = [one for one in exports if one.ready_at is None]
    context = {
        "offers": offered,
        "exports": exports,
        "running": bool(running),
        "waiting": bool(running) and running[0].failed_at is None,
        "due": {one.pk: answer_due(found, one.kind, one.asked_at) for one in running},
    }
    return render(request, "rights/copies.html", context)


def _mine(request: Any, pk: UUID) -> Export:
    """The visitor's own copy that has not ended; any other is as if it were not there."""
    mine = Export.objects.filter(person_id=request.person.pk, expires_at__gt=clock.now())
    return get_object_or_404(mine, pk=pk)


@require_GET
@signed_in
def download(request: Any, pk: UUID) -> HttpResponseBase:
    """Send a copy to its person, who has just proven again that it is them."""
    export = _mine(request, pk)
    if export.file is None:
        raise Http404
    return _send(request, export)


@proven_anew
def _send(request: Any, export: Export) -> HttpResponseBase:
    assert export.file is not None
    try:
        next(files.pieces_of(export.file), b"")
        response = files.serve(request, export.file)
    except files.UNREADABLE:
        actions.give_up_file(export, now=clock.now())
        return redirect("access:copies")
    response["Content-Type"] = "application/zip"
    response["Cache-Control"] = "private, no-store"
    if request.headers.get("Range", "bytes=0-").startswith("bytes=0-"):
        actions.record_download(export, by=audit.by(request), now=clock.now())
    return response


@require_POST
@signed_in
def delete(request: Any, pk: UUID) -> HttpResponse:
    """Delete a copy now."""
    actions.delete_export(_mine(request, pk), by=audit.by(request), now=clock.now())
    return redirect("access:copies")
