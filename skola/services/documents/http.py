"""A document as the answer to a request."""

from typing import Any

from django.http import HttpResponse

from skola.ground import clock
from skola.promises.policy.api import in_force
from skola.services.documents.models import Document
from skola.services.documents.printing import as_pdf


def pdf(request: Any, found: Document) -> HttpResponse:
    """Answer with a document as PDF."""
    site = request.build_absolute_uri("/").removesuffix("/")
    body = as_pdf(found, policy=in_force(clock.now()).policy, site=site)
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.label}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
