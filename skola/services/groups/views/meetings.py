"""A meeting: the code on the wall, signing on the phone, and the list of who was there."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import qr_path
from skola.promises.policy.api import has, needs
from skola.services.groups import attending, codes, queries, rules
from skola.services.groups.forms import PresenceForm
from skola.services.groups.links import seat_on_this_phone
from skola.services.groups.models import Attendance, Disclosure, Meeting, Participant
from skola.services.groups.views.sight import COORDINATOR, TRAINER, given_to, meeting_in_sight

REFRESH = 10
"""Seconds after which the wall draws itself anew. The code it shows lives three times as long; that
a page changes by itself is what it is for, so WCAG 2.2.1 lets it."""


@needs(queries.CAPABILITY)
@holding(COORDINATOR, TRAINER)
@require_safe
def meeting(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Who was there, and who was not."""
    return _page(request, pk)


def _page(request: TenantRequest, pk: UUID, problem: str = "") -> HttpResponse:
    now = clock.now()
    found, as_trainer = meeting_in_sight(request, pk)
    seats = list(queries.seats_of(found.run)[:200])
    if as_trainer:
        given_to(request, found.run, seats, Disclosure.What.SHOWN)
    signed = queries.attendance_at(found)
    context = {
        "meeting": found,
        "run": found.run,
        "rows": [(seat, signed.get(seat.pk)) for seat in seats],
        "count": len(signed),
        "as_trainer": as_trainer,
        "is_open": rules.can_sign(*found.spans(queries.zone(now)), now),
        "can_note": queries.today(now) >= found.on,
        "has_live": has("groups.live", now=now),
        "problem": problem,
    }
    return render(request, "groups/meeting.html", context, status=409 if problem else 200)


@needs(queries.CAPABILITY)
@holding(COORDINATOR, TRAINER)
@require_safe
def wall(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The code for the wall: it changes every half a minute, and shows no names."""
    now = clock.now()
    found, _as_trainer = meeting_in_sight(request, pk)
    is_open = rules.can_sign(*found.spans(queries.zone(now)), now)
    code = codes.code_of(found.pk, now)
    there = request.build_absolute_uri(reverse("groups:here", args=[found.pk, code]))
    size, path = qr_path(there)
    context = {
        "meeting": found,
        "run": found.run,
        "is_open": is_open,
        "code": f"{code[:4]}-{code[4:]}",
        "size": size,
        "path": path,
        "signed": Attendance.objects.filter(meeting=found).count(),
        "seats": Participant.objects.filter(run=found.run, left_at=None).count(),
    }
    answer = render(request, "groups/wall.html", context)
    answer["Refresh"] = str(REFRESH)
    answer["Cache-Control"] = "no-store"
    return answer


@needs(queries.CAPABILITY)
@holding(COORDINATOR, TRAINER)
@require_POST
def note(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Whoever leads the meeting notes that somebody was there, or takes it back."""
    now = clock.now()
    found, _as_trainer = meeting_in_sight(request, pk)
    form = PresenceForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, _("Choose somebody of the list."))
    seats = Participant.objects.filter(run=found.run)
    seat = get_object_or_404(seats, pk=form.cleaned_data["seat"])
    try:
        attending.note(
            seat,
            found,
            present=form.cleaned_data["present"],
            zone=queries.zone(now),
            by=by(request),
            now=now,
        )
    except attending.NotNowError as problem:
        return _page(request, pk, str(problem))
    return redirect("groups:meeting", pk=pk)


@needs(queries.CAPABILITY)
@require_http_methods(["GET", "HEAD", "POST"])
def here(request: TenantRequest, pk: UUID, code: str) -> HttpResponse:
    """Whoever scanned the code signs that they are here: one look, one tap."""
    now = clock.now()
    found = get_object_or_404(Meeting.objects.select_related("run__programme"), pk=pk)
    seat, way = _seat(request, found)
    problem = ""
    if request.method == "POST" and seat is not None:
        try:
            attending.sign(
                seat, found, code, way=way, zone=queries.zone(now), by=by(request), now=now
            )
        except (attending.CodeError, attending.NotNowError) as refused:
            problem = str(refused)
    elif not codes.is_current(found.pk, code, now):
        problem = _("This code has expired. Take the one that is on the wall now.")
    if request.method == "POST" and seat is None:
        raise Http404
    context = {
        "meeting": found,
        "run": found.run,
        "seat": seat,
        "problem": problem,
        "attendance": Attendance.objects.filter(meeting=found, participant=seat).first()
        if seat
        else None,
        "sign_in_url": f"{reverse('account_login')}?next={reverse('groups:own')}",
    }
    status = 409 if problem else 200
    return render(request, "groups/here.html", context, status=status)


def _seat(request: TenantRequest, found: Meeting) -> tuple[Participant | None, str]:
    """Return the seat of who holds the phone, and by what they are known."""
    if request.person:
        seat = queries.seat_of(request.person, found.run)
        if seat is not None:
            return seat, Attendance.Way.ACCOUNT
    return seat_on_this_phone(request, found.run), Attendance.Way.LINK
