"""Correcting what is held about a person, and carrying the correction on to what was made of it.

Source: GDPR Art. 16 and 19; ilearn-23.b, kic-rights-rectify.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from skola.ground.people.api import Person, ProfileChange, change_profile

FIELDS = ("given_name", "family_name", "phone", "address")
"""What an officer corrects from a request. The address of a sign-in is changed by its holder."""

Listener = Callable[[Person, tuple[str, ...], str, datetime], None]
_listeners: list[Listener] = []


def on_correction(listener: Listener) -> Listener:
    """Have a room told that fields of a person were corrected: whose, which, by whom, now.

    It is called in the transaction of the correction, when the person has the new values.
    """
    _listeners.append(listener)
    return listener


def correct(
    person: Person, values: Mapping[str, str], *, ground: str, by: str, now: datetime
) -> list[ProfileChange]:
    """Use the right values from now on, keep the old ones in the history, and tell the rooms."""
    changes = change_profile(person, values, fields=FIELDS, ground=ground, by=by, now=now)
    if changes:
        for listener in _listeners:
            listener(person, tuple(change.field for change in changes), by, now)
    return changes
