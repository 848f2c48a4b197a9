"""At the operator: a customer founds an academy; staff see which there are, and numbers."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import Person
from skola.ground.people.http import holding, signed_in
from skola.ground.tenants.api import TakenError, inside
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import PolicyError, in_force, needs
from skola.services.academies import queries
from skola.services.academies.actions.founding import Founding, arrival_of, found_academy
from skola.services.academies.actions.visiting import ShutError, look, refuse
from skola.services.academies.forms import FoundingForm
from skola.services.academies.models import Academy, Admission
from skola.services.courses.api import Enrolment


@needs("academy.client")
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """A customer founds an academy and goes on in it, as its administrator (learnifier-cta)."""
    form = FoundingForm(request.POST or None, initial=_known(request))
    if request.method == "POST" and form.is_valid():
        academy = _found(request, form)
        if academy is not None:
            return redirect("academies:founded", pk=academy.pk)
    return _new_page(request, form)


@needs("academy.client")
@signed_in
@never_cache
@require_safe
def founded(request: Any, pk: UUID) -> HttpResponse:
    """The academy is there; the way over is open once, for ten minutes."""
    academy = get_object_or_404(queries.of_customer(request.person), pk=pk)
    host = queries.hosts_by_client([academy.client]).get(academy.client, "")
    token = arrival_of(academy, request.user.email)
    way = reverse("academies:arrivals", args=[token]) if token else "/"
    context = {"academy": academy, "host": host, "address": f"{_at(request, host)}{way}"}
    return render(request, "academies/founded.html", context)


def _at(request: Any, host: str) -> str:
    """Return where a host is reached, on the port on which this page is."""
    port = request.get_port()
    return f"{request.scheme}://{host}" + ("" if port in ("80", "443") else f":{port}")


def _known(request: Any) -> dict[str, Any]:
    return {"email": request.person.email, "language": request.LANGUAGE_CODE, "country": "SE"}


def _found(request: Any, form: FoundingForm) -> Academy | None:
    told = form.cleaned_data
    names = Founding.__dataclass_fields__
    founding = Founding(**{name: told[name] for name in names})
    try:
        return found_academy(
            request.person,
            founding,
            address=request.user.email,
            by=by(request),
            now=clock.now(),
        )
    except TakenError:
        form.add_error("word", _("This address is taken. Choose another one."))
    except PolicyError as problem:
        for one in problem.problems:
            form.add_error(None, f"{one.table} {one.key}: {one.message}")
    return None


def _new_page(request: Any, form: FoundingForm) -> HttpResponse:
    now = clock.now()
    context = {
        "form": form,
        "hosts": queries.operators_hosts(),
        "operator": in_force(now).policy.controller,
        "subprocessors": queries.subprocessors(now),
    }
    return render(request, "academies/new.html", context, status=422 if form.errors else 200)


@needs("academy.client")
@signed_in
@require_safe
def mine(request: Any) -> HttpResponse:
    """The academies that a customer signed up, with their addresses."""
    found = list(queries.of_customer(request.person))
    hosts = queries.hosts_by_client([one.client for one in found])
    named = [(one, hosts.get(one.client, "")) for one in found]
    rows = [(one, host, _at(request, host)) for one, host in named]
    return render(request, "academies/mine.html", {"rows": rows})


@needs("academy.client")
@holding("support", "administrator")
@require_safe
def clients(request: Any) -> HttpResponse:
    """Staff see which academies there are, and counts: nobody in them (learnifier-3.2.e)."""
    page = Paginator(Academy.objects.all(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    hosts = queries.hosts_by_client([one.client for one in page])
    rows = [(one, hosts.get(one.client, "")) for one in page]
    return render(request, "academies/clients.html", {"page": page, "rows": rows})


@needs("academy.client")
@holding("support", "administrator")
@require_safe
def people(request: Any, pk: UUID) -> HttpResponse:
    """The people of an academy, while its client lets the operator in (learnifier-12.b)."""
    academy = get_object_or_404(Academy, pk=pk, closed_at=None)
    with inside(academy.client):
        admission = _let_in(request, None)
        if admission is None:
            return _refused(request, academy)
        found = Person.objects.filter(account__isnull=False).order_by("family_name", "given_name")
        page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
        context = {"academy": academy, "admission": admission, "page": page, "rows": list(page)}
    return render(request, "academies/people.html", context)


@needs("academy.client")
@holding("support", "administrator")
@require_safe
def one_person(request: Any, pk: UUID, person: UUID) -> HttpResponse:
    """One person of an academy, while its client lets the operator in (learnifier-12.b)."""
    academy = get_object_or_404(Academy, pk=pk, closed_at=None)
    with inside(academy.client):
        found = Person.objects.filter(pk=person).first()
        admission = _let_in(request, person if found else None)
        if admission is None:
            return _refused(request, academy)
        if found is None:
            raise Http404
        courses = list(Enrolment.objects.filter(person=found).order_by("-started_at"))
    context = {"academy": academy, "admission": admission, "one": found, "courses": courses}
    return render(request, "academies/person.html", context)


def _let_in(request: Any, person: UUID | None) -> Admission | None:
    """Note the look in the academy that speaks; None where it has let nobody in."""
    with inside(request.tenant.pk):
        staff = by(request)
    now = clock.now()
    try:
        return look(staff, at=person, now=now)
    except ShutError:
        refuse(staff, now=now)
        return None


def _refused(request: Any, academy: Academy) -> HttpResponse:
    with inside(request.tenant.pk):
        return render(request, "academies/shut.html", {"academy": academy}, status=403)
