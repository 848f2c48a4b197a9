"""What everybody may read to verify badges: who issues, with which key, and what was annulled."""

from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from skola.ground import clock
from skola.promises.policy.api import in_force, needs
from skola.services.certificates import badges, queries


def site_of(request: HttpRequest) -> str:
    """Return the address of the service, without a slash at its end."""
    return request.build_absolute_uri("/").removesuffix("/")


@needs(queries.CAPABILITY)
@require_safe
def issuer(request: Any) -> JsonResponse:
    """Who issues the badges of this service."""
    return JsonResponse(badges.issuer(in_force(clock.now()).policy, site_of(request)))


@needs(queries.CAPABILITY)
@require_safe
def key(request: Any, kid: str) -> JsonResponse:
    """The key with which badges are verified, under the address that stands in each."""
    found = badges.public_key()
    if kid != found["kid"]:
        raise Http404
    return JsonResponse(found)


@needs(queries.CAPABILITY)
@require_safe
def revoked(request: Any) -> JsonResponse:
    """What was annulled."""
    return JsonResponse(badges.revoked(site_of(request)))
