"""The register of calls: staff see who called when; reviewers listen, each time for a reason."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.files import api as files
from skola.ground.people.http import holding, kinds
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import has, needs
from skola.promises.retention.api import clock_of
from skola.promises.rights.api import may_use
from skola.services.desk import calling, queries, rules
from skola.services.desk.forms import (
    ImportForm,
    LineForm,
    PlayForm,
    RegisterSearchForm,
    TaskForm,
)
from skola.services.desk.models import Call, CallTask, Line, Recording
from skola.services.desk.unrecorded import is_unrecorded, unrecorded

STAFF = ("support", "reviewer", "administrator")
ENTERING = ("support", "administrator")
LINE_KEEPERS = ("administrator", "officer")
LISTENING_LASTS = timedelta(hours=1)
_SALT = "desk.play"

_REFUSED = {
    rules.Refusal.UNANNOUNCED: _("This line does not tell its callers that it records."),
    rules.Refusal.NOT_ADVICE: _("Only calls with consultants and order-takers may be recorded."),
}


@needs("desk.calls")
@holding(*STAFF)
@require_safe
def register(request: TenantRequest) -> HttpResponse:
    """The calls, latest first; of one number when it is asked for (ema-4.1.2)."""
    form = RegisterSearchForm(request.GET)
    number = form.cleaned_data["number"] if form.is_valid() else ""
    found = queries.call_register(number)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    held = kinds(request)
    context = {
        "form": form,
        "page": page,
        "number": number,
        "keeps_lines": bool(held.intersection(LINE_KEEPERS)),
        "enters": bool(held.intersection(ENTERING)),
    }
    return render(request, "desk/calls.html", context)


@needs("desk.calls")
@holding(*ENTERING)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: TenantRequest) -> HttpResponse:
    """A call is entered by hand; its sound is refused where callers are not told (ema-4.3)."""
    now = clock.now()
    form = ImportForm(request.POST or None, request.FILES or None, now=now)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        rung = calling.Rung(
            told["line"], told["direction"], told["number"], told["started_at"], told["seconds"]
        )
        try:
            done = calling.import_call(
                rung,
                audio=told["audio"],
                kind=told["kind"] or Recording.Kind.QUALITY,
                agent=request.person,
                by=by(request),
                now=now,
            )
        except files.RefusedError as problem:
            form.add_error("audio", str(problem))
        else:
            if done.call is not None:
                return redirect("desk:call", pk=done.call.pk)
            form.add_error("audio", str(_REFUSED[done.refusal]))
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/enter_call.html", {"form": form}, status=status)


@needs("desk.calls")
@holding(*STAFF)
@require_safe
def not_recorded(request: TenantRequest) -> HttpResponse:
    """The numbers whose callers objected to being recorded (ema-4.2)."""
    held = kinds(request)
    context = {
        "numbers": unrecorded(clock.now()),
        "keeps_lines": bool(held.intersection(LINE_KEEPERS)),
        "enters": bool(held.intersection(ENTERING)),
    }
    return render(request, "desk/unrecorded.html", context)


@needs("desk.calls")
@holding(*STAFF)
@require_safe
def call(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One call: number, time, what to do, and for a reviewer the sound."""
    return _page(request, pk)


def _page(
    request: TenantRequest,
    pk: UUID,
    *,
    task: TaskForm | None = None,
    sound_url: str = "",
    objected: bool = False,
) -> HttpResponse:
    now = clock.now()
    found = get_object_or_404(
        Call.objects.with_parts().select_related("recording__contract").prefetch_related("tasks"),
        pk=pk,
    )
    recording = getattr(found, "recording", None)
    context = {
        "call": found,
        "recording": recording,
        "may_listen": _may_listen(request, now),
        "play": PlayForm(),
        "sound_url": sound_url,
        "objected": objected,
        "is_unrecorded": recording is None and is_unrecorded(found.number, now=now),
        "task": task or TaskForm(),
        "clock": clock_of(recording, now=now) if recording else None,
    }
    status = 422 if task else 409 if objected else 200
    return render(request, "desk/call.html", context, status=status)


