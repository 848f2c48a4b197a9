"""The door of ``accuracy``."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from skola.ground.people.api import Person
from skola.ground.waiting import Thing, Told, Waiting
from skola.promises.accuracy.links import address_of
from skola.promises.accuracy.models import Invitation
from skola.promises.accuracy.queries import is_promised, last_signs, unanswered

__all__ = ["Invitation", "last_signs", "today"]


def today(request: Any, *, now: datetime) -> list[Told]:
    """Return the invitation that waits for the person's answer, in the account."""
    if not request.person or not is_promised(now):
        return []
    me = request.person
    invited = Invitation.objects.filter(person=me, answered_at=None)
    return [Waiting(invited, lambda _rows: _invited(me))]


def _invited(person: Person) -> list[Thing]:
    newest = unanswered(person)
    if newest is None:
        return []
    words = _("One click confirms it, or you correct it.")
    return [(_("Are your data right?"), words, address_of(newest), _("Look at them"), False)]
