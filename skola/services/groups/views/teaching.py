"""What a trainer sees: the own groups, for as long as they lead them (kic-recipient-trainers)."""

import csv
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.tenants.http import TenantRequest
from skola.promises.incidents.api import note_export
from skola.promises.policy.api import needs
from skola.services.groups import queries, wording
from skola.services.groups.models import Disclosure, Run
from skola.services.groups.views.sight import TRAINER, given_to, taught


def _run(request: TenantRequest, pk: UUID) -> Run:
    found: Run = get_object_or_404(taught(request).with_counts().select_related("programme"), pk=pk)
    return found


@needs(queries.CAPABILITY)
@holding(TRAINER)
@require_safe
def runs(request: TenantRequest) -> HttpResponse:
    """The groups that the visitor leads now."""
    today = queries.today(clock.now())
    found = taught(request).with_counts().select_related("programme").order_by("starts_on")
    rows = [(one, wording.standing_words(one, today)) for one in found[:100]]
    return render(request, "groups/teaching.html", {"rows": rows})


@needs(queries.CAPABILITY)
@holding(TRAINER)
@require_safe
def run(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One group: its days, and who takes part, with what a trainer needs of them."""
    found = _run(request, pk)
    seats = list(queries.seats_of(found)[:200])
    given_to(request, found, seats, Disclosure.What.SHOWN)
    context = {
        "run": found,
        "seats": seats,
        "meetings": queries.meetings_of(found)[:200],
        "today": queries.today(clock.now()),
    }
    return render(request, "groups/taught.html", context)


@needs(queries.CAPABILITY)
@holding(TRAINER)
@require_POST
def as_list(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The participants of one group as a file; that it was given is on record."""
    found = _run(request, pk)
    seats: list[Any] = list(queries.seats_of(found))
    given_to(request, found, seats, Disclosure.What.LIST)
    note_export("groups.list", len(seats), by=by(request), now=clock.now())
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.pk}.csv"'
    answer["Cache-Control"] = "private, no-store"
    out = csv.writer(answer)
    out.writerow([_("Name"), _("E-mail"), _("Meetings attended")])
    out.writerows(
        [_plain(seat.person.name), _plain(seat.person.email), seat.attended] for seat in seats
    )
    return answer


def _plain(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
