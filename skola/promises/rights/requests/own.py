"""Pages of the person: what they asked for, by when it is answered, and what was said."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.http import demand_proof, proof_of, proven_anew, signed_in
from skola.promises.policy.api import in_force, needs
from skola.promises.rights.erasing.right import erasure_right
from skola.promises.rights.models import RightsRequest
from skola.promises.rights.objections.shown import stopped_uses, uses_of
from skola.promises.rights.requests import actions, queries, terms
from skola.promises.rights.requests.carrying import copies_at, give_own_copy
from skola.promises.rights.requests.forms import OwnForm, WordsForm
from skola.promises.rights.requests.rules import ANYBODY

PAGE = "requests:one"
Channel = RightsRequest.Channel


@never_cache
@needs("rights.requests")
@require_GET
@signed_in
def mine(request: Any) -> HttpResponse:
    """What I asked for, with the promised day; and what I may ask for."""
    now = clock.now()
    found = in_force(now)
    by_account = erasure_right(now)
    context = {
        "rows": queries.of(request.person, now=now),
        "kinds": terms.offered(found),
        "erases_alone": by_account is not None and by_account.by_account,
        "stopped": stopped_uses(request.person, found.policy),
    }
    return render(request, "requests/mine.html", context)


@never_cache
@needs("rights.requests")
@require_http_methods(["GET", "POST"])
@signed_in
def new(request: Any) -> HttpResponse:
    """Ask for something: whoever is signed in says once more who they are, and it is filed."""
    found = in_force(clock.now())
    if request.method == "POST":
        form = OwnForm(request.POST, found=found)
        if form.is_valid():
            return _file(request, form)
        return render(request, "requests/new.html", {"form": form}, status=422)
    kind = request.GET.get("kind", "")
    known = {one.value for one in terms.offered(found)}
    initial = {"kind": kind} if kind in known else {}
    return render(request, "requests/new.html", {"form": OwnForm(found=found, initial=initial)})


def _file(request: Any, form: OwnForm) -> HttpResponse:
    needs_proof = form.cleaned_data["kind"] not in ANYBODY
    proof = demand_proof(request) if needs_proof else proof_of(request)
    language, now = translation.get_language() or "en", clock.now()
    made = actions.receive_request(
        form.asked(channel=Channel.ACCOUNT, language=language),
        form.asker(),
        person=request.person,
        received_at=now,
        shown=actions.Shown(proof) if proof else None,
        by=audit.by(request),
        now=now,
    )
    give_own_copy(made, link=copies_at(request), by=audit.by(request), now=now)
    return redirect(PAGE, pk=made.pk)


def _mine(request: Any, pk: UUID) -> RightsRequest:
    found = RightsRequest.objects.of(request.person).select_related("about")
    return get_object_or_404(found.prefetch_related(queries.thread(with_notes=False)), pk=pk)


@never_cache
@needs("rights.requests")
@require_GET
@signed_in
def one(request: Any, pk: UUID) -> HttpResponse:
    """One request: where it stands, by when it is answered, what was said."""
    return _page(request, _mine(request, pk))


def _page(
    request: Any, asked: RightsRequest, *, form: WordsForm | None = None, status: int = 200
) -> HttpResponse:
    now = clock.now()
    review = asked.followed_by.filter(kind=RightsRequest.Kind.REVIEW).order_by("-number").first()
    context = {
        "asked": asked,
        "row": queries.row_of(asked, now),
        "form": form or WordsForm(label=_("Add something")),
        "disagree": form or WordsForm(label=_("What do you disagree with?")),
        "review": review,
        "uses": uses_of(asked, in_force(now).policy),
    }
    return render(request, "requests/one.html", context, status=status)


@never_cache
@needs("rights.requests")
@require_http_methods(["GET", "POST"])
@signed_in
def prove(request: Any, pk: UUID) -> HttpResponseBase:
    """Say once more who you are, for a request that waits for it."""
    return _prove(request, _mine(request, pk))


@proven_anew
def _prove(request: Any, asked: RightsRequest) -> HttpResponse:
    if asked.proof or asked.closed_at is not None:
        return redirect(PAGE, pk=asked.pk)
    if request.method == "POST":
        now, by = clock.now(), audit.by(request)
        actions.prove(asked, actions.Shown(proof_of(request)), by=by, now=now)
        give_own_copy(asked, link=copies_at(request), by=by, now=now)
        return redirect(PAGE, pk=asked.pk)
    return render(request, "requests/prove.html", {"asked": asked})


@needs("rights.requests")
@require_POST
@signed_in
def add(request: Any, pk: UUID) -> HttpResponse:
    """The person adds something."""
    asked = _mine(request, pk)
    form = WordsForm(request.POST, label=_("Add something"))
    if not form.is_valid():
        return _page(request, asked, form=form, status=422)
    try:
        actions.add_words(asked, form.cleaned_data["body"], by=audit.by(request), now=clock.now())
    except actions.RefusedError:
        return redirect(PAGE, pk=pk)
    return redirect(PAGE, pk=pk)


@needs("rights.requests")
@require_POST
@signed_in
def withdraw(request: Any, pk: UUID) -> HttpResponse:
    """The person wants nothing any more."""
    asked = _mine(request, pk)
    try:
        actions.withdraw(asked, by=audit.by(request), now=clock.now())
    except actions.RefusedError:
        return redirect(PAGE, pk=pk)
    return redirect("requests:mine")


@needs("rights.requests")
@require_POST
@signed_in
def dispute(request: Any, pk: UUID) -> HttpResponse:
    """The person disagrees with the answer: somebody else looks at it again (ilearn-24.f)."""
    asked = _mine(request, pk)
    if asked.closed_at is None:
        raise Http404
    form = WordsForm(request.POST, label=_("What do you disagree with?"))
    if not form.is_valid():
        return _page(request, asked, form=form, status=422)
    try:
        made = actions.dispute(
            asked, form.cleaned_data["body"], by=audit.by(request), now=clock.now()
        )
    except actions.RefusedError:
        return redirect(PAGE, pk=pk)
    return redirect(PAGE, pk=made.pk)
