"""The door of ``accuracy``."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from skola.promises.accuracy.links import address_of
from skola.promises.accuracy.models import Invitation
from skola.promises.accuracy.queries import is_promised, last_signs, unanswered

__all__ = ["Invitation", "last_signs", "today"]


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return the invitation that waits for the person's answer, in the account."""
    if not request.person or not is_promised(now):
        return []
    waiting = unanswered(request.person)
    if waiting is None:
        return []
    words = _("One click confirms it, or you correct it.")
    return [(_("Are your data right?"), words, address_of(waiting), _("Look at them"), False)]
