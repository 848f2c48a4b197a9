"""The officer's switches, and the page on which anybody reports a problem."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.people.network import family
from skola.promises.connectors import actions, queries, wording
from skola.promises.connectors.forms import ProblemForm
from skola.promises.connectors.payloads import ProblemReport, cut, page_of
from skola.promises.connectors.scrubbing import scrub
from skola.promises.connectors.sending import own_slug
from skola.promises.disclosures.api import in_words
from skola.promises.policy.api import NoPolicyError, Policy, in_force

ALLOWED = ("administrator", "officer")


def _policy(now: datetime) -> Policy:
    """The policy in force; where it names no processor with a connector there are no pages."""
    try:
        policy = in_force(now).policy
    except NoPolicyError:
        raise Http404 from None
    if not queries.processors(policy):
        raise Http404
    return policy


@never_cache
@require_safe
@holding(*ALLOWED)
def office(request: Any) -> HttpResponse:
    """Every processor with a connector: what it is sent, whether, and how it went."""
    return _office(request)


def _office(request: Any, problem: str = "", status: int = 200) -> HttpResponse:
    now = clock.now()
    policy = _policy(now)
    context = {
        "rows": queries.connectors(now),
        "waiting": queries.waiting(),
        "words": wording,
        "in_words": in_words,
        "problem": problem,
    }
    with timezone.override(ZoneInfo(policy.policy.timezone)):
        return render(request, "connectors/office.html", context, status=status)


@require_POST
@holding(*ALLOWED)
def switches(request: Any) -> HttpResponse:
    """Switch one on or off."""
    now, task = clock.now(), request.POST.get("task", "")
    _policy(now)
    try:
        actions.switch(task, is_on=request.POST.get("on") == "yes", by=by(request), now=now)
    except LookupError:
        raise Http404 from None
    except actions.NotReadyError as error:
        return _office(request, " ".join(map(wording.lack, error.lacks)), status=422)
    return redirect("connectors:office")


@require_POST
@holding(*ALLOWED)
def tries(request: Any) -> HttpResponse:
    """Try everything that waits of one once more, now."""
    now, task = clock.now(), request.POST.get("task", "")
    _policy(now)
    if not queries.is_named(task, now):
        raise Http404
    actions.try_again(task, by=by(request), now=now)
    return redirect("connectors:office")


# ---- a problem ----


def _named(now: datetime) -> None:
    _policy(now)
    if not queries.is_named(queries.PROBLEMS, now):
        raise Http404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def problem(request: Any) -> HttpResponse:
    """Somebody describes a problem, and sees what would be sent of it before it is."""
    now = clock.now()
    _named(now)
    if not _is_taken(now):
        return _closed(request, now)
    if request.method != "POST":
        return _form(request, ProblemForm(initial={"page": request.GET.get("page", "")[:2_000]}))
    form = ProblemForm(request.POST)
    if not form.is_valid() or request.POST.get("back"):
        return _form(request, form, status=200 if form.is_valid() else 422)
    report = _report(request, form)
    one = queries.processors(in_force(now).policy)[queries.PROBLEMS]
    context = {
        "form": form,
        "report": report,
        "told": cut(report, one.sends),
        "rest": wording.sent(word for word in one.sends if word != "words"),
        "taken_out": report.words != form.cleaned_data["words"].strip(),
    }
    return render(request, "connectors/seen.html", context)


@require_POST
def reports(request: Any) -> HttpResponse:
    """Send what was seen; it is scrubbed once more, so nothing else can be sent from here."""
    now = clock.now()
    _named(now)
    form = ProblemForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    if not actions.report_problem(_report(request, form), by=by(request), now=now):
        return _closed(request, now)
    return redirect("connectors:thanks")


@require_safe
def thanks(request: Any) -> HttpResponse:
    """It is on its way."""
    _named(clock.now())
    return render(request, "connectors/thanks.html", {})


def _is_taken(now: datetime) -> bool:
    found = queries.connector(queries.PROBLEMS, now)
    return found is not None and found.sends


def _closed(request: Any, now: datetime) -> HttpResponse:
    """Nobody takes reports at the moment: say where to turn."""
    ways = [one.email for one in in_force(now).policy.contact if one.email]
    return render(request, "connectors/closed.html", {"emails": list(dict.fromkeys(ways))})


def _form(request: Any, form: ProblemForm, status: int = 200) -> HttpResponse:
    who = queries.processors(in_force(clock.now()).policy)[queries.PROBLEMS]
    context = {"form": form, "who": who}
    return render(request, "connectors/problem.html", context, status=status)


def _report(request: Any, form: ProblemForm) -> ProblemReport:
    told = form.cleaned_data
    words = told["words"].strip()
    known = [*queries.names_in(words), *_own(request.person)]
    return ProblemReport(
        words=scrub(words, known=known),
        page=_page(told["page"]),
        browser=family(request.headers.get("User-Agent", "")),
        release=queries.release(),
        service=own_slug(),
    )


def _own(person: Any) -> list[str]:
    """Everything by which who writes could be known, as far as it is known here."""
    if not person:
        return []
    name = person.email.partition("@")[0]
    return [person.given_name, person.family_name, name, person.address]


def _page(address: str) -> str:
    try:
        match = resolve(address.partition("?")[0].partition("#")[0])
    except Resolver404:
        return ""
    return page_of(str(match.route))
