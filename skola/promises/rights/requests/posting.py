"""Pages of the letters: the print queue of the office, and what is entered of each letter."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import in_force
from skola.promises.rights.models import RequestMessage, RightsRequest
from skola.promises.rights.requests import actions, letters, terms
from skola.promises.rights.requests.actions import RefusedError
from skola.promises.rights.requests.desk import at_desk, one_page
from skola.promises.rights.requests.desk_forms import AgainForm, FateForm, LetterForm

QUEUE, CASE = "requests:letters", "requests:desk-one"


@at_desk("GET", "HEAD")
def queue(request: Any) -> HttpResponse:
    """The letters that wait, that are on their way, and of which the post told something."""
    return _queue(request)


def _queue(request: Any, *, problem: str = "", status: int = 200) -> HttpResponse:
    now = clock.now()
    found = in_force(now)
    rows = [letters.row_of(one, found, now) for one in letters.waiting()[:ROWS_A_PAGE]]
    if not rows and not letters.is_named(found):
        raise Http404
    context = {
        "rows": rows,
        "printable": sum(bool(row.address.strip()) for row in rows),
        "away": letters.on_their_way()[:ROWS_A_PAGE],
        "settled": letters.settled()[:ROWS_A_PAGE],
        "has_registered": letters.are_registered(found),
        "problem": problem,
        "today": terms.local(now, now),
    }
    return render(request, "requests/letters.html", context, status=status)


@at_desk("POST")
def prints(request: Any) -> HttpResponse:
    """Print the ticked letters: one PDF, each letter on a page of its own."""
    chosen = letters.chosen(request.POST.getlist("letter"))
    try:
        pdf = letters.print_letters(chosen, by=audit.by(request), now=clock.now())
    except RefusedError as problem:
        return _queue(request, problem=str(problem), status=409)
    name = chosen[0].request.label if len(chosen) == 1 else f"{clock.now():%Y-%m-%d}"
    headers = {
        "Content-Disposition": f'inline; filename="{name}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _letter(pk: UUID, message: UUID) -> tuple[RightsRequest, RequestMessage]:
    asked = get_object_or_404(RightsRequest.objects.select_related("person"), pk=pk)
    return asked, get_object_or_404(RequestMessage, pk=message, request=asked)


@at_desk("GET", "HEAD")
def letter(request: Any, pk: UUID, message: UUID) -> HttpResponse:
    """A letter as it reads."""
    asked, said = _letter(pk, message)
    if not said.route:
        raise Http404
    person = Person.objects.get(pk=asked.person_id)
    context = {
        "asked": asked,
        "said": said,
        "name": asked.told_name or person.name,
        "address": asked.address or person.address,
        "controller": in_force(clock.now()).policy.controller,
    }
    with translation.override(asked.language):
        return render(request, "requests/letter.html", context)


@at_desk("POST")
def post(request: Any, pk: UUID, message: UUID) -> HttpResponse:
    """A letter was posted, or handed over."""
    asked, said = _letter(pk, message)
    now = clock.now()
    form = LetterForm(request.POST, now=now, auto_id="letter_%s")
    if not form.is_valid():
        return _again(request, asked, _first_error(form), 422)
    try:
        actions.send_letter(
            said,
            form.cleaned_data["tracking"],
            sent_at=form.sent_at(),
            by=audit.by(request),
            now=now,
        )
    except RefusedError as problem:
        return _again(request, asked, str(problem), 409)
    return _back(request, asked)


@at_desk("POST")
def fates(request: Any, pk: UUID, message: UUID) -> HttpResponse:
    """The post told that a registered letter was received, or that it came back."""
    asked, said = _letter(pk, message)
    now = clock.now()
    form = FateForm(request.POST, now=now, auto_id="fate_%s")
    if not form.is_valid():
        return _again(request, asked, _first_error(form), 422)
    told = form.cleaned_data
    try:
        letters.note_fate(said, told["fate"], told["day"], by=audit.by(request), now=now)
    except RefusedError as problem:
        return _again(request, asked, str(problem), 409)
    return _back(request, asked)


@at_desk("POST")
def again(request: Any, pk: UUID, message: UUID) -> HttpResponse:
    """A letter that came back goes once more."""
    asked, said = _letter(pk, message)
    form = AgainForm(request.POST)
    if not form.is_valid():
        return _again(request, asked, _first_error(form), 422)
    try:
        letters.write_again(
            said,
            form.cleaned_data["address"],
            author=request.person,
            by=audit.by(request),
            now=clock.now(),
        )
    except RefusedError as problem:
        return _again(request, asked, str(problem), 409)
    return _back(request, asked)


def _first_error(form: Any) -> str:
    return str(next(iter(form.errors.values()))[0])


def _is_from_queue(request: Any) -> bool:
    return bool(request.POST.get("at") == "queue")


def _back(request: Any, asked: RightsRequest) -> HttpResponse:
    return redirect(QUEUE) if _is_from_queue(request) else redirect(CASE, pk=asked.pk)


def _again(request: Any, asked: RightsRequest, problem: str, status: int) -> HttpResponse:
    if _is_from_queue(request):
        return _queue(request, problem=f"{asked.label}: {problem}", status=status)
    return one_page(request, asked.pk, problem=problem, status=status)
