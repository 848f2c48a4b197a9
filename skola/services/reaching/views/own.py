"""What somebody was told, and the devices on which they want to be told."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import signed_in
from skola.ground.people.network import device as device_of
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.reaching import actions, pushing, queries, webpush
from skola.services.reaching.forms import BrowserForm, SettleForm
from skola.services.reaching.models import Device
from skola.services.reaching.queries import CAPABILITY

_WORKER = Path(__file__).resolve().parent.parent / "static" / "reaching" / "worker.js"


@never_cache
@needs(CAPABILITY)
@signed_in
@require_safe
def inbox(request: Any) -> HttpResponse:
    """Notices of whoever is signed in, the latest first (ilearn-29)."""
    found = queries.with_deliveries(queries.inbox(request.person))
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "reaching/inbox.html", {"page": page})


@never_cache
@needs(CAPABILITY)
@signed_in
@require_safe
def notice(request: Any, pk: UUID) -> HttpResponse:
    """One notice, for its person and nobody else; to open it is to read it."""
    now = clock.now()
    found = get_object_or_404(queries.inbox(request.person), pk=pk)
    actions.mark_read(found, now=now)
    context = {"notice": found, "clock": clock_of(found, now=now)}
    return render(request, "reaching/notice.html", context)


@never_cache
@needs(CAPABILITY)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: Any) -> HttpResponse:
    """The devices of whoever is signed in; a browser that agreed is added (ilearn-6.c)."""
    now, sent = clock.now(), request.method == "POST"
    problem = False
    if sent:
        form = BrowserForm(request.POST)
        agent = request.headers.get("User-Agent", "")
        try:
            if not form.is_valid():
                raise pushing.NotCarriedError
            pushing.add(request.person, form.told(), name=device_of(agent), by=by(request), now=now)
        except pushing.NotCarriedError:
            problem = True
        else:
            return redirect("reaching:devices")
    found = Device.objects.filter(person=request.person).order_by("-added_at", "-pk")
    context = {
        "devices": found,
        "can_push": pushing.can_push(now),
        "key": webpush.public_key(),
        "problem": problem,
    }
    return render(request, "reaching/devices.html", context, status=422 if problem else 200)


@needs(CAPABILITY)
@signed_in
@require_POST
def settings(request: Any, pk: UUID) -> HttpResponse:
    """Settle what one device shows (ilearn-34.d)."""
    found = get_object_or_404(Device, pk=pk, person=request.person)
    form = SettleForm(request.POST)
    if form.is_valid():
        pushing.settle(found, **form.cleaned_data, by=by(request), now=clock.now())
    return redirect("reaching:devices")


@needs(CAPABILITY)
@signed_in
@require_POST
def removals(request: Any, pk: UUID) -> HttpResponse:
    """Show no more notices on one device."""
    found = get_object_or_404(Device, pk=pk, person=request.person)
    pushing.remove(found, by=by(request), now=clock.now())
    return redirect("reaching:devices")


@needs(CAPABILITY)
@require_safe
def worker(_request: Any) -> HttpResponse:
    """The script that shows notices while no page is open. It stands at the root to reach all."""
    answer = HttpResponse(_WORKER.read_text(encoding="utf-8"), content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer
