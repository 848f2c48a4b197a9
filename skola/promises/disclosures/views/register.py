"""The register: who receives, what is on file, from when to when."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.promises.disclosures import actions, listing, queries, words
from skola.promises.disclosures.forms import PaperForm, PartyForm, said, what_for
from skola.promises.disclosures.models import Party
from skola.promises.disclosures.views.frame import ALLOWED, policy_now, show


@require_safe
@holding(*ALLOWED)
def register(request: Any) -> HttpResponse:
    """Everybody by name, with what they lack and when something runs out."""
    policy, now = policy_now(), clock.now()
    return show(
        request,
        "register",
        policy,
        rows=queries.register(now),
        unlisted={party.pk: until for party, until in listing.unlisted(now)},
        words=words,
        said=lambda entry: said(entry, policy),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@holding(*ALLOWED)
def new(request: Any) -> HttpResponse:
    """Enter somebody."""
    policy, now = policy_now(), clock.now()
    sent = request.method == "POST"
    form = PartyForm(request.POST if sent else None, policy=policy)
    if sent and form.is_valid():
        told = {**form.cleaned_data}
        try:
            made = actions.register(
                told.pop("entry"), told.pop("name"), **told, by=by(request), now=now
            )
        except actions.NotFitError as error:
            form.add_error("name", words.lacks(error.lacks))
        except actions.TwiceError as error:
            form.add_error("name", str(error))
        else:
            return redirect("disclosures:party", pk=made.pk)
    return show(
        request, "party_new", policy, here="register", status=422 if sent else 200, form=form
    )


@require_safe
@holding(*ALLOWED)
def party(request: Any, pk: UUID) -> HttpResponse:
    """One recipient."""
    return _page(request, get_object_or_404(Party, pk=pk))


def _page(
    request: Any,
    found: Party,
    *,
    form: PaperForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    policy, now = policy_now(), clock.now()
    row = queries.stands(policy, found, now)
    return show(
        request,
        "party",
        policy,
        here="register",
        status=status,
        party=found,
        row=row,
        papers=list(found.papers.all()),
        today=queries.today(policy, now),
        until=listing.last_moment(found, now) if not found.published_at else None,
        form=form or PaperForm(),
        problem=problem,
        words=words,
        name=said(row.entry, policy) if row.entry else found.entry,
        what_for=what_for(row.entry, policy) if row.entry else "",
    )


@require_POST
@holding(*ALLOWED)
def papers(request: Any, pk: UUID) -> HttpResponse:
    """Put something on file."""
    found = get_object_or_404(Party, pk=pk)
    form = PaperForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    actions.file_paper(found, **form.cleaned_data, by=by(request), now=clock.now())
    return redirect("disclosures:party", pk=pk)


@require_POST
@holding(*ALLOWED)
def activations(request: Any, pk: UUID) -> HttpResponse:
    """Let them receive."""
    found = get_object_or_404(Party, pk=pk)
    policy_now()
    try:
        actions.activate(found, by=by(request), now=clock.now())
    except actions.NotFitError as error:
        return _page(request, found, problem=words.lacks(error.lacks), status=422)
    return redirect("disclosures:party", pk=pk)


@require_POST
@holding(*ALLOWED)
def publications(request: Any, pk: UUID) -> HttpResponse:
    """Put them on the public list."""
    actions.publish(get_object_or_404(Party, pk=pk), by=by(request), now=clock.now())
    return redirect("disclosures:party", pk=pk)


@require_POST
@holding(*ALLOWED)
def endings(request: Any, pk: UUID) -> HttpResponse:
    """End it with them."""
    policy_now()
    actions.end(get_object_or_404(Party, pk=pk), by=by(request), now=clock.now())
    return redirect("disclosures:party", pk=pk)
