"""A person's own consents: switches, one consent with its receipt, and the link in a mail."""

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.db.purposes import acting
from skola.ground.people.api import Person
from skola.ground.people.http import signed_in
from skola.promises.consents import api as consents
from skola.promises.consents.api import Consent
from skola.promises.cookies import api as cookies
from skola.promises.policy.api import in_force
from skola.services.visits import api as visits
from skola.web.consents import shown
from skola.web.consents.forms import SwitchForm

LINK = "link-in-message"


@require_POST
@signed_in
def switch_on(request: Any) -> HttpResponse:
    """The person agrees to one purpose, or a guardian does for a child (ilearn-25.a)."""
    told, person = _switched(request)
    asked = consents.Shown(shown.ACCOUNT)
    try:
        consents.give(
            person,
            told["purpose"],
            asked,
            scope=told["scope"],
            giver=None if person == request.person else request.person,
            by=by(request),
            now=clock.now(),
        )
    except (consents.NotAskedError, consents.TooYoungError, consents.NotTheirsError):
        raise Http404 from None
    return _in_this_browser(request, person, told, redirect(f"{_privacy()}#consents"))


@require_POST
@signed_in
def switch_off(request: Any) -> HttpResponse:
    """The person withdraws; the page of what ended says what goes on all the same (ilearn-28)."""
    told, person = _switched(request)
    ended = consents.withdraw(
        person,
        told["purpose"],
        scope=told["scope"],
        channel=shown.ACCOUNT,
        by=by(request),
        now=clock.now(),
    )
    if not ended:
        answer = redirect(f"{_privacy()}#consents")
    else:
        answer = redirect("web:consents:one", pk=ended[-1].pk)
    return _in_this_browser(request, person, told, answer)


def _in_this_browser(
    request: Any, person: Person, told: dict[str, Any], answer: HttpResponse
) -> HttpResponse:
    """What is asked with cookies is chosen in this browser, too, but not what a child is asked."""
    if person == request.person:
        cookies.follow_switch(request, answer, told["purpose"])
        visits.remember(request)
    return answer


def _privacy() -> str:
    return redirect("web:privacy").url


def _switched(request: Any) -> tuple[dict[str, Any], Person]:
    """Return what was switched, and whose; what is not shown to the visitor does not exist."""
    form = SwitchForm(request.POST)
    if not form.is_valid():
        raise Http404
    told = form.cleaned_data
    for one in shown.switches(request.person, now=clock.now()):
        if one.person.pk == told["person"] and any(
            (each.asking.purpose, each.scope) == (told["purpose"], told["scope"])
            for each in one.questions
        ):
            return told, one.person
    if told["person"] == request.person.pk:  # what a room asked is withdrawn here, too
        return told, request.person
    raise Http404


def _visible(request: Any, pk: UUID) -> Consent:
    one = get_object_or_404(Consent.objects.select_related("person", "giver"), pk=pk)
    person, now = request.person, clock.now()
    if one.person_id == person.pk or consents.may_consent_for(person, one.person, now=now):
        return one
    raise Http404


@never_cache
@require_safe
@signed_in
def one(request: Any, pk: UUID) -> HttpResponse:
    """One consent: what was asked, from when to when it stood, and what does not hang on it."""
    found = _visible(request, pk)
    return _page(request, found, token="")


def _page(request: Any, found: Consent, *, token: str) -> HttpResponse:
    now = clock.now()
    policy = in_force(now).policy
    context = {
        "line": shown.line(found, policy),
        "consent": found,
        "stands": any(
            each.pk == found.pk for each in consents.standing_of(found.person_id, now=now)
        ),
        "goes_on": shown.goes_on(found.person, policy, shown.language_of(policy)),
        "token": token,
    }
    return render(request, "web/consents/one.html", context)


@never_cache
@require_safe
@signed_in
def receipt(request: Any, pk: UUID) -> HttpResponse:
    """The receipt of a consent as a file for machines: JSON-LD after ISO/IEC TS 27560."""
    found, now = _visible(request, pk), clock.now()
    told = consents.receipt(found, in_force(now).policy, now=now)
    answer = HttpResponse(
        json.dumps(told, ensure_ascii=False, indent=1), content_type="application/ld+json"
    )
    answer["Content-Disposition"] = f'attachment; filename="consent-{found.pk}.jsonld"'
    return answer


def _linked(token: str) -> Consent:
    found = consents.consent_of(token)
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
def by_link(request: Any, token: str) -> HttpResponse:
    """One consent, opened by the link that was mailed: without signing in it can be withdrawn."""
    found = _linked(token)
    with acting(found.person_id):
        return _unnoted(_page(request, found, token=token))


@require_POST
def withdraw_by_link(request: Any, token: str) -> HttpResponse:
    """It is withdrawn; whoever has the link is believed, for it takes nothing from anybody."""
    found = _linked(token)
    with acting(found.person_id):
        consents.withdraw(
            found.person,
            found.purpose,
            scope=found.scope,
            channel=LINK,
            by="link",
            now=clock.now(),
        )
    return _unnoted(redirect("web:consent_link", token=token))


def _unnoted(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
