"""Signing, and the register of what was signed (ekool-2.5-confidential)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding, signed_in
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.consents.api import language_of
from skola.promises.policy.api import in_force, needs
from skola.services.undertakings import actions, queries
from skola.services.undertakings.forms import SignForm
from skola.services.undertakings.queries import CAPABILITY

OFFICE = ("administrator", "officer")


@never_cache
@needs(CAPABILITY)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: Any) -> HttpResponse:
    """What is undertaken, in full, and the signature of who holds a role of the staff."""
    now, sent = clock.now(), request.method == "POST"
    rule = queries.rule(now)
    if rule is None or not queries.roles_that_ask(now).filter(person=request.person).exists():
        raise Http404
    form, problem = SignForm(request.POST if sent else None), ""
    language = get_language() or "en"
    if sent and form.is_valid():
        typed = form.cleaned_data["name"]
        try:
            actions.sign(request.person, typed, language=language, by=by(request), now=now)
        except actions.NotSignedError as refused:
            problem = str(refused)
        else:
            return redirect("undertakings:sign")
    spoken = language_of(in_force(now).policy, language)
    context = {
        "rule": rule,
        "text": rule.text[spoken],
        "language": spoken,
        "signed": queries.signed(request.person, now),
        "form": form,
        "problem": problem,
    }
    status = 409 if problem else 422 if sent else 200
    return render(request, "undertakings/sign.html", context, status=status)


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_safe
def register(request: Any) -> HttpResponse:
    """Everything that was signed: by whom, which version, when; of closed accounts too."""
    page = Paginator(queries.everybody(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "undertakings/register.html", {"page": page})
