"""What staff change about a person. Administrators change what somebody may do; the officer may
verify guardians and findings. Nobody changes their own roles or suspends themselves."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import (
    Account,
    Finding,
    Guardianship,
    Person,
    Role,
    end_role,
    name_guardian,
)
from skola.ground.people.http import holding
from skola.ground.ui.api import error_page
from skola.services.staff.api import TwiceError
from skola.web import closing
from skola.web.people import acts, views
from skola.web.people.forms import (
    FindingForm,
    GuardianForm,
    ProofForm,
    RoleForm,
    SuspensionForm,
)


def _is_self(request: Any, person_id: UUID) -> bool:
    return bool(request.person.pk == person_id)


@require_POST
@holding("administrator")
def grant(request: Any, pk: UUID) -> HttpResponse:
    """Give a role, for the whole service or one thing, with an end or without."""
    person = get_object_or_404(Person, pk=pk)
    if _is_self(request, pk):
        return error_page(403)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return views.tab(request, person, "roles", views.roles_context(person, form), status=422)
    try:
        acts.give(
            person, form.wanted(), asker=request.person, by=audit.by(request), now=clock.now()
        )
    except TwiceError as problem:
        form.add_error(None, str(problem))
        return views.tab(request, person, "roles", views.roles_context(person, form), status=409)
    return redirect("web:people:roles", pk=pk)


@require_POST
@holding("administrator")
def end(request: Any, pk: UUID, role: UUID) -> HttpResponse:
    """End a role now."""
    now = clock.now()
    held = get_object_or_404(Role.objects.granted_at(now), pk=role, person_id=pk)
    if _is_self(request, pk):
        return error_page(403)
    end_role(held, by=audit.by(request), now=now)
    return redirect("web:people:roles", pk=pk)


@require_POST
@holding("administrator")
def suspend(request: Any, pk: UUID) -> HttpResponse:
    """Close somebody's sign-in, for a reason that they are told (ilearn-11.l)."""
    account = get_object_or_404(Account.objects.select_related("person"), person_id=pk)
    if _is_self(request, pk):
        return error_page(403)
    form = SuspensionForm(request.POST)
    if not form.is_valid():
        context = views.security_context(account.person, suspension=form)
        return views.tab(request, account.person, "security", context, status=422)
    acts.suspend(account, **form.cleaned_data, by=audit.by(request), now=clock.now())
    return redirect("web:people:security", pk=pk)


@require_POST
@holding("administrator")
def close(request: Any, pk: UUID) -> HttpResponse:
    """Close the account of somebody who asked for it by mail (learnifier-10.d)."""
    now = clock.now()
    found = Account.objects.select_related("person").filter(is_active=True)
    account = get_object_or_404(found, person_id=pk)
    if _is_self(request, pk):
        return error_page(403)
    if not closing.is_on_request(now):
        raise Http404
    form = closing.form_of(request.POST, now)
    if not form.is_valid():
        context = {**views.security_context(account.person), "closing": form}
        return views.tab(request, account.person, "security", context, status=422)
    closing.plan(account, form.cleaned_data["last_on"], by=audit.by(request), now=now)
    return redirect("web:people:security", pk=pk)


@require_POST
@holding("administrator")
def reinstate(request: Any, pk: UUID) -> HttpResponse:
    """Open somebody's sign-in again; what was closed as was asked stays closed."""
    suspended = Account.objects.exclude(suspended_because=Account.Reason.CLOSED)
    account = get_object_or_404(suspended, person_id=pk, is_active=False)
    acts.reinstate(account, by=audit.by(request), now=clock.now())
    return redirect("web:people:security", pk=pk)


@require_POST
@holding(*views.WHOLE)
def find(request: Any, pk: UUID) -> HttpResponse:
    """Mark a registration as false, or its person as a minor on their own (ilearn-20.j, 20.k)."""
    person = get_object_or_404(Person, pk=pk)
    form = FindingForm(request.POST)
    if not form.is_valid():
        context = views.security_context(person, finding=form)
        return views.tab(request, person, "security", context, status=422)
    acts.find(person, **form.cleaned_data, by=audit.by(request), now=clock.now())
    return redirect("web:people:security", pk=pk)


@require_POST
@holding(*views.WHOLE)
def correct(request: Any, pk: UUID, finding: UUID) -> HttpResponse:
    """The registration is right now."""
    found = get_object_or_404(
        Finding.objects.select_related("person"), pk=finding, person_id=pk, closed_at=None
    )
    acts.correct(found, by=audit.by(request), now=clock.now())
    return redirect("web:people:security", pk=pk)


@require_POST
@holding(*views.WHOLE)
def add_guardian(request: Any, pk: UUID) -> HttpResponse:
    """Record who says to stand for a person; nothing opens before it is proven."""
    child = get_object_or_404(Person, pk=pk)
    form = GuardianForm(request.POST, child=child)
    if not form.is_valid():
        context = views.guardians_context(child, form)
        return views.tab(request, child, "guardians", context, status=422)
    told = form.cleaned_data
    name_guardian(
        child, told["email"], powers=told["powers"], by=audit.by(request), now=clock.now()
    )
    return redirect("web:people:guardians", pk=pk)


@require_POST
@holding(*views.WHOLE)
def prove_guardian(request: Any, pk: UUID, link: UUID) -> HttpResponse:
    """Record how a link was proven."""
    found = get_object_or_404(Guardianship, pk=link, child_id=pk, ends_at=None)
    form = ProofForm(request.POST)
    if not form.is_valid():
        context = views.guardians_context(found.child)
        return views.tab(request, found.child, "guardians", context, status=422)
    acts.prove(found, **form.cleaned_data, by=audit.by(request), now=clock.now())
    return redirect("web:people:guardians", pk=pk)


@require_POST
@holding(*views.WHOLE)
def end_guardian(request: Any, pk: UUID, link: UUID) -> HttpResponse:
    """End a guardian's powers at once."""
    found = get_object_or_404(Guardianship, pk=link, child_id=pk, ends_at=None)
    acts.part(found, by=audit.by(request), now=clock.now())
    return redirect("web:people:guardians", pk=pk)
