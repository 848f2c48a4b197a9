"""Noting from where data are, when they arrive."""

from datetime import datetime
from uuid import UUID

from skola.promises.origins.models import Origin
from skola.promises.policy.api import NoPolicyError, in_force


def note(person_id: UUID, kind: str, *, about: UUID, name: str, now: datetime) -> Origin | None:
    """Note by which way somebody gave data of themselves, where the policy says that it is kept.

    It belongs to the transaction in which the data arrive; the same record is noted once. None
    where nothing is promised (kic-source-self).
    """
    try:
        rule = in_force(now).policy.origins
    except NoPolicyError:
        return None
    if rule is None or kind not in rule.kinds:
        return None
    told = {"name": name[:160], "at": now}
    made, _new = Origin.objects.get_or_create(
        person_id=person_id, kind=kind, about=about, defaults=told
    )
    return made
