"""Makers of briefings for tests: plain functions with honest defaults."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.services.briefings import actions, queries
from skola.services.briefings.models import Edition, Record
from skola.services.briefings.rules.signing import Side
from skola.services.courses.api import questions_in
from skola.services.workforce.actions import assigning, organising
from skola.services.workforce.models import Assignment, Charge, Company, Employment, Training
from skola.services.workforce.rules.terms import Need
from skola.services.workforce.tests import make as workforce

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = A_DAY.date()
VILNIUS = ZoneInfo("Europe/Vilnius")
QUESTIONS = "Where to?\n* Outside\nUp\n\nWho calls?\nNobody\n* Anybody"
RIGHT = {"q0": "0", "q1": "1"}
TEXT = "Leave by the nearest door.\n\nDo not use the lift."


@dataclass(frozen=True)
class Works:
    """A company that requires a briefing: one employee, one instructor, one training manager."""

    company: Company
    training: Training
    employee: Employment
    instructor: Employment
    manager: Person

    @property
    def task(self) -> Assignment:
        return self.task_of(self.employee)

    def task_of(self, employment: Employment) -> Assignment:
        """The task of somebody, fresh."""
        held = Assignment.objects.select_related(
            "training", "requirement", "employment__company", "employment__person"
        )
        return held.get(employment=employment, training=self.training)


def agree(employment: Employment, *, at: datetime = A_DAY) -> None:
    """Somebody's written agreement is on file."""
    actions.record_agreement(employment, agreed_on=at.date(), reference="A-1", by="manager", now=at)


def edition(
    training: Training,
    *,
    text: str = TEXT,
    change: str = "",
    again: bool = False,
    at: datetime = A_DAY,
) -> Edition:
    """The next version of a text."""
    told = actions.Text("workplace", text, questions_in(QUESTIONS, fewest=2, most=5), change)
    return actions.publish_edition(
        training, told, again=again, today=at.date(), by="manager", now=at
    )


def works(
    *,
    agreed: bool = True,
    months: int | None = 12,
    manager: Person | None = None,
    employee: Person | None = None,
    at: datetime = A_DAY,
) -> Works:
    """A company in which everything is there to brief somebody."""
    held = manager or people.account(password=None).person
    company = workforce.company(manager=held, at=at)
    training = organising.add_training(
        company, title="Fire safety", kind=queries.BRIEFING, by="manager", now=at
    )
    edition(training, at=at)
    first = workforce.line_of(employee) if employee else workforce.line("1")
    staff = workforce.bring(company, first, workforce.line("2"), at=at)
    assigning.require(
        training,
        position=None,
        need=Need(30, months),
        today=at.date(),
        by="manager",
        now=at,
    )
    unit = company.units.get(name="Vilnius")
    organising.charge(
        unit, staff["2"].person, Charge.Duty.INSTRUCTOR, today=at.date(), by="manager", now=at
    )
    if agreed:
        for one in staff.values():
            agree(one, at=at)
    return Works(company, training, staff["1"], staff["2"], held)


def sign(
    where: Works, *sides: Side, employee: Employment | None = None, at: datetime = A_DAY
) -> Record:
    """The sides (both, where none is named) sign the employee's briefing at a moment."""
    whose = employee or where.employee
    for side in sides or tuple(Side):
        signer = whose if side is Side.INSTRUCTED else where.instructor
        newest = queries.newest_edition(where.training)
        assert newest is not None
        told = actions.Signing(where.task_of(whose), newest, side, signer.person, at)
        record = actions.sign(told, zone=VILNIUS, by="somebody", now=at)
    return record


def sign_with_certificates(where: Works, *sides: Side, at: datetime = A_DAY) -> Record:
    """The sides (both, where none is named) sign the PDF of the employee's briefing."""
    for side in sides or tuple(Side):
        signer = where.employee if side is Side.INSTRUCTED else where.instructor
        newest = queries.newest_edition(where.training)
        assert newest is not None
        told = actions.Signing(where.task, newest, side, signer.person, at)
        record = actions.sign_with_certificate(told, zone=VILNIUS, by="somebody", now=at)
    return record


def day_after(day: date = TODAY) -> datetime:
    """Morning of the next day."""
    return datetime(day.year, day.month, day.day + 1, 9, 0, tzinfo=UTC)
