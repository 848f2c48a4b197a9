"""Who leads runs: what there is, who takes part, who is behind, and the three ways in."""

from typing import Any
from uuid import UUID

from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import in_force, needs
from skola.services.courses.api import NotOpenError
from skola.services.runs import queries
from skola.services.runs.actions import running
from skola.services.runs.forms import (
    DaysForm,
    LinkForm,
    ListForm,
    PersonForm,
    RunForm,
    StandsForm,
)
from skola.services.runs.models import Participant, Run, RunList
from skola.services.runs.rules import Preview, read
from skola.services.runs.wording import standing, verdict

LEADS = ("administrator", "author", "instructor")
MOST_SHOWN = 200
"""Lines of each kind on the page of the preview; their number is always told."""
_SALT, _A_DAY = "runs.list", 86_400


def run_of(pk: UUID) -> Any:
    """Return a run with its course, link and counts; there is no other."""
    return get_object_or_404(queries.runs(), pk=pk)


@needs("runs.hold")
@holding(*LEADS)
@require_http_methods(["GET", "HEAD", "POST"])
def runs(request: Any) -> HttpResponse:
    """All runs, and a new one."""
    now = clock.now()
    form = RunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        site = request.build_absolute_uri("/").rstrip("/")
        made = running.make_run(**form.cleaned_data, site=site, by=by(request), now=now)
        return redirect("runs:run", pk=made.pk)
    page = Paginator(queries.runs(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "today": queries.today(now)}
    return render(request, "runs/runs.html", context, status=422 if form.errors else 200)


def _language() -> str:
    return in_force(clock.now()).policy.policy.languages[0]


def _page(request: Any, run: Any, status: int = 200, **more: Any) -> HttpResponse:
    asked = queries.pace(run, queries.today(clock.now()))
    figures = queries.figures(run, asked)
    form = StandsForm(request.GET or None)
    stands = form.cleaned_data["stands"] if form.is_valid() else ""
    found = queries.in_run(run).filter(asked.where(stands))
    ordered = found.order_by("person__family_name", "person__given_name", "pk")
    paginator = Paginator(ordered, ROWS_A_PAGE)
    count = figures[stands.replace("-", "_")] if stands else figures["everybody"]
    vars(paginator)["count"] = count  # known already: it need not be asked for once more
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "run": run,
        "figures": figures,
        "form": form,
        "page": page,
        "rows": [(one, *standing(asked.of(one))) for one in page],
        "stands": stands,
        **more,
    }
    return render(request, "runs/run.html", context, status=status)


@needs("runs.hold")
@holding(*LEADS)
@require_safe
def run(request: Any, pk: UUID) -> HttpResponse:
    """The participants of a run, and how each stands."""
    return _page(request, run_of(pk))


def _ways(request: Any, run: Any, status: int = 200, **more: Any) -> HttpResponse:
    days = {"title": run.title, "starts_on": run.starts_on, "ends_on": run.ends_on}
    context = {
        "run": run,
        "address": request.build_absolute_uri(f"/runs/join/{run.link.key}/"),
        "person_form": PersonForm(),
        "list_form": ListForm(),
        "link_form": LinkForm(link=run.link),
        "days_form": DaysForm(initial=days),
        "lists": list(RunList.objects.filter(run=run)[:10]),
        **more,
    }
    return render(request, "runs/ways.html", context, status=status)


@needs("runs.hold")
@holding(*LEADS)
@require_safe
def ways(request: Any, pk: UUID) -> HttpResponse:
    """The three ways in: one by one, by a list, by a link."""
    return _ways(request, run_of(pk))


@needs("runs.hold")
@holding(*LEADS)
@require_POST
def add(request: Any, pk: UUID) -> HttpResponse:
    """One person is put down by hand."""
    found = run_of(pk)
    form = PersonForm(request.POST)
    if form.is_valid():
        try:
            running.add_by_hand(
                found, form.row, language=_language(), by=by(request), now=clock.now()
            )
        except NotOpenError:
            form.add_error(None, _("The course is not published any more."))
        else:
            return redirect("runs:run", pk=pk)
    return _ways(request, found, 422, person_form=form)


