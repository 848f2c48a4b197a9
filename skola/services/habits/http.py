"""A day of use is counted when somebody opens the first page of a service on it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from skola.ground import clock
from skola.promises.policy.api import NoPolicyError, has
from skola.promises.rights.api import local_day
from skola.services.habits import actions, queries
from skola.services.habits.models import Service

COUNTED = "used"
"""In the session: the last day on which each service was counted, so that no other page asks."""


class HabitsMiddleware:
    """Count who is signed in, where the policy studies habits and the study is about them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 200 and getattr(request, "person", None):
            service = _service_of(request)
            if service:
                _count(request, service, clock.now())
        return response


def _service_of(request: Any) -> str:
    spaces = request.resolver_match.namespaces if request.resolver_match else []
    return spaces[0] if spaces and spaces[0] in Service.values else ""


def _count(request: Any, service: str, now: datetime) -> None:
    try:
        if not has(queries.CAPABILITY, now=now):
            return
    except NoPolicyError:
        return
    today: date = local_day(now)
    counted = request.session.get(COUNTED, {})
    if counted.get(service) == today.isoformat():
        return
    if queries.counts(request.person.pk, now=now):
        actions.note_use(request.person, service, now=now)
    request.session[COUNTED] = {**counted, service: today.isoformat()}
