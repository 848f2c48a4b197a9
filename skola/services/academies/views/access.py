"""In the academy: who is let in and who looked; taking everything along; the end."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.http import holding, proven_anew
from skola.ground.tenants.api import inside
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import has, in_force, needs
from skola.services.academies.actions.ending import BooksError, EndedError, end_academy, lacks_books
from skola.services.academies.actions.visiting import let_in, shut_out
from skola.services.academies.export import archive
from skola.services.academies.forms import AdmissionForm, EndingForm
from skola.services.academies.models import Admission, Agreement, Instruction, OperatorLook


@needs("academy.own")
@holding("administrator", "officer")
@require_http_methods(["GET", "HEAD", "POST"])
def access(request: Any) -> HttpResponse:
    """The client lets the operator in for a time and a reason, and sees each look."""
    now = clock.now()
    form = AdmissionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        span = timedelta(hours=form.cleaned_data["hours"])
        reason = form.cleaned_data["reason"]
        let_in(reason=reason, span=span, person=request.person, by=audit.by(request), now=now)
        return redirect("academies:access")
    with inside(request.tenant.operator_id):
        operator = in_force(now).policy.controller.name
    looks = OperatorLook.objects.select_related("person", "admission")
    context = {
        "form": form,
        "operator": operator,
        "standing": list(Admission.objects.standing_at(now)),
        "page": Paginator(looks, ROWS_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "academies/access.html", context, status=422 if form.errors else 200)


@needs("academy.own")
@holding("administrator", "officer")
@require_POST
def shut(request: Any, pk: UUID) -> HttpResponse:
    """A permission ends before its time."""
    found = get_object_or_404(Admission, pk=pk)
    shut_out(found, person=request.person, by=audit.by(request), now=clock.now())
    return redirect("academies:access")


@needs("academy.own")
@holding("administrator")
@proven_anew
@require_safe
def take_along(request: Any) -> FileResponse:
    """Everything of the academy in one archive, for who has just proven who they are."""
    now = clock.now()
    whole = archive(now=now)
    Instruction.objects.create(person=request.person, kind=Instruction.Kind.EXPORTED, at=now)
    audit.record("academies.academy.exported", by=audit.by(request), at=now)
    name = f"{request.tenant.slug}-{now:%Y%m%d}.zip"
    return FileResponse(whole, as_attachment=True, filename=name, content_type="application/zip")


@needs("academy.own")
@holding("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def ending(request: Any) -> HttpResponseBase:
    """How to take the data along, and how the client ends its academy."""
    return _end(request) if request.method == "POST" else _ending_page(request, EndingForm())


def _ending_page(request: Any, form: EndingForm) -> HttpResponse:
    sold = has("billing.invoices", now=clock.now())
    context = {
        "form": form,
        "agreement": Agreement.objects.get(),
        "books": lacks_books() if sold else None,
    }
    return render(request, "academies/ending.html", context, status=422 if form.errors else 200)


@proven_anew
def _end(request: Any) -> HttpResponse:
    form = EndingForm(request.POST)
    if not form.is_valid():
        return _ending_page(request, form)
    try:
        end_academy(person=request.person, by=audit.by(request), now=clock.now())
    except BooksError:
        form.add_error(
            None, _("Take everything along first: your invoices have to be kept by you.")
        )
        return _ending_page(request, form)
    except EndedError:
        pass  # pressed twice
    return redirect("academies:ending")