def _may_listen(request: TenantRequest, now: datetime) -> bool:
    return "reviewer" in kinds(request) and has("recordings.review", now=now)


@needs("recordings.review")
@holding("reviewer")
@require_POST
def play(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A reviewer listens, says why, and the audit knows it (ilearn-11.h)."""
    recording = get_object_or_404(Recording.objects.select_related("call"), call_id=pk)
    form = PlayForm(request.POST)
    if not form.is_valid() or request.person is None:
        return _page(request, pk)
    now = clock.now()
    if form.cleaned_data["reason"] == PlayForm.QUALITY and not may_use(
        recording.person_id, "recordings.review", now=now
    ):
        return _page(request, pk, objected=True)
    calling.play(recording, reason=form.cleaned_data["reason"], by=by(request), now=now)
    until = (now + LISTENING_LASTS).isoformat()
    pass_ = signing.dumps([str(recording.pk), str(request.person.pk), until], salt=_SALT)
    return _page(request, pk, sound_url=reverse("desk:sound", kwargs={"pk": pk, "pass_": pass_}))


@needs("recordings.review")
@holding("reviewer")
@require_safe
def sound(request: TenantRequest, pk: UUID, pass_: str) -> HttpResponseBase:
    """The sound itself, for an hour, to the reviewer who said why; to nobody else."""
    recording = get_object_or_404(Recording.objects.select_related("audio"), call_id=pk)
    try:
        known, person, until = signing.loads(pass_, salt=_SALT)
    except signing.BadSignature:
        raise Http404 from None
    mine = request.person is not None and person == str(request.person.pk)
    if known != str(recording.pk) or not mine or datetime.fromisoformat(until) < clock.now():
        raise Http404
    return files.serve(request, recording.audio)


@needs("desk.calls")
@holding(*ENTERING)
@require_POST
def add_task(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Staff write down what is to be done after a call (ilearn-11.i)."""
    found = get_object_or_404(Call, pk=pk)
    form = TaskForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, task=form)
    assert request.person is not None
    calling.note_task(
        found,
        text=form.cleaned_data["text"],
        author=request.person,
        by=by(request),
        now=clock.now(),
    )
    return redirect("desk:call", pk=pk)


@needs("desk.calls")
@holding(*ENTERING)
@require_POST
def finish_task(request: TenantRequest, pk: UUID) -> HttpResponse:
    """What was to be done after a call is done."""
    task = get_object_or_404(CallTask, pk=pk)
    if task.done_at is None:
        calling.finish_task(task, by=by(request), now=clock.now())
    return redirect("desk:tasks")


@needs("desk.calls")
@holding(*LINE_KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def lines(request: TenantRequest) -> HttpResponse:
    """The lines of the service; a new one is added here."""
    form = LineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        calling.set_up_line(form.save(commit=False), by=by(request), now=clock.now())
        return redirect("desk:lines")
    context = {"form": form, "lines": Line.objects.order_by("name")}
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/lines.html", context, status=status)


@needs("desk.calls")
@holding(*LINE_KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One line is changed: above all, whether it tells its callers that it records (ema-4.3)."""
    form = LineForm(request.POST or None, instance=get_object_or_404(Line, pk=pk))
    if request.method == "POST" and form.is_valid():
        calling.set_up_line(form.save(commit=False), by=by(request), now=clock.now())
        return redirect("desk:lines")
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/line.html", {"form": form}, status=status)


@needs("desk.calls")
@holding(*ENTERING)
@require_safe
def tasks(request: TenantRequest) -> HttpResponse:
    """What is still to be done after calls; the words stay when the sound has gone."""
    page = Paginator(queries.open_tasks(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/tasks.html", {"page": page})
