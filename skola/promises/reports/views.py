"""Pages of the register: what is read for which purpose, and the reports themselves."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding, kinds
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import Policy, in_force
from skola.promises.policy.schema import Purpose
from skola.promises.reports import actions, fields, rules
from skola.promises.reports.actions import RefusedError
from skola.promises.reports.fields import sources
from skola.promises.reports.forms import form_for
from skola.promises.reports.models import Report
from skola.promises.reports.offering import Listing, listings
from skola.promises.reports.queries import TooMuchError, words_of
from skola.promises.reports.roles import ANALYST, OFFICE, readers
from skola.promises.reports.rules import Asked, Figures, Form, Why
from skola.promises.rights.api import in_language, record_word
from skola.promises.statistics.api import PublishedTable

MOST_KEPT = 12
"""So many kept days stand on the page of a report."""
SHOWN = 200
"""So many records stand on a page; the file has all of them."""

WHY: dict[Why, "str | Promise"] = {
    Why.UNLISTED: gettext_lazy(
        "The policy lists no such purpose. Choose one of its purposes, or have the policy changed."
    ),
    Why.NOT_THESE_DATA: gettext_lazy(
        "The policy does not list these data for this purpose. Choose a purpose that it lists them"
        " for."
    ),
    Why.LOCKED: gettext_lazy(
        "The policy locks these data to other purposes; nothing else may read them."
    ),
    Why.NO_NAMES: gettext_lazy(
        "Only numbers without names come out of this purpose. Count, or choose another purpose."
    ),
    Why.ROLE: gettext_lazy("Your role does not let you read this. Ask for the role that does."),
}


def _reading(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for whoever has a report to open; for others it does not exist."""

    def guarded(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        return holding(*readers())(view)(request, *args, **kwargs)  # type: ignore[return-value]

    return never_cache(guarded)


@require_safe
@_reading
def listed(request: Any) -> HttpResponse:
    """The reports that somebody may open, latest first, each with its purpose."""
    policy = in_force(clock.now()).policy
    held = kinds(request)
    found = [
        one
        for one in Report.objects.order_by("-created_at", "pk")
        if held & OFFICE or actions.refusal(one, policy, held) is None
    ]
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "purposes": _names(policy)}
    return render(request, "reports/all.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_reading
def new(request: Any) -> HttpResponse:
    """Register a report: first its purpose, then what the policy lets that purpose read."""
    now, sent = clock.now(), request.method == "POST"
    form = form_for(request.POST if sent else request.GET, sent=sent)
    if not sent or form is None or not form.is_valid():
        return _new_page(request, now, 422 if sent else 200, form=form)
    try:
        made = actions.register(form.wanted(), held=kinds(request), by=by(request), now=now)
    except RefusedError as refused:
        return _refused(request, refused)
    return redirect("reports:one", pk=made.pk)


@dataclass(frozen=True)
class Choice:
    """One thing that a purpose may read: what it is called, and how it can be told."""

    word: str
    model: str
    numbers: bool
    pseudonyms: bool


def _new_page(request: Any, now: datetime, status: int, **more: Any) -> HttpResponse:
    policy, held = in_force(now).policy, kinds(request)
    told = request.POST if request.method == "POST" else request.GET
    chosen = rules.purpose_of(policy, str(told.get("purpose", "")))
    purposes = [
        (one.id, in_language(one.name))
        for one in policy.purpose
        if _choices(policy, one, held) != ([], [])
    ]
    tables, lists = _choices(policy, chosen, held) if chosen else ([], [])
    there = fields.filled([one.model for one in tables])
    tables = [one for one in tables if one.model in there]
    context = {
        "purposes": purposes,
        "chosen": chosen,
        "chosen_name": in_language(chosen.name) if chosen else "",
        "tables": tables,
        "lists": lists,
        **more,
    }
    return render(request, "reports/new.html", context, status=status)


def _choices(
    policy: Policy, purpose: Purpose, held: frozenset[str]
) -> tuple[list[Choice], list[Listing]]:
    """Return what somebody may ask for a purpose: tables, and lists with names."""

    def lets(categories: frozenset[str], form: Form) -> bool:
        return rules.refusal(policy, Asked(purpose.id, categories, form)) is None

    tables: list[Choice] = []
    if held & OFFICE or (ANALYST in held and rules.is_for_analysts(purpose)):
        for name, source in sources().items():
            own = frozenset(source.declaration.columns.values())
            numbers = bool(source.countable) and lets(own, Form.NUMBERS)
            records = bool(source.tellable) and lets(own, Form.PSEUDONYMS)
            if numbers or records:
                tables.append(Choice(record_word(name), name, numbers, records))
    lists = [
        one
        for one in listings()
        if held & one.roles and lets(_asked(one, purpose.id).categories, Form.NAMES)
    ]
    return sorted(tables, key=lambda one: one.word), lists


def _asked(listing: Listing, purpose: str) -> Asked:
    row = Report(
        purpose=purpose, form=Form.NAMES, model=listing.model, columns=list(listing.columns)
    )
    return actions.asked_by(row, listing)


@require_safe
@_reading
def one(request: Any, pk: UUID) -> HttpResponse:
    """A report: numbers at once; records after somebody says that they need them now."""
    found = get_object_or_404(Report, pk=pk)
    now = clock.now()
    if found.form != Form.NUMBERS:
        why = actions.refusal(found, in_force(now).policy, kinds(request))
        if why is None:
            return _page(request, found, None)
    return _read(request, found, now)


@require_POST
@_reading
def readings(request: Any, pk: UUID) -> HttpResponse:
    """Read the records of a report, on a page or as a file; this is audited."""
    found = get_object_or_404(Report, pk=pk)
    return _read(request, found, clock.now(), as_sheet=request.POST.get("as") == "sheet")


@require_safe
@_reading
def sheet(request: Any, pk: UUID) -> HttpResponse:
    """The numbers of a report as CSV, with the same left out as on the page (learnifier-5.p)."""
    found = get_object_or_404(Report, pk=pk, form=Form.NUMBERS)
    return _read(request, found, clock.now(), as_sheet=True)


def _read(request: Any, found: Report, now: datetime, *, as_sheet: bool = False) -> HttpResponse:
    try:
        figures = actions.read(found, held=kinds(request), by=by(request), now=now)
    except RefusedError as refused:
        return _refused(request, refused)
    except TooMuchError as problem:
        return _page(request, found, None, 422, problem=str(problem))
    return _as_sheet(found, figures) if as_sheet else _page(request, found, figures)


def _as_sheet(found: Report, figures: Figures) -> HttpResponse:
    """CSV by RFC 4180, UTF-8 with a mark that tells spreadsheets so."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="report-{found.pk.hex[-8:]}.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow(figures.head)
    writer.writerows([_safe(value) for value in line] for line in figures.lines)
    return answer


def _safe(value: str | int | None) -> str | int:
    """No cell begins a formula."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")):
        return f"'{value}"
    return "" if value is None else value


