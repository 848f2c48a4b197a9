"""The way to an account: age first where there is a lowest one, then allauth's form.

Clauses: learnifier-14.a, ilearn-page-cta.
"""

from datetime import date
from typing import Any

from allauth.account import views as allauth_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from skola.ground import clock
from skola.promises.policy.api import has, in_force
from skola.web.signup import BORN, REFUSED, AgeForm, Lowest, age_on, lowest


@never_cache
def sign_up(request: Any) -> HttpResponse:
    """Ask the age first where there is a lowest one, then open allauth's form."""
    now = clock.now()
    if request.person or not has("account.sign_up", now=now):
        return _form(request)
    if request.session.get(REFUSED):
        return redirect("web:too_young")
    limit = lowest(in_force(now))
    if not limit.asked or BORN in request.session:
        return _form(request)
    asked = "birth_on" in request.POST
    form = AgeForm(request.POST if asked else None)
    if asked and form.is_valid():
        return _with_age(request, form.cleaned_data["birth_on"], limit)
    words = {"form": form, "limit": limit}
    return render(request, "web/signup_age.html", words, status=422 if asked else 200)


def _form(request: HttpRequest) -> HttpResponse:
    answer: HttpResponse = allauth_views.signup(request)
    return answer


def _with_age(request: Any, birth: date, limit: Lowest) -> HttpResponse:
    today = clock.today(in_force(clock.now()).policy.policy.timezone)
    if limit.refuses and age_on(birth, today) < limit.age:
        request.session[REFUSED] = True
        return redirect("web:too_young")
    request.session[BORN] = birth.isoformat()
    return redirect(request.get_full_path())
