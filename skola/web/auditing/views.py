"""The officer's page of the audit: how far the log is, the entries, a proof of each, a copy."""

import tempfile
import zipfile
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.http import holding
from skola.promises.policy.api import in_force
from skola.web.auditing.forms import SearchForm
from skola.web.officer.tabs import ALLOWED

PAGE = 50
COPIED = "web.audit.copied"


def _show(request: Any, template: str, /, **context: object) -> HttpResponse:
    with timezone.override(ZoneInfo(in_force(clock.now()).policy.policy.timezone)):
        return render(request, f"web/auditing/{template}.html", context)


@require_GET
@holding(*ALLOWED)
def entries(request: Any) -> HttpResponse:
    """How far the log is, and what stands in it, the newest first."""
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    kind, before = asked.get("q") or "", asked.get("before")
    found = audit.Entry.objects.filter(kind__startswith=kind).order_by("-id")
    if before:
        found = found.filter(id__lt=before)
    rows = list(found[: PAGE + 1])
    state = _state()
    return _show(
        request,
        "entries",
        state=state,
        key_is_lost=state is not None and bool(audit.key_trouble(state.log)),
        rows=rows[:PAGE],
        older=rows[PAGE - 1].pk if len(rows) > PAGE else None,
        q=kind,
        newest=before is None,
    )


def _state() -> audit.State | None:
    """How far the log is; None where its checkpoint was tampered with."""
    try:
        return audit.state(clock.now())
    except audit.NoteError:
        return None


@require_GET
@holding(*ALLOWED)
def entry(request: Any, pk: UUID) -> HttpResponse:
    """One entry, and the proof that it stands in the log."""
    found = get_object_or_404(audit.Entry, pk=pk)
    proof, damaged = None, False
    try:
        proof = audit.proof_of(pk)
    except (audit.NoteError, audit.MissingError):
        damaged = True
    return _show(
        request,
        "entry",
        entry=found,
        proof=proof,
        damaged=damaged or (proof is not None and not proof.holds),
        host=request.get_host(),
    )


@require_GET
@holding(*ALLOWED)
def proof(request: Any, pk: UUID) -> HttpResponse:
    """The proof of an entry as JSON, to be kept."""
    get_object_or_404(audit.Entry, pk=pk)
    try:
        found = audit.proof_of(pk)
    except (audit.NoteError, audit.MissingError):
        found = None
    if found is None:
        return redirect("web:auditing:entry", pk=pk)
    name = f"proof-{found.index}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return JsonResponse(found.as_json(), headers=headers, json_dumps_params={"indent": 1})


@require_POST
@holding(*ALLOWED)
def copy(request: Any) -> HttpResponse | FileResponse:
    """A copy of the whole log for an auditor, as an archive; who took it stands in the audit."""
    log = audit.log_of(request.tenant.pk)
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        found = audit.copy(log, archive.writestr)
    if found is None:
        file.close()
        return redirect("web:auditing:entries")
    audit.record(COPIED, by=audit.by(request), at=clock.now(), detail={"size": found.size})
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=f"audit-{request.tenant.slug}-{found.size}.zip"
    )