def _page(
    request: Any, found: Report, figures: Figures | None, status: int = 200, **more: Any
) -> HttpResponse:
    policy = in_force(clock.now()).policy
    purpose = rules.purpose_of(policy, found.purpose)
    held = kinds(request)
    sources_of = [actions.source_of(found, publicly=one) for one in (True, False)]
    kept = PublishedTable.objects.filter(source__in=sources_of)
    context = {
        "kept": kept.order_by("-published_at")[:MOST_KEPT] if figures else (),
        "may_keep": actions.may_keep(found, policy, held, publicly=False),
        "may_publish": actions.may_keep(found, policy, held, publicly=True),
        "report": found,
        "purpose": in_language(purpose.name) if purpose else found.purpose,
        "about": record_word(found.model),
        "columns": [words_of(one) for one in found.columns],
        "measure": words_of(found.measure) if found.measure else "",
        "figures": figures,
        "lines": figures.lines[:SHOWN] if figures else (),
        "is_cut": figures is not None and len(figures.lines) > SHOWN,
        "may_remove": _may_remove(request, found),
        **more,
    }
    return render(request, "reports/one.html", context, status=status)


def _may_remove(request: Any, found: Report) -> bool:
    return bool(kinds(request) & (OFFICE | {found.owner}))


@require_POST
@_reading
def keepings(request: Any, pk: UUID) -> HttpResponse:
    """Keep the numbers as they stand today, for the house or for everybody."""
    found = get_object_or_404(Report, pk=pk)
    publicly = request.POST.get("for") == "everybody"
    told: Any = {"held": kinds(request), "by": by(request), "now": clock.now()}
    try:
        actions.keep(found, publicly=publicly, **told)
    except RefusedError as refused:
        return _refused(request, refused)
    except (actions.NotKeptError, TooMuchError) as problem:
        return _page(request, found, None, 422, problem=str(problem))
    return redirect("reports:one", pk=found.pk)


@require_POST
@_reading
def removals(request: Any, pk: UUID) -> HttpResponse:
    """Take a report out of the register."""
    found = get_object_or_404(Report, pk=pk)
    if not _may_remove(request, found):
        raise Http404
    actions.remove(found, by=by(request), now=clock.now())
    return redirect("reports:all")


def _refused(request: Any, refused: RefusedError) -> HttpResponse:
    context = {"why": WHY[refused.why], "code": refused.why}
    return render(request, "reports/refused.html", context, status=403)


def _names(policy: Policy) -> dict[str, str]:
    return {one.id: in_language(one.name) for one in policy.purpose}
