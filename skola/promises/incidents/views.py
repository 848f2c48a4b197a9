"""The registers of risks and incidents, for officers and administrators."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.http import holding
from skola.promises.incidents import actions, queries
from skola.promises.incidents.forms import (
    AssessForm,
    DeclineForm,
    IncidentForm,
    LetterForm,
    LooksForm,
    MeasureForm,
    NamesForm,
    NotifyForm,
    RiskForm,
)
from skola.promises.incidents.models import Affected, Incident, Risk
from skola.promises.policy.api import in_force
from skola.promises.rights.api import in_language, local_day, zone_of

ALLOWED = ("officer", "administrator")
PAGE = "incidents:one"
SHOWN = 200
FORMS: dict[str, Any] = {
    "assess": AssessForm,
    "measure": MeasureForm,
    "notify": NotifyForm,
    "decline": DeclineForm,
    "looks": LooksForm,
    "names": NamesForm,
    "letter": LetterForm,
}
TIMED = {"notify"}


@never_cache
@holding(*ALLOWED)
@require_safe
def listed(request: Any) -> HttpResponse:
    """Incidents, breaches by their clock first; and the risks, the gravest first."""
    now = clock.now()
    is_open = request.GET.get("state", "") != "closed"
    context = {
        "rows": queries.incidents(is_open=is_open, now=now),
        "is_open": is_open,
        "risks": queries.risks(),
        "today": local_day(now),
    }
    return render(request, "incidents/all.html", context)


@never_cache
@holding(*ALLOWED)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """Write down what happened; as a breach it starts the clock."""
    now, sent = clock.now(), request.method == "POST"
    form = IncidentForm(request.POST if sent else None, now=now)
    if sent and form.is_valid():
        made = actions.open_incident(form.happened(), by=audit.by(request), now=now)
        return redirect(PAGE, pk=made.pk)
    return render(request, "incidents/new.html", {"form": form}, status=422 if sent else 200)


@never_cache
@holding(*ALLOWED)
@require_safe
def one(request: Any, pk: UUID) -> HttpResponse:
    """One incident: its clock, what is to be done, whom it touched."""
    return _page(request, get_object_or_404(Incident, pk=pk))


def _page(
    request: Any, incident: Incident, *, problem: str = "", status: int = 200, **bound: Any
) -> HttpResponse:
    now = clock.now()
    policy = in_force(now).policy
    authority = next((a for a in policy.authority if "breach-notice" in a.for_), None)
    forms = {
        name: form(auto_id=f"{name}_%s", **({"now": now} if name in TIMED else {}))
        for name, form in FORMS.items()
        if name != "assess"
    }
    told = {"is_breach": incident.is_breach, "danger": incident.danger}
    affected = incident.affected.select_related("person").order_by("told_at", "pk")
    context = {
        "incident": incident,
        "row": queries.row_of(incident, now),
        "owner": queries.name_of(incident.owner),
        "about": queries.name_of(incident.about) if incident.about else "",
        "authority": authority,
        "authority_name": in_language(authority.name) if authority else "",
        "affected": affected[:SHOWN],
        "count": incident.affected.count(),
        "untold": incident.affected.filter(told_at=None).count(),
        "assess": AssessForm(initial=told, auto_id="assess_%s"),
        "problem": problem,
        **forms,
        **bound,
    }
    return render(request, "incidents/one.html", context, status=status)


def _act(request: Any, pk: UUID, name: str, act: Callable[[Incident, Any, Any], object]) -> Any:
    """Check the form of this name and do it; where it is refused, say why on the page."""
    incident, now = get_object_or_404(Incident, pk=pk), clock.now()
    extra = {"now": now} if name in TIMED else {}
    form = FORMS[name](request.POST, auto_id=f"{name}_%s", **extra)
    if not form.is_valid():
        return _page(request, incident, status=422, **{name: form})
    try:
        said = act(incident, form, {"by": audit.by(request), "now": now})
    except actions.NotNowError as problem:
        return _page(request, incident, status=409, problem=str(problem))
    if isinstance(said, str):
        return _page(request, get_object_or_404(Incident, pk=pk), problem=said)
    return redirect(PAGE, pk=pk)


@holding(*ALLOWED)
@require_POST
def assess(request: Any, pk: UUID) -> HttpResponse:
    """Whether it is a breach, and how dangerous."""

    def act(incident: Incident, form: Any, told: Any) -> None:
        actions.assess(incident, **form.cleaned_data, **told)

    return _act(request, pk, "assess", act)  # type: ignore[no-any-return]


@holding(*ALLOWED)
@require_POST
def measure(request: Any, pk: UUID) -> HttpResponse:
    """What was done against it."""

    def act(incident: Incident, form: Any, told: Any) -> None:
        words, day = form.cleaned_data["measure"], local_day(told["now"])
        actions.note_measure(incident, words, day, **told)

    return _act(request, pk, "measure", act)  # type: ignore[no-any-return]


@holding(*ALLOWED)
@require_POST
def notify(request: Any, pk: UUID) -> HttpResponse:
    """The authority was told."""

    def act(incident: Incident, form: Any, told: Any) -> None:
        reference = form.cleaned_data["reference"]
        actions.notify(incident, notified_at=form.moment(), reference=reference, **told)

    return _act(request, pk, "notify", act)  # type: ignore[no-any-return]


@holding(*ALLOWED)
@require_POST
def decline(request: Any, pk: UUID) -> HttpResponse:
    """The authority need not be told."""

    def act(incident: Incident, form: Any, told: Any) -> None:
        actions.decline(incident, form.cleaned_data["because"], **told)

    return _act(request, pk, "decline", act)  # type: ignore[no-any-return]


@holding(*ALLOWED)
@require_POST
def looks(request: Any, pk: UUID) -> HttpResponse:
    """Whose data an account touched in some days, by the logs."""

    def act(incident: Incident, form: Any, told: Any) -> str:
        zone = zone_of(told["now"])
        since = datetime.combine(form.cleaned_data["since"], time(), zone)
        until = datetime.combine(form.cleaned_data["until"], time(), zone) + timedelta(days=1)
        account = form.cleaned_data["email"]
        count = actions.find_affected(incident, account, since, until, **told)
        return _found(count)

    return _act(request, pk, "looks", act)  # type: ignore[no-any-return]


@holding(*ALLOWED)
@require_POST
def names(request: Any, pk: UUID) -> HttpResponse:
    """People whom an officer knows to be touched."""

    def act(incident: Incident, form: Any, told: Any) -> str:
        people = form.cleaned_data["emails"]
        return _found(actions.add_affected(incident, people, Affected.How.NAMED, **told))

    return _act(request, pk, "names", act)  # type: ignore[no-any-return]


def _found(count: int) -> str:
    return ngettext(
        "%(num)s person is new on the list.", "%(num)s people are new on the list.", count
    ) % {"num": count}


@holding(*ALLOWED)
@require_POST
def letters(request: Any, pk: UUID) -> HttpResponse:
    """Those whom it touched are written to."""

    def act(incident: Incident, form: Any, told: Any) -> str:
        written, without = actions.tell_affected(incident, form.cleaned_data["words"], **told)
        return _(
            "Written to: %(written)s. Without an e-mail address, to be told otherwise: %(without)s."
        ) % {
            "written": written,
            "without": without,
        }

    return _act(request, pk, "letter", act)  # type: ignore[no-any-return]


@holding(*ALLOWED)
@require_POST
def told(request: Any, pk: UUID, affected: UUID) -> HttpResponse:
    """Somebody without an address was told in another way."""
    found = get_object_or_404(
        Affected.objects.select_related("incident"), pk=affected, incident_id=pk
    )
    actions.tell_by_letter(found, by=audit.by(request), now=clock.now())
    return redirect(PAGE, pk=pk)


@holding(*ALLOWED)
@require_POST
def close(request: Any, pk: UUID) -> HttpResponse:
    """It is settled."""
    incident = get_object_or_404(Incident, pk=pk)
    try:
        actions.close_incident(incident, by=audit.by(request), now=clock.now())
    except actions.NotNowError as problem:
        return _page(request, incident, status=409, problem=str(problem))
    return redirect(PAGE, pk=pk)


@never_cache
@holding(*ALLOWED)
@require_http_methods(["GET", "HEAD", "POST"])
def new_risk(request: Any) -> HttpResponse:
    """Write down a risk."""
    now, sent = clock.now(), request.method == "POST"
    form = RiskForm(request.POST if sent else None, now=now)
    if sent and form.is_valid():
        actions.note_risk(form.about(), by=audit.by(request), now=now)
        return redirect("incidents:all")
    return render(request, "incidents/risk.html", {"form": form}, status=422 if sent else 200)


@never_cache
@holding(*ALLOWED)
@require_http_methods(["GET", "HEAD", "POST"])
def risk(request: Any, pk: UUID) -> HttpResponse:
    """Judge a risk anew."""
    found = get_object_or_404(Risk, pk=pk, closed_at=None)
    now, sent = clock.now(), request.method == "POST"
    names = ("title", "likelihood", "impact", "measure", "review_on")
    initial = {name: getattr(found, name) for name in names}
    form = RiskForm(request.POST if sent else None, initial=initial, now=now)
    if sent and form.is_valid():
        actions.review_risk(found, form.about(), by=audit.by(request), now=now)
        return redirect("incidents:all")
    context = {"form": form, "risk": found, "owner": queries.name_of(found.owner)}
    return render(request, "incidents/risk.html", context, status=422 if sent else 200)


@holding(*ALLOWED)
@require_POST
def close_risk(request: Any, pk: UUID) -> HttpResponse:
    """The risk is no more."""
    actions.close_risk(get_object_or_404(Risk, pk=pk), by=audit.by(request), now=clock.now())
    return redirect("incidents:all")
