"""What coordinators do: programmes, groups and their days, admission.

Everything is fetched through the runs that the visitor looks after; others do not exist for them.
"""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import has, needs
from skola.services.documents.api import CAPABILITY, newest, pdf
from skola.services.groups import actions, identity, queries, rules, wording
from skola.services.groups.forms import (
    ApplyForm,
    MeetingForm,
    NewRunForm,
    ProgrammeForm,
    ResultForm,
    RunForm,
    SignatoryForm,
)
from skola.services.groups.links import links
from skola.services.groups.models import (
    Application,
    Meeting,
    Participant,
    ParticipantCode,
    Programme,
    Run,
    RunQuerySet,
)
from skola.services.groups.views.sight import COORDINATOR, looked_after


def _runs(request: TenantRequest) -> RunQuerySet:
    return looked_after(request)


def _run(request: TenantRequest, pk: UUID) -> Run:
    found: Run = get_object_or_404(_runs(request).with_counts().select_related("programme"), pk=pk)
    return found


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_safe
def runs(request: TenantRequest) -> HttpResponse:
    """The groups this coordinator looks after, the latest on top."""
    today = queries.today(clock.now())
    found = _runs(request).with_counts().select_related("programme").order_by("-starts_on", "code")
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, wording.standing_words(one, today)) for one in page]
    return render(request, "groups/office.html", {"page": page, "rows": rows})


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_safe
def programmes(request: TenantRequest) -> HttpResponse:
    """What can be given."""
    page = Paginator(Programme.objects.order_by("title"), ROWS_A_PAGE)
    context = {"page": page.get_page(request.GET.get("page"))}
    return render(request, "groups/programmes.html", context)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: TenantRequest) -> HttpResponse:
    """A coordinator writes a programme."""
    return _write(request, None)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def rewrite(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A coordinator writes a programme anew; contracts that were offered stay as they are."""
    return _write(request, get_object_or_404(Programme, pk=pk))


def _write(request: TenantRequest, programme: Programme | None) -> HttpResponse:
    with_codes = queries.holds_codes(clock.now())
    form = ProgrammeForm(request.POST or None, programme=programme, with_codes=with_codes)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_programme(
                form.facts(), programme=programme, by=by(request), now=clock.now()
            )
        except actions.TwiceError as problem:
            form.add_error("title", str(problem))
        else:
            return redirect("groups:programmes")
    context = {"form": form, "programme": programme}
    status = 422 if request.method == "POST" else 200
    return render(request, "groups/programme.html", context, status=status)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: TenantRequest) -> HttpResponse:
    """A coordinator plans a group."""
    form = NewRunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        programme = form.cleaned_data["programme"]
        try:
            made = actions.plan_run(programme, form.facts(), by=by(request), now=clock.now())
        except actions.TwiceError as problem:
            form.add_error("code", str(problem))
        else:
            return redirect("groups:office-run", pk=made.pk)
    context = {"form": form, "run": None, "can_plan": Programme.objects.exists()}
    status = 422 if request.method == "POST" else 200
    return render(request, "groups/plan.html", context, status=status)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A coordinator changes days, place or seats; who takes part is told of other days."""
    run = _run(request, pk)
    before = (run.starts_on, run.ends_on, run.place)
    form = RunForm(request.POST or None, instance=run)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            zone = queries.zone(now)
            actions.change_run(run, form.facts(), zone=zone, by=by(request), now=now)
        except actions.TwiceError as problem:
            form.add_error("code", str(problem))
        except actions.NoSeatError as problem:
            form.add_error("seats", str(problem))
        else:
            if before != (run.starts_on, run.ends_on, run.place):
                actions.tell_of_changes(run, link=links(request), now=now)
            return redirect("groups:office-run", pk=pk)
    context = {"form": form, "run": run, "can_plan": True}
    status = 422 if request.method == "POST" else 200
    return render(request, "groups/plan.html", context, status=status)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_safe
def run(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One group: who applied, who has a seat."""
    return _page(request, _run(request, pk))


def _page(
    request: TenantRequest, run: Run, *, problem: str = "", entering: ApplyForm | None = None
) -> HttpResponse:
    applied = Paginator(queries.applications_of(run), ROWS_A_PAGE)
    seats = Paginator(queries.participants_of(run), ROWS_A_PAGE)
    cancelled = run.cancelled_at is not None
    page = applied.get_page(request.GET.get("page"))
    context = {
        "run": run,
        "state": wording.standing_words(run, queries.today(clock.now())),
        "page": page,
        "applications": [
            (one, rules.decisions(one.stage, free=run.free, cancelled=cancelled)) for one in page
        ],
        "seats": seats.get_page(request.GET.get("seats")),
        "entering": entering or ApplyForm(),
        "can_enter": run.apply_until >= queries.today(clock.now()),
        "has_contracts": has("billing.contracts", now=clock.now()),
        "asks_code": queries.asks_code(run.programme, clock.now()),
        "mask": rules.MASK,
        "problem": problem,
    }
    status = 409 if problem else 422 if entering else 200
    return render(request, "groups/office_run.html", context, status=status)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_POST
def publish(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A coordinator lets everybody see a group."""
    actions.publish_run(_run(request, pk), by=by(request), now=clock.now())
    return redirect("groups:office-run", pk=pk)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A coordinator cancels a group, after the page has said what follows from it."""
    found = _run(request, pk)
    problem = ""
    if request.method == "POST":
        now = clock.now()
        try:
            actions.cancel_run(
                found, link=links(request), today=queries.today(now), by=by(request), now=now
            )
        except actions.ClosedError as refused:
            problem = str(refused)
        else:
            return redirect("groups:office-run", pk=pk)
    context = {"run": found, "problem": problem}
    return render(request, "groups/cancel.html", context, status=409 if problem else 200)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The days of a group: a coordinator puts meetings in, once or again and again."""
    found = _run(request, pk)
    form = MeetingForm(request.POST or None, run=found)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.add_meetings(
            found,
            form.days(),
            begins=told["begins"],
            ends=told["ends"],
            topic=told["topic"],
            by=by(request),
            now=clock.now(),
        )
        return redirect("groups:days", pk=pk)
    page = Paginator(queries.meetings_of(found), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "run": found,
        "form": form,
        "page": page,
        "state": wording.standing_words(found, queries.today(clock.now())),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "groups/days.html", context, status=status)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_POST
def remove_meeting(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A coordinator takes a meeting out."""
    found = get_object_or_404(Meeting.objects.filter(run__in=_runs(request)), pk=pk)
    run_pk = found.run_id
    actions.remove_meeting(found, by=by(request), now=clock.now())
    return redirect("groups:days", pk=run_pk)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_POST
def enter(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A coordinator enters somebody who applied by phone or on paper; a mail tells them so."""
    now = clock.now()
    found = _run(request, pk)
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return _page(request, found, entering=form)
    sent = actions.Sent(
        source=Application.Source.STAFF,
        notice_version=queries.notice_version(now),
        language=translation.get_language() or "en",
        words=form.cleaned_data["words"],
    )
    try:
        made = actions.apply(
            found, form.applicant(), sent, today=queries.today(now), by=by(request), now=now
        )
    except actions.ClosedError as problem:
        return _page(request, found, problem=str(problem))
    what = "waiting" if made.stage == Application.Stage.WAITING else "received"
    actions.tell(made, what, link=links(request)(made), now=now)
    return redirect("groups:office-run", pk=pk)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_POST
def decide(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A coordinator gives a seat, puts somebody on the waiting list, or does not admit them."""
    now, who = clock.now(), by(request)
    found = get_object_or_404(
        Application.objects.filter(run__in=_runs(request)).select_related(
            "run__programme", "person"
        ),
        pk=pk,
    )
    to = request.POST.get("to", "")
    try:
        if to == Application.Stage.ADMITTED:
            contracts = has("billing.contracts", now=now)
            actions.admit(found, with_contract=contracts, by=who, now=now)
        elif to == Application.Stage.WAITING:
            actions.put_off(found, by=who, now=now)
        else:
            actions.refuse(found, by=who, now=now)
    except (actions.ClosedError, actions.NoSeatError) as problem:
        return _page(request, _run(request, found.run_id), problem=str(problem))
    actions.tell(found, found.stage, link=links(request)(found), now=now)
    return redirect("groups:office-run", pk=found.run_id)


@needs(CAPABILITY)
@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The documents of a group: a coordinator issues them to everybody who completed it."""
    now = clock.now()
    run = _run(request, pk)
    assert request.person is not None
    form = SignatoryForm(request.POST or None, initial={"signatory": request.person.name})
    if request.method == "POST" and form.is_valid():
        signatory = form.cleaned_data["signatory"]
        zone, who = queries.zone(now), by(request)
        for seat in actions.issue_documents(run, signatory=signatory, zone=zone, by=who, now=now):
            if seat.application is not None:
                actions.tell(
                    seat.application, "issued", link=links(request)(seat.application), now=now
                )
        return redirect("groups:documents", pk=pk)
    context = {
        "run": run,
        "state": wording.standing_words(run, queries.today(now)),
        "waiting": queries.without_document(run)[:200],
        "issued": queries.documents_of(run)[:200],
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "groups/documents.html", context, status=status)


@needs(CAPABILITY)
@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_safe
def document(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The document of a participant as PDF, to be printed and signed."""
    found = _seat(request, pk).document
    if found is None:
        raise Http404
    return pdf(request, newest(found))


def _seat(request: TenantRequest, pk: UUID) -> Participant:
    seats = Participant.objects.filter(run__in=_runs(request)).select_related(
        "contract", "document", "person", "run__programme"
    )
    return get_object_or_404(seats, pk=pk)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_POST
def code(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Show a coordinator a national code in full; that it was shown stays."""
    now = clock.now()
    seat = _seat(request, pk)
    if not queries.asks_code(seat.run.programme, now):
        raise Http404
    try:
        shown = identity.show_code(seat, by=by(request), now=now)
    except ParticipantCode.DoesNotExist as none:
        raise Http404 from none
    return render(request, "groups/code.html", {"seat": seat, "run": seat.run, "code": shown})


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_POST
def record_result(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A coordinator says how a participant did."""
    found = _seat(request, pk)
    form = ResultForm(request.POST)
    if not form.is_valid():
        return _page(request, _run(request, found.run_id), problem=_("Choose a result."))
    try:
        actions.record_result(found, form.cleaned_data["result"], by=by(request), now=clock.now())
    except actions.ClosedError as problem:
        return _page(request, _run(request, found.run_id), problem=str(problem))
    return redirect("groups:office-run", pk=found.run_id)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_POST
def free_seat(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Somebody leaves the group: the seat is free, the contract about it ends."""
    found = _seat(request, pk)
    try:
        actions.leave(found, by=by(request), now=clock.now())
    except actions.ClosedError as problem:
        return _page(request, _run(request, found.run_id), problem=str(problem))
    return redirect("groups:office-run", pk=found.run_id)
