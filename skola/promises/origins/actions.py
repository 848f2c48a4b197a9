"""Noting from where data are, when they arrive."""

from datetime import date, datetime
from uuid import UUID

from skola.promises.origins.models import Origin
from skola.promises.policy.api import NoPolicyError, in_force


def is_noted(kind: str, *, now: datetime) -> bool:
    """Whether the policy says that a note of this way is kept."""
    try:
        rule = in_force(now).policy.origins
    except NoPolicyError:
        return False
    return rule is not None and kind in rule.kinds


def note(
    person_id: UUID, kind: str, *, about: UUID, name: str, on: date | None = None, now: datetime
) -> Origin | None:
    """Note from where data of somebody are, where the policy says that it is kept.

    It belongs to the transaction in which the data arrive; the same record is noted once. ``on`` is
    the day of an event or a campaign. None where nothing is promised (kic-source-self,
    kic-source-campaigns).
    """
    if not is_noted(kind, now=now):
        return None
    told = {"name": name[:160], "on": on, "at": now}
    made, _new = Origin.objects.get_or_create(
        person_id=person_id, kind=kind, about=about, defaults=told
    )
    return made
