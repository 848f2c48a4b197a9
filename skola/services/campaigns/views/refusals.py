"""What people told staff by phone or mail, and what waits to be read."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.promises.policy.api import in_force, needs
from skola.services.campaigns import queries, refusing, wording
from skola.services.campaigns.digests import digest
from skola.services.campaigns.forms import RefusalForm
from skola.services.campaigns.models import Refusal

ENTER = ("administrator", "coordinator", "support")


@needs(queries.CAPABILITY)
@holding(*ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def refusals(request: Any) -> HttpResponse:
    """What waits to be applied, the newest refusals, and entering one (kic-rights-marketing)."""
    now = clock.now()
    policy = in_force(now).policy
    form = RefusalForm(request.POST or None, policy=policy, now=now)
    if request.method == "POST" and form.is_valid():
        _enter(form.cleaned_data, by(request), now)
        return redirect("campaigns:refusals")
    newest = Refusal.objects.standing().select_related("person").order_by("-applied_at")[:30]
    waiting = Refusal.objects.waiting().select_related("person").order_by("apply_by")[:100]
    context = {
        "form": form,
        "waiting": [(one, wording.refusal(policy, one.what)) for one in waiting],
        "newest": [(one, wording.refusal(policy, one.what)) for one in newest],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "campaigns/refusals.html", context, status=status)


def _enter(told: dict[str, Any], who: str, now: Any) -> None:
    """All who are known by an address refuse; where nobody is, only its digest is kept."""
    for person in refusing.people_at(told["address"]):
        refusing.refuse(
            person, told["what"], way=told["way"], told_at=told["told_at"], by=who, now=now
        )
    refusing.suppress([digest(told["address"])], told["what"], now=now)


@needs(queries.CAPABILITY)
@holding(*ENTER)
@require_POST
def apply(request: Any, pk: UUID) -> HttpResponse:
    """Somebody read a refusal and applies it."""
    waiting = get_object_or_404(Refusal.objects.waiting(), pk=pk)
    refusing.apply(waiting, by=by(request), now=clock.now())
    return redirect("campaigns:refusals")
