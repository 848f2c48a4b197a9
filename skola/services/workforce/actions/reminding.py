"""What waits is told in one digest per person and day: to employees, and to those responsible."""

from collections import defaultdict
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, language_of, post
from skola.promises.disclosures.api import text as text_to
from skola.promises.policy.api import in_force
from skola.services.workforce import queries
from skola.services.workforce.models import Assignment, Charge
from skola.services.workforce.queries import Figures
from skola.services.workforce.rules.reminders import FROM_HOUR, is_weekly, turns
from skola.services.workforce.sight import TRAINING, sights_of
from skola.services.workforce.wording import digest_of_own, digest_of_people, digest_of_phone

TOLD = "workforce.digest.sent"


def remind(*, zone: ZoneInfo, by: str, now: datetime) -> int:
    """Write today's digests, and return how many; whoever has today's gets no second one.

    Employees are told weekly of what waits, and besides on the days on which something turns (see
    ``rules.reminders``). Training managers are told weekly of how many trainings of their people
    are overdue and due: numbers only (ema-2.5). Who is restricted is not written to.
    Who has no address is told by text message, where the policy has them and a number is there.
    """
    here = now.astimezone(zone)
    if here.hour < FROM_HOUR:
        return 0
    today = here.date()
    own, people = _own(today, zone), _people(today)
    everybody = {one.pk: one for one in [*own, *people]}
    written = 0
    for pk, person in sorted(everybody.items()):
        parts = own.get(person, []), people.get(person, [])
        written += _write(pk, *parts, today=today, by=by, now=now)
    return written


def _own(today: date, zone: ZoneInfo) -> dict[Person, list[Assignment]]:
    """What waits for employees who are told of it today."""
    found: dict[Person, list[Assignment]] = defaultdict(list)
    telling = set()
    for task in queries.waiting(today):
        person = task.employment.person
        found[person].append(task)
        assigned = task.assigned_at.astimezone(zone).date()
        if is_weekly(today) or turns(due_on=task.due_on, assigned_on=assigned, today=today):
            telling.add(person)
    return {person: tasks for person, tasks in found.items() if person in telling}


def _people(today: date) -> dict[Person, list[tuple[str, Figures]]]:
    """How the trainings of their people stand, for training managers, once a week."""
    if not is_weekly(today):
        return {}
    found: dict[Person, list[tuple[str, Figures]]] = {}
    charges = Charge.objects.on(today).filter(duty=TRAINING).exclude(person__email="")
    for person in {one.person for one in charges.select_related("person")}:
        for sight in sights_of(person, today):
            figures = queries.figures(sight.posts(TRAINING), today)
            if sight.may(TRAINING) and (figures.overdue or figures.soon):
                found.setdefault(person, []).append((sight.company.name, figures))
    return found


@transaction.atomic
def _write(
    person_id: UUID,
    own: list[Assignment],
    people: list[tuple[str, Figures]],
    *,
    today: date,
    by: str,
    now: datetime,
) -> bool:
    """Write somebody's digest of today, unless it was written; the person is locked meanwhile."""
    person = Person.objects.select_for_update().get(pk=person_id)
    day = today.isoformat()
    told = audit.Entry.objects.filter(kind=TOLD, detail__day=day)
    if told.filter(subject=audit.pseudonym(person.pk)).exists():
        return False
    service = in_force(now).policy.service.name
    detail: dict[str, object] = {"day": day, "own": len(own), "companies": len(people)}
    if not person.email:
        return _text(person, service, own, detail, by=by, now=now)
    with translation.override(language_of(person)):
        parts = []
        if own:
            parts.append(digest_of_own(own, today))
        if people:
            parts.append(digest_of_people(people))
        subject = _("%(service)s: training that waits") % {"service": service}
        text = "\n\n".join(parts)
    post(
        person_id=person.pk,
        address=person.email,
        sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{text}\n",
        now=now,
    )
    audit.record(TOLD, subject=person.pk, by=by, at=now, clause="ema-2.1-contact", detail=detail)
    return True


def _text(
    person: Person,
    service: str,
    own: list[Assignment],
    detail: dict[str, object],
    *,
    by: str,
    now: datetime,
) -> bool:
    """Tell somebody who has a phone only how many trainings wait, by text message.

    It names no training and no employer: number and text leave the service.
    """
    with translation.override(language_of(person)):
        words = digest_of_phone(service, len(own))
    made = text_to(person, words, about=f"workforce.digest:{detail['day']}", by=by, now=now)
    if made is None:
        return False
    audit.record(TOLD, subject=person.pk, by=by, at=now, clause="ema-2.1-contact", detail=detail)
    return True
