"""The office: tell somebody something, make the calls, send the letters, see what came of it."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.ids import uuid7
from skola.ground.people.api import Person
from skola.ground.people.http import holding
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import in_force, needs
from skola.services.reaching import actions, queries
from skola.services.reaching.forms import NoticeForm, OutcomeForm
from skola.services.reaching.models import Channel, Delivery, Notice
from skola.services.reaching.printing import letters_as_pdf
from skola.services.reaching.queries import CAPABILITY

OFFICE = ("administrator", "support")


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_safe
def listed(request: Any) -> HttpResponse:
    """What people were told, latest on top, and what came of it."""
    found = queries.with_deliveries(Notice.objects.select_related("person"))
    page = Paginator(found.order_by("-written_at", "-pk"), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "reaching/listed.html", {"page": page, "to_do": queries.to_do().count()})


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_safe
def to_do(request: Any) -> HttpResponse:
    """Calls to make and letters to send, the oldest on top."""
    page = Paginator(queries.to_do(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    letters = sum(one.channel == Channel.POST for one in page.object_list)
    context = {"page": page, "to_do": page.paginator.count, "letters": letters}
    return render(request, "reaching/to_do.html", context)


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_safe
def find(request: Any) -> HttpResponse:
    """Whom to tell something: sought by name, e-mail or phone."""
    words = request.GET.get("q", "").strip()[:80]
    found = queries.people(words) if words else []
    return render(request, "reaching/find.html", {"q": words, "people": found})


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Any, pk: UUID) -> HttpResponse:
    """Tell one person something, by the first channel that reaches them or by a certain one."""
    now, sent = clock.now(), request.method == "POST"
    person = get_object_or_404(Person, pk=pk)
    form = NoticeForm(request.POST if sent else None, person=person, now=now)
    if sent and form.is_valid():
        told = form.cleaned_data
        about = f"office {request.POST.get('key', '')[:40] or uuid7()}"
        try:
            made = actions.reach(person, **told, about=about, by=by(request), now=now)
        except actions.NoWayError:
            form.add_error("channel", _("This channel does not reach them any more."))
        else:
            assert made is not None
            return redirect("reaching:one", pk=made.pk)
    context = {"person": person, "form": form, "ways": _ways(person, now), "key": uuid7()}
    return render(request, "reaching/write.html", context, status=422 if sent else 200)


def _ways(person: Person, now: Any) -> list[tuple[str, str]]:
    """Each channel of the policy, in its order, and where it reaches this person."""
    there = queries.addresses(person, now)
    return [(str(Channel(one).label), there.get(one, "")) for one in queries.permitted(now)]


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_safe
def one(request: Any, pk: UUID) -> HttpResponse:
    """A notice with the history of its deliveries, and how else its person can be reached."""
    found = get_object_or_404(Notice.objects.select_related("person"), pk=pk)
    tried = found.deliveries.order_by("step")
    ways = _ways(found.person, clock.now())
    context = {"notice": found, "tried": tried, "ways": ways}
    return render(request, "reaching/one.html", context)


@needs(CAPABILITY)
@holding(*OFFICE)
@require_POST
def outcomes(request: Any, pk: UUID) -> HttpResponse:
    """Enter what came of a call or a letter; what failed goes on by the next channel."""
    made = get_object_or_404(Delivery, pk=pk, channel__in=[Channel.PHONE, Channel.POST])
    form = OutcomeForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        is_reached = told["reached"] == "yes"
        actions.enter(made, reached=is_reached, note=told["note"], by=by(request), now=clock.now())
    return redirect("reaching:to_do")


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_safe
def letters(request: Any) -> HttpResponse:
    """All letters that wait, as one PDF; the oldest first."""
    waiting = list(queries.to_do().filter(channel=Channel.POST))
    if not waiting:
        return redirect("reaching:to_do")
    headers = {"Content-Disposition": 'inline; filename="letters.pdf"'}
    pdf = letters_as_pdf(waiting, now=clock.now())
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@never_cache
@needs(CAPABILITY)
@holding(*OFFICE)
@require_safe
def letter(request: Any, pk: UUID) -> HttpResponse:
    """A letter to be printed: whose it is, to where, and what it says."""
    found = Delivery.objects.select_related("notice__person").filter(channel=Channel.POST)
    made = get_object_or_404(found, pk=pk)
    context = {"made": made, "controller": in_force(clock.now()).policy.controller}
    return render(request, "reaching/letter.html", context)
