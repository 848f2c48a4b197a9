"""What staff do about consents: enter what was said to them, and see who consented to what."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import Person
from skola.ground.people.http import holding
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.consents import api as consents
from skola.promises.policy.api import in_force
from skola.web.consents import shown, telling
from skola.web.consents.forms import BY_STAFF, HEARD, EntryForm, FilterForm
from skola.web.consents.queries import counts, listed
from skola.web.officer.views import show
from skola.web.people import views as people

ENTERING = ("administrator", "officer", "support")
OVERSEEING = ("administrator", "officer")


@never_cache
@require_safe
@holding(*ENTERING)
def of_person(request: Any, pk: UUID) -> HttpResponse:
    """The consents of a person, and the form in which one that was said is entered."""
    return _tab(request, get_object_or_404(Person, pk=pk))


def _given(person: Person, data: Any = None) -> EntryForm:
    """Return the form of what a person agrees to: what the policy lets staff enter."""
    now = clock.now()
    policy = in_force(now).policy
    ways = [way for way in BY_STAFF if any(way in rule.give_by for rule in policy.consent)]
    asked = consents.questions(person, *ways, now=now, language=shown.language_of(policy))
    return EntryForm(data, questions=asked, ways=ways, prefix="give")


def _taken_back(person: Person, data: Any = None) -> EntryForm:
    now = clock.now()
    language = shown.language_of(in_force(now).policy)
    standing = consents.all_standing(person, now=now, language=language)
    return EntryForm(data, questions=standing, ways=list(HEARD), prefix="withdraw")


def _tab(
    request: Any,
    person: Person,
    *,
    give: EntryForm | None = None,
    withdraw: EntryForm | None = None,
) -> HttpResponse:
    found = in_force(clock.now())
    give = give or _given(person)
    context = {
        "history": shown.history(consents.history(person.pk), found),
        "give": give,
        "withdraw": withdraw or _taken_back(person),
        "script": [one.asking.wording for one in give.known.values()],
        "proofs": sorted({rule.phone_proof for rule in found.policy.consent if rule.phone_proof}),
        "version": found.version.name,
    }
    status = 422 if give.is_bound or withdraw is not None else 200
    return people.tab(request, person, "consents", context, status=status)


@require_POST
@holding(*ENTERING)
def enter(request: Any, pk: UUID) -> HttpResponse:
    """A person agreed by phone, or in another way that reaches staff (ilearn-25.a)."""
    person = get_object_or_404(Person, pk=pk)
    form = _given(person, request.POST)
    if not form.is_valid():
        return _tab(request, person, give=form)
    told, now = form.cleaned_data, clock.now()
    question = told["question"]
    asked = consents.Shown(told["channel"], question.asking.wording, proof=told["proof"])
    try:
        made = consents.give(
            person,
            question.asking.purpose,
            asked,
            scope=question.scope,
            staff=request.person,
            by=by(request),
            now=now,
        )
    except (consents.NotAskedError, consents.TooYoungError) as problem:
        form.add_error(None, str(problem))
        return _tab(request, person, give=form)
    telling.tell_given(request, made, now=now)
    return redirect("web:people:consents", pk=pk)


@require_POST
@holding(*ENTERING)
def withdraw(request: Any, pk: UUID) -> HttpResponse:
    """A person took a consent back, however they said it (ilearn-26.a)."""
    person = get_object_or_404(Person, pk=pk)
    form = _taken_back(person, request.POST)
    if not form.is_valid():
        return _tab(request, person, withdraw=form)
    told, now = form.cleaned_data, clock.now()
    question = told["question"]
    ended = consents.withdraw(
        person,
        question.asking.purpose,
        scope=question.scope,
        channel=told["channel"],
        proof=told["proof"],
        by=by(request),
        now=now,
    )
    telling.tell_withdrawn(person, ended, now=now)
    return redirect("web:people:consents", pk=pk)


@never_cache
@require_safe
@holding(*OVERSEEING)
def overview(request: Any) -> HttpResponse:
    """How many consents stand, by purpose; and every consent, filtered."""
    now = clock.now()
    policy = in_force(now).policy
    language = shown.language_of(policy)
    purposes = [
        (each.id, each.name[language]) for each in policy.purpose if each.basis.kind == "consent"
    ]
    form = FilterForm(request.GET, purposes=purposes)
    told = form.cleaned_data if form.is_valid() else {}
    found = listed(told.get("purpose") or "", told.get("state") or "", now=now)
    page = Paginator(found, ROWS_A_PAGE).get_page(told.get("page") or 1)
    return show(
        request,
        "consents",
        policy,
        form=form,
        page=page,
        lines=[shown.line(one, policy) for one in page],
        counts=[(name, *counts(now).get(purpose, (0, 0))) for purpose, name in purposes],
        now=now,
    )
