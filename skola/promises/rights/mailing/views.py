"""Pages behind a link that went to an address: confirm, deny, fetch a copy."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.files import api as files
from skola.promises.policy.api import in_force, needs
from skola.promises.rights.access.actions import record_download
from skola.promises.rights.mailing import confirming, links
from skola.promises.rights.mailing.knowing import people_under
from skola.promises.rights.models import Export, RightsRequest
from skola.promises.rights.requests import terms
from skola.promises.rights.requests.actions import RefusedError
from skola.promises.rights.requests.rules import ANYBODY, Proof, Step

BY = "visitor"


def _quiet(answer: HttpResponse) -> HttpResponse:
    """A page whose address is a secret is not passed on by it."""
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _over(request: Any) -> HttpResponse:
    return _quiet(render(request, "mailing/over.html", status=410))


@never_cache
@needs("rights.requests")
@require_http_methods(["GET", "HEAD", "POST"])
@reading_for(RIGHTS)
def confirm(request: Any, token: str) -> HttpResponse:
    """Who opens it says whether they asked. Opening alone changes nothing: machines open links."""
    now = clock.now()
    found = links.opened(token, salt=links.CONFIRM, now=now)
    if found is None:
        return _over(request)
    asked, address = found
    if request.method == "POST":
        try:
            confirming.confirm(asked, address, by=BY, now=now)
        except RefusedError:
            return redirect("mailing:confirm", token)
        return redirect("mailing:confirm", token)
    known = asked.email == address and asked.confirmed_at is not None
    takes_link = Proof.CODE in terms.proofs(in_force(now).policy)
    context = {
        "asked": asked,
        "address": address,
        "token": token,
        "is_open": asked.step in (Step.IDENTITY, Step.DECIDE),
        "is_confirmed": known,
        "needs_more": asked.kind not in ANYBODY and not takes_link,
    }
    return _quiet(render(request, "mailing/confirm.html", context))


@never_cache
@needs("rights.requests")
@require_POST
@reading_for(RIGHTS)
def deny(request: Any, token: str) -> HttpResponse:
    """It was somebody else."""
    now = clock.now()
    found = links.opened(token, salt=links.CONFIRM, now=now)
    if found is None:
        return _over(request)
    try:
        confirming.deny(found[0], by=BY, now=now)
    except RefusedError:
        return redirect("mailing:confirm", token)
    return redirect("mailing:confirm", token)


def _copies(asked: RightsRequest, now: Any) -> Any:
    people = {asked.person_id, *people_under(asked.email)}
    since = asked.decided_at or now
    return Export.objects.filter(person_id__in=people, asked_at__gte=since, expires_at__gt=now)


@never_cache
@needs("rights.requests")
@require_safe
@reading_for(RIGHTS)
def copies(request: Any, token: str) -> HttpResponse:
    """The copy that somebody without an account asked for, once it is made."""
    now = clock.now()
    found = links.opened(token, salt=links.COPY, now=now)
    if found is None:
        return _over(request)
    context = {"asked": found[0], "exports": _copies(found[0], now).order_by("pk"), "token": token}
    return _quiet(render(request, "mailing/copies.html", context))


@never_cache
@needs("rights.requests")
@require_safe
@reading_for(RIGHTS)
def fetch(request: Any, token: str, pk: UUID) -> HttpResponseBase:
    """The copy itself."""
    now = clock.now()
    found = links.opened(token, salt=links.COPY, now=now)
    if found is None:
        return _over(request)
    export = get_object_or_404(_copies(found[0], now).exclude(file=None), pk=pk)
    answer = files.serve(request, export.file)
    answer["Content-Type"] = "application/zip"
    answer["Cache-Control"] = "private, no-store"
    record_download(export, by=BY, now=now)
    return answer
