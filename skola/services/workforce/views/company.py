"""What a training manager does: the list of people, duties, requirements."""

from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.services.workforce import queries
from skola.services.workforce.actions import assigning, identifying, lists, organising
from skola.services.workforce.forms import ChargeForm, IdentifiersForm, ListForm, RequirementForm
from skola.services.workforce.models import Charge, Post, Requirement, Training, Unit
from skola.services.workforce.rules.difference import COLUMNS, Difference, Kind, read
from skola.services.workforce.rules.identifiers import MASK
from skola.services.workforce.sight import TRAINING, seeing
from skola.services.workforce.wording import doubt, incomplete

_SALT = "workforce.list"
_A_DAY = 86_400
MOST_SHOWN = 200
"""Lines of each kind on the page of the difference; their number is always told."""


@seeing(TRAINING)
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: Any, pk: UUID) -> HttpResponse:
    """A list is read and compared; nothing changes before its difference is confirmed."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        complete = form.cleaned_data["complete"]
        found = lists.difference(
            request.sight.company,
            form.rows,
            complete=complete,
            today=queries.today(clock.now()),
        )
        return _difference(request, form.text, found, complete=complete)
    context = {
        "sight": request.sight,
        "form": form,
        "columns": ",".join(COLUMNS),
        "called": queries.CALLED[request.sight.company.identifier],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "workforce/import.html", context, status=status)


def _difference(
    request: Any, text: str, found: Difference, *, complete: bool, again: bool = False
) -> HttpResponse:
    kinds = []
    for kind in Kind:
        changes = found.of(kind)
        lines = [(one, doubt(one.why) if one.why else "") for one in changes[:MOST_SHOWN]]
        kinds.append((kind.value, len(changes), lines))
    company = str(request.sight.company.pk)
    told = [text, found.fingerprint, complete, company]
    context = {
        "sight": request.sight,
        "found": found,
        "kinds": kinds,
        "again": again,
        "called": queries.CALLED[request.sight.company.identifier],
        "mask": MASK,
        "sealed": signing.dumps(told, salt=_SALT, compress=True),
    }
    return render(request, "workforce/difference.html", context, status=409 if again else 200)


@seeing(TRAINING)
@require_POST
def apply_list(request: Any, pk: UUID) -> HttpResponse:
    """The difference that was shown is applied; sent twice, it is applied once."""
    now = clock.now()
    try:
        said = signing.loads(request.POST.get("list", ""), salt=_SALT, max_age=_A_DAY)
        text, fingerprint, complete, company = said
    except (signing.BadSignature, ValueError):
        return redirect("workforce:import", pk=pk)
    if company != str(pk):
        return redirect("workforce:import", pk=pk)
    rows, today = read(text), queries.today(now)
    try:
        lists.apply_list(
            request.sight.company,
            rows,
            complete=complete,
            fingerprint=fingerprint,
            language=get_language() or "en",
            today=today,
            by=by(request),
            now=now,
        )
    except lists.OtherDifferenceError:
        found = lists.difference(request.sight.company, rows, complete=complete, today=today)
        if not found.is_empty:
            return _difference(request, text, found, complete=complete, again=True)
    return redirect("workforce:people", pk=pk)


@seeing(TRAINING)
@require_http_methods(["GET", "HEAD", "POST"])
def identifiers(request: Any, pk: UUID) -> HttpResponse:
    """By what the company knows its people; it can be changed for all of them (ema-2.1.10)."""
    company = request.sight.company
    form = IdentifiersForm(request.POST or None, request.FILES or None, company=company)
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data["kind"]
        try:
            identifying.change_all(company, kind, form.told, by=by(request), now=clock.now())
        except identifying.IncompleteError as problem:
            form.add_error("file", incomplete(problem.numbers, problem.missing))
        else:
            return redirect("workforce:people", pk=pk)
    status = 422 if request.method == "POST" else 200
    context = {"sight": request.sight, "form": form}
    return render(request, "workforce/identifiers.html", context, status=status)


@seeing(TRAINING)
@require_safe
def organisation(request: Any, pk: UUID) -> HttpResponse:
    """The tree, how many people work where, and who looks after what."""
    return _organisation(request)


def _organisation(request: Any, form: ChargeForm | None = None) -> HttpResponse:
    company = request.sight.company
    today = queries.today(clock.now())
    names = queries.unit_names(company)
    held = Post.objects.held().filter(employment__company=company).values_list("unit", flat=True)
    counts: dict[UUID, int] = {}
    for unit in held:
        counts[unit] = counts.get(unit, 0) + 1
    charges = Charge.objects.on(today).filter(unit__company=company).select_related("person")
    context = {
        "sight": request.sight,
        "units": [(key, name, counts.get(key, 0)) for key, name in names.items()],
        "names": names,
        "charges": charges.order_by("unit__path", "duty", "created_at")[:500],
        "form": form or ChargeForm(company=company, units=names),
    }
    return render(request, "workforce/organisation.html", context, status=422 if form else 200)


@seeing(TRAINING)
@require_POST
def give_charge(request: Any, pk: UUID) -> HttpResponse:
    """The training manager charges somebody with a unit."""
    now = clock.now()
    company = request.sight.company
    form = ChargeForm(request.POST, company=company, units=queries.unit_names(company))
    if not form.is_valid():
        return _organisation(request, form)
    unit = Unit.objects.get(pk=form.cleaned_data["unit"], company=company)
    organising.charge(
        unit,
        form.person,
        form.cleaned_data["duty"],
        today=queries.today(now),
        by=by(request),
        now=now,
    )
    return redirect("workforce:organisation", pk=pk)


@seeing(TRAINING)
@require_POST
def end_charge(request: Any, pk: UUID, charge: UUID) -> HttpResponse:
    """The training manager ends a duty; its sight is over at once."""
    now = clock.now()
    running = Charge.objects.filter(unit__company=request.sight.company, ends_on=None)
    held = get_object_or_404(running, pk=charge)
    organising.end_charge(held, on=queries.today(now), by=by(request), now=now)
    return redirect("workforce:people", pk=pk)


@seeing(TRAINING)
@require_http_methods(["GET", "HEAD", "POST"])
def requirements(request: Any, pk: UUID) -> HttpResponse:
    """Who has to be trained in what; a new rule tells first whom it concerns."""
    now = clock.now()
    company = request.sight.company
    form = RequirementForm(request.POST or None, company=company)
    concerned = None
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["sure"]:
            _require(request, form, now)
            return redirect("workforce:requirements", pk=pk)
        concerned = assigning.effect(company, form.chosen)
        form.data = {**request.POST.dict(), "sure": "on"}
    running = Requirement.objects.filter(training__company=company, ends_on=None)
    context = {
        "sight": request.sight,
        "requirements": running.select_related("training", "position").order_by(
            "training__title", "position__name"
        ),
        "trainings": Training.objects.filter(company=company),
        "form": form,
        "concerned": concerned,
    }
    status = 422 if request.method == "POST" and concerned is None else 200
    return render(request, "workforce/requirements.html", context, status=status)


def _require(request: Any, form: RequirementForm, now: Any) -> None:
    training = form.training or organising.add_training(
        request.sight.company,
        title=form.cleaned_data["title"],
        kind=Training.Kind.COURSE if form.taken else Training.Kind.OUTSIDE,
        course=form.taken,
        by=by(request),
        now=now,
    )
    assigning.require(
        training,
        position=form.chosen,
        need=form.need,
        today=queries.today(now),
        person=request.person,
        by=by(request),
        now=now,
    )


@seeing(TRAINING)
@require_POST
def end_requirement(request: Any, pk: UUID, rule: UUID) -> HttpResponse:
    """The training manager ends a rule; what was done stays on record."""
    now = clock.now()
    running = Requirement.objects.filter(training__company=request.sight.company, ends_on=None)
    held = get_object_or_404(running.select_related("training__company"), pk=rule)
    assigning.end_requirement(held, today=queries.today(now), by=by(request), now=now)
    return redirect("workforce:requirements", pk=pk)
