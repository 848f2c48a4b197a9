"""The check page for everybody, one's own documents, and the register for coordinators."""

from uuid import UUID

from allauth.core.internal import ratelimit
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import holds
from skola.ground.people.http import holding, signed_in
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.documents import actions, queries
from skola.services.documents.forms import AnnulForm, CheckForm, SearchForm
from skola.services.documents.http import pdf
from skola.services.documents.models import Document
from skola.services.documents.rules import Answer

COORDINATOR = "coordinator"
CHECKS = {"check": "60/m/ip"}
"""How often the page tells one address that it knows no such document."""


@needs(queries.CAPABILITY)
@require_safe
def check(request: TenantRequest) -> HttpResponse:
    """Whether a document is valid, and nothing else of it (kic-purpose-documents)."""
    form = CheckForm(request.GET or None)
    answer, status = None, 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            told = form.cleaned_data
            answer, status = queries.checked(told["number"], told["code"], clock.now()), 200
            if answer is Answer.UNKNOWN and not ratelimit.consume(
                request, app="documents", action="check", config=CHECKS, limit_get=True
            ):
                answer, status = None, 429
    context = {"form": form, "answer": answer, "too_often": status == 429}
    reply = render(request, "documents/check.html", context, status=status)
    reply["Cache-Control"] = "no-store"
    return reply


@needs(queries.CAPABILITY)
@signed_in
@require_safe
def own(request: TenantRequest) -> HttpResponse:
    """The documents of the person, newest on top."""
    found = Document.objects.filter(person=request.person).order_by("-issued_at")
    documents = found.prefetch_related("reissues")[:100]
    context = {"documents": documents, "today": queries.today(clock.now())}
    return render(request, "documents/own.html", context)


@needs(queries.CAPABILITY)
@signed_in
@require_safe
def own_file(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One's own document as PDF."""
    found = Document.objects.select_related("person").filter(person=request.person)
    return pdf(request, get_object_or_404(found, pk=pk))


@needs(queries.CAPABILITY)
@signed_in
@require_POST
def own_reissue(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Somebody has what a rule issued to them made anew, in their corrected name."""
    found = Document.objects.select_related("person").filter(person=request.person, by_rule=True)
    document, now = get_object_or_404(found, pk=pk), clock.now()
    try:
        actions.reissue(document, zone=queries.zone(now), by=by(request), now=now)
    except (actions.AnnulledError, actions.NotOfferedError):
        raise Http404 from None
    return redirect("documents:own")


def _whole(request: TenantRequest) -> None:
    """Let only a coordinator of the whole service go on; of one group one sees that group's."""
    if not holds(request.person, COORDINATOR, now=clock.now()):
        raise Http404


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_safe
def register(request: TenantRequest) -> HttpResponse:
    """What was issued, newest on top, or what has a number or a name."""
    _whole(request)
    form = SearchForm(request.GET or None)
    sought = form.cleaned_data["q"].strip() if form.is_bound and form.is_valid() else ""
    page = Paginator(queries.register(sought), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "sought": sought, "waiting": queries.to_reissue()}
    context["today"] = queries.today(clock.now())
    return render(request, "documents/register.html", context)


def _document(request: TenantRequest, pk: UUID) -> Document:
    _whole(request)
    found = Document.objects.select_related("person", "replaces")
    return get_object_or_404(found, pk=pk)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_safe
def document(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One document: what it says, how it stands, and how long it is in the register."""
    return _page(request, _document(request, pk))


def _page(
    request: TenantRequest, found: Document, *, form: AnnulForm | None = None, problem: str = ""
) -> HttpResponse:
    context = {
        "document": found,
        "today": queries.today(clock.now()),
        "form": form or AnnulForm(),
        "problem": problem,
        "reissue": queries.offered(found),
        "clock": clock_of(found, now=clock.now()),
    }
    status = 409 if problem else 422 if form else 200
    return render(request, "documents/document.html", context, status=status)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_safe
def file(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A document as PDF, to be printed and signed."""
    return pdf(request, _document(request, pk))


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_POST
def annul(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A coordinator annuls a document, and says why."""
    found = _document(request, pk)
    form = AnnulForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form)
    try:
        actions.annul(found, **form.cleaned_data, by=by(request), now=clock.now())
    except actions.AnnulledError as problem:
        return _page(request, found, problem=str(problem))
    return redirect("documents:document", pk=pk)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_POST
def duplicate(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A coordinator issues a duplicate of a document that was lost."""
    found = _document(request, pk)
    now = clock.now()
    try:
        made = actions.issue_duplicate(found, zone=queries.zone(now), by=by(request), now=now)
    except actions.AnnulledError as problem:
        return _page(request, found, problem=str(problem))
    return redirect("documents:document", pk=made.pk)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_POST
def reissue(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A coordinator issues a document anew in the corrected name (kic-rights-rectify)."""
    found = _document(request, pk)
    now = clock.now()
    try:
        made = actions.reissue(found, zone=queries.zone(now), by=by(request), now=now)
    except (actions.AnnulledError, actions.NotOfferedError) as problem:
        return _page(request, found, problem=str(problem))
    return redirect("documents:document", pk=made.pk)


@needs(queries.CAPABILITY)
@holding(COORDINATOR)
@require_POST
def keep(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A coordinator leaves a document in the name in which it was issued."""
    actions.keep(_document(request, pk), by=by(request), now=clock.now())
    return redirect("documents:document", pk=pk)
