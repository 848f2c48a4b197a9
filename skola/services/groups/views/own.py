"""Where an application stands, for who sent it: by the account, or by the link from the mail."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import signed_in
from skola.ground.tenants.http import TenantRequest
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.billing.api import Contract, NotOnOfferError, accept_contract
from skola.services.documents.api import CAPABILITY, newest, pdf
from skola.services.groups import actions, attending, identity, queries, rules
from skola.services.groups.forms import CodeForm, IdentityForm
from skola.services.groups.links import address_of, key_in, remember_phone
from skola.services.groups.models import Application, Attendance, Meeting, Participant


@needs(queries.CAPABILITY)
@signed_in
@require_safe
def own(request: TenantRequest) -> HttpResponse:
    """What the person applied for, newest on top."""
    found = Application.objects.filter(person=request.person).select_related("run__programme")
    rows = [(one, address_of(one)) for one in found.order_by("-applied_at")[:100]]
    return render(request, "groups/own.html", {"rows": rows})


def _application(token: str) -> Application:
    found = Application.objects.select_related("run__programme", "person")
    return get_object_or_404(found, pk=key_in(token))


def _seat(application: Application) -> Participant | None:
    found = Participant.objects.filter(application=application)
    found = found.select_related("contract", "run__programme", "document")
    return queries.with_code(found).first()


@needs(queries.CAPABILITY)
@require_safe
def mine(request: TenantRequest, token: str) -> HttpResponse:
    """Where the application stands, the days of the group, the contract, and what is kept."""
    return _page(request, token)


def _page(
    request: Any, token: str, problem: str = "", entering: IdentityForm | None = None
) -> HttpResponse:
    now = clock.now()
    application = _application(token)
    seat = _seat(application)
    run, today = application.run, queries.today(now)
    result = seat.result if seat else ""
    open_ = rules.can_withdraw(application.stage, result=result, ends_on=run.ends_on, today=today)
    meetings = list(run.meetings.all()[:100]) if seat and not seat.left_at else []
    context = {
        "application": application,
        "run": run,
        "seat": seat,
        "document": newest(seat.document) if seat and seat.document else None,
        "token": token,
        "sent": request.GET.get("sent") == "yes",
        "phone": request.GET.get("phone") == "yes",
        "problem": problem,
        "ahead": _ahead(application),
        "meetings": meetings,
        "can_withdraw": open_ and run.cancelled_at is None,
        "clock": clock_of(seat or application, now=now),
        **_presence(seat, meetings, now),
    }
    if seat and not seat.left_at and not run.cancelled_at:
        context["asks_code"] = queries.asks_code(run.programme, now)
        context["entering"] = entering or IdentityForm()
        context["mask"] = rules.MASK
    status = 409 if problem else 422 if entering else 200
    return render(request, "groups/mine.html", context, status=status)


def _presence(seat: Participant | None, meetings: list[Meeting], now: datetime) -> dict[str, Any]:
    """Return what a participant signed, what can be signed now, and who got their data."""
    if seat is None or seat.left_at is not None:
        return {"signed": {}, "open": None, "given": []}
    signed = {one.meeting_id: one for one in seat.attendances.all()}
    return {
        "signed": signed,
        "open": queries.open_among(meetings, now),
        "given": seat.disclosures.order_by("-on")[:50],
        "signing": CodeForm(),
    }


@needs(queries.CAPABILITY)
@require_POST
def enter_code(request: TenantRequest, token: str) -> HttpResponse:
    """The participant gives the national code that the programme asks for."""
    now = clock.now()
    seat = _seat(_application(token))
    if seat is None or not queries.asks_code(seat.run.programme, now):
        raise Http404
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return _page(request, token, entering=form)
    try:
        identity.enter_code(seat, form.cleaned_data["national_code"], by=by(request), now=now)
    except identity.NotAskedError as problem:
        return _page(request, token, str(problem))
    return redirect("groups:mine", token=token)


@needs(queries.CAPABILITY)
@require_POST
def forget_code(request: TenantRequest, token: str) -> HttpResponse:
    """The participant takes the national code back."""
    seat = _seat(_application(token))
    if seat is None:
        raise Http404
    identity.forget_code(seat, by=by(request), now=clock.now())
    return redirect("groups:mine", token=token)


def _ahead(application: Application) -> int:
    """Return how many stand before this one on the waiting list."""
    if application.stage != Application.Stage.WAITING:
        return 0
    queue = Application.objects.filter(run=application.run, stage=Application.Stage.WAITING)
    return queue.filter(applied_at__lt=application.applied_at).count()


@needs(queries.CAPABILITY)
@require_POST
def withdraw(request: TenantRequest, token: str) -> HttpResponse:
    """The applicant steps back; the seat is free for the next one."""
    now = clock.now()
    try:
        actions.withdraw(_application(token), today=queries.today(now), by=by(request), now=now)
    except actions.ClosedError as problem:
        return _page(request, token, str(problem))
    return redirect("groups:mine", token=token)


@needs(queries.CAPABILITY)
@require_POST
def answer(request: TenantRequest, token: str) -> HttpResponse:
    """The participant accepts the contract, or declines it and frees the seat."""
    now = clock.now()
    application = _application(token)
    seat = _seat(application)
    if seat is None or seat.contract is None or seat.contract.person_id != application.person_id:
        return _page(request, token)
    try:
        if request.POST.get("answer") == "accept":
            is_signed_in = bool(request.person) and request.person == application.person
            evidence = Contract.Evidence.CLICK if is_signed_in else Contract.Evidence.LINK
            accept_contract(seat.contract, evidence=evidence, by=by(request), now=now)
        else:
            actions.withdraw(
                application,
                ending=Contract.Ending.DECLINED,
                today=queries.today(now),
                by=by(request),
                now=now,
            )
    except (NotOnOfferError, actions.ClosedError) as problem:
        return _page(request, token, str(problem))
    return redirect("groups:mine", token=token)


@needs(CAPABILITY)
@needs(queries.CAPABILITY)
@require_safe
def document(request: TenantRequest, token: str) -> HttpResponse:
    """The participant's document as PDF."""
    seat = _seat(_application(token))
    if seat is None or seat.document is None:
        raise Http404
    return pdf(request, newest(seat.document))


@needs(queries.CAPABILITY)
@require_POST
def remember(request: TenantRequest, token: str) -> HttpResponse:
    """The participant wants to sign with this phone by scanning; it is known until it is closed."""
    remember_phone(request, _application(token))
    return redirect(f"{reverse('groups:mine', args=[token])}?phone=yes")


@needs(queries.CAPABILITY)
@require_POST
def sign(request: TenantRequest, token: str) -> HttpResponse:
    """The participant types the code on the wall."""
    now = clock.now()
    application = _application(token)
    seat = _seat(application)
    open_ = queries.open_among(application.run.meetings.all(), now) if seat else None
    if seat is None or open_ is None:
        return _page(request, token, _("No meeting can be signed now."))
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, token, _("Type the code that is on the wall."))
    is_signed_in = bool(request.person) and request.person == application.person
    try:
        attending.sign(
            seat,
            open_,
            form.cleaned_data["code"],
            way=Attendance.Way.ACCOUNT if is_signed_in else Attendance.Way.LINK,
            zone=queries.zone(now),
            by=by(request),
            now=now,
        )
    except (attending.CodeError, attending.NotNowError) as problem:
        return _page(request, token, str(problem))
    return redirect("groups:mine", token=token)
