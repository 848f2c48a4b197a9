"""Answering: the queue of the staff, and one enquiry of it."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import Person
from skola.ground.people.http import holding
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import has, needs
from skola.promises.retention.api import clock_of
from skola.promises.rights.api import of_enquiry
from skola.services.desk import actions, queries
from skola.services.desk.forms import (
    ClosingForm,
    QueueForm,
    RegisterForm,
    RequestForm,
    SearchForm,
    WordsForm,
)
from skola.services.desk.models import Enquiry

STAFF = ("support", "administrator")


@needs("desk.enquiries")
@holding(*STAFF)
@require_safe
def queue(request: TenantRequest) -> HttpResponse:
    """What waits for an answer, what is due first on top; or what was closed, latest first."""
    now = clock.now()
    form = QueueForm(request.GET or None)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    waiting = wanted.get("state", "open") != "closed"
    found = queries.queue(
        waiting=waiting, topic=wanted.get("topic", ""), words=wanted.get("words", "").strip()
    )
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    today = clock.today(str(queries.zone(now)))
    context = {"form": form, "page": page, "waiting": waiting, "today": today}
    return render(request, "desk/queue.html", context)


@needs("desk.enquiries")
@holding(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: TenantRequest) -> HttpResponse:
    """An enquiry came by phone, in person, by post, by e-mail or otherwise (ilearn-2.a)."""
    now = clock.now()
    form = RegisterForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid():
        enquiry = actions.receive_enquiry(
            form.asked(language=translation.get_language() or "en"),
            form.sender(),
            person=queries.customer_under(form.cleaned_data["email"], form.cleaned_data["phone"]),
            received_at=form.cleaned_data["received_at"],
            zone=queries.zone(now),
            by=by(request),
            now=now,
        )
        return redirect("desk:one", pk=enquiry.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/register.html", {"form": form}, status=status)


@needs("desk.enquiries")
@holding(*STAFF)
@require_safe
def history(request: TenantRequest, pk: UUID) -> HttpResponse:
    """All contact with one person, by every channel, with what staff noted (ilearn-11.g)."""
    person = get_object_or_404(Person, pk=pk)
    words = request.GET.get("words", "").strip()[:80]
    form = SearchForm(request.GET or None)
    context = {"about": person, "contacts": queries.history(person, words), "form": form}
    return render(request, "desk/history.html", context)


@needs("desk.enquiries")
@holding(*STAFF)
@require_safe
def one(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One enquiry with everything said and noted."""
    return _page(request, pk)


def _page(
    request: TenantRequest,
    pk: UUID,
    *,
    answer: WordsForm | None = None,
    note: WordsForm | None = None,
) -> HttpResponse:
    now = clock.now()
    found = Enquiry.objects.select_related("assignee")
    enquiry = get_object_or_404(found.prefetch_related(queries.thread(with_notes=True)), pk=pk)
    context = {
        "enquiry": enquiry,
        "answer": answer or WordsForm(auto_id="answer_%s", label=_("Answer")),
        "note": note or WordsForm(auto_id="note_%s", label=_("Note")),
        "closing": ClosingForm(),
        "clock": clock_of(enquiry, now=now),
        "today": clock.today(str(queries.zone(now))),
        "request_form": RequestForm(now=now) if has("rights.requests", now=now) else None,
        "sells": has("shop.orders", now=now),
        "became": of_enquiry(enquiry.pk),
        "objectable": queries.may_be_objected_to(now),
    }
    return render(request, "desk/one.html", context, status=422 if answer or note else 200)


@needs("desk.enquiries")
@holding(*STAFF)
@require_POST
def answer(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Somebody of the staff answers."""
    enquiry = get_object_or_404(Enquiry, pk=pk)
    form = WordsForm(request.POST, auto_id="answer_%s", label=_("Answer"))
    if not form.is_valid():
        return _page(request, pk, answer=form)
    assert request.person is not None
    try:
        actions.answer(
            enquiry,
            body=form.cleaned_data["body"],
            author=request.person,
            by=by(request),
            now=clock.now(),
        )
    except actions.ClosedError as problem:
        form.add_error(None, str(problem))
        return _page(request, pk, answer=form)
    return redirect("desk:one", pk=pk)


@needs("desk.enquiries")
@holding(*STAFF)
@require_POST
def note(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Somebody of the staff writes a note."""
    enquiry = get_object_or_404(Enquiry, pk=pk)
    form = WordsForm(request.POST, auto_id="note_%s", label=_("Note"))
    if not form.is_valid():
        return _page(request, pk, note=form)
    assert request.person is not None
    actions.add_note(
        enquiry,
        body=form.cleaned_data["body"],
        author=request.person,
        by=by(request),
        now=clock.now(),
    )
    return redirect("desk:one", pk=pk)


@needs("desk.enquiries")
@holding(*STAFF)
@require_POST
def take(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Somebody of the staff takes the enquiry."""
    enquiry = get_object_or_404(Enquiry, pk=pk)
    assert request.person is not None
    actions.take(enquiry, assignee=request.person, by=by(request), now=clock.now())
    return redirect("desk:one", pk=pk)


@needs("desk.enquiries")
@holding(*STAFF)
@require_POST
def close(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Staff close the enquiry; closing a closed one changes nothing."""
    enquiry = get_object_or_404(Enquiry, pk=pk)
    form = ClosingForm(request.POST)
    if form.is_valid() and enquiry.closed_at is None:
        actions.close(enquiry, ending=form.cleaned_data["ending"], by=by(request), now=clock.now())
    return redirect("desk:one", pk=pk)


@needs("desk.enquiries")
@holding(*STAFF)
@require_POST
def make_request(request: TenantRequest, pk: UUID) -> HttpResponse:
    """What was asked is a right: it becomes a request with a proof and a day (ilearn-2.b)."""
    enquiry, now = get_object_or_404(Enquiry, pk=pk), clock.now()
    if not has("rights.requests", now=now):
        raise Http404
    form = RequestForm(request.POST, now=now)
    if form.is_valid():
        actions.make_request(enquiry, form.cleaned_data["kind"], by=by(request), now=now)
    return redirect("desk:one", pk=pk)


@needs("desk.enquiries")
@holding(*STAFF)
@require_POST
def objection(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The enquirer objected by whatever way: the enquiry is erased at once (ema-5.2)."""
    enquiry = get_object_or_404(Enquiry, pk=pk)
    if not queries.may_be_objected_to(clock.now()):
        raise Http404
    actions.erase_on_objection(enquiry, by=by(request), now=clock.now())
    return redirect("desk:queue")


@needs("desk.enquiries")
@holding(*STAFF)
@require_POST
def reopen(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Staff open a closed enquiry again."""
    enquiry = get_object_or_404(Enquiry, pk=pk)
    if enquiry.closed_at is not None:
        actions.reopen(enquiry, by=by(request), now=clock.now())
    return redirect("desk:one", pk=pk)
