"""The way to an account: age first where there is a lowest one, then allauth's form.

Clauses: learnifier-14.a, ilearn-page-cta.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from allauth.account import views as allauth_views
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from skola.ground import clock
from skola.promises.policy.api import has, in_force
from skola.web.signup import BORN, REFUSED, AgeForm, Lowest, age_on, lowest

Form = Callable[[HttpRequest], HttpResponseBase]


@never_cache
def sign_up(request: Any) -> HttpResponseBase:
    """Ask the age first where there is a lowest one, then open allauth's form."""
    return age_first(request, allauth_views.signup)


def age_first(request: Any, form_page: Form) -> HttpResponseBase:
    """Open a form with which accounts are opened, after the age where there is a lowest one."""
    now = clock.now()
    if request.person or not has("account.sign_up", now=now):
        return form_page(request)
    if request.session.get(REFUSED):
        return redirect("web:too_young")
    limit = lowest(in_force(now))
    if not limit.asked or BORN in request.session:
        return form_page(request)
    asked = "birth_on" in request.POST
    form = AgeForm(request.POST if asked else None)
    if asked and form.is_valid():
        return _with_age(request, form.cleaned_data["birth_on"], limit)
    words = {"form": form, "limit": limit}
    return render(request, "web/signup_age.html", words, status=422 if asked else 200)


def _with_age(request: Any, birth: date, limit: Lowest) -> HttpResponse:
    today = clock.today(in_force(clock.now()).policy.policy.timezone)
    if limit.refuses and age_on(birth, today) < limit.age:
        request.session[REFUSED] = True
        return redirect("web:too_young")
    request.session[BORN] = birth.isoformat()
    return redirect(request.get_full_path())
