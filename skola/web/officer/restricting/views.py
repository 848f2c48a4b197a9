"""Pages of restrictions. They name nobody: who it is, is shown on a look that is recorded."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.people.api import Person
from skola.ground.people.http import holding
from skola.promises.disclosures.api import Telling, tell_receivers
from skola.promises.gate import api as gate
from skola.promises.gate.api import Restriction
from skola.promises.policy.api import in_force
from skola.promises.rights.api import GrantedError, withdraw_erasure
from skola.web.officer.restricting.forms import FindForm, RestrictForm, ToldForm, today
from skola.web.officer.tabs import ALLOWED
from skola.web.officer.views import ENDED, show

PAGE = "web:officer:restrictions:one"


@never_cache
@require_http_methods(["GET", "POST"])
@holding(*ALLOWED)
def restrictions(request: Any) -> HttpResponse:
    """Who is restricted now, since when and why; and the way to somebody who is to be."""
    sent = request.method == "POST"
    form = FindForm(request.POST if sent else None)
    if sent and form.is_valid():
        return redirect("web:officer:restrictions:of", pk=form.cleaned_data["email"].pk)
    running = gate.running()
    delivered = gate.delivered(running)
    return show(
        request,
        "restrictions",
        in_force(clock.now()).policy,
        status=422 if sent else 200,
        form=form,
        rows=[(one, _state(one, delivered=one.pk in delivered)) for one in running],
        lifted=gate.lifted(limit=ENDED),
        today=today(),
    )


def _state(restriction: Restriction, *, delivered: bool) -> str:
    """Return ``runs``, ``written`` (a mail is on its way), ``told``, or ``frozen``."""
    if restriction.ground == Restriction.Ground.ERASURE:
        return "frozen"
    told = gate.may_be_lifted(restriction.ground, restriction.told_how, delivered=delivered)
    return "told" if told else "written" if restriction.told_how else "runs"


@never_cache
@require_http_methods(["GET", "POST"])
@holding(*ALLOWED)
def of(request: Any, pk: UUID) -> HttpResponse:
    """Restrict this person's data; who is restricted already has a page for that."""
    if (known := gate.restriction_of(pk)) is not None:
        return redirect(PAGE, pk=known.pk)
    person = get_object_or_404(Person, pk=pk)
    sent = request.method == "POST"
    form = RestrictForm(request.POST if sent else None)
    now = clock.now()
    if sent and form.is_valid():
        with transaction.atomic():
            made = gate.restrict(person.pk, **form.cleaned_data, by=audit.by(request), now=now)
            what = Telling.What.RESTRICTION
            tell_receivers(person.pk, what, case=made.pk, by=audit.by(request), now=now)
        return redirect(PAGE, pk=made.pk)
    policy = in_force(now).policy
    return show(request, "restrict", policy, status=422 if sent else 200, form=form, person=person)


@never_cache
@require_GET
@holding(*ALLOWED)
def one(request: Any, pk: UUID) -> HttpResponse:
    """One restriction, and the next step to its end: tell the person, then lift it."""
    return _page(request, get_object_or_404(Restriction, pk=pk))


def _page(
    request: Any,
    restriction: Restriction,
    *,
    form: ToldForm | None = None,
    person: Person | None = None,
    status: int = 200,
) -> HttpResponse:
    policy = in_force(clock.now()).policy
    delivered = bool(gate.delivered([restriction]))
    return show(
        request,
        "restriction",
        policy,
        status=status,
        one=restriction,
        state="lifted" if restriction.lifted_at else _state(restriction, delivered=delivered),
        has_mail=bool(gate.address_of(restriction)),
        form=form or ToldForm(since=_began(restriction)),
        person=person,
        today=today(),
        mine=audit.by(request),
    )


def _began(restriction: Restriction) -> Any:
    zone = ZoneInfo(in_force(clock.now()).policy.policy.timezone)
    return restriction.since_at.astimezone(zone).date()


@never_cache
@require_POST
@holding(*ALLOWED)
def look(request: Any, pk: UUID) -> HttpResponse:
    """Show whose data are restricted and how they are reached. The look is recorded."""
    restriction = get_object_or_404(Restriction, pk=pk, lifted_at=None)
    with transaction.atomic(), reading_for(RIGHTS):
        person = get_object_or_404(Person, pk=restriction.person_id)
        audit.record(
            "gate.restriction.opened",
            target=restriction,
            subject=person.pk,
            by=audit.by(request),
            at=clock.now(),
        )
    return _page(request, restriction, person=person)


@require_POST
@holding(*ALLOWED)
def notify(request: Any, pk: UUID) -> HttpResponse:
    """The first step: a notice to the person that the restriction is going to be lifted."""
    restriction = get_object_or_404(Restriction, pk=pk)
    try:
        gate.tell(restriction, by=audit.by(request), now=clock.now())
    except gate.NoChannelError:
        return _page(request, restriction, status=409)
    return redirect(PAGE, pk=pk)


@require_POST
@holding(*ALLOWED)
def told(request: Any, pk: UUID) -> HttpResponse:
    """The first step for who has no e-mail: the officer records how they were told."""
    restriction = get_object_or_404(Restriction, pk=pk)
    form = ToldForm(request.POST, since=_began(restriction))
    if not form.is_valid():
        return _page(request, restriction, form=form, status=422)
    how, on = form.cleaned_data["how"], form.cleaned_data["on"]
    gate.record_telling(restriction, how=how, on=on, by=audit.by(request), now=clock.now())
    return redirect(PAGE, pk=pk)


@require_POST
@holding(*ALLOWED)
def lift(request: Any, pk: UUID) -> HttpResponse:
    """The second step: lift it. Before the person was told it is refused.

    For the freeze of an erasure: withdraw the erasure. Once granted that is refused.
    """
    restriction = get_object_or_404(Restriction, pk=pk)
    is_freeze = restriction.ground == Restriction.Ground.ERASURE
    act = withdraw_erasure if is_freeze else gate.lift_restriction
    try:
        act(restriction, by=audit.by(request), now=clock.now())
    except (gate.NotToldError, GrantedError):
        return _page(request, restriction, status=409)
    return redirect("web:officer:restrictions:all")
