"""Recording works on a service and telling who holds it, one function each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.jobs import api as jobs
from skola.ground.people.api import Person, language_of
from skola.ground.ui import formats
from skola.promises.policy.api import in_force
from skola.promises.rights.api import zone_of
from skola.services.reaching.api import reach
from skola.services.upkeep import queries
from skola.services.upkeep.models import Notice, Works

TELL = "upkeep.tell"
CLAUSE = "ilearn-8.d"


@dataclass(frozen=True)
class Planned:
    """Works as somebody enters them; without a course they are on the whole service."""

    kind: str
    words: str
    starts_at: datetime
    ends_at: datetime
    course: Any = None


@transaction.atomic
def record_works(told: Planned, *, by: str, now: datetime) -> Works:
    """Record works on a course, or on the whole service. Nobody is told yet."""
    made = Works.objects.create(
        kind=told.kind,
        words=told.words,
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        course=told.course,
        whole=told.course is None,
        recorded_at=now,
    )
    audit.record("upkeep.works.recorded", target=made, by=by, at=now, clause=CLAUSE)
    return made


@transaction.atomic
def tell_later(works: Works, *, by: str, now: datetime) -> None:
    """Have everybody told who holds the service and was not told yet."""
    Works.objects.filter(pk=works.pk, told_at=None).update(told_at=now)
    jobs.enqueue(TELL, key=str(works.pk), works=str(works.pk))
    audit.record("upkeep.works.announced", target=works, by=by, at=now, clause=CLAUSE)


def tell(works_id: UUID, *, now: datetime) -> int:
    """Write to everybody who holds the service and was not told yet; return to how many.

    Safe to repeat: who was told is on record. Over works nobody is told.
    """
    works = Works.objects.select_related("course").filter(pk=works_id, ends_at__gt=now).first()
    if works is None or works.told_at is None:
        return 0
    found = list(queries.untold(works))
    return sum(_tell(works, person, now=now) for person in found)


@transaction.atomic
def _tell(works: Works, person: Person, *, now: datetime) -> bool:
    _notice, is_new = Notice.objects.get_or_create(works=works, person=person, defaults={"at": now})
    if is_new:
        detail = {"works": str(works.pk)}
        audit.record(
            "upkeep.customer.told",
            target=works,
            subject=person.pk,
            by="system",
            at=now,
            clause=CLAUSE,
            detail=detail,
        )
        _write(works, person, now)
    return is_new


def _write(works: Works, person: Person, now: datetime) -> None:
    """Tell one person, by the first channel that reaches them (ilearn-29, ilearn-30)."""
    with translation.override(language_of(person)), timezone.override(zone_of(now)):
        what = works.course.title if works.course else in_force(now).policy.service.name
        heading = f"{str(works.get_kind_display()).capitalize()}: {what}"
        said = _("From %(begin)s to %(end)s.") % {
            "begin": formats.moment(works.starts_at),
            "end": formats.moment(works.ends_at),
        }
        why = _("You get this because you hold this service. It is no advertising.")
    text = f"{said}\n\n{works.words}\n\n{why}"
    reach(person, heading[:120], text, about=f"works {works.pk}", by="system", now=now)