@needs("runs.hold")
@holding(*LEADS)
@require_POST
def preview_list(request: Any, pk: UUID) -> HttpResponse:
    """A list is read and shown; nothing changes before it is confirmed."""
    found = run_of(pk)
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _ways(request, found, 422, list_form=form)
    return _preview(request, found, form.text, running.judge(found, form.rows))


def _preview(
    request: Any, run: Any, text: str, shown: Preview, *, again: bool = False
) -> HttpResponse:
    context = {
        "run": run,
        "shown": shown,
        "faults": [(one.row, verdict(one.verdict)) for one in shown.faults[:MOST_SHOWN]],
        "adds": shown.adds[:MOST_SHOWN],
        "there": len(shown.lines) - len(shown.adds) - len(shown.faults),
        "again": again,
        "sealed": signing.dumps([text, shown.fingerprint, str(run.pk)], salt=_SALT, compress=True),
    }
    return render(request, "runs/preview.html", context, status=409 if again else 200)


@needs("runs.hold")
@holding(*LEADS)
@require_POST
def apply_list(request: Any, pk: UUID) -> HttpResponse:
    """The list that was shown is applied; sent twice, it is applied once."""
    found = run_of(pk)
    try:
        text, fingerprint, whose = signing.loads(
            request.POST.get("list", ""), salt=_SALT, max_age=_A_DAY
        )
    except (signing.BadSignature, ValueError):
        return redirect("runs:ways", pk=pk)
    if whose != str(pk):
        return redirect("runs:ways", pk=pk)
    rows = read(text)
    try:
        running.apply_list(
            found,
            rows,
            fingerprint=fingerprint,
            language=_language(),
            by=by(request),
            now=clock.now(),
        )
    except running.OtherPreviewError:
        shown = running.judge(found, rows)
        if shown.adds:
            return _preview(request, found, text, shown, again=True)
    except NotOpenError:
        form = ListForm()
        return _ways(request, found, 409, list_form=form, closed=True)
    return redirect("runs:run", pk=pk)


@needs("runs.hold")
@holding(*LEADS)
@require_POST
def take_back(request: Any, pk: UUID, applied: UUID) -> HttpResponse:
    """A list is undone: who has not begun goes again."""
    found = get_object_or_404(RunList, pk=applied, run=pk)
    running.take_back(found, by=by(request), now=clock.now())
    return redirect("runs:run", pk=pk)


@needs("runs.hold")
@holding(*LEADS)
@require_POST
def remove(request: Any, pk: UUID, participant: UUID) -> HttpResponse:
    """Somebody is taken out of the run."""
    one = get_object_or_404(Participant.objects.select_related("run"), pk=participant, run=pk)
    running.remove(one, by=by(request), now=clock.now())
    return redirect("runs:run", pk=pk)


@needs("runs.hold")
@holding(*LEADS)
@require_POST
def set_link(request: Any, pk: UUID) -> HttpResponse:
    """The link is opened, limited or closed."""
    found = run_of(pk)
    form = LinkForm(request.POST, link=found.link)
    if not form.is_valid():
        return _ways(request, found, 422, link_form=form)
    running.set_link(found, **form.cleaned_data, by=by(request), now=clock.now())
    return redirect("runs:ways", pk=pk)


@needs("runs.hold")
@holding(*LEADS)
@require_POST
def change(request: Any, pk: UUID) -> HttpResponse:
    """A run gets another name or other days."""
    found: Run = run_of(pk)
    form = DaysForm(request.POST)
    if not form.is_valid():
        return _ways(request, found, 422, days_form=form)
    running.change_run(found, **form.cleaned_data, by=by(request), now=clock.now())
    return redirect("runs:run", pk=pk)
