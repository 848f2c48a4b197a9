"""Surveys about risks: for who answers for the risks, and the form that customers answer."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding, signed_in
from skola.promises.policy.api import needs
from skola.promises.rights.api import unless_stopped
from skola.services.surveys import risks
from skola.services.surveys.forms import SCORES, AskAboutRiskForm, RiskAnswerForm
from skola.services.surveys.models import RiskSurvey
from skola.services.surveys.queries import start_of_day
from skola.services.surveys.risks import CAPABILITY

OFFICE = ("administrator", "officer")
TOGETHER = 20


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: Any) -> HttpResponse:
    """What customers said about risks, and a survey about another one (ilearn-9.g)."""
    now, sent = clock.now(), request.method == "POST"
    form = AskAboutRiskForm(request.POST if sent else None, today=start_of_day(now).date())
    if sent and form.is_valid():
        told = form.cleaned_data
        ends_at = start_of_day(now, told["ends_on"])
        risks.ask(told["risk"], told["question"], ends_at, by=by(request), now=now)
        return redirect("surveys:risks")
    scores = {score: str(word) for score, word in SCORES}
    found = [risks.result(one, scores, now=now) for one in risks.surveys()[:TOGETHER]]
    context = {"found": found, "form": form, "any_risk": form.has_risks}
    return render(request, "surveys/risks.html", context, status=422 if sent else 200)


@needs(CAPABILITY)
@holding(*OFFICE)
@require_POST
def end(request: Any, pk: UUID) -> HttpResponse:
    """A survey ends before its day."""
    risks.end(get_object_or_404(RiskSurvey, pk=pk), by=by(request), now=clock.now())
    return redirect("surveys:risks")


@never_cache
@needs(CAPABILITY)
@signed_in
@unless_stopped(CAPABILITY)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Any, pk: UUID) -> HttpResponse:
    """A customer says what they think about a risk; the answer serves nothing else."""
    now, sent = clock.now(), request.method == "POST"
    asked = {one.pk: one for one in risks.to_answer(request.person, now=now)}
    answered = risks.surveys().filter(pk=pk, answers__person=request.person).first()
    survey = asked.get(pk) or answered
    if survey is None:
        raise Http404
    form = RiskAnswerForm(request.POST if sent else None)
    problem = ""
    if sent and form.is_valid():
        told = form.cleaned_data
        try:
            risks.answer(survey, request.person, **told, by=by(request), now=now)
            return redirect("surveys:risk", pk=pk)
        except risks.AnsweredError as refused:
            problem = str(refused)
    context = {"survey": survey, "form": form, "answered": bool(answered), "problem": problem}
    status = 409 if problem else 422 if sent else 200
    return render(request, "surveys/risk.html", context, status=status)
