"""The absences of a lesson, told to guardians by text message (ekool-5.2.1)."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from skola.ground import clock
from skola.ground.audit.api import by
from skola.promises.disclosures.api import can_text, has_texts
from skola.services.diary import hats, queries, texting
from skola.services.diary.models import Absence
from skola.services.diary.views.teaching import lesson_of


@require_http_methods(["GET", "HEAD", "POST"])
@hats.in_school
def texts(request: Any, pk: UUID, on: str) -> HttpResponse:
    """Who is absent, which guardians have a number, what was sent and what became of it."""
    now = clock.now()
    one = lesson_of(request, pk, on, now)
    if not has_texts(now):
        raise Http404
    entry = queries.entries([one]).get((one.slot.pk, one.plan.on))
    rows = queries.class_list(one, entry)
    away = [row.absence for row in rows if row.absence and row.absence.kind == Absence.Kind.ABSENT]
    people = {row.pupil.pk: row.pupil for row in rows}
    for absence in away:
        absence.pupil = people[absence.pupil_id]
    there = texting.lines(away, one.group.school_class.year.school_id, now)
    if request.method == "POST":
        texting.tell(one, there, by=by(request), now=now)
        return redirect("diary:texts", pk=pk, on=on)
    context = {
        "lesson": one,
        "lines": there,
        "count": sum(len(line.to_tell) for line in there),
        "is_open": can_text(now),
    }
    return render(request, "diary/texts.html", context)
