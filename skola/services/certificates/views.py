"""The rule of a course for its author, and certificates for their holders."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import signed_in
from skola.ground.tenants.http import TenantRequest
from skola.promises.policy.api import has, in_force, needs
from skola.promises.retention.api import clock_of
from skola.services.certificates import actions, badges, queries, rules
from skola.services.certificates.forms import RuleForm, ShareForm
from skola.services.certificates.public import site_of
from skola.services.courses.api import Course, Enrolment, authors
from skola.services.documents import api as documents
from skola.services.documents.api import Document
from skola.services.exams import api as exams


def _made(request: TenantRequest, slug: str) -> Course:
    return get_object_or_404(Course, slug=slug, author=request.person)


@needs(queries.CAPABILITY)
@require_http_methods(["GET", "HEAD", "POST"])
@authors
def rule(request: TenantRequest, slug: str) -> HttpResponse:
    """An author says what the certificate of their course asks for (ilearn-11.b)."""
    course, now = _made(request, slug), clock.now()
    known = queries.rule_of(course)
    initial = None if known else {"signatory": request.person.name if request.person else ""}
    form = RuleForm(
        request.POST or None,
        instance=known,
        initial=initial,
        with_exams=has(exams.CAPABILITY, now=now),
    )
    if request.method == "POST" and form.is_valid():
        actions.set_rule(course, form.terms(), by=by(request), now=now)
        return redirect("courses:edit", slug)
    context = {"course": course, "form": form, "known": queries.rule_of(course)}
    return render(request, "certificates/rule.html", context, status=422 if form.errors else 200)


@needs(queries.CAPABILITY)
@require_POST
@authors
def drop(request: TenantRequest, slug: str) -> HttpResponse:
    """An author ends that their course gives certificates."""
    actions.drop_rule(_made(request, slug), by=by(request), now=clock.now())
    return redirect("courses:edit", slug)


@needs(queries.CAPABILITY)
@signed_in
@require_safe
def course(request: TenantRequest, slug: str) -> HttpResponse:
    """What a learner still has to do for the certificate of a course, or where it is."""
    now = clock.now()
    taken = Enrolment.objects.select_related("course", "person")
    one = get_object_or_404(taken, course__slug=slug, person=request.person)
    known = queries.rule_of(one.course) if one.course else None
    if known is None or one.course is None:
        raise Http404
    document = queries.held(one.person, one.course)
    standing = queries.standing(known, one, now=now)
    if document is not None and standing.holds_valid:
        return redirect("certificates:certificate", document.pk)
    context = {
        "course": one.course,
        "rule": known,
        "standing": standing,
        "before": document,
        "today": documents.day(now),
    }
    return render(request, "certificates/course.html", context)


def _own(request: TenantRequest, pk: UUID) -> Document:
    found = Document.objects.select_related("person").filter(person=request.person, by_rule=True)
    return get_object_or_404(found, pk=pk)


@needs(queries.CAPABILITY)
@signed_in
@require_safe
def certificate(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One's own certificate: what it says, how it stands, and what can be done with it."""
    document, now = _own(request, pk), clock.now()
    context = {
        "document": document,
        "today": documents.day(now),
        "valid": documents.is_valid(document, now=now),
        "check": documents.check_path(document),
        "networks": queries.networks(now),
        "clock": clock_of(document, now=now),
    }
    return render(request, "certificates/certificate.html", context)


@needs(queries.CAPABILITY)
@signed_in
@require_safe
def badge(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One's own certificate as an Open Badge, to be kept and verified elsewhere."""
    document = _own(request, pk)
    if document.annulled_at is not None:
        raise Http404
    signed = badges.badge(document, policy=in_force(clock.now()).policy, site=site_of(request))
    answer = HttpResponse(signed, content_type="application/jwt")
    answer["Content-Disposition"] = f'attachment; filename="{document.label}.jwt"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@needs(queries.SHARING)
@signed_in
@require_safe
def share(request: TenantRequest, pk: UUID, network: str) -> HttpResponse:
    """Show exactly what would be sent to a network; only the link on this page sends it.

    Nothing is sent by the service itself, and nothing is kept of it (learnifier-5.s).
    """
    document, now = _own(request, pk), clock.now()
    if not documents.is_valid(document, now=now):
        raise Http404
    there = next((one for one in queries.networks(now) if one.id == network), None)
    if there is None:
        raise Http404
    service = in_force(now).policy.service.name
    written = _("I have completed “%(title)s” at %(service)s.") % {
        "title": document.title,
        "service": service,
    }
    form = ShareForm(request.GET if "words" in request.GET else None, initial={"words": written})
    words = form.cleaned_data["words"] if form.is_bound and form.is_valid() else written
    link = site_of(request) + documents.check_path(document)
    context = {
        "document": document,
        "network": there,
        "form": form,
        "words": words,
        "link": link,
        "address": rules.filled(there.share or "", link=link, words=words),
    }
    return render(request, "certificates/share.html", context, status=422 if form.errors else 200)
