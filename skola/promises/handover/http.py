"""A service that went over: its addresses here tell who has it now, and nothing else."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.tenants.http import TenantRequest
from skola.promises.handover.queries import current
from skola.promises.policy.api import NoPolicyError, in_force


class HandedOver:
    """Middleware: where the tenant's service was handed over, every page says so.

    While the new controller has not confirmed it, it is on its way (503); then it is gone from here
    (410). The published audit of what was done stays readable, and the officer who is signed in
    sees on their page what comes next.
    """

    def __init__(self, get_response: Callable[[TenantRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: TenantRequest) -> HttpResponseBase:
        tenant = getattr(request, "tenant", None)
        if tenant is None or tenant.handed_over_at is None or _stays(request):
            return self.get_response(request)
        return _moved(request)


def _stays(request: TenantRequest) -> bool:
    """Whether an address answers as before: the audit, and the officer's page of the hand-over."""
    of_officer = request.method == "GET" and request.path == reverse("handover:office")
    return of_officer or request.path.startswith(audit.PLACE)


def _moved(request: TenantRequest) -> HttpResponse:
    now, told = clock.now(), current()
    context: dict[str, object] = {"told": told, "service": request.tenant.name}
    zone, language = timezone.get_default_timezone(), translation.get_language_from_request(request)
    try:
        policy = in_force(now).policy
    except NoPolicyError:
        pass
    else:
        context |= {"service": policy.service.name, "old": policy.controller.name}
        zone = ZoneInfo(policy.policy.timezone)
        if language not in policy.policy.languages:
            language = policy.policy.authentic
    is_over = told is not None and told.confirmed_at is not None
    with translation.override(language), timezone.override(zone):
        body = render_to_string("handover/moved.html", {**context, "is_over": is_over})
    answer = HttpResponse(body, status=410 if is_over else 503)
    answer["Cache-Control"] = "no-store"
    return answer
