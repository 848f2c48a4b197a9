"""Pages of the people's administration: a list, and a person in tabs."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import Account, Finding, Guardianship, Person, Role, SecurityEvent
from skola.ground.people.http import holding, kinds
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.origins import api as origins
from skola.promises.policy.api import has, needs
from skola.promises.retention.api import clock_of
from skola.services.customers.api import relation_of
from skola.services.staff.api import waiting
from skola.web.closing import form_of, is_on_request
from skola.web.people import acts, queries
from skola.web.people.forms import (
    FindingForm,
    GuardianForm,
    InviteForm,
    RoleForm,
    SearchForm,
    SuspensionForm,
)

LOOKING = ("administrator", "officer", "support")
WHOLE = ("administrator", "officer")
LATEST = 50


@require_GET
@holding(*LOOKING)
def people(request: Any) -> HttpResponse:
    """Everybody known here, found by name, e-mail or phone."""
    form = SearchForm(request.GET)
    told = form.cleaned_data if form.is_valid() else {}
    now = clock.now()
    words = told.get("q") or ""
    page = Paginator(queries.found(words, now=now), ROWS_A_PAGE).get_page(told.get("page") or 1)
    context = {
        "page": page,
        "q": words,
        "whole": _whole(request),
        "may_invite": _administers(request) and has("account.invited", now=now),
    }
    return render(request, "web/people/people.html", context)


@require_GET
@holding(*LOOKING)
def person(request: Any, pk: UUID) -> HttpResponse:
    """Who a person is; support sees how to reach them, and no more."""
    shown = get_object_or_404(Person.objects.select_related("account"), pk=pk)
    context = {
        "changes": list(shown.profile_changes.exclude(field="").order_by("-changed_at")[:LATEST]),
        "origins": origins.of(shown),
    }
    return tab(request, shown, "profile", context)


@require_GET
@holding(*WHOLE)
def roles(request: Any, pk: UUID) -> HttpResponse:
    """What a person may do, and did."""
    shown = get_object_or_404(Person, pk=pk)
    return tab(request, shown, "roles", roles_context(shown))


@require_GET
@holding(*WHOLE)
def guardians(request: Any, pk: UUID) -> HttpResponse:
    """Who stands for a person, and for whom the person stands."""
    shown = get_object_or_404(Person, pk=pk)
    return tab(request, shown, "guardians", guardians_context(shown))


@require_GET
@holding(*WHOLE)
def security(request: Any, pk: UUID) -> HttpResponse:
    """Sign-ins, suspension, and what was found wrong with a registration."""
    shown = get_object_or_404(Person.objects.select_related("account"), pk=pk)
    return tab(request, shown, "security", security_context(shown))


@require_GET
@holding(*WHOLE)
def clocks(request: Any, pk: UUID) -> HttpResponse:
    """When what is known of a person goes, and why."""
    shown = get_object_or_404(Person.objects.select_related("account"), pk=pk)
    now = clock.now()
    found = [
        (words, clock_of(row, now=now, category=category)) for words, row, category in _parts(shown)
    ]
    return tab(request, shown, "clocks", {"clocks": found})


@require_http_methods(["GET", "POST"])
@needs("account.invited")
@holding("administrator")
def invite(request: Any) -> HttpResponse:
    """Open an account for somebody; they come in with a code that goes to their address."""
    sent = request.method == "POST"
    form = InviteForm(request.POST if sent else None)
    if sent and form.is_valid():
        made = acts.invite(
            request,
            **form.cleaned_data,
            asker=request.person,
            by=audit.by(request),
            now=clock.now(),
        )
        return redirect("web:people:person", pk=made.pk)
    return render(request, "web/people/invite.html", {"form": form}, status=422 if sent else 200)


def roles_context(shown: Person, form: RoleForm | None = None) -> dict[str, Any]:
    """Return what the tab of roles shows."""
    now = clock.now()
    held = list(Role.objects.filter(person=shown).order_by("-starts_at"))
    return {
        "form": form or RoleForm(),
        "running": [role for role in held if role.ends_at is None or role.ends_at > now],
        "ended": [role for role in held if role.ends_at is not None and role.ends_at <= now],
        "waiting": waiting(shown),
    }


def guardians_context(shown: Person, form: GuardianForm | None = None) -> dict[str, Any]:
    """Return what the tab of guardians shows."""
    links = Guardianship.objects.select_related("child", "guardian").order_by("-starts_at")
    return {
        "form": form or GuardianForm(child=shown),
        "guardians": list(links.filter(child=shown)),
        "wards": list(links.filter(guardian=shown)),
        "proofs": Guardianship.Proof.choices,
        "now": clock.now(),
    }


def security_context(
    shown: Person, suspension: SuspensionForm | None = None, finding: FindingForm | None = None
) -> dict[str, Any]:
    """Return what the tab of security shows."""
    now = clock.now()
    events = SecurityEvent.objects.filter(person=shown).order_by("-at")
    return {
        "account": Account.objects.filter(person=shown).first(),
        "relation": relation_of(shown.pk),
        "events": list(events[:LATEST]),
        "findings": list(Finding.objects.filter(person=shown).order_by("-found_at")),
        "suspension": suspension or SuspensionForm(),
        "finding": finding or FindingForm(),
        "closing": form_of(None, now) if is_on_request(now) else None,
    }


def _parts(shown: Person) -> list[tuple[str, Any, str | None]]:
    parts: list[tuple[str, Any, str | None]] = [
        (_("Name and date of birth"), shown, "identity"),
        (_("E-mail, phone, address"), shown, "contact"),
    ]
    account = Account.objects.filter(person=shown).first()
    return [*parts, (_("Account"), account, None)] if account else parts


def _whole(request: Any) -> bool:
    return bool(kinds(request).intersection(WHOLE))


def _administers(request: Any) -> bool:
    return "administrator" in kinds(request)


def tab(
    request: Any, shown: Person, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    whole = {
        "shown": shown,
        "tab": name,
        "whole": _whole(request),
        "administers": _administers(request),
        **context,
    }
    return render(request, f"web/people/{name}.html", whole, status=status)
