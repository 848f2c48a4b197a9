"""Who is wanted, applying, and the candidate's own application by a signed link."""

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.files import api as files
from skola.ground.tenants.http import TenantRequest
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.hiring import actions, queries
from skola.services.hiring.forms import ApplyForm
from skola.services.hiring.models import Application, Vacancy

_LINK = Signer(salt="hiring.application")


@needs("hiring.vacancies")
@require_safe
def vacancies(request: TenantRequest) -> HttpResponse:
    """The vacancies one can apply for (ema-3.1-role)."""
    found = queries.wanted(queries.today(clock.now()))[:200]
    return render(request, "hiring/vacancies.html", {"vacancies": found})


def _wanted(pk: UUID) -> Vacancy:
    return get_object_or_404(queries.wanted(queries.today(clock.now())), pk=pk)


@needs("hiring.vacancies")
@require_safe
def vacancy(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One vacancy, and the way to apply."""
    return render(request, "hiring/vacancy.html", {"vacancy": _wanted(pk)})


@needs("hiring.vacancies")
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Somebody applies; sending is the consent, and says so (ema-3.2)."""
    now = clock.now()
    wanted = _wanted(pk)
    wording = _(
        "I agree that what I send is used to select somebody for this job, "
        "until the selection ends or I withdraw."
    )
    form = ApplyForm(request.POST or None, request.FILES or None, wording=wording)
    if request.method == "POST" and form.is_valid():
        consent = actions.Consent(
            wording, queries.notice_version(now), translation.get_language() or "en"
        )
        try:
            application = actions.apply(
                wanted,
                form.told(),
                consent,
                documents=form.documents(),
                zone=queries.zone(now),
                by=by(request),
                now=now,
            )
        except files.RefusedError as problem:
            form.add_error("cv" if form.cleaned_data["cv"] else "other", str(problem))
        else:
            address = reverse("hiring:mine", args=[_LINK.sign(str(application.pk))])
            actions.tell_candidate(application, link=request.build_absolute_uri(address), now=now)
            return redirect(f"{address}?sent=yes")
    context = {"vacancy": wanted, "form": form, "version": queries.notice_version(now)}
    status = 422 if request.method == "POST" else 200
    return render(request, "hiring/apply.html", context, status=status)


def _mine(token: str) -> Application:
    try:
        key = UUID(_LINK.unsign(token))
    except (BadSignature, ValueError):
        raise Http404 from None
    found = Application.objects.select_related("vacancy").prefetch_related("documents__file")
    return get_object_or_404(found, pk=key)


@needs("hiring.vacancies")
@require_safe
def mine(request: TenantRequest, token: str) -> HttpResponse:
    """The candidate sees what was sent, where it stands, and when it goes."""
    application = _mine(token)
    context = {
        "application": application,
        "token": token,
        "sent": request.GET.get("sent") == "yes",
        "clock": clock_of(application, now=clock.now()),
    }
    return render(request, "hiring/mine.html", context)


@needs("hiring.vacancies")
@require_POST
def withdraw(request: TenantRequest, token: str) -> HttpResponse:
    """The candidate withdraws in one step, and is erased at once (ema-3.2)."""
    actions.withdraw(_mine(token), by="candidate", now=clock.now())
    return redirect("hiring:withdrawn")


@needs("hiring.vacancies")
@require_safe
def withdrawn(request: TenantRequest) -> HttpResponse:
    """Nothing is left; say so."""
    return render(request, "hiring/withdrawn.html")
