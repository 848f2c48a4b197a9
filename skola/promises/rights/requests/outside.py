"""What follows from an answer for those outside who were given something."""

from collections.abc import Sequence
from datetime import datetime

from skola.ground.people.api import ProfileChange
from skola.promises.disclosures.api import Corrected, Telling, stop, tell_receivers
from skola.promises.rights.models import RightsRequest

Kind = RightsRequest.Kind


def follow(
    asked: RightsRequest, changes: Sequence[ProfileChange], *, by: str, now: datetime
) -> None:
    """Tell recipients of a correction, or pass on nothing more, once it was granted.

    Source: GDPR Art. 19; ilearn-23.b, ekool-7.4.
    """
    if asked.kind == Kind.RECTIFICATION:
        what = Telling.What.RECTIFICATION
        corrected = [
            Corrected(change.field, change.before, getattr(asked.person, change.field))
            for change in changes
        ]
        tell_receivers(asked.person_id, what, case=asked.pk, corrected=corrected, by=by, now=now)
    elif asked.kind == Kind.STOP:
        stop(asked.person_id, by=by, now=now)
