"""Support at a school: for one task, one person of the service, and its time (ekool-2.5-need)."""

from datetime import datetime, timedelta

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.services.pupils.models import SupportCase
from skola.services.school import api as school

LONGEST = timedelta(days=7)


@transaction.atomic
def open_case(
    where: school.School, agent: Person, *, words: str, days: int, by: str, now: datetime
) -> SupportCase:
    """The school lets one of the service's support staff in for a task, for at most a week."""
    made = SupportCase.objects.create(
        school=where,
        agent=agent,
        words=words,
        opened_at=now,
        ends_at=now + min(timedelta(days=days), LONGEST),
    )
    audit.record("pupils.case.opened", target=made, subject=agent.pk, by=by, at=now)
    return made


@transaction.atomic
def close_case(case: SupportCase, *, by: str, now: datetime) -> None:
    """The task is done: what it opened closes at once."""
    SupportCase.objects.filter(pk=case.pk, closed_at=None).update(closed_at=now)
    audit.record("pupils.case.closed", target=case, subject=case.agent_id, by=by, at=now)
