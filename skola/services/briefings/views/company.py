"""Texts and the journal of a company, and signing as the instructor."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import proven_anew
from skola.ground.signatures import api as signatures
from skola.ground.ui.api import ROWS_A_PAGE
from skola.services.briefings import actions, queries
from skola.services.briefings.forms import EditionForm, NewBriefingForm
from skola.services.briefings.rules.signing import Side, Way
from skola.services.briefings.views.own import proven_at, sign_in, ways_of
from skola.services.briefings.wording import KINDS, refused
from skola.services.workforce.api import (
    INSTRUCTOR,
    TRAINING,
    Training,
    add_training,
    seeing,
    tenants_today,
)


@seeing(TRAINING)
@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: Any, pk: UUID) -> HttpResponse:
    """The briefings of a company, and a new one."""
    now = clock.now()
    company = request.sight.company
    form = NewBriefingForm(request.POST or None, company=company)
    if request.method == "POST" and form.is_valid():
        training = add_training(
            company,
            title=form.cleaned_data["title"],
            kind=queries.BRIEFING,
            by=by(request),
            now=now,
        )
        actions.publish_edition(
            training, form.told, again=False, today=tenants_today(now), by=by(request), now=now
        )
        return redirect("briefings:text", pk=pk, training=training.pk)
    context = {"sight": request.sight, "texts": queries.editions_of(company), "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "briefings/texts.html", context, status=status)


@seeing(TRAINING)
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: Any, pk: UUID, training: UUID) -> HttpResponse:
    """One briefing with its versions, and the next one."""
    now = clock.now()
    briefings = Training.objects.filter(company=request.sight.company, kind=queries.BRIEFING)
    held = get_object_or_404(briefings, pk=training)
    last = queries.newest_edition(held)
    form = EditionForm(request.POST or None, last=last)
    if request.method == "POST" and form.is_valid():
        actions.publish_edition(
            held,
            form.told,
            again=form.cleaned_data.get("again", False),
            today=tenants_today(now),
            by=by(request),
            now=now,
        )
        return redirect("briefings:text", pk=pk, training=training)
    context = {
        "sight": request.sight,
        "training": held,
        "last": last,
        "editions": held.editions.order_by("-version"),
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "briefings/text.html", context, status=status)


@seeing(TRAINING, INSTRUCTOR)
@require_safe
def journal(request: Any, pk: UUID) -> HttpResponse:
    """The journal: who was briefed on what, when, signed by whom; missing halves in red."""
    today = tenants_today(clock.now())
    sight = request.sight
    posts = None if sight.may(TRAINING) else sight.posts(INSTRUCTOR)
    pages = Paginator(queries.journal(sight.company, posts), ROWS_A_PAGE)
    vars(pages)["count"] = queries.entries(sight.company, posts).count()  # without what is shown
    page = pages.get_page(request.GET.get("page"))
    context = {
        "sight": sight,
        "page": page,
        "rows": [queries.shown(one, today) for one in page],
        "kinds": KINDS,
    }
    return render(request, "briefings/journal.html", context)


@seeing(INSTRUCTOR)
@proven_anew
@require_http_methods(["GET", "HEAD", "POST"])
def signing(request: Any, pk: UUID) -> HttpResponse:
    """The instructor signs for those who were briefed today, several at once."""
    now = clock.now()
    today = tenants_today(now)
    found = queries.to_sign(request.sight.posts(INSTRUCTOR), today)
    signed, problems = 0, []
    provider = signatures.provider()
    if request.method == "POST":
        way = Way.PADES if request.POST.get("way") == Way.PADES else Way.SIMPLE
        wanted = found.filter(pk__in=[one for one in request.POST.getlist("task") if _is_id(one)])
        for task in wanted.select_related("employment__staff_number")[:ROWS_A_PAGE]:
            problem = _sign(request, task, way, now)
            signed += not problem
            if problem and problem not in problems:
                problems.append(problem)
        if signed and not problems:
            return redirect("briefings:journal", pk=pk)
        if not signed and not problems:
            problems.append(_("Nobody was ticked. Tick those whom you briefed today."))
    offered = queries.signable(found, request.person, today)
    page = Paginator(offered, ROWS_A_PAGE).get_page(request.GET.get("page"))
    said = ngettext("%(num)s record was signed.", "%(num)s records were signed.", signed)
    context = {
        "sight": request.sight,
        "page": page,
        "problems": problems,
        "provider": provider,
        "signed": said % {"num": signed} if signed else "",
    }
    return render(request, "briefings/signing.html", context, status=409 if problems else 200)


def _is_id(written: str) -> bool:
    try:
        UUID(written)
    except ValueError:
        return False
    return True


def _sign(request: Any, task: Any, way: Way, now: Any) -> str:
    edition = queries.newest_edition(task.training)
    if edition is None:
        return _("This briefing has no text yet.")
    told = actions.Signing(task, edition, Side.INSTRUCTOR, request.person, proven_at(request))
    answer = request.POST.get("answer", "")[:60]
    ways = ways_of(told, now)
    try:
        sign_in(ways[0] if len(ways) == 1 else way, told, answer=answer, by=by(request), now=now)
    except actions.CannotSignError as why:
        return refused(why.refusal)
    return ""
