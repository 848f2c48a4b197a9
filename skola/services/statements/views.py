"""Pages of statements: a school gives them, its authorities read them, and nobody sees names."""

import csv
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import Person, Role
from skola.ground.people.http import holding, kinds
from skola.promises.policy.api import needs
from skola.promises.statistics.api import (
    NotAllowedError,
    OverlapError,
    Shown,
    allowance,
    preview_table,
)
from skola.services.school import api as school
from skola.services.statements import actions, queries, rules
from skola.services.statements.forms import AuthorityForm, RepresentativeForm, StatementForm
from skola.services.statements.models import AUTHORITY, Authority, Statement

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]
MOST = 100


def _given(*holders: str) -> Callable[[View[P]], View[P]]:
    """Let a page exist where the policy has statements of schools, for holders of these roles."""

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def inner(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        return needs("statistics.publish")(needs("diary.school")(holding(*holders)(inner)))

    return wrap


def words() -> dict[str, str]:
    """Return what the bands of a table are called."""
    return {
        rules.Place.THERE: _("in the class"),
        rules.Place.LEFT: _("left the class"),
        rules.Missed.NONE: _("no lesson"),
        rules.Missed.FEW: _("1 to 10 lessons"),
        rules.Missed.SOME: _("11 to 40 lessons"),
        rules.Missed.MANY: _("more than 40 lessons"),
        rules.Result.GOOD: _("good"),
        rules.Result.FAIR: _("fair"),
        rules.Result.WEAK: _("weak"),
        rules.Result.NONE: _("no marks"),
    }


@require_safe
@_given("authority", "school", "administrator")
def front(request: Any) -> HttpResponse:
    """What one reads or gives: an authority's statements, the schools one administers."""
    now = clock.now()
    held = kinds(request)
    context = {
        "statements": list(queries.given_to(request.person, now)[:MOST])
        if "authority" in held
        else None,
        "schools": list(school.School.objects.run_by(request.person, now).order_by("name"))
        if "school" in held
        else [],
        "serves": "administrator" in held,
    }
    return render(request, "statements/front.html", context)


def _readable(request: Any, pk: UUID, now: datetime) -> tuple[Statement, bool]:
    """Return a statement that the visitor gave or was given, and whether it was given to them."""
    found = queries.given_to(request.person, now).filter(pk=pk).first()
    if found is not None:
        return found, True
    mine = Statement.objects.filter(school__in=school.School.objects.run_by(request.person, now))
    return get_object_or_404(mine.select_related("school", "table"), pk=pk), False


@require_safe
@_given("authority", "school")
def statement(request: Any, pk: UUID) -> HttpResponse:
    """One statement; that an authority opened it is written down (ekool-5.2.5)."""
    now = clock.now()
    found, is_given = _readable(request, pk, now)
    if is_given:
        actions.note_fetch(found, by=by(request), now=now)
    context = {
        "statement": found,
        "table": found.table,
        "lines": lines(found.table.shown),
        "head": head(found.table.shown),
    }
    return render(request, "statements/statement.html", context)


def head(shown: Shown) -> list[str]:
    """Return the names of the columns, the total last."""
    told = words()
    return [*(told.get(one, one) for one in shown.columns), _("all")]


def lines(shown: Shown) -> list[tuple[str, Sequence[int | None]]]:
    """Return the lines with their names, that of the totals last."""
    return list(zip((*shown.rows, _("all")), shown.numbers, strict=True))


@require_safe
@_given("authority", "school")
def sheet(request: Any, pk: UUID) -> HttpResponse:
    """A statement as CSV (RFC 4180, UTF-8 with a mark that tells spreadsheets so)."""
    now = clock.now()
    found, is_given = _readable(request, pk, now)
    if is_given:
        actions.note_fetch(found, by=by(request), now=now)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{found.about}-{found.table.from_on}-{found.table.until_on}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow([found.get_about_display(), *head(found.table.shown)])
    for row, numbers in lines(found.table.shown):
        told = f"'{row}" if row.startswith(("=", "+", "-", "@")) else row
        writer.writerow([told, *("" if number is None else number for number in numbers)])
    return answer


# ---- the school gives ----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@_given("school")
def of_school(request: Any, pk: UUID) -> HttpResponse:
    """A school's statements; another is looked at before it is given."""
    now = clock.now()
    found = get_object_or_404(school.School.objects.run_by(request.person, now), pk=pk)
    today = school.today_here(now)
    if request.method != "POST":
        return _school_page(request, found, now)
    form = StatementForm(request.POST, where=found, today=today)
    if not form.is_valid():
        return _school_page(request, found, now, 422, form=form)
    told = form.cleaned_data
    try:
        if request.POST.get("act") == "give":
            made = actions.give_statement(found, **told, by=by(request), now=now)
            return redirect("statements:statement", pk=made.pk)
        shown = _preview(found, told, now)
    except (NotAllowedError, OverlapError, actions.NothingToTellError) as problem:
        form.add_error(None, str(problem))
        return _school_page(request, found, now, 422, form=form)
    return _school_page(
        request,
        found,
        now,
        form=form,
        preview=lines(shown),
        head=head(shown),
        least=shown.least,
    )


def _preview(found: school.School, told: dict[str, Any], now: datetime) -> Shown:
    counts = queries.counts_of(found, told["about"], told["from_on"], told["until_on"])
    if counts is None:
        raise actions.NothingToTellError(_("The school had no pupils on these days."))
    return preview_table(counts, category="study", now=now)


def _school_page(
    request: Any, found: school.School, now: datetime, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "school": found,
        "statements": list(queries.of_school(found)[:MOST]),
        "form": StatementForm(where=found),
        "allowed": allowance("study", now),
        **more,
    }
    return render(request, "statements/school.html", context, status=status)


# ---- who reads for an authority ------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@_given("administrator")
def authorities(request: Any) -> HttpResponse:
    """The authorities that have a contract, and who reads for each."""
    now = clock.now()
    form = AuthorityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.register_authority(**form.cleaned_data, by=by(request), now=now)
        except actions.TwiceError as problem:
            form.add_error("name", str(problem))
        else:
            return redirect("statements:authorities")
    return _authorities_page(request, now, 422 if request.method == "POST" else 200, form=form)


def _authorities_page(request: Any, now: datetime, status: int = 200, **more: Any) -> HttpResponse:
    held = Role.objects.filter(kind=Role.Kind.AUTHORITY, scope=AUTHORITY).held_at(now)
    people: dict[UUID | None, list[Person]] = {}
    for role in held.select_related("person").order_by("starts_at"):
        people.setdefault(role.scope_id, []).append(role.person)
    context = {
        "authorities": list(Authority.objects.order_by("level", "name")),
        "people": people,
        "form": AuthorityForm(),
        "naming": RepresentativeForm(),
        "named": None,
        **more,
    }
    return render(request, "statements/authorities.html", context, status=status)


@require_POST
@_given("administrator")
def represent(request: Any, pk: UUID) -> HttpResponse:
    """Somebody reads for an authority from now on."""
    now = clock.now()
    found = get_object_or_404(Authority, pk=pk)
    form = RepresentativeForm(request.POST)
    if form.is_valid():
        person = form.person()
        if person is not None:
            actions.authorise(found, person, by=by(request), now=now)
            return redirect("statements:authorities")
        form.add_error("email", _("Nobody is known here under this address."))
    return _authorities_page(request, now, 422, naming=form, named=found.pk)


@require_POST
@_given("administrator")
def end(request: Any, pk: UUID) -> HttpResponse:
    """Somebody no longer reads for an authority."""
    found = get_object_or_404(Authority, pk=pk)
    try:
        asked = UUID(request.POST.get("person", ""))
    except ValueError:
        return redirect("statements:authorities")
    person = get_object_or_404(Person, pk=asked)
    if not actions.end_authorisation(found, person, by=by(request), now=clock.now()):
        raise Http404
    return redirect("statements:authorities")
