"""What was passed on, and the form to pass something on."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.disclosures import words
from skola.promises.disclosures.forms import PassForm
from skola.promises.disclosures.models import Disclosure
from skola.promises.disclosures.passing import Passing, RefusedError, pass_on
from skola.promises.disclosures.payload import in_words
from skola.promises.disclosures.views.frame import ALLOWED, policy_now, show


@never_cache
@require_safe
@holding(*ALLOWED)
def ledger(request: Any) -> HttpResponse:
    """Every passing on, latest first."""
    policy = policy_now()
    found = Disclosure.objects.select_related("person").order_by("-at", "pk")
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return show(
        request, "ledger", policy, page=page, in_words=in_words, grounds=words.GROUNDS, words=words
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@holding(*ALLOWED)
def passing(request: Any) -> HttpResponse:
    """Pass something on: the file is the answer, and the ledger has its entry."""
    policy = policy_now()
    sent = request.method == "POST"
    form = PassForm(request.POST if sent else None, policy=policy)
    if sent and form.is_valid():
        told = {**form.cleaned_data}
        people = told.pop("people")
        try:
            passed = pass_on(Passing(**told), people, by=by(request), now=clock.now())
        except RefusedError as error:
            form.add_error(None, words.refusal(error.why, error.lacks))
        else:
            return as_download(passed.content, told["once"].hex[-8:])
    return show(request, "passing", policy, status=422 if sent else 200, form=form)


def as_download(content: bytes, name: str) -> HttpResponse:
    """Return the file that goes out."""
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="passed-on-{name}.json"'
    answer["Cache-Control"] = "private, no-store"
    return answer
