"""The exchange with examination networks: for who runs it, and for who was sent."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding, signed_in
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.disclosures.api import Party, RefusedError, refusal
from skola.promises.policy.api import needs
from skola.services.networks import actions, queries, words
from skola.services.networks.api import STAFF
from skola.services.networks.forms import CourseForm, ResultsForm, SendForm
from skola.services.networks.models import Candidate, Sending
from skola.services.networks.rules import FaultyError

LARGEST = 2_000_000
"""Bytes of a file of results."""


@never_cache
@require_safe
@needs(queries.CAPABILITY)
@holding(*STAFF)
def office(request: Any) -> HttpResponse:
    """The operators, and what went out and came in."""
    return _office(request)


def _office(request: Any, problem: str = "") -> HttpResponse:
    page = Paginator(queries.sendings(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"operators": queries.known(clock.now()), "page": page, "problem": problem}
    return render(request, "networks/office.html", context, status=409 if problem else 200)


def _operator(pk: UUID) -> Party:
    found = next((one for one in queries.operators(clock.now()) if one.pk == pk), None)
    if found is None:
        raise Http404
    return found


@require_POST
@needs(queries.CAPABILITY)
@holding(*STAFF)
def enable(request: Any, pk: UUID) -> HttpResponse:
    """Switch an operator on, or say why it cannot be (ilearn-17.b)."""
    try:
        actions.enable(_operator(pk), by=by(request), now=clock.now())
    except (actions.NotNamedError, actions.NotOnError) as problem:
        return _office(request, str(problem))
    return redirect("networks:office")


@require_POST
@needs(queries.CAPABILITY)
@holding(*STAFF)
def end(request: Any, pk: UUID) -> HttpResponse:
    """Switch an operator off."""
    actions.end(_operator(pk), by=by(request), now=clock.now())
    return redirect("networks:office")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(queries.CAPABILITY)
@holding(*STAFF)
def send(request: Any, pk: UUID) -> HttpResponse:
    """Choose a course, then who goes to which exam: the file for the operator is the answer."""
    party = queries.connected(pk, clock.now())
    if party is None:
        raise Http404
    choosing = CourseForm(request.GET or None)
    context: dict[str, Any] = {"party": party, "choosing": choosing, "form": None, "unnamed": []}
    if not choosing.is_valid():
        return render(request, "networks/send.html", context)
    course = choosing.cleaned_data["course"]
    able = list(queries.may_be_sent(party, course))
    context["course"] = course
    context["unnamed"] = queries.learners(course).exclude(pk__in=[one.pk for one in able])
    posted = request.method == "POST"
    form = SendForm(request.POST if posted else None, learners=able)
    context["form"] = form if able else None
    if posted and form.is_valid():
        told = form.cleaned_data
        try:
            content = actions.send(
                party, course, told["exam"], told["people"], by=by(request), now=clock.now()
            )
        except RefusedError as problem:
            form.add_error(None, refusal(problem.why, problem.lacks))
        except (actions.NotOnError, actions.NobodyError) as problem:
            form.add_error(None, str(problem))
        else:
            return _as_download(content)
    return render(request, "networks/send.html", context, status=422 if posted else 200)


def _as_download(content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="candidates.json"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@never_cache
@require_safe
@needs(queries.CAPABILITY)
@holding(*STAFF)
def sending(request: Any, pk: UUID) -> HttpResponse:
    """An exam outside: who was sent, and their results."""
    return _sending(request, get_object_or_404(queries.sendings(), pk=pk), ResultsForm())


def _sending(
    request: Any, one: Sending, form: ResultsForm, faults: list[str] | None = None
) -> HttpResponse:
    found = one.candidates.select_related("person").order_by("person__family_name", "pk")
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "sending": one,
        "page": page,
        "form": form,
        "faults": faults or [],
        "is_on": queries.connected(one.party_id, clock.now()) is not None,
    }
    status = 422 if form.is_bound or faults else 200
    return render(request, "networks/sending.html", context, status=status)


@require_POST
@needs(queries.CAPABILITY)
@holding(*STAFF)
def receive(request: Any, pk: UUID) -> HttpResponse:
    """Take in a file of results, or say of which lines it is refused."""
    one = get_object_or_404(queries.sendings(), pk=pk)
    form = ResultsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _sending(request, one, form)
    content = form.cleaned_data["results"].read(LARGEST)
    try:
        actions.receive(one, content, by=by(request), now=clock.now())
    except FaultyError as error:
        faults = [words.fault(line, of) for line, of in error.faults[:50]]
        return _sending(request, one, ResultsForm(), faults)
    return redirect("networks:sending", pk)


@never_cache
@require_safe
@needs(queries.CAPABILITY)
@signed_in
def mine(request: Any) -> HttpResponse:
    """To which exams outside somebody was sent, and what came back."""
    found = Candidate.objects.of(request.person).select_related("sending__party")
    page = Paginator(found.order_by("-sent_at", "pk"), ROWS_A_PAGE)
    context = {"page": page.get_page(request.GET.get("page"))}
    return render(request, "networks/mine.html", context)
