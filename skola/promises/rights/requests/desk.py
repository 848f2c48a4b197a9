"""The requests desk: what waits, by days left, and one request with its steps.

Who is restricted may ask as everybody does, so these pages read for the engine's own work.
"""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.people.http import holding, proven_anew
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import in_force, needs
from skola.promises.rights.consequences import pages
from skola.promises.rights.erasing.actions import preview
from skola.promises.rights.erasing.forms import OwnForm as SureForm
from skola.promises.rights.erasing.shown import shown
from skola.promises.rights.mailing import confirming
from skola.promises.rights.mailing.knowing import person_of_number
from skola.promises.rights.models import Export, RightsRequest
from skola.promises.rights.objections.shown import uses_of
from skola.promises.rights.requests import actions, carrying, letters, queries, terms, words
from skola.promises.rights.requests.actions import OFFICERS, RefusedError
from skola.promises.rights.requests.desk_forms import (
    AddressForm,
    DecisionForm,
    FateForm,
    FeeForm,
    FreezeForm,
    LetterForm,
    PaidForm,
    ReasonForm,
    SortForm,
)
from skola.promises.rights.requests.forms import ProofForm, RegisterForm, WordsForm
from skola.promises.rights.requests.rules import Step
from skola.promises.rights.signed.forms import FileForm
from skola.promises.rights.signed.handing import takes_signed
from skola.promises.rights.signed.shown import looked_at

P = ParamSpec("P")
Erase = Callable[[Any, RightsRequest], HttpResponse]
View = Callable[Concatenate[Any, P], HttpResponseBase]
Kind, Outcome = RightsRequest.Kind, RightsRequest.Outcome
PAGE = "requests:desk-one"


