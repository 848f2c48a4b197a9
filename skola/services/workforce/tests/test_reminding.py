"""Reminders: one digest per person and day, to the employee and to the training manager."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from skola.ground.audit.api import Entry
from skola.ground.people.models import Mail, Person
from skola.ground.people.tests import make as people
from skola.promises.gate.api import restrict
from skola.services.workforce.actions.assigning import complete
from skola.services.workforce.actions.reminding import remind
from skola.services.workforce.models import Assignment
from skola.services.workforce.rules.reminders import turns
from skola.services.workforce.tests import make

pytestmark = [pytest.mark.usefixtures("tenant"), pytest.mark.tenant("ema")]
VILNIUS = ZoneInfo("Europe/Vilnius")
MONDAY = date(2026, 3, 9)


def sent(day: date, hour: int = 9) -> dict[str, str]:
    """Let the job run at an hour of a day; what it wrote, by address."""
    before = set(Mail.objects.values_list("pk", flat=True))
    now = datetime(day.year, day.month, day.day, hour, tzinfo=VILNIUS).astimezone(UTC)
    remind(zone=VILNIUS, by="job", now=now)
    fresh = list(Mail.objects.exclude(pk__in=before))
    assert len({one.address for one in fresh}) == len(fresh), "one mail a person"
    return {one.address: one.text for one in fresh}


@pytest.fixture
def manager() -> Person:
    return people.account(email="manager@example.org", password=None).person


@pytest.mark.parametrize(
    ("due_in", "assigned_ago", "expected"),
    [
        (8, 5, False),
        (7, 5, True),
        (2, 5, False),
        (1, 5, True),
        (0, 5, False),
        (-1, 5, True),
        (-2, 5, False),
        (20, 1, True),
        (20, 0, False),
        (20, 2, False),
    ],
)
def test_the_days_on_which_something_turns(
    due_in: int, assigned_ago: int, *, expected: bool
) -> None:
    due, assigned = MONDAY + timedelta(days=due_in), MONDAY - timedelta(days=assigned_ago)
    assert turns(due_on=due, assigned_on=assigned, today=MONDAY) is expected
    assert not turns(due_on=None, assigned_on=MONDAY, today=MONDAY)


def test_on_monday_both_are_told_in_one_mail_each_and_once(manager: Person) -> None:
    company = make.company(manager=manager)
    make.employee(company)
    for title in ("First aid", "Cranes"):
        make.requirement(company, title=title, days=30)

    assert sent(MONDAY, hour=7) == {}
    told = sent(MONDAY)
    assert sent(MONDAY, hour=11) == {}

    assert set(told) == {"rasa1@example.org", "manager@example.org"}
    assert told["rasa1@example.org"].count("to do by 1 Apr 2026") == 2
    assert "0 overdue, 2 due within 30 days" in told["manager@example.org"]
    assert "Jonait" not in told["manager@example.org"], "numbers only"
    assert Entry.objects.filter(kind="workforce.digest.sent").count() == 2


def test_on_other_days_only_who_has_something_that_turns(manager: Person) -> None:
    company = make.company(manager=manager)
    make.bring(company, make.line("1"), make.line("2", position="Cook"))
    make.requirement(company, title="First aid", position="Driver", days=8)
    make.requirement(company, title="Kitchen", position="Cook", days=20)
    due = make.TODAY + timedelta(days=8)

    days = {make.TODAY + timedelta(days=one): "" for one in range(12)}
    for day in days:
        days[day] = ",".join(sorted(sent(day)))

    theirs = [day for day, to in days.items() if "rasa1" in to]
    assert theirs == [
        make.TODAY,  # a Monday
        make.TODAY + timedelta(days=1),  # assigned yesterday, and due in a week
        MONDAY,  # the next Monday, and the day before its last
        due + timedelta(days=1),
    ]
    assert [day for day, to in days.items() if "manager" in to] == [make.TODAY, MONDAY]


def test_who_did_it_left_or_is_restricted_is_not_told(manager: Person) -> None:
    company = make.company(manager=manager)
    staff = make.bring(company, *(make.line(str(one)) for one in range(4)))
    make.requirement(company, days=30)
    task = Assignment.objects.get(employment=staff["0"])
    complete(task, done_on=make.TODAY, by="manager", now=make.A_DAY)
    make.bring(company, *(make.line(str(one)) for one in (0, 2, 3)), complete=True)
    restrict(staff["2"].person_id, reason="a case", ground="claim", by="officer", now=make.A_DAY)

    assert set(sent(MONDAY)) == {"rasa3@example.org", "manager@example.org"}


def test_what_is_due_much_later_is_told_of_on_the_day_after_it_was_assigned(
    manager: Person,
) -> None:
    company = make.company(manager=manager)
    make.employee(company)
    make.requirement(company, days=90)

    (text,) = sent(make.TODAY + timedelta(days=1)).values()

    assert "to do by 31 May 2026" in text


def test_who_is_both_has_one_mail_with_two_parts(manager: Person) -> None:
    company = make.company(manager=manager)
    make.bring(company, make.line_of(manager))
    make.requirement(company, days=30)

    (text,) = sent(MONDAY).values()

    assert ("to do by" in text, "due within 30 days" in text) == (True, True)


def test_as_many_queries_to_find_many_as_to_find_one(
    manager: Person, django_assert_max_num_queries: Callable[..., object]
) -> None:
    company = make.company(manager=manager)
    make.bring(company, *(make.line(str(one)) for one in range(30)))
    make.requirement(company, days=30)

    with django_assert_max_num_queries(4):  # type: ignore[attr-defined]
        quiet = datetime(2026, 3, 5, 9, tzinfo=VILNIUS).astimezone(UTC)
        assert remind(zone=VILNIUS, by="job", now=quiet) == 0
