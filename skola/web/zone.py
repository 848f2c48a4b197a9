"""Days and hours on a page are those of the tenant, whose terms are counted in its own zone."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from skola.ground import clock
from skola.promises.policy.api import in_force


class ZoneMiddleware:
    """Show and read moments in the time zone that the tenant's policy names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        visited: Any = request
        if getattr(visited, "tenant", None) is None:
            return self.get_response(request)
        with timezone.override(ZoneInfo(in_force(clock.now()).policy.policy.timezone)):
            return self.get_response(request)