def at_desk(*methods: str) -> Callable[[View[P]], View[P]]:
    """A page of the desk: for officers and administrators, never kept by a browser."""

    def wrap(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def reading(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            with reading_for(RIGHTS):
                return view(request, *args, **kwargs)

        guarded: Any = holding(*OFFICERS)(require_http_methods(list(methods))(reading))
        return never_cache(needs("rights.requests")(guarded))

    return wrap


@at_desk("GET", "HEAD")
def queue(request: Any) -> HttpResponse:
    """What waits for an answer, by days left; or what was answered, latest first."""
    now = clock.now()
    waiting = request.GET.get("state", "") != "closed"
    found = queries.queue() if waiting else queries.closed()
    counts = queries.overview(now)
    paginator = Paginator(found, ROWS_A_PAGE)
    paginator.count = counts.open if waiting else counts.closed
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [queries.row_of(asked, now) for asked in page.object_list],
        "waiting": waiting,
        "counts": counts,
        "letters": letters.count(),
        "posts": letters.is_named(in_force(now)),
        "to_hand_over": queries.to_hand_over()[:ROWS_A_PAGE],
    }
    return render(request, "requests/desk.html", context)


@at_desk("GET", "HEAD", "POST")
def register(request: Any) -> HttpResponse:
    """Note a request that came in person, by letter, e-mail, phone, or as a signed file."""
    now = clock.now()
    found = in_force(now)
    if request.method != "POST":
        form = RegisterForm(found=found, now=now)
        return render(request, "requests/register.html", {"form": form})
    form = RegisterForm(request.POST, found=found, now=now)
    if not form.is_valid():
        return render(request, "requests/register.html", {"form": form}, status=422)
    with transaction.atomic():
        person = form.cleaned_data["known_as"]
        if form.number:
            person = person_of_number(form.number, by=audit.by(request), now=now)
        language = person.language if person else translation.get_language() or "en"
        made = actions.receive_request(
            form.asked(channel=form.cleaned_data["channel"], language=language),
            form.asker(),
            person=person,
            received_at=form.received_at(),
            shown=form.shown(),
            by=audit.by(request),
            now=now,
        )
    return redirect(PAGE, pk=made.pk)


def _found(pk: UUID) -> RightsRequest:
    found = RightsRequest.objects.select_related(
        "person__account", "guardian", "assignee", "decider", "about"
    )
    return get_object_or_404(found.prefetch_related(queries.thread(with_notes=True)), pk=pk)


@at_desk("GET", "HEAD")
def one(request: Any, pk: UUID) -> HttpResponse:
    """One request with its steps, what is due, and what was said."""
    return _page(request, _found(pk))


def one_page(request: Any, pk: UUID, *, problem: str, status: int) -> HttpResponse:
    """Show a request, and why something was not done."""
    return _page(request, _found(pk), problem=problem, status=status)


def _page(
    request: Any, asked: RightsRequest, *, problem: str = "", status: int = 200, **forms: Any
) -> HttpResponse:
    now = clock.now()
    found = in_force(now)
    context = {
        "asked": asked,
        "row": queries.row_of(asked, now),
        "proof": ProofForm(found=found),
        "decision": DecisionForm(asked=asked, found=found, now=now, auto_id="decision_%s"),
        "question": ReasonForm(auto_id="question_%s"),
        "extension": ReasonForm(auto_id="extension_%s"),
        "fee": FeeForm(auto_id="fee_%s"),
        "note": WordsForm(label=_("Note"), auto_id="note_%s"),
        "letter": LetterForm(now=now, auto_id="letter_%s"),
        "fate": FateForm(now=now, auto_id="fate_%s"),
        "paid": PaidForm(now=now),
        "more": terms.extension(found, asked.kind),
        "free": terms.free_per_year(found.policy, asked.kind),
        "earlier": actions.earlier_this_year(asked, now),
        "has_account": hasattr(asked.person, "account"),
        "law": words.law_of(asked, found.policy),
        "clauses": terms.clauses(found.policy, asked.kind),
        "uses": uses_of(asked, found.policy),
        "is_mailed": carrying.is_mailed(asked),
        "copies": carrying.copies_to_hand_over(asked, now=now),
        "sorting": SortForm(found=found, initial={"kind": asked.kind}, auto_id="sorting_%s"),
        "asking": AddressForm(auto_id="asking_%s"),
        "freezing": FreezeForm(auto_id="freezing_%s"),
        "looked_at": looked_at(asked),
        "signed": FileForm(auto_id="signed_%s") if takes_signed(now) else None,
        "decided_at": pages(asked, now),
        "today": terms.local(now, now),
        "problem": problem,
        "me": request.person,
        **forms,
    }
    return render(request, "requests/desk_one.html", context, status=status)


def _then(request: Any, pk: UUID, act: Callable[[], object]) -> HttpResponse:
    """Do it and show the request; where it is refused, say why there."""
    try:
        act()
    except RefusedError as problem:
        return _page(request, _found(pk), problem=str(problem), status=409)
    return redirect(PAGE, pk=pk)


@at_desk("POST")
def prove(request: Any, pk: UUID) -> HttpResponse:
    """Enter how somebody showed who they are."""
    asked, now = _found(pk), clock.now()
    form = ProofForm(request.POST, found=in_force(now))
    if not form.is_valid():
        return _page(request, asked, status=422, proof=form)
    shown_by = form.shown()
    assert shown_by is not None
    return _then(request, pk, lambda: actions.prove(asked, shown_by, by=audit.by(request), now=now))


@at_desk("POST")
def take(request: Any, pk: UUID) -> HttpResponse:
    """Take it upon oneself."""
    asked = _found(pk)
    return _then(
        request,
        pk,
        lambda: actions.assign(asked, request.person, by=audit.by(request), now=clock.now()),
    )


@at_desk("POST")
def note(request: Any, pk: UUID) -> HttpResponse:
    """Write a note for the staff."""
    asked = _found(pk)
    form = WordsForm(request.POST, label=_("Note"), auto_id="note_%s")
    if not form.is_valid():
        return _page(request, asked, status=422, note=form)
    actions.note(
        asked,
        form.cleaned_data["body"],
        author=request.person,
        by=audit.by(request),
        now=clock.now(),
    )
    return redirect(PAGE, pk=pk)


@at_desk("POST")
def ask(request: Any, pk: UUID) -> HttpResponse:
    """Ask the person for what is missing; the time stands still."""
    return _with_reason(request, pk, actions.pause, "question")


@at_desk("POST")
def extend(request: Any, pk: UUID) -> HttpResponse:
    """Take the longer time, once, with a reason that the person is told."""
    return _with_reason(request, pk, actions.extend, "extension")


def _with_reason(request: Any, pk: UUID, act: Callable[..., None], name: str) -> HttpResponse:
    asked = _found(pk)
    form = ReasonForm(request.POST, auto_id=f"{name}_%s")
    if not form.is_valid():
        forms: dict[str, Any] = {name: form}
        return _page(request, asked, status=422, **forms)
    reason, by = form.cleaned_data["reason"], audit.by(request)
    return _then(
        request,
        pk,
        lambda: act(asked, reason, author=request.person, by=by, now=clock.now()),
    )


@at_desk("POST")
def resume(request: Any, pk: UUID) -> HttpResponse:
    """The person answered by another way: the time runs again."""
    asked = _found(pk)
    return _then(request, pk, lambda: actions.resume(asked, by=audit.by(request), now=clock.now()))


@at_desk("POST")
def sort(request: Any, pk: UUID) -> HttpResponse:
    """It is about another right than it seemed."""
    asked, now = _found(pk), clock.now()
    form = SortForm(request.POST, found=in_force(now), auto_id="sorting_%s")
    if not form.is_valid():
        return _page(request, asked, status=422, sorting=form)
    kind, by = form.cleaned_data["kind"], audit.by(request)
    return _then(request, pk, lambda: actions.sort(asked, kind, by=by, now=now))


@at_desk("POST")
def ask_address(request: Any, pk: UUID) -> HttpResponse:
    """Ask the registered address whether it asked; it is the same whether or not it is known."""
    asked = _found(pk)
    form = AddressForm(request.POST, auto_id="asking_%s")
    if not form.is_valid():
        return _page(request, asked, status=422, asking=form)
    address = form.cleaned_data["email"].lower()
    if not confirming.ask_address(asked, address, now=clock.now()):
        form.add_error("email", _("Nobody is known here under this address."))
        return _page(request, asked, status=422, asking=form)
    return redirect(PAGE, pk=pk)


@at_desk("POST")
def freeze_meanwhile(request: Any, pk: UUID) -> HttpResponse:
    """Stop all use of the person's data while it is looked into (ekool-8.2)."""
    asked = _found(pk)
    form = FreezeForm(request.POST, auto_id="freezing_%s")
    if not form.is_valid():
        return _page(request, asked, status=422, freezing=form)
    ground, by = form.cleaned_data["ground"], audit.by(request)
    return _then(
        request, pk, lambda: carrying.freeze_meanwhile(asked, ground, by=by, now=clock.now())
    )


@at_desk("POST")
def fee(request: Any, pk: UUID) -> HttpResponse:
    """Propose a fee for what is excessive."""
    asked = _found(pk)
    form = FeeForm(request.POST, auto_id="fee_%s")
    if not form.is_valid():
        return _page(request, asked, status=422, fee=form)
    return _then(
        request,
        pk,
        lambda: actions.propose_fee(
            asked,
            form.cents(),
            form.cleaned_data["reason"],
            author=request.person,
            by=audit.by(request),
            now=clock.now(),
        ),
    )


@at_desk("POST")
def decide(request: Any, pk: UUID) -> HttpResponse:
    """Decide, and tell the person at once; a copy or a freeze is made with it."""
    asked, now = _found(pk), clock.now()
    form = DecisionForm(
        request.POST, asked=asked, found=in_force(now), now=now, auto_id="decision_%s"
    )
    if not form.is_valid():
        return _page(request, asked, status=422, decision=form)
    decision = form.decision()
    if asked.kind == Kind.ERASURE and decision.outcome != Outcome.REFUSED:
        return redirect("requests:desk-erasures", pk=pk)
    return _then(request, pk, lambda: _carry_out(request, asked, decision, form))


def _carry_out(
    request: Any, asked: RightsRequest, decision: actions.Decision, form: DecisionForm
) -> None:
    told: dict[str, Any] = {
        "decider": request.person,
        "by": audit.by(request),
        "now": clock.now(),
    }
    does = decision.outcome != Outcome.REFUSED
    if does and asked.kind in carrying.COPIES and carrying.has_account(asked):
        carrying.give_copy(asked, decision, link=carrying.copies_at(request, asked), **told)
    elif does and asked.kind in carrying.COPIES and carrying.is_mailed(asked):
        carrying.give_mailed_copy(asked, decision, **told)
    elif does and asked.kind in carrying.COPIES:
        carrying.make_copy(asked, decision, **told)
    elif does and asked.kind == Kind.RESTRICTION:
        freeze = form.cleaned_data.get("freeze_because", "")
        carrying.freeze(asked, decision, ground=freeze, **told)
    elif does and asked.kind == Kind.WITHDRAWAL:
        carrying.end_consents(asked, decision, ends=form.ends(), **told)
    else:
        actions.decide(asked, decision, **told)


confirmed: Callable[[Erase], Erase] = reauthentication_required(allow_get=True)


@at_desk("GET", "HEAD", "POST")
def erasures(request: Any, pk: UUID) -> HttpResponse:
    """What an erasure would take and leave; then it is done, and the answer says so."""
    asked = _found(pk)
    if asked.kind != Kind.ERASURE or asked.step != Step.DECIDE:
        raise Http404
    if pages(asked, clock.now()):
        problem = _(
            "Contracts of this person run that cannot go on without the data. End them first, or"
            " refuse the erasure."
        )
        return _page(request, asked, problem=problem, status=409)
    return _erase(request, asked)


@confirmed
def _erase(request: Any, asked: RightsRequest) -> HttpResponse:
    now, sent = clock.now(), request.method == "POST"
    form = SureForm(request.POST if sent else None)
    if sent and form.is_valid():
        carrying.erase(asked, decider=request.person, by=audit.by(request), now=now)
        return redirect(PAGE, pk=asked.pk)
    foreseen = shown(preview(asked.person_id, now=now), now=now)
    context = {"form": form, "foreseen": foreseen, "asked": asked}
    return render(request, "requests/erase.html", context, status=422 if sent else 200)


@at_desk("GET", "HEAD")
def copy(request: Any, pk: UUID, export: UUID) -> HttpResponseBase:
    """The copy of who has no account, to be handed over or posted."""
    asked = _found(pk)
    ready = carrying.copies_to_hand_over(asked, now=clock.now())
    found = next((one for one in ready if one.pk == export and one.file is not None), None)
    if found is None:
        raise Http404
    return _send(request, found)


@proven_anew
def _send(request: Any, export: Export) -> HttpResponseBase:
    return carrying.send_copy(request, export)


@at_desk("POST")
def pay(request: Any, pk: UUID) -> HttpResponse:
    """A compensation was paid."""
    asked, now = _found(pk), clock.now()
    form = PaidForm(request.POST, now=now)
    if not form.is_valid():
        return _page(request, asked, status=422, paid=form)
    day = form.cleaned_data["paid_on"]
    return _then(
        request, pk, lambda: actions.record_payment(asked, day, by=audit.by(request), now=now)
    )
