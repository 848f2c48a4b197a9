"""Packages of school years, for who runs the school (ekool-5.2.3)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.promises.disclosures.api import RefusedError, refusal
from skola.promises.policy.api import needs
from skola.services.archives import actions, queries
from skola.services.archives.forms import GiveForm, ReceiptForm, RestoreForm
from skola.services.archives.models import Package

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]


def _office(view: View[P]) -> View[P]:
    @wraps(view)
    def inner(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return never_cache(needs(queries.CAPABILITY)(holding("school")(inner)))


@require_safe
@_office
def years(request: Any) -> HttpResponse:
    """The years of one's schools, and which of them are packed."""
    return _years(request)


def _years(request: Any, problem: str = "", status: int = 200) -> HttpResponse:
    now = clock.now()
    found = list(queries.years_of(request.person, now))
    packages = {one.year_id: one for one in queries.packages_of(request.person, now)}
    rows = [(one, packages.get(one.pk), one.ended_at <= now) for one in found]
    context = {"rows": rows, "problem": problem}
    return render(request, "archives/years.html", context, status=status)


@require_POST
@_office
def pack(request: Any, pk: UUID) -> HttpResponse:
    """Make the package of a year, or make it anew."""
    now = clock.now()
    year = get_object_or_404(queries.years_of(request.person, now), pk=pk)
    try:
        made = actions.pack(year, by=by(request), now=now)
    except actions.NotOverError as problem:
        return _years(request, str(problem), 409)
    return redirect("archives:package", made.pk)


def _mine(request: Any, pk: UUID) -> Package:
    return get_object_or_404(queries.packages_of(request.person, clock.now()), pk=pk)


@require_safe
@_office
def package(request: Any, pk: UUID) -> HttpResponse:
    """One package with its receipt, and what can be done with it."""
    return _page(request, _mine(request, pk))


def _page(request: Any, one: Package, status: int = 200, **more: Any) -> HttpResponse:
    archives = queries.archives_now(clock.now())
    context = {
        "package": one,
        "until": queries.until(one),
        "archives": archives,
        "give_form": GiveForm(archives=archives),
        "receipt_form": ReceiptForm(),
        "restore_form": RestoreForm(),
        "restored": None,
        "problem": "",
        **more,
    }
    return render(request, "archives/package.html", context, status=status)


@require_POST
@_office
def give(request: Any, pk: UUID) -> HttpResponse:
    """Hand a package to an archive service: the sealed file comes to whoever carries it there."""
    one, now = _mine(request, pk), clock.now()
    form = GiveForm(request.POST, archives=queries.archives_now(now))
    if not form.is_valid():
        return _page(request, one, 422, give_form=form)
    try:
        sealed = actions.give(one, form.chosen(), by=by(request), now=now)
    except actions.DeletedError as problem:
        return _page(request, one, 409, problem=str(problem))
    except RefusedError as problem:
        return _page(request, one, 422, problem=refusal(problem.why, problem.lacks))
    answer = HttpResponse(sealed, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{one.pk}.sealed"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@_office
def receipt(request: Any, pk: UUID) -> HttpResponse:
    """The archive service confirmed what it has."""
    one, form = _mine(request, pk), ReceiptForm(request.POST)
    if not form.is_valid():
        return _page(request, one, 422, receipt_form=form)
    told = form.cleaned_data
    try:
        actions.note_receipt(
            one,
            receipt=told["receipt"],
            checksum=told["checksum"],
            by=by(request),
            now=clock.now(),
        )
    except actions.DeletedError as problem:
        return _page(request, one, 409, problem=str(problem))
    except actions.NotThisError as problem:
        form.add_error("checksum", str(problem))
        return _page(request, one, 422, receipt_form=form)
    return redirect("archives:package", pk)


@require_POST
@_office
def restore(request: Any, pk: UUID) -> HttpResponse:
    """What lacks of a year comes back from the package."""
    one, form = _mine(request, pk), RestoreForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, one, 422, restore_form=form)
    sealed = form.cleaned_data["package"].read()
    try:
        count = actions.restore(one, sealed, by=by(request), now=clock.now())
    except actions.DeletedError as problem:
        return _page(request, one, 409, problem=str(problem))
    except actions.NotThisError as problem:
        form.add_error("package", str(problem))
        return _page(request, one, 422, restore_form=form)
    return _page(request, one, restored=count)
