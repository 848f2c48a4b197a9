"""A parent asks for access to a child, and the school answers with proof (ekool-1.4-parent)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding, signed_in
from skola.promises.policy.api import needs
from skola.promises.retention.api import clocks_of
from skola.services.school import actions, queries
from skola.services.school.forms import AskForm, ConfirmForm, RefuseForm
from skola.services.school.models import LinkRequest, School


@needs("diary.school")
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Any) -> HttpResponse:
    """Ask to be linked to a child. The answer says nothing about whether there is such a pupil."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.ask_for_link(
            request.person,
            told["school"],
            child_name=told["child_name"],
            child_birth_on=told["child_birth_on"],
            words=told["words"],
            by=by(request),
            now=clock.now(),
        )
        return redirect("diary:children")
    status = 422 if request.method == "POST" else 200
    return render(request, "school/ask.html", {"form": form}, status=status)


def _requests(request: Any) -> Any:
    schools = School.objects.run_by(request.person, clock.now())
    return LinkRequest.objects.filter(school__in=schools).select_related("asker", "school")


@needs("diary.school")
@holding("school")
@require_safe
def requests(request: Any) -> HttpResponse:
    """The parents who wait for an answer, oldest first."""
    now = clock.now()
    waiting = list(_requests(request).waiting().order_by("asked_at")[:100])
    context = {"waiting": waiting, "clocks": clocks_of(waiting, now=now)}
    return render(request, "school/requests.html", context)


def _request_page(request: Any, found: LinkRequest, status: int = 200, **more: Any) -> HttpResponse:
    today = queries.today(clock.now())
    context = {
        "asked": found,
        "form": ConfirmForm(school=found.school, on=today),
        "refusal": RefuseForm(auto_id="refuse_%s"),
        "clock": clocks_of([found], now=clock.now()).get(found.pk),
        **more,
    }
    return render(request, "school/request.html", context, status=status)


@needs("diary.school")
@holding("school")
@require_http_methods(["GET", "HEAD", "POST"])
def one_request(request: Any, pk: UUID) -> HttpResponse:
    """One request with what the school knows beside it; sending the form confirms."""
    found = get_object_or_404(_requests(request).waiting(), pk=pk)
    if request.method != "POST":
        return _request_page(request, found)
    today = queries.today(clock.now())
    form = ConfirmForm(request.POST, school=found.school, on=today)
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.confirm_link(
                found,
                told["pupil"],
                powers=told["powers"],
                proof=told["proof"],
                by=by(request),
                now=clock.now(),
            )
        except actions.NotAMinorsSchoolError as problem:
            form.add_error("pupil", str(problem))
        else:
            return redirect("school:requests")
    return _request_page(request, found, 422, form=form)


@needs("diary.school")
@holding("school")
@require_POST
def refuse(request: Any, pk: UUID) -> HttpResponse:
    """The school refuses, and says why."""
    found = get_object_or_404(_requests(request).waiting(), pk=pk)
    form = RefuseForm(request.POST, auto_id="refuse_%s")
    if not form.is_valid():
        return _request_page(request, found, 422, refusal=form)
    actions.refuse_link(found, **form.cleaned_data, by=by(request), now=clock.now())
    return redirect("school:requests")
