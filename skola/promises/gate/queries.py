"""Who is restricted, since when, and who was told of the end."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q

from skola.ground.audit.api import Entry
from skola.ground.people.api import DELIVERED
from skola.promises.gate.models import Restriction


def is_restricted(person_id: UUID, now: datetime) -> bool:
    """Whether everything about this person is restricted at ``now``."""
    running = Q(since_at__lte=now) & (Q(lifted_at=None) | Q(lifted_at__gt=now))
    return Restriction.objects.filter(running, person_id=person_id, ref=F("person_id")).exists()


def restriction_of(person_id: UUID) -> Restriction | None:
    """Return the restriction that runs on everything about this person; None without one."""
    return Restriction.objects.filter(ref=person_id, lifted_at=None).order_by("since_at").first()


def delivered(restrictions: Iterable[Restriction]) -> frozenset[UUID]:
    """Return the restrictions whose notice of lifting a mail server has taken, by the audit."""
    mailed = [one for one in restrictions if one.told_how == Restriction.Told.MAIL]
    if not mailed:
        return frozenset()
    by_word = {one.about: one.pk for one in mailed}
    since = min(one.told_at for one in mailed if one.told_at is not None)
    entries = Entry.objects.filter(at__gte=since, kind=DELIVERED, detail__about__in=list(by_word))
    return frozenset(by_word[word] for word in entries.values_list("detail__about", flat=True))


def running() -> Sequence[Restriction]:
    """Return the restrictions that run, the oldest first."""
    return list(Restriction.objects.filter(lifted_at=None).order_by("since_at"))


def lifted(*, limit: int) -> Sequence[Restriction]:
    """Return the restrictions that were lifted last."""
    return list(Restriction.objects.exclude(lifted_at=None).order_by("-lifted_at")[:limit])


def to_look_at(day: date) -> bool:
    """Whether a restriction that runs is to be looked at again by ``day``."""
    return Restriction.objects.filter(lifted_at=None, until_on__lte=day).exists()
