"""What if: a changed policy over the tenant's own data, before anybody publishes it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from skola.ground import clock
from skola.ground.people.http import holding
from skola.promises.policy.api import (
    InForce,
    NoPolicyError,
    Policy,
    PolicyError,
    Problem,
    Severity,
    diff,
    in_force,
    lint,
)
from skola.promises.policy.live import under_law
from skola.promises.simulation import words
from skola.promises.simulation.change import checked, simulate
from skola.promises.simulation.chart import picture
from skola.promises.simulation.forms import FileForm, NumbersForm
from skola.promises.simulation.terms import with_numbers

ALLOWED = ("administrator", "officer")


@require_http_methods(["GET", "POST"])
@holding(*ALLOWED)
def what_if(request: Any) -> HttpResponse:
    """Change a number, or bring a file, and see what goes when; nothing is kept or changed."""
    now = clock.now()
    try:
        found = in_force(now)
    except NoPolicyError:
        raise Http404 from None
    written = found.version.written
    sent = request.POST.get("form") if request.method == "POST" else ""
    numbers = NumbersForm(request.POST if sent == "numbers" else None, policy=written)
    file = FileForm(*((request.POST, request.FILES) if sent == "file" else ()))
    context: dict[str, Any] = {"numbers": numbers, "file": file, "sent": sent}
    problems: tuple[Problem, ...] = ()
    policy: Policy | None = None
    years = 0
    if sent == "numbers" and numbers.is_valid():
        policy = with_numbers(written, numbers.periods)
        problems = _new_errors(policy, written)
        years = numbers.cleaned_data["years"]
    elif sent == "file" and file.is_valid():
        policy, problems = _of_file(file, written.policy.tenant)
        years = file.cleaned_data["years"]
    status = 200
    if policy is not None and not any(one.severity is Severity.ERROR for one in problems):
        context |= _result(found, policy, now, years)
    elif sent:
        status = 422
    context |= {
        "problems": problems,
        "found": found,
        "words": words,
        "Severity": Severity,
        "names": words.titles(found.policy),
    }
    with timezone.override(ZoneInfo(written.policy.timezone)):
        return render(request, "simulation/what_if.html", context, status=status)


def _new_errors(policy: Policy, written: Policy) -> tuple[Problem, ...]:
    """What the changed numbers would be refused for; the file in force was accepted as it is."""
    known = {(one.code, one.table, one.key, one.message) for one in lint(written)}
    return tuple(
        one for one in lint(policy) if (one.code, one.table, one.key, one.message) not in known
    )


def _of_file(file: FileForm, tenant: str) -> tuple[Policy | None, tuple[Problem, ...]]:
    if file.source is None:
        return None, file.problems
    try:
        return checked(file.source, tenant)
    except PolicyError as error:
        return None, error.problems


def _result(found: InForce, policy: Policy, now: datetime, years: int) -> dict[str, Any]:
    result = simulate(policy, now=now, years=years)
    return {
        "result": result,
        "changes": diff(found.policy, under_law(policy)).rules,
        "picture": picture(result),
        "titles": words.titles(found.policy, policy),
    }
