"""Lists of whom to call or to write to, given out as they stand now, and what came of it."""

import csv
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.promises.incidents.api import note_export
from skola.promises.policy.api import needs
from skola.services.campaigns import queries, rules, sending
from skola.services.campaigns.forms import ResultForm
from skola.services.campaigns.models import Campaign, Delivery
from skola.services.campaigns.views.refusals import ENTER

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@needs(queries.CAPABILITY)
@holding(*ENTER)
@require_POST
def call_list(request: Any, pk: UUID) -> HttpResponse:
    """The list as a file; each giving asks anew who may be called (ilearn-32)."""
    found = get_object_or_404(Campaign, pk=pk, channel__in=rules.LISTED)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.channel}.csv"'
    writer = csv.writer(answer)
    writer.writerow(["id", "name", "address"])
    listed = list(sending.list_now(found, by=by(request), now=clock.now()))
    note_export("campaigns.list", len(listed), by=by(request), now=clock.now())
    for one, recipient in listed:
        name = recipient.person.name
        safe = f"'{name}" if name.startswith(_FORMULAS) else name
        writer.writerow([str(one.pk), safe, recipient.address])
    return answer


@needs(queries.CAPABILITY)
@holding(*ENTER)
@require_POST
def result(request: Any, pk: UUID) -> HttpResponse:
    """What came of a call; the key to get no more is entered as such."""
    found = Delivery.objects.select_related("campaign", "person")
    one = get_object_or_404(found.filter(channel__in=rules.LISTED), pk=pk)
    form = ResultForm(request.POST)
    if form.is_valid():
        result_ = form.cleaned_data["result"]
        sending.record_result(one, result_, by=by(request), now=clock.now())
    return redirect("campaigns:campaign", pk=one.campaign_id)
