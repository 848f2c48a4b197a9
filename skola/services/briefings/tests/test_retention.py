"""Ten years from the person's last own act, under EMA's policy, and nobody else's acts count."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.people.models import Person
from skola.promises.retention.api import record_event, sweep
from skola.services.briefings.models import Agreement, Record, Signature
from skola.services.briefings.tests import make
from skola.services.workforce.models import Assignment, Completion, Employment, Post, StaffNumber
from skola.services.workforce.tests import make as workforce
from skola.services.workforce.tests.test_views import text_of

VILNIUS = ZoneInfo("Europe/Vilnius")
A_SECOND = timedelta(seconds=1)
pytestmark = [pytest.mark.usefixtures("tenant"), pytest.mark.tenant("ema")]


def midnight(year: int, month: int, day: int) -> datetime:
    """The first moment of a day in Vilnius, as UTC."""
    return datetime(year, month, day, tzinfo=VILNIUS).astimezone(UTC)


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, 0, tzinfo=UTC)


def held_of(person: Person) -> set[str]:
    """Every table in which something of this person is left."""
    found = {
        "person": Person.objects.filter(pk=person.pk),
        "employment": Employment.objects.filter(person=person),
        "number": StaffNumber.objects.filter(employment__person=person),
        "post": Post.objects.filter(employment__person=person),
        "assignment": Assignment.objects.filter(employment__person=person),
        "completion": Completion.objects.filter(assignment__employment__person=person),
        "agreement": Agreement.objects.filter(employment__person=person),
        "record": Record.objects.filter(person=person),
        "signature": Signature.objects.filter(record__person=person),
    }
    return {name for name, rows in found.items() if rows.exists()}


EVERYTHING = {
    "person",
    "employment",
    "number",
    "post",
    "assignment",
    "completion",
    "agreement",
    "record",
    "signature",
}


@pytest.mark.keeps("ema-2.6")
def test_an_employee_is_gone_ten_years_after_their_own_last_act_whatever_the_employer_does() -> (
    None
):
    where = make.works()
    make.sign(where, at=noon(2027, 5, 10))
    later = noon(2032, 5, 10)
    workforce.requirement(where.company, title="First aid", on=later.date(), person=where.manager)
    workforce.bring(where.company, workforce.line("1", position="Cook"), at=later)
    record_event(where.instructor.person_id, "any_action", at=later)
    ends = midnight(2037, 5, 11)

    sweep(now=ends - A_SECOND)
    assert held_of(where.employee.person) == EVERYTHING
    sweep(now=ends)
    assert held_of(where.employee.person) == set()
    assert "employment" in held_of(where.instructor.person), "who acted later is kept"


@pytest.mark.keeps("ema-1.3")
def test_to_assign_a_task_is_an_act_of_ones_own_and_a_login_in_year_nine_moves_the_end(
    enter: Callable[..., Person],
) -> None:
    one, other = make.works(), make.works()
    assigned = noon(2027, 6, 1)
    for where in (one, other):
        workforce.requirement(
            where.company, title="First aid", on=assigned.date(), person=where.manager
        )
    with clock.standing_at(noon(2036, 5, 1)):
        enter(person=other.manager)
    ends = midnight(2037, 6, 2)

    sweep(now=ends - A_SECOND)
    assert "person" in held_of(one.manager)
    sweep(now=ends)
    assert ("person" in held_of(one.manager), "person" in held_of(other.manager)) == (False, True)
    sweep(now=midnight(2046, 5, 2) - A_SECOND)
    assert "person" in held_of(other.manager)
    sweep(now=midnight(2046, 5, 2))
    assert "person" not in held_of(other.manager)


def test_the_company_is_told_before_entries_of_its_journal_end(
    client: Client, enter: Callable[..., Person]
) -> None:
    where = make.works()
    make.sign(where, at=noon(2027, 5, 10))
    for day, expected in ((noon(2037, 3, 1), False), (noon(2037, 4, 1), True)):
        record_event(where.manager.pk, "any_action", at=day)
        sweep(now=day)
        with clock.standing_at(day):
            enter(person=where.manager)
            page = text_of(client.get("/"))
        assert ("of your journal of briefings ends soon" in page) is expected
