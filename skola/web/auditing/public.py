"""The published log, under a well-known address (c2sp.org/tlog-tiles)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from skola.ground.audit import api as audit
from skola.ground.people.http import holding
from skola.ground.tenants.http import TenantRequest
from skola.web.officer.tabs import ALLOWED

TEXT = "text/plain; charset=utf-8"
TILE = "application/octet-stream"
FOR_EVER = "public, max-age=31536000, immutable"
SECONDS = "public, max-age=5"


@require_safe
def checkpoint(request: TenantRequest) -> HttpResponse:
    """The signed root over all entries."""
    return _text(request, "checkpoint")


@require_safe
def key(request: TenantRequest) -> HttpResponse:
    """The public key that signs it."""
    return _text(request, "key")


@require_safe
def handovers(request: TenantRequest) -> HttpResponse:
    """From which key to which the log went, signed by both."""
    return _text(request, "handovers")


def _text(request: TenantRequest, name: str) -> HttpResponse:
    found = audit.folder_of(request.tenant.pk).read(name)
    if found is None:
        raise Http404
    return HttpResponse(found, content_type=TEXT, headers={"Cache-Control": SECONDS})


@require_safe
def tile(request: TenantRequest, place: str) -> HttpResponse:
    """A tile of hashes, of the tree that is signed and nothing beyond it."""
    log = audit.log_of(request.tenant.pk)
    found = audit.published_tile(log, f"tile/{place}")
    if found is None:
        raise Http404
    return HttpResponse(found, content_type=TILE, headers={"Cache-Control": FOR_EVER})


@require_safe
@holding(*ALLOWED)
def entries(request: Any, place: str) -> HttpResponse:
    """A bundle of entries, for those who may see pseudonyms."""
    log = audit.log_of(request.tenant.pk)
    found = audit.entry_bundle(log, f"tile/entries/{place}")
    if found is None:
        raise Http404
    return HttpResponse(found, content_type=TILE, headers={"Cache-Control": "private, no-store"})
