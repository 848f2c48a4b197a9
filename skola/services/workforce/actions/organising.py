"""Companies, who looks after which unit, and what people are trained in."""

from datetime import date, datetime

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.services.courses.api import Course
from skola.services.workforce.actions.lists import add_unit
from skola.services.workforce.models import Charge, Company, Training, Unit


class NameTakenError(Exception):
    """Something of this name is there already."""


@transaction.atomic
def open_company(
    *, name: str, number: str = "", manager: Person, today: date, by: str, now: datetime
) -> Company:
    """Enter a client company and name its first training manager, who does the rest (ema-2.5).

    The tree begins with one unit of the company's name. Raises NameTakenError.
    """
    if Company.objects.filter(name=name).exists():
        raise NameTakenError(name)
    company = Company.objects.create(name=name, number=number, created_at=now)
    audit.record("workforce.company.opened", target=company, by=by, at=now)
    top = add_unit(company, name, None)
    charge(top, manager, Charge.Duty.TRAINING, today=today, by=by, now=now)
    return company


@transaction.atomic
def charge(unit: Unit, person: Person, duty: str, *, today: date, by: str, now: datetime) -> Charge:
    """Charge somebody with a unit and the units in it, from today on; once is enough."""
    made, fresh = Charge.objects.get_or_create(
        unit=unit,
        person=person,
        duty=duty,
        ends_on=None,
        defaults={"starts_on": today, "created_at": now},
    )
    if fresh:
        audit.record(
            "workforce.charge.given",
            target=made,
            subject=person.pk,
            by=by,
            at=now,
            detail={"duty": str(duty)},
        )
    return made


@transaction.atomic
def end_charge(held: Charge, *, on: date, by: str, now: datetime) -> None:
    """End a duty with the midnight before ``on``; that it was held stays on record (ema-2.1.7)."""
    Charge.objects.filter(pk=held.pk, ends_on=None).update(ends_on=on)
    audit.record("workforce.charge.ended", target=held, subject=held.person_id, by=by, at=now)


@transaction.atomic
def add_training(
    company: Company,
    *,
    title: str,
    kind: str,
    course: Course | None = None,
    by: str,
    now: datetime,
) -> Training:
    """Name something that people have to be trained in. Raises NameTakenError."""
    defaults = {"kind": kind, "course": course, "created_at": now}
    made, fresh = Training.objects.get_or_create(company=company, title=title, defaults=defaults)
    if not fresh:
        raise NameTakenError(title)
    audit.record("workforce.training.named", target=made, by=by, at=now)
    return made
