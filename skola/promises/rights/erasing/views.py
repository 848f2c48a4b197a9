"""Pages of erasure: the person's own, the receipt, and the officer's."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.backup.api import in_backups_until
from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.people.api import Person
from skola.ground.people.http import holding, signed_in
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.disclosures.api import of_case
from skola.promises.rights.consequences import consequences
from skola.promises.rights.erasing.actions import erase_person, preview
from skola.promises.rights.erasing.forms import FindForm, OfficerForm, OwnForm
from skola.promises.rights.erasing.right import ErasureRight, erasure_right
from skola.promises.rights.erasing.shown import shown
from skola.promises.rights.models import Erasure

View = Callable[..., HttpResponse]
confirmed: Callable[[View], View] = reauthentication_required(allow_get=True)
"""Whoever changes something says once more who they are."""
OFFICERS = ("administrator", "officer")


def _right() -> ErasureRight:
    """The right of erasure; without it in the policy these pages do not exist."""
    found = erasure_right(clock.now())
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
@confirmed
def own(request: Any) -> HttpResponse:
    """What would go and what would stay; then, on the person's word, it goes at once.

    Where contracts cannot go on without the data it is a request: staff decide about them first.
    """
    right, now = _right(), clock.now()
    told = consequences(request.person, now)
    falls = any(one.ends for one in told)
    sent = request.method == "POST" and right.by_account and not falls
    form = OwnForm(request.POST if sent else None)
    if sent and form.is_valid():
        receipt = erase_person(
            request.person.pk, reason=Erasure.Reason.ASKED, by=audit.by(request), now=now
        )
        request.session.flush()
        request.user = AnonymousUser()
        request.person = None
        return redirect("erasing:receipt", code=receipt.code)
    foreseen = shown(preview(request.person.pk, now=now), now=now)
    context = {
        "form": form,
        "foreseen": foreseen,
        "right": right,
        "consequences": told,
        "falls": falls,
    }
    return render(request, "erasing/own.html", context, status=422 if sent else 200)


@never_cache
@require_GET
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """The receipt, for whoever was handed its address. It names nobody."""
    found = get_object_or_404(Erasure, code=code, finished_at__isnull=False)
    answer = render(request, "erasing/receipt.html", _on_paper(found, officer=False))
    answer["X-Robots-Tag"] = "noindex"
    return answer


@never_cache
@require_GET
def download(request: HttpRequest, code: str) -> HttpResponse:
    """The receipt as a file."""
    found = get_object_or_404(Erasure, code=code, finished_at__isnull=False)
    answer = JsonResponse(as_data(found), json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = (
        f'attachment; filename="erasure-{found.granted_at:%Y-%m-%d}.json"'
    )
    answer["X-Robots-Tag"] = "noindex"
    return answer


def proofs(found: Erasure) -> list[audit.Proof]:
    """Return the proofs that the entries of an erasure stand in the published log.

    An entry is published within seconds, and its proof ends with the audit's own term.
    """
    try:
        every = [audit.proof_of(UUID(entry)) for entry in found.entries]
    except (audit.NoteError, audit.MissingError):
        return []
    return [proof for proof in every if proof is not None and proof.holds]


def as_data(found: Erasure) -> dict[str, Any]:
    """Return a receipt as plain values."""
    until = in_backups_until(found.granted_at)
    return {
        "code": found.code,
        "reason": found.reason,
        "granted_at": found.granted_at.isoformat(),
        "finished_at": found.finished_at.isoformat() if found.finished_at else None,
        "policy": {"version": found.version, "digest": found.policy},
        "erased": found.erased,
        "unlinked": found.unlinked,
        "kept": found.kept,
        "told": found.told,
        "in_backups_until": until.isoformat() if until else None,
        "audit": found.entries,
        "proofs": [proof.as_json() for proof in proofs(found)],
    }


@never_cache
@require_http_methods(["GET", "POST"])
@holding(*OFFICERS)
def erasures(request: Any) -> HttpResponse:
    """The receipts, and the way to a person whose data are to be erased."""
    right = _right()
    sent = request.method == "POST"
    form = FindForm(request.POST if sent else None)
    if sent and form.is_valid():
        return redirect("erasing:of", pk=form.cleaned_data["email"].pk)
    found = Erasure.objects.order_by("-granted_at")
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page") or 1)
    context = {"form": form, "page": page, "right": right}
    return render(request, "erasing/erasures.html", context, status=422 if sent else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@holding(*OFFICERS)
def of(request: Any, pk: UUID) -> HttpResponse:
    """What an erasure of this person would take; then the officer does it, with a reason.

    Who is not there is not there before anybody is asked for a password.
    """
    _right()
    with reading_for(RIGHTS):  # who is restricted can be erased, and is not named
        person = get_object_or_404(Person, pk=pk)
    return _of(request, person)


@confirmed
def _of(request: Any, person: Person) -> HttpResponse:
    now, pk = clock.now(), person.pk
    sent = request.method == "POST"
    form = OfficerForm(request.POST if sent else None)
    if sent and form.is_valid():
        done = erase_person(pk, reason=form.cleaned_data["reason"], by=audit.by(request), now=now)
        if pk == request.person.pk:
            request.session.flush()
            request.user = AnonymousUser()
            request.person = None
            return redirect("erasing:receipt", code=done.code)
        return redirect("erasing:done", code=done.code)
    foreseen = shown(preview(pk, now=now), now=now)
    shown_person = Person.objects.filter(pk=pk).first() or Person(pk=pk)
    context = {"form": form, "foreseen": foreseen, "person": shown_person}
    return render(request, "erasing/of.html", context, status=422 if sent else 200)


@never_cache
@require_GET
@holding(*OFFICERS)
def done(request: Any, code: str) -> HttpResponse:
    """A receipt in the officer's place; its address can be handed to the person."""
    found = get_object_or_404(Erasure, code=code)
    return render(request, "erasing/receipt.html", _on_paper(found, officer=True))


def _on_paper(found: Erasure, *, officer: bool) -> dict[str, Any]:
    return {
        "receipt": found,
        "shown": shown(found, now=clock.now()),
        "proofs": proofs(found),
        "in_backups_until": in_backups_until(found.granted_at),
        "officer": officer,
        "tellings": of_case(found.pk),
    }
