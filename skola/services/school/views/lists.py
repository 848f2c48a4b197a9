"""A list of pupils is looked at line by line, and taken over once that is confirmed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.promises.policy.api import needs
from skola.services.school import actions, pupil_list, queries
from skola.services.school.forms import ListForm, doubt
from skola.services.school.models import School
from skola.services.school.views.office import school

_SALT = "school.list"
_A_DAY = 86_400
MOST_SHOWN = 200
"""Lines of each kind on the page; their number is always told."""


@needs("diary.school")
@holding("school")
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: Any, pk: UUID) -> HttpResponse:
    """A list is read, and said of every line what it would change; nothing is stored."""
    found = school(request, pk)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        difference = queries.list_difference(found, form.rows, clock.now())
        told = Told(form.read, form.cleaned_data["source"], form.cleaned_data["ground"])
        return _looked(request, found, told, difference)
    status = 422 if request.method == "POST" else 200
    return render(request, "school/list.html", {"school": found, "form": form}, status=status)


@dataclass(frozen=True)
class Told:
    """A list as it was read, and where it is from."""

    text: str
    source: str
    ground: str


def _looked(
    request: Any,
    found: School,
    told: Told,
    difference: pupil_list.Difference,
    *,
    again: bool = False,
) -> HttpResponse:
    lines = {kind.value: difference.of(kind) for kind in pupil_list.Kind}
    context = {
        "school": found,
        "counts": {kind: len(these) for kind, these in lines.items()},
        "kinds": {
            kind: [(one.row, doubt(one.why) if one.why else "") for one in these[:MOST_SHOWN]]
            for kind, these in lines.items()
        },
        "empty": difference.is_empty,
        "again": again,
        "sealed": signing.dumps(
            [told.text, told.source, told.ground, difference.fingerprint, str(found.pk)],
            salt=_SALT,
            compress=True,
        ),
    }
    return render(request, "school/list_looked.html", context, status=409 if again else 200)


@needs("diary.school")
@holding("school")
@require_POST
def take_over(request: Any, pk: UUID) -> HttpResponse:
    """What was shown is entered; sent twice, it is entered once."""
    found, now = school(request, pk), clock.now()
    try:
        sent = signing.loads(request.POST.get("list", ""), salt=_SALT, max_age=_A_DAY)
        *list_, fingerprint, of = sent
        told = Told(*list_)
    except (signing.BadSignature, ValueError, TypeError):
        return redirect("school:lists", pk=pk)
    if of != str(pk):
        return redirect("school:lists", pk=pk)
    rows = pupil_list.read(told.text)
    try:
        actions.take_over_list(
            found,
            rows,
            fingerprint=fingerprint,
            joined_on=queries.today(now),
            language=request.LANGUAGE_CODE[:5],
            source=told.source,
            ground=told.ground,
            by=by(request),
            now=now,
        )
    except actions.OtherDifferenceError:
        difference = queries.list_difference(found, rows, now)
        if not difference.is_empty:
            return _looked(request, found, told, difference, again=True)
    return redirect("school:school", pk=pk)
