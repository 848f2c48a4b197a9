"""The form that who learned answers, and the report for those who run the training."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.surveys import actions, queries
from skola.services.surveys.forms import AnswerForm, ImprovementForm
from skola.services.surveys.links import invitation_in
from skola.services.surveys.models import Improvement, Invitation

STAFF = ("coordinator", "administrator")


@needs(queries.CAPABILITY)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Any, token: str) -> HttpResponse:
    """How was it? Whoever has the link from the mail answers once (kic-purpose-service)."""
    found = Invitation.objects.standing().select_related("course", "run__programme")
    invitation = get_object_or_404(found, pk=invitation_in(token))
    form = AnswerForm(request.POST or None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(invitation, **form.cleaned_data)
        except actions.AnsweredError as refused:
            problem = str(refused)
        else:
            return redirect("surveys:answer", token=token)
    run = invitation.run
    context = {
        "invitation": invitation,
        "title": run.programme.title if run else invitation.course.title,  # type: ignore[union-attr]
        "form": form,
        "problem": problem,
        "clock": clock_of(invitation, now=clock.now()),
    }
    status = 409 if problem else 422 if form.is_bound else 200
    return render(request, "surveys/answer.html", context, status=status)


@needs(queries.CAPABILITY)
@holding(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Any) -> HttpResponse:
    """What people thought, without names, and what becomes better because of it."""
    now = clock.now()
    form = ImprovementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.note_improvement(**form.cleaned_data, by=by(request), now=now)
        return redirect("surveys:report")
    context = {
        "lines": queries.courses_and_groups(now),
        "trainers": queries.trainers(now),
        "minimum": queries.minimum(now),
        "improvements": list(Improvement.objects.order_by("done_at", "due_on")[:200]),
        "form": form,
    }
    return render(request, "surveys/report.html", context, status=422 if form.is_bound else 200)


@needs(queries.CAPABILITY)
@holding(*STAFF)
@require_POST
def finish(request: Any, pk: UUID) -> HttpResponse:
    """It has become better."""
    found = get_object_or_404(Improvement, pk=pk)
    actions.finish_improvement(found, by=by(request), now=clock.now())
    return redirect("surveys:report")
