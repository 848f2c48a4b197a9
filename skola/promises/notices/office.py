"""Pages for the officer: each change of the policy, who was told of it and how, who accepted."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from skola.ground import clock
from skola.ground.people.http import holding
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.notices import told, words
from skola.promises.notices.queries import history, language_for
from skola.promises.policy.api import Policy, in_force

OFFICERS = ("officer", "administrator")


def _show(request: Any, template: str, policy: Policy, /, **context: object) -> HttpResponse:
    language = language_for(policy)
    common = {"words": words, "language": language, "policy": policy, "now": clock.now()}
    with timezone.override(ZoneInfo(policy.policy.timezone)):
        return render(request, f"notices/{template}.html", {**common, **context})


@never_cache
@require_safe
@holding(*OFFICERS)
def every(request: Any) -> HttpResponse:
    """Every version that replaced another, with how many were told, and what they said."""
    now = clock.now()
    policy = in_force(now).policy
    return _show(request, "told", policy, rows=told.counted(policy.policy.tenant, now))


@never_cache
@require_safe
@holding(*OFFICERS)
def one(request: Any, version: str) -> HttpResponse:
    """One version, person by person: told when and by which channel, and answered what."""
    now = clock.now()
    policy = in_force(now).policy
    steps = history(policy.policy.tenant, now)
    step = next((each for each in steps if each.version.name == version), None)
    if step is None:
        raise Http404
    page = Paginator(told.concerned(step.version), ROWS_A_PAGE).get_page(request.GET.get("page"))
    names = {each.id: each.name for each in step.version.written.purpose}
    return _show(
        request,
        "told_one",
        policy,
        step=step,
        page=page,
        lines=told.lines(list(page.object_list), step.version),
        published_at=told.published_at(step.version),
        goes_by_mail=told.by_mail(step.version),
        purposes={key: words.said(text) for key, text in names.items()},
    )
