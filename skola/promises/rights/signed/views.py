"""Pages for signed files: to ask with one, to see what became of it, to hand in another one."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.files import api as files
from skola.ground.people.http import holding, signed_in
from skola.promises.policy.api import in_force, needs
from skola.promises.rights.mailing import links
from skola.promises.rights.models import RightsRequest, SignedFile
from skola.promises.rights.requests import actions
from skola.promises.rights.requests.actions import OFFICERS, RefusedError
from skola.promises.rights.requests.rules import Step
from skola.promises.rights.signed import handing, shown
from skola.promises.rights.signed.forms import FileForm, SignedForm

BY = "visitor"
SALT = "rights.signed"
TEN_AN_HOUR = {"signed": "10/h/ip"}
View = Callable[..., HttpResponseBase]


def _page(view: View) -> View:
    """A page that is there where the policy takes signed files, and is never kept."""

    @functools.wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not handing.takes_signed(clock.now()):
            raise Http404
        return view(request, *args, **kwargs)

    wrapped: View = never_cache(needs("rights.requests")(guarded))
    return wrapped


def _too_many(request: Any) -> bool:
    return not ratelimit.consume(request, app="rights", action="signed", config=TEN_AN_HOUR)


@_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """Ask for something with a signed file, without an account (ilearn-24.b)."""
    now = clock.now()
    found, sent = in_force(now), request.method == "POST"
    form = SignedForm(request.POST if sent else None, request.FILES or None, found=found)
    status = 422 if sent else 200
    if sent and form.is_valid():
        if not _too_many(request):
            return _file(request, form, now)
        form.add_error(None, _("Ten files an hour are enough. Send the next one in an hour."))
        status = 429
    context = {"form": form, "ways": shown.other_ways(now)}
    return render(request, "signed/new.html", context, status=status)


def _file(request: Any, form: SignedForm, now: datetime) -> HttpResponse:
    email = form.cleaned_data["email"]

    def with_file(made: RightsRequest) -> None:
        handing.hand_in(
            made,
            form.cleaned_data["file"],
            candidates=handing.known_under(email),
            by=BY,
            now=now,
        )

    made = actions.receive_request(
        form.asked(translation.get_language() or "en"),
        form.asker(),
        person=None,
        received_at=now,
        assignee=actions.some_officer(now),
        arrives_with=with_file,
        by=BY,
        now=now,
    )
    return redirect("signed:one", links.token_of(made, email, salt=SALT, now=now))


@_page
@require_http_methods(["GET", "HEAD", "POST"])
@reading_for(RIGHTS)
def one(request: Any, token: str) -> HttpResponse:
    """What became of a signed file; another one is handed in here."""
    now = clock.now()
    opened = links.opened(token, salt=SALT, now=now)
    if opened is None:
        return render(request, "mailing/over.html", status=410)
    asked, address = opened
    sent = request.method == "POST"
    form = FileForm(request.POST if sent else None, request.FILES or None)
    status = 422 if sent else 200
    is_open = asked.step in (Step.IDENTITY, Step.DECIDE) and not asked.proof
    if sent and is_open and form.is_valid():
        if not _too_many(request):
            handing.hand_in(
                asked,
                form.cleaned_data["file"],
                candidates=handing.known_under(address),
                by=BY,
                now=now,
            )
            return redirect("signed:one", token)
        form.add_error(None, _("Ten files an hour are enough. Send the next one in an hour."))
        status = 429
    context = {
        "asked": asked,
        "token": token,
        "form": form,
        "is_open": is_open,
        "looked_at": shown.looked_at(asked),
        "ways": shown.other_ways(now),
    }
    answer = render(request, "signed/one.html", context, status=status)
    answer["X-Robots-Tag"], answer["Referrer-Policy"] = "noindex", "no-referrer"
    return answer


def _again(request: Any, form: FileForm, where: str, *, back: str) -> HttpResponse:
    context = {"form": form, "where": where, "back": back}
    return render(request, "signed/again.html", context, status=422)


@_page
@require_POST
@signed_in
def own(request: Any, pk: UUID) -> HttpResponse:
    """Show who one is with a signed file, for a request of one's own account."""
    now = clock.now()
    found = RightsRequest.objects.open_to(request.person, now=now)
    asked = get_object_or_404(found, pk=pk)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        where = reverse("signed:own", args=[pk])
        return _again(request, form, where, back=reverse("requests:one", args=[pk]))
    try:
        handing.hand_in(
            asked,
            form.cleaned_data["file"],
            candidates={request.person.pk: ""},
            by=audit.by(request),
            now=now,
        )
    except RefusedError:
        return redirect("requests:one", pk=pk)
    return redirect("requests:one", pk=pk)


def _officer(view: View) -> View:
    @functools.wraps(view)
    def reading(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with reading_for(RIGHTS):
            return view(request, *args, **kwargs)

    guarded: View = _page(holding(*OFFICERS)(reading))
    return guarded


@_officer
@require_POST
def desk(request: Any, pk: UUID) -> HttpResponse:
    """An officer has a file checked that came by another way."""
    asked = get_object_or_404(RightsRequest, pk=pk)
    form, now = FileForm(request.POST, request.FILES), clock.now()
    if not form.is_valid():
        where = reverse("signed:desk", args=[pk])
        return _again(request, form, where, back=reverse("requests:desk-one", args=[pk]))
    known = {**handing.known_under(asked.email), asked.person_id: ""}
    try:
        handing.hand_in(
            asked,
            form.cleaned_data["file"],
            candidates=known,
            by=audit.by(request),
            now=now,
        )
    except RefusedError:
        return redirect("requests:desk-one", pk=pk)
    return redirect("requests:desk-one", pk=pk)


@_officer
@require_http_methods(["GET", "HEAD"])
def fetch(request: Any, pk: UUID, signed: UUID) -> HttpResponseBase:
    """The file itself, for who answers the request."""
    found = get_object_or_404(SignedFile.objects.exclude(file=None), pk=signed, request_id=pk)
    assert found.file is not None
    answer = files.serve(request, found.file)
    answer["Cache-Control"] = "private, no-store"
    return answer
