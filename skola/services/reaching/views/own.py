"""What somebody was told, and the devices on which they want to be told."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import signed_in
from skola.ground.people.network import device as device_of
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.reaching import actions, pushing, queries, tokens, webpush
from skola.services.reaching.forms import BrowserForm, SettleForm, TokenForm
from skola.services.reaching.models import Device, Token
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
    now, problem = clock.now(), False
    if request.method == "POST":
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
    return _devices(request, problem=problem, status=422 if problem else 200)


def _devices(request: Any, *, status: int = 200, **said: Any) -> HttpResponse:
    context = {
        "devices": Device.objects.filter(person=request.person).order_by("-added_at", "-pk"),
        "tokens": Token.objects.filter(person=request.person).order_by("-made_at", "-pk"),
        "token_form": TokenForm(),
        "can_push": pushing.can_push(clock.now()),
        "key": webpush.public_key(),
        **said,
    }
    return render(request, "reaching/devices.html", context, status=status)


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


@never_cache
@needs(CAPABILITY)
@signed_in
@require_POST
def tokens_made(request: Any) -> HttpResponse:
    """Make a key for an app; this answer alone shows it."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _devices(request, token_form=form, status=422)
    name = form.cleaned_data["name"]
    try:
        made, words = tokens.make(request.person, name, by=by(request), now=clock.now())
    except tokens.TooManyError:
        form.add_error("name", _("You have twenty keys. Take one back first."))
        return _devices(request, token_form=form, status=409)
    return _devices(request, made=made, words=words)


@needs(CAPABILITY)
@signed_in
@require_POST
def tokens_back(request: Any, pk: UUID) -> HttpResponse:
    """Take a key back."""
    found = get_object_or_404(Token, pk=pk, person=request.person)
    tokens.take_back(found, by=by(request), now=clock.now())
    return redirect("reaching:devices")


@needs(CAPABILITY)
@require_safe
def worker(_request: Any) -> HttpResponse:
    """The script that shows notices while no page is open. It stands at the root to reach all."""
    answer = HttpResponse(_WORKER.read_text(encoding="utf-8"), content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer
