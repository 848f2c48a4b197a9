"""Makers of the workforce for tests: plain functions with honest defaults."""

from datetime import UTC, date, datetime
from itertools import count

from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.services.courses.models import Course
from skola.services.workforce.actions import assigning, lists, organising
from skola.services.workforce.models import (
    Assignment,
    Charge,
    Company,
    Employment,
    Position,
    Requirement,
    Training,
    Unit,
)
from skola.services.workforce.rules.difference import read
from skola.services.workforce.rules.terms import Need

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = A_DAY.date()
HEAD = "number,given_name,family_name,email,phone,unit,position,since\n"
_numbers = count(1)


def company(*, manager: Person | None = None, at: datetime = A_DAY) -> Company:
    """A company with one training manager."""
    return organising.open_company(
        name=f"Works {next(_numbers)}",
        manager=manager or people.account(password=None).person,
        today=at.date(),
        by="staff",
        now=at,
    )


def bring(
    where: Company, *lines: str, complete: bool = False, at: datetime = A_DAY
) -> dict[str, Employment]:
    """Apply a list of these lines, and return everybody of the company by number."""
    rows = read(HEAD + "\n".join(lines))
    found = lists.difference(where, rows, complete=complete, today=at.date())
    lists.apply_list(
        where,
        rows,
        complete=complete,
        fingerprint=found.fingerprint,
        language="en",
        today=at.date(),
        by="manager",
        now=at,
    )
    held = Employment.objects.filter(company=where).select_related("staff_number", "person")
    return {one.staff_number.value: one for one in held}


def line(
    number: str = "1", *, unit: str = "Vilnius", position: str = "Driver", more: str = ""
) -> str:
    """A line of a list about one person, with an address."""
    return f"{number},Rasa,Jonaitė{number},rasa{number}@example.org,,{unit},{position},{more}"


def line_of(person: Person, number: str = "1") -> str:
    """A line about somebody who is there already."""
    named = f"{person.given_name},{person.family_name},{person.email}"
    return f"{number},{named},,Vilnius,Driver,"


def employee(
    where: Company,
    number: str = "1",
    *,
    unit: str = "Vilnius",
    position: str = "Driver",
    at: datetime = A_DAY,
) -> Employment:
    """Somebody who works for a company since ``at``."""
    return bring(where, line(number, unit=unit, position=position), at=at)[number]


def sealed_employee(*, manager: Person, at: datetime = A_DAY) -> Employment:
    """Somebody whom their company knows by the birth date, which is sealed."""
    where = company(manager=manager, at=at)
    where.identifier = Company.Identifiers.BIRTH
    where.save(update_fields=["identifier"])
    bring(where, line("1990-01-02"), at=at)
    return where.employments.select_related("person").get()


def requirement(
    where: Company,
    *,
    title: str = "First aid",
    position: str | None = None,
    days: int = 30,
    months: int | None = None,
    on: date = TODAY,
    person: Person | None = None,
) -> Requirement:
    """A training that is required of a position, or of everybody."""
    at = datetime(on.year, on.month, on.day, 9, 0, tzinfo=UTC)
    training = Training.objects.filter(company=where, title=title).first()
    if training is None:
        training = organising.add_training(
            where, title=title, kind=Training.Kind.OUTSIDE, by="manager", now=at
        )
    held = Position.objects.get(company=where, name=position) if position else None
    return assigning.require(
        training,
        position=held,
        need=Need(days, months),
        today=on,
        person=person,
        by="manager",
        now=at,
    )


def course_task(
    employment: Employment,
    course: Course,
    *,
    days: int = 30,
    months: int | None = None,
    at: datetime = A_DAY,
) -> Assignment:
    """A course of the service that is required of everybody where somebody works."""
    training = organising.add_training(
        employment.company,
        title=course.title,
        kind=Training.Kind.COURSE,
        course=course,
        by="manager",
        now=at,
    )
    assigning.require(
        training, position=None, need=Need(days, months), today=at.date(), by="manager", now=at
    )
    return Assignment.objects.get(employment=employment, training=training)


def charge(where: Company, unit: str, person: Person, duty: str = Charge.Duty.MANAGER) -> Charge:
    """Somebody looks after a unit."""
    held = Unit.objects.get(company=where, name=unit)
    return organising.charge(held, person, duty, today=TODAY, by="manager", now=A_DAY)
