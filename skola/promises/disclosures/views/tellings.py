"""Who was asked to erase, correct, restrict or return something, and what they answered."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.promises.disclosures import queries
from skola.promises.disclosures import tellings as doing
from skola.promises.disclosures.forms import SettleForm
from skola.promises.disclosures.models import Telling
from skola.promises.disclosures.views.frame import ALLOWED, policy_now, show

LATEST = 100


@require_safe
@holding(*ALLOWED)
def tellings(request: Any) -> HttpResponse:
    """Open ones first, by their day."""
    return _page(request)


def _page(
    request: Any, *, wrong: UUID | None = None, form: SettleForm | None = None, status: int = 200
) -> HttpResponse:
    policy = policy_now()
    found = Telling.objects.select_related("party")
    return show(
        request,
        "tellings",
        policy,
        status=status,
        rows=list(found.open().order_by("due_on", "pk")[:LATEST]),
        settled=list(found.exclude(settled_at=None).order_by("-settled_at")[:LATEST]),
        today=queries.today(policy, clock.now()),
        wrong=wrong,
        form=form or SettleForm(),
        fresh=SettleForm(),
    )


@require_POST
@holding(*ALLOWED)
def settlements(request: Any, pk: UUID) -> HttpResponse:
    """They confirmed, or it cannot be done."""
    found = get_object_or_404(Telling, pk=pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, wrong=pk, form=form, status=422)
    doing.settle(found, **form.cleaned_data, by=by(request), now=clock.now())
    return redirect("disclosures:tellings")
