"""An academy's own fields: its administrator makes them, its people answer (learnifier-3.2.b)."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.http import holding, signed_in
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.services.academies.actions import fields as actions
from skola.services.academies.forms import AnswersForm, FieldForm
from skola.services.academies.models import OwnAnswer, OwnField

CAPABILITY = "academy.fields"


@needs(CAPABILITY)
@never_cache
@holding("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def fields(request: Any) -> HttpResponse:
    """The fields that are asked, and a new one; what is sensitive is refused (learnifier-3.2.h)."""
    form = FieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _made(request, form):
        return redirect("academies:fields")
    context = {"form": form, "fields": OwnField.objects.filter(ended_at=None)}
    return render(request, "academies/fields.html", context, status=422 if form.errors else 200)


def _made(request: Any, form: FieldForm) -> bool:
    by, now = audit.by(request), clock.now()
    try:
        actions.make_field(form.wished(), person=request.person, by=by, now=now)
    except actions.SensitiveError:
        form.add_error(
            "label",
            _(
                "This asks for sensitive information, which the agreement forbids here. The attempt"
                " is recorded. If it is about something else, say it in other words."
            ),
        )
    except actions.DeclarationError:
        form.add_error(
            "law",
            _(
                "This asks for a national identification number. Name the law that allows you to;"
                " it is recorded as your declaration."
            ),
        )
    except actions.TakenError as problem:
        form.add_error("label", str(problem))
    else:
        return True
    return False


@needs(CAPABILITY)
@never_cache
@holding("administrator")
@require_safe
def answers(request: Any, pk: UUID) -> HttpResponse:
    """What people answered to one field, and until when each answer is kept."""
    field = get_object_or_404(OwnField, pk=pk, ended_at=None)
    found = OwnAnswer.objects.filter(field=field).select_related("person")
    page = Paginator(found.order_by("answered_at", "pk"), ROWS_A_PAGE)
    context = {"field": field, "page": page.get_page(request.GET.get("page"))}
    return render(request, "academies/answers.html", context)


@needs(CAPABILITY)
@holding("administrator")
@require_POST
def end(request: Any, pk: UUID) -> HttpResponse:
    """Ask something no more."""
    field = get_object_or_404(OwnField, pk=pk)
    actions.end_field(field, person=request.person, by=audit.by(request), now=clock.now())
    return redirect("academies:fields")


@needs(CAPABILITY)
@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: Any) -> HttpResponse:
    """What my academy asks me besides: what for, for how long, and my answers."""
    asked = list(OwnField.objects.filter(ended_at=None))
    known = dict(OwnAnswer.objects.filter(person=request.person).values_list("field", "answer"))
    form = AnswersForm(request.POST or None, asked=asked, known=known)
    if request.method == "POST" and form.is_valid():
        actions.answer(request.person, form.told(), by=audit.by(request), now=clock.now())
        return redirect("academies:my-fields")
    context = {"form": form, "asked": asked}
    return render(request, "academies/my_fields.html", context, status=422 if form.errors else 200)
