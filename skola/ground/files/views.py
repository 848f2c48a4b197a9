from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from skola.ground import clock
from skola.ground.files.kinds import UnknownKindError, known
from skola.ground.files.models import ObjectKey, StoredFile
from skola.ground.files.serve import serve
from skola.ground.tenants.http import TenantRequest


@require_safe
def show(request: TenantRequest, pk: UUID) -> HttpResponseBase:
    """Somebody opens a file; what they may not open does not exist."""
    stored = get_object_or_404(StoredFile, pk=pk)
    try:
        allowed = known(stored.kind).may_open(request.person or None, stored, clock.now())
        if allowed:
            return serve(request, stored)
    except (UnknownKindError, ObjectKey.DoesNotExist):
        pass
    raise Http404
