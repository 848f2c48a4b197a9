"""In the academy: its administrator arrives, changes the brand, reads the agreement."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.files.api import RefusedError
from skola.ground.people.api import Account
from skola.ground.people.http import holding, note_proof
from skola.ground.tenants.api import inside
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import PolicyError, has, in_force, needs
from skola.services.academies import queries
from skola.services.academies.actions.branding import (
    WORDS,
    begin_selling,
    change_brand,
    stop_selling,
)
from skola.services.academies.actions.founding import arriving
from skola.services.academies.forms import BrandForm
from skola.services.academies.models import Agreement, Brand, Instruction
from skola.services.shop.api import closed_at, standing


@needs("academy.own")
@never_cache
@require_safe
def arrive(request: Any, token: str) -> HttpResponse:
    """The founder comes over from the operator, once, and is signed in (learnifier-cta)."""
    wanted = arriving(token)
    waiting = Account.objects.filter(is_active=True, last_login=None)
    account = waiting.filter(pk=wanted).first() if wanted else None
    if account is None:
        return redirect("account_login")
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    UserSession.objects.create_from_request(request)
    note_proof(request)
    who = audit.pseudonym(account.person_id)
    audit.record("academies.founder.arrived", target=account, by=who, at=clock.now())
    return redirect("academies:own")


@needs("academy.own")
@holding("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: Any) -> HttpResponse:
    """The academy's address and brand (learnifier-10.b)."""
    brand = Brand.objects.get()
    known = {name: getattr(brand, name) for name in WORDS}
    form = BrandForm(request.POST or None, request.FILES or None, initial=known)
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        return redirect("academies:own")
    now = clock.now()
    sells = has("shop.orders", now=now)
    context = {
        "form": form,
        "brand": brand,
        "sells": sells,
        "closed_at": closed_at() if sells else None,
        "standing": standing(now) if sells else (0, 0),
        "hosts": queries.hosts_of_tenant(request.tenant),
        "announced": in_force(now).announced,
    }
    return render(request, "academies/own.html", context, status=422 if form.errors else 200)


@needs("academy.own")
@holding("administrator")
@require_POST
def sell(request: Any) -> HttpResponse:
    """The academy begins to sell courses to others (learnifier-3.2.a)."""
    begin_selling(person=request.person, by=audit.by(request), now=clock.now())
    return redirect("academies:own")


@needs("academy.own")
@holding("administrator")
@require_POST
def stop(request: Any) -> HttpResponse:
    """The academy sells nothing more; what was ordered goes on."""
    stop_selling(person=request.person, by=audit.by(request), now=clock.now())
    return redirect("academies:own")


def _changed(request: Any, form: BrandForm) -> bool:
    told = form.cleaned_data
    try:
        change_brand(
            told, logo=told["logo"], person=request.person, by=audit.by(request), now=clock.now()
        )
    except RefusedError:
        form.add_error("logo", _("This is no picture that can be shown. Try PNG or JPEG."))
    except PolicyError as problem:
        for one in problem.problems:
            form.add_error(None, f"{one.table} {one.key}: {one.message}")
    else:
        return True
    return False


@needs("academy.own")
@holding("administrator", "officer")
@require_safe
def agreement(request: Any) -> HttpResponse:
    """The processing agreement: what the operator may do, with whose help, and what was told it."""
    now = clock.now()
    with inside(request.tenant.operator_id):
        operator = in_force(now).policy.controller
        subprocessors = queries.subprocessors(now)
        by_name = queries.subprocessors_by_name(now)
    said = Instruction.objects.select_related("person")
    context = {
        "agreement": Agreement.objects.get(),
        "operator": operator,
        "subprocessors": subprocessors,
        "by_name": by_name,
        "language": get_language() or "en",
        "page": Paginator(said, ROWS_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "academies/agreement.html", context)
