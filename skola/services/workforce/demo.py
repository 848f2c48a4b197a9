"""A company, invented: a tree, positions, requirements, and people who are more or less on time."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.courses.api import Course
from skola.services.workforce import queries
from skola.services.workforce.actions import assigning, organising
from skola.services.workforce.actions.lists import add_unit
from skola.services.workforce.models import (
    Assignment,
    Charge,
    Company,
    Employment,
    Position,
    Post,
    StaffNumber,
    Training,
    Unit,
)
from skola.services.workforce.rules.terms import Need, months_later

COMPANY = "Baltijos sandėliai"
MANAGER, INSTRUCTOR, EMPLOYEE = "Mockutė", "Stonkus", "Butkutė"
_TREE = (("Vilnius", ("Sandėlis", "Biuras")), ("Kaunas", ("Sandėlis",)))
_PARTS = ("Sandėlis", "Krovimas", "Pristatymas", "Biuras")
_FURTHER = tuple(
    (city, _PARTS)
    for city in ("Klaipėda", "Šiauliai", "Panevėžys", "Alytus", "Marijampolė", "Mažeikiai", "Utena")
)
"""Where a large company works besides."""
_POSITIONS = ("Sandėlininkas", "Krautuvo vairuotojas", "Vadybininkas")
_TRAININGS = (
    ("Pirmoji pagalba", None, Need(60, 24)),
    ("Krautuvo vairavimas", "Krautuvo vairuotojas", Need(30, 36)),
)
PEOPLE, LARGE = 60, 300
"""People of a small company; a crowd of so many is one large company, all of it."""
BEGUN = timedelta(days=380)
FRESH = timedelta(days=12)
"""What is required for less time than that, nobody has done yet."""


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Make a company of the speaking tenant, if its policy trains people of companies."""
    named = {one.family_name: one for one in people[:10]}
    if not has("workforce.briefings", now=now) or not {MANAGER, INSTRUCTOR} <= set(named):
        return
    zone = queries.zone(now)
    begun = (now - BEGUN).astimezone(zone).date()
    company = organising.open_company(
        name=COMPANY, manager=named[MANAGER], today=begun, by="demo", now=now - BEGUN
    )
    crowd = people[len(named) :]
    is_large = len(crowd) >= LARGE
    units = _tree(company, (*_TREE, *_FURTHER) if is_large else _TREE)
    team = [named[name] for name in (EMPLOYEE, INSTRUCTOR, MANAGER) if name in named]
    team += crowd if is_large else crowd[:PEOPLE]
    _employ(company, team, units, random, begun, now)
    warehouse = units[1]
    for duty in (Charge.Duty.MANAGER, Charge.Duty.INSTRUCTOR):
        organising.charge(
            warehouse, named[INSTRUCTOR], duty, today=begun, by="demo", now=now - BEGUN
        )
    for title, position, need in _TRAININGS:
        training = organising.add_training(
            company, title=title, kind=Training.Kind.OUTSIDE, by="demo", now=now - BEGUN
        )
        held = company.positions.get(name=position) if position else None
        assigning.require(
            training, position=held, need=need, today=begun, by="demo", now=now - BEGUN
        )
    _require_a_course(company, begun, now)
    _do_some(company, random, queries.today(now), now)


def _require_a_course(company: Company, begun: date, now: datetime) -> None:
    """Require a course of the service of everybody, if there is one; it is due every year."""
    course = Course.objects.published().filter(needs_seat=False).order_by("slug").first()
    if course is None:
        return
    training = organising.add_training(
        company,
        title=course.title,
        kind=Training.Kind.COURSE,
        course=course,
        by="demo",
        now=now - BEGUN,
    )
    assigning.require(
        training, position=None, need=Need(30, 12), today=begun, by="demo", now=now - BEGUN
    )


def _tree(company: Company, tree: Sequence[tuple[str, tuple[str, ...]]]) -> list[Unit]:
    top = company.units.get(parent=None)
    made = []
    for name, parts in tree:
        place = add_unit(company, name, top)
        made += [place, *(add_unit(company, part, place) for part in parts)]
    return made


def _employ(
    company: Company,
    team: Sequence[Person],
    units: Sequence[Unit],
    random: Random,
    begun: date,
    now: datetime,
) -> None:
    positions = [Position(company=company, name=name) for name in _POSITIONS]
    Position.objects.bulk_create(positions)
    parts = [units[1], units[1], units[2], *units[4:]]
    made, numbers, posts = [], [], []
    for number, person in enumerate(team):
        days = 0 if number < 3 else 370 if number == 3 else random.randint(0, 370)
        since = begun + timedelta(days=days)
        one = Employment(company=company, person=person, started_on=since, created_at=now - BEGUN)
        made.append(one)
        numbers.append(StaffNumber(employment=one, company=company, value=f"{1001 + number}"))
        unit = units[1] if number < 2 else random.choice(parts)
        position = positions[0] if number < 2 else random.choice(positions)
        posts.append(Post(employment=one, unit=unit, position=position, starts_on=since))
    Employment.objects.bulk_create(made)
    StaffNumber.objects.bulk_create(numbers)
    Post.objects.bulk_create(posts)


def _do_some(company: Company, random: Random, today: date, now: datetime) -> None:
    """Let most people have done what is required of them, some of them long ago."""
    tasks = Assignment.objects.filter(employment__company=company, done_on=None)
    done = []
    for task in tasks.select_related("requirement", "training", "employment__person"):
        is_theirs = task.employment.person.family_name == EMPLOYEE
        goes_on = is_theirs and task.training.kind == Training.Kind.COURSE
        if random.random() < 0.15 or goes_on or today - task.since_on < FRESH:
            continue
        need = assigning.need_of(task.requirement)
        last = min(task.since_on + timedelta(days=random.randint(0, need.days)), today)
        while need.months and months_later(last, need.months) < today and random.random() < 0.8:
            last = months_later(last, need.months)
        done.append((task, last, ""))
    assigning.note_done(done, now=now)
