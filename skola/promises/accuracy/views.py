"""The page on which somebody looks at their data, and says that they are right or corrects them."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.tenants.http import TenantRequest
from skola.promises.accuracy import actions, queries
from skola.promises.accuracy.forms import CorrectionForm
from skola.promises.accuracy.links import key_in
from skola.promises.accuracy.models import Invitation
from skola.promises.retention.api import clock_of


def _invitation(token: str) -> Invitation:
    if not queries.is_promised(clock.now()):
        raise Http404
    return get_object_or_404(Invitation.objects.select_related("person"), pk=key_in(token))


@require_safe
def answer(request: TenantRequest, token: str) -> HttpResponse:
    """What is held of the person, while the invitation is not answered (kic-accuracy-invite)."""
    return _page(request, token)


def _page(
    request: TenantRequest, token: str, *, form: CorrectionForm | None = None, problem: str = ""
) -> HttpResponse:
    found = _invitation(token)
    context = {
        "invitation": found,
        "person": found.person,
        "token": token,
        "form": form or CorrectionForm(person=found.person),
        "problem": problem,
        "clock": clock_of(found, now=clock.now()),
    }
    status = 409 if problem else 422 if form else 200
    reply = render(request, "accuracy/answer.html", context, status=status)
    reply["Cache-Control"] = "private, no-store"
    return reply


@require_POST
def confirm(request: TenantRequest, token: str) -> HttpResponse:
    """One click: everything is right."""
    try:
        actions.confirm(_invitation(token), by=by(request), now=clock.now())
    except actions.AnsweredError as problem:
        return _page(request, token, problem=str(problem))
    return redirect("accuracy:answer", token=token)


@require_POST
def correct(request: TenantRequest, token: str) -> HttpResponse:
    """Something is not right."""
    found = _invitation(token)
    form = CorrectionForm(request.POST, person=found.person)
    if not form.is_valid():
        return _page(request, token, form=form)
    try:
        actions.correct(
            found,
            form.values(),
            words=form.cleaned_data["words"],
            by=by(request),
            now=clock.now(),
        )
    except actions.AnsweredError as problem:
        return _page(request, token, problem=str(problem))
    return redirect("accuracy:answer", token=token)
