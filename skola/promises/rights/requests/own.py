"""Pages of the person: what they asked for, by when it is answered, and what was said."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import Person, guarded_by
from skola.ground.people.http import demand_proof, proof_of, proven_anew, signed_in
from skola.promises.policy.api import in_force, needs
from skola.promises.rights.consequences import DEMANDS, consequences
from skola.promises.rights.erasing.right import erasure_right
from skola.promises.rights.models import Export, RightsRequest
from skola.promises.rights.models.request import ASKS
from skola.promises.rights.objections.shown import stopped_uses, uses_of
from skola.promises.rights.requests import actions, queries, terms
from skola.promises.rights.requests.carrying import (
    copies_at,
    copies_for_guardian,
    give_own_copy,
    send_copy,
)
from skola.promises.rights.requests.forms import ChildForm, OwnForm, WordsForm
from skola.promises.rights.requests.rules import ANYBODY
from skola.promises.rights.signed.forms import FileForm
from skola.promises.rights.signed.handing import takes_signed
from skola.promises.rights.signed.shown import looked_at

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
        "me": request.person,
        "wards": _wards(request, now),
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
    child = _child(request)
    kind_of_form = OwnForm if child is None else ChildForm
    if request.method == "POST":
        form = kind_of_form(request.POST, found=found, about=child or request.person)
        if form.is_valid():
            told = _consequences(request, form, child)
            return told if told is not None else _file(request, form, child)
        return render(request, "requests/new.html", {"form": form, "child": child}, status=422)
    kind = request.GET.get("kind", "")
    known = {one.value for one in terms.offered(found)}
    initial: dict[str, Any] = {"kind": kind} if kind in known else {}
    if "purpose" in request.GET:
        initial["purposes"] = [request.GET["purpose"]]
    form = kind_of_form(found=found, about=child or request.person, initial=initial)
    return render(request, "requests/new.html", {"form": form, "child": child})


def _wards(request: Any, now: datetime) -> list[Person]:
    """The children for whom somebody may ask (ilearn-11.d, ekool-8.1)."""
    links = guarded_by(request.person, now=now)
    return [one.child for one in links if ASKS in one.powers]


def _child(request: Any) -> Person | None:
    """For which child it is; for no child where none is named. Who may not ask finds nothing."""
    told = request.GET.get("child", "")
    if not told:
        return None
    for child in _wards(request, clock.now()):
        if str(child.pk) == told:
            return child
    raise Http404


def _consequences(
    request: Any, form: OwnForm | ChildForm, child: Person | None
) -> HttpResponse | None:
    """What a demand means for contracts, told before it is filed; None once it was (ekool-7.6)."""
    if child is not None or form.cleaned_data["kind"] not in DEMANDS or "seen" in request.POST:
        return None
    found = consequences(request.person, clock.now())
    if not any(one.ends for one in found):
        return None
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    context = {"consequences": found, "sent": sent}
    return render(request, "requests/consequences.html", context)


def _file(request: Any, form: OwnForm | ChildForm, child: Person | None) -> HttpResponse:
    needs_proof = form.cleaned_data["kind"] not in ANYBODY
    proof = demand_proof(request) if needs_proof else proof_of(request)
    language, now = translation.get_language() or "en", clock.now()
    made = actions.receive_request(
        form.asked(channel=Channel.ACCOUNT, language=language),
        form.asker(),
        person=child or request.person,
        guardian=request.person if child else None,
        received_at=now,
        shown=actions.Shown(proof) if proof else None,
        by=audit.by(request),
        now=now,
    )
    give_own_copy(made, link=copies_at(request, made), by=audit.by(request), now=now)
    return redirect(PAGE, pk=made.pk)


def _mine(request: Any, pk: UUID) -> RightsRequest:
    found = RightsRequest.objects.open_to(request.person, now=clock.now())
    found = found.select_related("about", "person")
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
        "me": request.person,
        "copies": copies_for_guardian(asked, now=now),
        "row": queries.row_of(asked, now),
        "form": form or WordsForm(label=_("Add something")),
        "disagree": form or WordsForm(label=_("What do you disagree with?")),
        "review": review,
        "uses": uses_of(asked, in_force(now).policy),
        "looked_at": looked_at(asked),
        "signed": FileForm(auto_id="signed_%s") if takes_signed(now) else None,
    }
    return render(request, "requests/one.html", context, status=status)


@never_cache
@needs("rights.requests")
@require_safe
@signed_in
def copy(request: Any, pk: UUID, export: UUID) -> HttpResponseBase:
    """The copy of a child's data, for the guardian who asked for it and still may."""
    ready = copies_for_guardian(_mine(request, pk), now=clock.now())
    found = next((one for one in ready if one.pk == export and one.file is not None), None)
    if found is None:
        raise Http404
    return _send(request, found)


@proven_anew
def _send(request: Any, export: Export) -> HttpResponseBase:
    return send_copy(request, export)


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
        give_own_copy(asked, link=copies_at(request, asked), by=by, now=now)
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
