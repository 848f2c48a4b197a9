"""What somebody of a partner sees: the pages of their activity, and nothing else."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import Account, Person
from skola.ground.people.http import signed_in
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.promises.retention.api import last_seen
from skola.services.partners import queries
from skola.services.partners.actions import show
from skola.services.partners.forms import LookUpForm
from skola.services.partners.models import Access
from skola.services.partners.rules import Activity


@never_cache
@signed_in
@require_safe
def mine(request: Any) -> HttpResponseBase:
    """The page of the activity for which this person is let in."""
    access = queries.open_access(request.person, clock.now())
    if access is None:
        raise Http404
    pages: dict[Activity, Callable[[Any, Access], HttpResponseBase]] = {
        Activity.INVOICING: _invoices,
        Activity.RELATIONS: _customers,
        Activity.SUPPORT: _account,
    }
    return pages[Activity(access.activity)](request, access)


@needs("billing.invoices")
def _invoices(request: Any, access: Access) -> HttpResponse:
    """Invoices, and who pays them (ilearn-15.a)."""
    now = clock.now()
    page = Paginator(queries.invoices(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    found = list(page)
    people = {one.person.pk: one.person for one in found if one.person is not None}
    records = [*found, *people.values()]
    free = show(access, list(people), records=records, by=by(request), now=now)
    context = {
        "access": access,
        "page": page,
        "rows": [one for one in found if one.person_id in free],
        "left_out": sum(one.person_id not in free for one in found),
    }
    return render(request, "partners/invoices.html", context)


def _customers(request: Any, access: Access) -> HttpResponse:
    """Names and addresses of customers (learnifier-7.d)."""
    now = clock.now()
    page = Paginator(queries.customers(now), ROWS_A_PAGE).get_page(request.GET.get("page"))
    found = list(page)
    free = show(access, [one.pk for one in found], records=found, by=by(request), now=now)
    context = {
        "access": access,
        "page": page,
        "rows": [one for one in found if one.pk in free],
        "left_out": sum(one.pk not in free for one in found),
    }
    return render(request, "partners/customers.html", context)


def _account(request: Any, access: Access) -> HttpResponse:
    """One account by its address: whether it is open, and when it was last used (ilearn-18)."""
    now = clock.now()
    form = LookUpForm(request.GET or None)
    person: Person | None = None
    asked = bool(request.GET) and form.is_valid()
    if asked:
        email = form.cleaned_data["email"].lower()
        known = Account.objects.filter(email=email, blocked_for="").select_related("person")
        found = known.first()
        if found is not None and show(
            access, [found.person_id], each_time=True, by=by(request), now=now
        ):
            person = found.person
    context = {
        "access": access,
        "form": form,
        "asked": asked,
        "one": person,
        "facts": last_seen(person.pk) if person else {},
    }
    return render(request, "partners/account.html", context)
