"""The door of ``documents``."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.documents.actions import Learned, check_code, issue
from skola.services.documents.http import pdf
from skola.services.documents.models import Document, Series
from skola.services.documents.queries import CAPABILITY, newest

__all__ = [
    "CAPABILITY",
    "Document",
    "Learned",
    "Series",
    "check_code",
    "issue",
    "newest",
    "pdf",
    "places",
]


def places(request: Any) -> Sequence[Place]:
    """Return the register for a coordinator; others find their own in the account."""
    if not request.person or not has(CAPABILITY, now=clock.now()):
        return []
    if "coordinator" not in kinds(request):
        return []
    url = reverse("documents:register")
    here = str(request.path).startswith(url)
    return [Place(_("Documents"), url, "certificate", current=here)]
