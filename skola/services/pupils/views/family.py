"""Pupils and guardians keep their contacts, and say who of the class sees them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import kinds, signed_in
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.diary import api as diary
from skola.services.pupils import actions, queries, rules
from skola.services.pupils.forms import ContactForm, SightForm
from skola.services.pupils.models import ContactSight, SupportCase
from skola.services.school import api as school


@needs("diary.school")
@signed_in
@require_safe
def front(request: Any) -> HttpResponse:
    """Whose contacts one keeps, which classes' one sees, and the registers one runs."""
    now = clock.now()
    places = diary.places_for(request.person, now)
    today = school.today_here(now)
    led = school.SchoolClass.objects.led_by(request.person, now)
    classes = {one.pupil.school_class_id: one.pupil.school_class for one in places}
    classes |= {one.pk: one for one in school.classes_of_today(led, today)}
    cases = []
    if "support" in kinds(request):
        mine = SupportCase.objects.open_at(now).filter(agent=request.person)
        cases = list(mine.select_related("school"))
    context = {
        "children": [one.pupil.person for one in places if not one.is_own],
        "classes": sorted(classes.values(), key=lambda one: (one.grade, one.name)),
        "cases": cases,
        "schools": list(school.School.objects.run_by(request.person, now).order_by("name")),
    }
    return render(request, "pupils/front.html", context)


def _link(request: Any, pk: UUID, now: datetime) -> queries.Link:
    found = queries.changes_contacts_of(request.person, pk, now)
    if found is None:
        raise Http404
    return found


@needs("diary.school")
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def contacts(request: Any, pk: UUID) -> HttpResponse:
    """Contacts of oneself or of a child; official fields stand there and are the school's."""
    now = clock.now()
    link = _link(request, pk, now)
    person = link.person
    held = {name: getattr(person, name) for name in rules.CONTACTS}
    form = ContactForm(request.POST or None, initial=held)
    if request.method == "POST":
        if rules.official_in(request.POST):
            form.add_error(
                None, _("Name, date of birth, code and class are the school's to change.")
            )
        if form.is_valid():
            actions.change_contacts(
                person,
                form.cleaned_data,
                author=request.person,
                source=link.source,
                by=by(request),
                now=now,
            )
            return redirect("pupils:contacts", pk=pk)
    status = 422 if request.method == "POST" else 200
    return _page(request, link, form, now, status)


def _page(
    request: Any, link: queries.Link, form: ContactForm, now: datetime, status: int
) -> HttpResponse:
    person = link.person
    history = queries.history_of(person)
    sight = ContactSight.objects.filter(person=person).first()
    chosen = {
        "phone_for": sight.phone_for if sight else rules.Audience.LEADER,
        "email_for": sight.email_for if sight else rules.Audience.LEADER,
    }
    context = {
        "person": person,
        "is_own": link.source == "subject",
        "form": form,
        "sight": SightForm(initial=chosen),
        "history": history,
        "sources": queries.sources_of(person, history),
        "code": rules.masked(queries.code_of(person.pk)),
        "clock": clock_of(person, now=now),
    }
    return render(request, "pupils/contacts.html", context, status=status)


@needs("diary.school")
@signed_in
@require_POST
def sights(request: Any, pk: UUID) -> HttpResponse:
    """Say who sees phone and e-mail from now on."""
    now = clock.now()
    link = _link(request, pk, now)
    form = SightForm(request.POST)
    if form.is_valid():
        actions.set_sight(link.person, **form.cleaned_data, by=by(request), now=now)
    return redirect("pupils:contacts", pk=pk)


@needs("diary.school")
@signed_in
@require_POST
def code(request: Any, pk: UUID) -> HttpResponse:
    """Show a code in full, to whom it is about or who sees the child; that it was shown stays."""
    now = clock.now()
    link = _link(request, pk, now)
    actions.note_reveal(link.person, by=by(request), now=now)
    context = {"person": link.person, "code": queries.code_of(link.person.pk)}
    return render(request, "pupils/code.html", context)


@needs("diary.school")
@signed_in
@require_safe
def school_class(request: Any, pk: UUID) -> HttpResponse:
    """Contacts in a class: all for the form teacher, what was opened to it for the class."""
    now = clock.now()
    led = school.SchoolClass.objects.led_by(request.person, now)
    run = school.SchoolClass.objects.run_by(request.person, now)
    mine = (led | run).filter(pk=pk).select_related("year__school").first()
    is_leader = mine is not None
    if mine is None:
        places = [
            one for one in diary.places_for(request.person, now) if one.pupil.school_class_id == pk
        ]
        if not places:
            raise Http404
        mine = places[0].pupil.school_class
    context = {
        "class": mine,
        "is_leader": is_leader,
        "rows": queries.contacts_in(pk, school.today_here(now), now, is_leader=is_leader),
    }
    return render(request, "pupils/class.html", context)
