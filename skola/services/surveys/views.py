"""The form that who learned answers, and the report for those who run the training."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.promises.consents.api import TooYoungError
from skola.promises.policy.api import has, needs
from skola.promises.retention.api import clock_of
from skola.services.surveys import actions, queries
from skola.services.surveys.forms import (
    SCORES,
    AnswerForm,
    FollowUpForm,
    ImprovementForm,
    WordsForm,
)
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
    contact = FollowUpForm(request.POST or None) if _may_be_left() else None
    problem = ""
    if form.is_valid() and (contact is None or contact.is_valid()):
        try:
            _keep(invitation, form, contact, by(request))
        except (actions.AnsweredError, TooYoungError) as refused:
            problem = _problem_of(refused)
        else:
            return redirect("surveys:answer", token=token)
    context = {
        "invitation": invitation,
        "title": queries.title_of(invitation),
        "form": form,
        "contact": contact,
        "problem": problem,
        "clock": clock_of(invitation, now=clock.now()),
    }
    status = 409 if problem else 422 if form.is_bound else 200
    return render(request, "surveys/answer.html", context, status=status)


def _may_be_left() -> bool:
    return has(queries.FOLLOW_UP, now=clock.now())


def _keep(invitation: Invitation, form: AnswerForm, contact: FollowUpForm | None, who: str) -> None:
    if contact is None or not contact.wants_to_be_contacted:
        actions.answer(invitation, **form.cleaned_data, now=clock.now())
        return
    left = actions.Contact(**contact.cleaned_data)
    actions.answer_and_be_contacted(invitation, left, **form.cleaned_data, by=who, now=clock.now())


def _problem_of(refused: Exception) -> str:
    if isinstance(refused, TooYoungError):
        return _("A parent has to agree before we may contact you. Leave the address out.")
    return str(refused)


@needs(queries.FOLLOW_UP)
@holding(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: Any, pk: UUID) -> HttpResponse:
    """Somebody left an address beside their answer: staff write to it (ilearn-36)."""
    now = clock.now()
    one = get_object_or_404(queries.follow_ups(now), pk=pk)
    form = WordsForm(request.POST or None) if one.email else None
    problem = ""
    if request.method == "POST" and form and form.is_valid():
        if actions.write_about(one, form.cleaned_data["text"], by=by(request), now=now):
            return redirect("surveys:follow-up", pk=one.pk)
        problem = _("They no longer agree to be contacted. Close it.")
    context = {
        "one": one,
        "title": queries.title_of(one),
        "said": dict(SCORES)[one.score],
        "form": form,
        "problem": problem,
    }
    status = 409 if problem else 422 if request.method == "POST" else 200
    return render(request, "surveys/follow_up.html", context, status=status)


@needs(queries.FOLLOW_UP)
@holding(*STAFF)
@require_POST
def close(request: Any, pk: UUID) -> HttpResponse:
    """The matter is settled: the address goes."""
    one = get_object_or_404(queries.follow_ups(clock.now()), pk=pk)
    actions.close(one, by=by(request), now=clock.now())
    return redirect("surveys:report")


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
        "follow_ups": [
            (one, queries.title_of(one), dict(SCORES)[one.score])
            for one in queries.follow_ups(now)[:200]
        ],
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
