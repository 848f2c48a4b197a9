"""What a person is asked when the policy changed: a longer promise, a consent that it ended."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.ground.people.http import signed_in
from skola.promises.consents.api import NotAskedError, NotTheirsError, TooYoungError
from skola.promises.notices import reaching, reasking
from skola.promises.notices.queries import language_for
from skola.promises.notices.views import policy_of, show
from skola.promises.retention.api import Release


@require_safe
@signed_in
def changes(request: HttpRequest) -> HttpResponse:
    """What changed while somebody was here, and what they say to it."""
    now = clock.now()
    policy = policy_of(now).policy
    person: Person = request.person  # type: ignore[attr-defined]
    asked = reaching.questions(person.pk, person.created_at, now)
    ended = reasking.ended(person, now, language_for(policy, request.GET.get("language", "")))
    told = [*(each.step for each in asked), *(each.step for each in ended)]
    steps = tuple({step.version.name: step for step in told}.values())
    reaching.note_shown(person.pk, steps, by=audit.pseudonym(person.pk), now=now)
    return show(request, "reaching", policy, now, questions=asked, ended=ended, me=person)


@require_POST
@signed_in
def answer_change(request: HttpRequest) -> HttpResponse:
    """Accept a longer promise for one's data, or object to it."""
    now = clock.now()
    person: Person = request.person  # type: ignore[attr-defined]
    asked = reaching.questions(person.pk, person.created_at, now)
    name, said = request.POST.get("version", ""), request.POST.get("answer", "")
    version = next((each.step.version for each in asked if each.step.version.name == name), None)
    if version is None or said not in (Release.How.ACCEPTED, Release.How.OBJECTED):
        raise Http404
    by = audit.pseudonym(person.pk)
    reaching.answer(person.pk, version, Release.How(said), by=by, now=now)
    return redirect("notices:changes")


@require_POST
@signed_in
def answer_consent(request: HttpRequest) -> HttpResponse:
    """Give a consent anew that a version ended, or decline."""
    now = clock.now()
    person: Person = request.person  # type: ignore[attr-defined]
    found = reasking.ended(person, now, language_for(policy_of(now).policy))
    key, said = request.POST.get("consent", ""), request.POST.get("answer", "")
    one = next((each for each in found if str(each.consent.pk) == key), None)
    if one is None or one.asking is None or not one.is_asked_here:
        raise Http404
    by, whose = audit.pseudonym(person.pk), one.consent.person
    if said == "declined":
        reasking.decline(one, by=by, now=now)
    elif said == "given":
        giver = None if whose == person else person
        try:
            reasking.give_again(whose, one, giver=giver, by=by, now=now)
        except (NotAskedError, NotTheirsError, TooYoungError):
            raise Http404 from None
    else:
        raise Http404
    return redirect("notices:changes")
