"""The tasks about the data: for who runs the service, and for schools about their own people."""

import functools
from collections import Counter
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding, kinds
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.quality import merging, queries, running
from skola.promises.quality.checks import check_of, checks_at
from skola.promises.quality.forms import ContactForm
from skola.promises.quality.models import Flaw, Merge
from skola.promises.retention.api import clocks_of

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]
ROLES = (*sorted(queries.OFFICE), "school")


def _page(view: View[P]) -> View[P]:
    """A page that exists where the policy says that data are looked through, for who has tasks."""

    @functools.wraps(view)
    def gated(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if queries.rule(clock.now()) is None:
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(holding(*ROLES)(gated))


def _mine(request: Any) -> Any:
    return queries.theirs(request.person, kinds(request), clock.now())


def _flaw(request: Any, pk: UUID) -> Flaw:
    found = Flaw.objects.filter(_mine(request)).select_related("person", "other")
    return get_object_or_404(found, pk=pk)


@_page
@require_safe
def listed(request: Any) -> HttpResponse:
    """When the data were looked through last, what each check found, and the tasks."""
    now = clock.now()
    mine = Flaw.objects.filter(_mine(request)).select_related("person", "other")
    is_open = request.GET.get("state") != "settled"
    shown = mine.open() if is_open else mine.exclude(settled_at=None)
    counts = Counter(mine.open().values_list("check_id", flat=True))
    checks = checks_at(now)
    chosen = next((one for one in checks if one.id == request.GET.get("check")), None)
    if chosen:
        shown = shown.filter(check_id=chosen.id)
    order = "found_at" if is_open else "-settled_at"
    page = Paginator(shown.order_by(order, "pk"), ROWS_A_PAGE).get_page(request.GET.get("page"))
    last = queries.last_run()
    context = {
        "page": page,
        "is_open": is_open,
        "last": last,
        "next": queries.next_run(now),
        "counts": [(one, counts[one.id]) for one in checks],
        "chosen": chosen,
        "titles": {one.id: one.title for one in checks},
        "runs": bool(kinds(request) & queries.OFFICE),
        "merges": Merge.objects.filter(_mine(request)).exists(),
    }
    return render(request, "quality/listed.html", context)


@_page
@require_POST
def runs(request: Any) -> HttpResponse:
    """The office has the data looked through now, not when the term is over."""
    if not kinds(request) & queries.OFFICE:
        raise Http404
    running.run(by=by(request), now=clock.now())
    return redirect("quality:listed")


def _one(request: Any, flaw: Flaw, *, form: Any = None, problem: str = "") -> HttpResponse:
    now, check = clock.now(), check_of(flaw.check_id)
    people = [one for one in (flaw.person, flaw.other) if one is not None]
    clocks = clocks_of(people, now=now, category="identity")
    context = {
        "flaw": flaw,
        "check": check,
        "people": [(one, getattr(one, "account", None), clocks.get(one.pk)) for one in people],
        "undo_until": queries.after(queries.rule(now).undo_merge, now),
        "form": form or (ContactForm(person=flaw.person) if check and check.by_contact else None),
        "problem": problem,
    }
    status = 409 if problem else 422 if form else 200
    return render(request, "quality/one.html", context, status=status)


@_page
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Any, pk: UUID) -> HttpResponse:
    """One task: what is wrong, with whom, and what can be done; another contact puts it right."""
    flaw = _flaw(request, pk)
    if request.method != "POST":
        return _one(request, flaw)
    check = check_of(flaw.check_id)
    if check is None or not check.by_contact:
        raise Http404
    form = ContactForm(request.POST, person=flaw.person)
    if not form.is_valid():
        return _one(request, flaw, form=form)
    try:
        running.put_right(
            flaw, form.cleaned_data, author=request.person, by=by(request), now=clock.now()
        )
    except running.SettledError:
        return _one(request, flaw, problem=_settled())
    return redirect("quality:listed")


def _settled() -> str:
    return _("Somebody has settled this already.")


@_page
@require_POST
def outcomes(request: Any, pk: UUID) -> HttpResponse:
    """Somebody says that it is right as it is, or that two people are two."""
    flaw = _flaw(request, pk)
    outcome = Flaw.Outcome.APART if flaw.other_id else Flaw.Outcome.RIGHT
    try:
        running.settle(flaw, outcome, by=by(request), now=clock.now())
    except running.SettledError:
        return _one(request, flaw, problem=_settled())
    return redirect("quality:listed")


@_page
@require_POST
def merges(request: Any, pk: UUID) -> HttpResponse:
    """Two records are of one person: they become one."""
    flaw = _flaw(request, pk)
    keep = next((key for key in flaw.pair if str(key) == request.POST.get("keep")), None)
    if keep is None or flaw.other_id is None:
        raise Http404
    try:
        merging.merge(flaw, keep, by=by(request), now=clock.now())
    except running.SettledError:
        return _one(request, flaw, problem=_settled())
    except merging.TwoAccountsError as refused:
        return _one(request, flaw, problem=str(refused))
    return redirect("quality:merged")


@_page
@require_safe
def merged(request: Any) -> HttpResponse:
    """What was made one, newest first, and until when it can be parted again."""
    found = Merge.objects.filter(_mine(request)).select_related("kept").order_by("-merged_at")
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "quality/merged.html", {"page": page, "now": clock.now()})


@_page
@require_POST
def parts(request: Any, pk: UUID) -> HttpResponse:
    """What was made one is parted again."""
    found = get_object_or_404(Merge.objects.filter(_mine(request)), pk=pk)
    try:
        merging.part(found, by=by(request), now=clock.now())
    except merging.TooLateError as refused:
        page = Paginator([found], ROWS_A_PAGE).get_page(1)
        context = {"page": page, "now": clock.now(), "problem": str(refused)}
        return render(request, "quality/merged.html", context, status=409)
    return redirect("quality:merged")
