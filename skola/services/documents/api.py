"""The door of ``documents``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.people.api import holds
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.documents.actions import Learned, check_code, issue
from skola.services.documents.http import pdf
from skola.services.documents.models import Document, Series
from skola.services.documents.printing import check_path
from skola.services.documents.queries import CAPABILITY, newest, state, to_reissue, zone
from skola.services.documents.queries import today as day
from skola.services.documents.rules import Answer

__all__ = [
    "CAPABILITY",
    "Document",
    "Learned",
    "Series",
    "check_code",
    "check_path",
    "day",
    "is_valid",
    "issue",
    "newest",
    "pdf",
    "places",
    "today",
    "zone",
]


def is_valid(document: Document, *, now: datetime) -> bool:
    """Whether a document is neither annulled nor expired."""
    return state(document, now) is Answer.VALID


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return what waits for a coordinator of the whole service: documents to be issued anew."""
    if not request.person or not has(CAPABILITY, now=now):
        return []
    if not holds(request.person, "coordinator", now=now):
        return []
    count = to_reissue().count()
    if not count:
        return []
    title = ngettext(
        "%(num)s document is in a name that was corrected",
        "%(num)s documents are in a name that was corrected",
        count,
    ) % {"num": count}
    words = _("Issue it anew, or leave it as it is.")
    return [(title, words, reverse("documents:register"), _("Open the register"), False)]


def places(request: Any) -> Sequence[Place]:
    """Return the register for a coordinator; others find their own in the account."""
    if not request.person or not has(CAPABILITY, now=clock.now()):
        return []
    if "coordinator" not in kinds(request):
        return []
    url = reverse("documents:register")
    here = str(request.path).startswith(url)
    return [Place(_("Documents"), url, "certificate", current=here)]
