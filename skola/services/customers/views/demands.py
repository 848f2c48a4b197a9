"""The page on which staff decide about the contracts of somebody who demands (ekool-7.6)."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.people.http import holding
from skola.promises.policy.api import needs
from skola.promises.rights.api import DEMANDS, RightsRequest, consequences
from skola.services.customers import demands
from skola.services.customers.forms import DecisionForm
from skola.services.customers.models import Decision
from skola.services.customers.queries import CAPABILITY

DECIDERS = ("officer", "finance", "administrator")


@never_cache
@needs(CAPABILITY)
@holding(*DECIDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def demand(request: Any, pk: UUID) -> HttpResponse:
    """The contracts that a demand concerns; each is ended or goes on, with a reason."""
    with reading_for(RIGHTS):  # who is restricted may have demanded it
        asked = get_object_or_404(RightsRequest.objects.select_related("person"), pk=pk)
        if asked.kind not in DEMANDS:
            raise Http404
        return _demand(request, asked)


def _demand(request: Any, asked: RightsRequest) -> HttpResponse:
    now, sent, problem = clock.now(), request.method == "POST", ""
    contracts = {str(one.pk): one for one in demands.concerned(asked.person)}
    decided = list(Decision.objects.filter(request=asked.pk).select_related("contract", "decider"))
    done = {str(one.contract_id) for one in decided}
    forms = {}
    for key, one in contracts.items():
        if key in done:
            continue
        chosen = sent and request.POST.get("contract") == key
        form = DecisionForm(request.POST if chosen else None, auto_id=f"{key}_%s")
        forms[key] = (one, form)
        if chosen and form.is_valid():
            try:
                what, who = demands.Decided(**form.cleaned_data), request.person
                demands.decide(one, asked, what, decider=who, by=by(request), now=now)
            except demands.DecidedError as refused:
                problem = str(refused)
            else:
                return redirect("customers:demand", pk=asked.pk)
    context = {
        "asked": asked,
        "forms": forms,
        "decided": decided,
        "consequences": consequences(asked.person, now),
        "problem": problem,
    }
    status = 409 if problem else 422 if sent else 200
    return render(request, "customers/demand.html", context, status=status)
