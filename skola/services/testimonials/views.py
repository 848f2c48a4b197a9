"""The page for everybody, the customer's own words, and the desk of who puts them on the page."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding, signed_in
from skola.promises.consents.api import NotAskedError, TooYoungError
from skola.promises.policy.api import needs
from skola.services.testimonials import actions, queries
from skola.services.testimonials.forms import OwnForm, UntilForm, WordsForm
from skola.services.testimonials.models import Testimonial
from skola.services.testimonials.queries import CAPABILITY

CHOOSING = ("administrator", "officer")


@never_cache
@needs(CAPABILITY)
@require_safe
def shown(request: Any) -> HttpResponse:
    """What customers say, to everybody; read anew for each visitor (learnifier-6.h)."""
    context = {"testimonials": queries.shown(clock.now())}
    return render(request, "testimonials/shown.html", context)


@never_cache
@needs(CAPABILITY)
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mine(request: Any) -> HttpResponse:
    """The customer writes what may be shown, or agrees to what staff changed."""
    now = clock.now()
    own = queries.with_consent(now).filter(person=request.person).first()
    sent = request.method == "POST"
    initial = None if own else {"name": request.person.name}
    form = OwnForm(request.POST if sent else None, instance=own, initial=initial)
    if sent and form.is_valid():
        try:
            actions.write(request.person, form.words(), by=by(request), now=now)
        except (NotAskedError, TooYoungError) as problem:
            form.add_error(None, str(problem))
        else:
            return redirect("testimonials:mine")
    context = {"form": form, "own": own}
    return render(request, "testimonials/mine.html", context, status=422 if sent else 200)


@never_cache
@needs(CAPABILITY)
@require_safe
@holding(*CHOOSING)
def desk(request: Any) -> HttpResponse:
    """Everything customers wrote, and whether they agree to it as it stands."""
    found = queries.with_consent(clock.now()).select_related("person").order_by("-written_at")
    return render(request, "testimonials/desk.html", {"testimonials": found})


@never_cache
@needs(CAPABILITY)
@require_http_methods(["GET", "HEAD", "POST"])
@holding(*CHOOSING)
def one(request: Any, pk: UUID) -> HttpResponse:
    """One testimonial: its words can be put right, which needs a new consent."""
    found = get_object_or_404(queries.with_consent(clock.now()), pk=pk)
    sent = request.method == "POST"
    form = WordsForm(request.POST if sent else None, instance=found)
    if sent and form.is_valid():
        words = form.words()
        before = Testimonial.objects.get(pk=pk)
        actions.edit(before, words, by=by(request), now=clock.now())
        return redirect("testimonials:one", pk=pk)
    return _one(request, found, form, status=422 if sent else 200)


def _one(
    request: Any, found: Testimonial, form: WordsForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"one": found, "form": form, "until": UntilForm(), "problem": problem}
    return render(request, "testimonials/one.html", context, status=status)


@needs(CAPABILITY)
@require_POST
@holding(*CHOOSING)
def publish(request: Any, pk: UUID) -> HttpResponse:
    """Put it on the page, if its customer agrees to these words."""
    now = clock.now()
    found = get_object_or_404(queries.with_consent(now), pk=pk)
    form = UntilForm(request.POST)
    until = form.cleaned_data["until"] if form.is_valid() else None
    if not actions.publish(found, until=until, by=by(request), now=now):
        problem = _("No consent to these words stands, so they are not shown.")
        return _one(request, found, WordsForm(instance=found), problem=problem, status=409)
    return redirect("testimonials:desk")


@needs(CAPABILITY)
@require_POST
@holding(*CHOOSING)
def take_down(request: Any, pk: UUID) -> HttpResponse:
    """Take it off the page."""
    actions.take_down(get_object_or_404(Testimonial, pk=pk), by=by(request), now=clock.now())
    return redirect("testimonials:desk")
