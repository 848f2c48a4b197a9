"""Requests: every one belongs to exactly one tenant, told by its host name."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.template.loader import render_to_string

from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.ground.tenants.queries import by_host

if TYPE_CHECKING:
    from skola.ground.people.models import Person


class TenantRequest(HttpRequest):
    """A request after the middleware: it knows the tenant and, when signed in, the person."""

    tenant: Tenant
    person: "Person | None"


class TenantMiddleware:
    """Enter the tenant of the host name; an unknown host gets a plain page and nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host, _port = split_domain_port(request.META.get("HTTP_HOST", "").lower())
        tenant = by_host(host) if host else None
        if tenant is None:
            return HttpResponse(render_to_string("ui/errors/unknown_host.html"), status=404)
        entered: Any = request
        entered.tenant = tenant
        with inside(tenant.pk):
            return self.get_response(request)
