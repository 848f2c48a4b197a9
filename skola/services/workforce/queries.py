"""Reads of the workforce that more than one caller needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from skola.ground.audit.api import pseudonym
from skola.ground.db.together import counts
from skola.ground.files.api import text_digest
from skola.ground.people.api import Account, Person, ProfileChange
from skola.ground.tenants.api import current_id
from skola.promises.policy.api import in_force
from skola.services.courses.api import UnderWay, under_way
from skola.services.workforce.models import (
    Assignment,
    AssignmentQuerySet,
    Charge,
    Company,
    Employment,
    Post,
    PostQuerySet,
    StaffNumber,
    Unit,
)
from skola.services.workforce.rules.difference import BETWEEN, Known
from skola.services.workforce.rules.identifiers import LONGEST, Identifier, plain
from skola.services.workforce.rules.terms import SOON

OURS = "employer"
"""The source of people who came by an employer's list (ema-2.2)."""


def zone(now: datetime) -> ZoneInfo:
    """Return the time zone of the speaking tenant, in which its days are counted."""
    return ZoneInfo(in_force(now).policy.policy.timezone)


def today(now: datetime) -> date:
    """Return the tenant's day."""
    return now.astimezone(zone(now)).date()


def places_held(company: Company, paths: tuple[str, ...]) -> PostQuerySet:
    """Return the places that are held now in these units of a company and the units in them."""
    return Post.objects.held().filter(unit__company=company).under(paths)


def key_of(company: Company, said: str) -> str:
    """Return by what a company's identifier is found; nothing for what is none of its kind.

    A staff number is found as it is. What is sealed is found by a keyed digest, which differs from
    company to company: nobody sees who works for two of them.
    """
    kind = company.identifier
    value = plain(kind, said)
    if kind == Identifier.STAFF or not value:
        return value
    return text_digest(f"{company.pk} {kind} {value}", tenant=current_id())[:LONGEST]


def by_number(company: Company, said: Iterable[str]) -> dict[str, Employment]:
    """Return who works for a company now and is called one of these, by what was said."""
    keys = {one: key_of(company, one) for one in said}
    field = "value" if company.identifier == Identifier.STAFF else "digest"
    held = StaffNumber.objects.filter(company=company, employment__ended_on=None)
    found = held.filter(**{f"{field}__in": [key for key in keys.values() if key]})
    people = {one.key: one.employment for one in found.select_related("employment__person")}
    return {one: people[key] for one, key in keys.items() if key in people}


def unit_names(company: Company, within: tuple[str, ...] = ("",)) -> dict[UUID, str]:
    """Return the units of a company with their whole names, in the order of the tree.

    The top unit bears the company's name, which the others do not repeat. ``within`` are the paths
    of the units that are wanted, with the units in them.
    """
    units = {unit.pk: unit for unit in Unit.objects.filter(company=company)}
    top = next((key for key, unit in units.items() if unit.parent_id is None), None)
    named: dict[UUID, str] = {}

    def name_of(unit: Unit) -> str:
        if unit.pk not in named:
            above = "" if unit.parent_id in (None, top) else name_of(units[unit.parent_id])
            named[unit.pk] = f"{above}{BETWEEN}{unit.name}" if above else unit.name
        return named[unit.pk]

    for unit in units.values():
        name_of(unit)
    wanted = {key: name for key, name in named.items() if units[key].path.startswith(within)}
    return dict(sorted(wanted.items(), key=lambda pair: (pair[0] != top, pair[1])))


@dataclass(frozen=True)
class Given:
    """Something that is held of an employee, and who gave it: a company, or nobody but they."""

    word: str
    value: str
    company: str


def given(person: Person) -> list[Given]:
    """Return what is held of somebody who works for a client, with who gave each (ema-2.2).

    What the person changed themselves is theirs, whoever gave it first.
    """
    held = Employment.objects.filter(person=person, ended_on=None).order_by("started_on", "pk")
    jobs = list(held.select_related("company", "staff_number"))
    if not jobs:
        return []
    own = set(
        ProfileChange.objects.filter(person=person, by=pseudonym(person.pk)).values_list(
            "field", flat=True
        )
    )
    first = jobs[0].company.name if person.source == OURS else ""
    found = [
        Given(_(word), str(getattr(person, name)), "" if name in own else first)
        for name, word in _ABOUT.items()
        if getattr(person, name)
    ]
    for job in jobs:
        company = job.company.name
        found.append(Given(str(CALLED[job.company.identifier]), job.staff_number.shown, company))
        for post in Post.objects.held().filter(employment=job).select_related("unit", "position"):
            found.append(Given(_("Unit"), post.unit.name, company))
            found.append(Given(_("Position"), post.position.name, company))
    return found


CALLED: dict[str, Any] = {
    Identifier.STAFF: gettext_lazy("Staff number"),
    Identifier.BIRTH: gettext_lazy("Birth date"),
    Identifier.CODE: gettext_lazy("Personal code"),
}
"""By what a company knows its people, as pages name it."""

_ABOUT = {
    "given_name": gettext_noop("Given name"),
    "family_name": gettext_noop("Family name"),
    "email": gettext_noop("E-mail"),
    "phone": gettext_noop("Phone"),
}


@dataclass(frozen=True)
class Figures:
    """How many trainings of how many people stand how."""

    people: int
    overdue: int
    soon: int
    chosen: int = 0
    """How many of the people are shown."""


def figures(posts: PostQuerySet, day: date, chosen: PostQuerySet | None = None) -> Figures:
    """Count people, trainings overdue, trainings due within 30 days, and the chosen: one query."""
    soon = _open_at(posts).filter(due_on__range=(day, day + SOON))
    asked: list[QuerySet[Any]] = [posts, overdue_at(posts, day), soon]
    return Figures(*counts(asked if chosen is None else [*asked, chosen]))


def _open_at(posts: PostQuerySet) -> AssignmentQuerySet:
    return Assignment.objects.open().filter(employment__in=posts.values("employment"))


def overdue_at(posts: PostQuerySet, day: date) -> QuerySet[Assignment]:
    """Return the trainings overdue of the people at these places."""
    return _open_at(posts).filter(due_on__lt=day)


def with_trainings(posts: PostQuerySet) -> PostQuerySet:
    """Return places with person, number, unit, position and what is required, by family name."""
    required = Assignment.objects.open().select_related("training").order_by("training__title")
    return posts.select_related(
        "employment__person", "employment__staff_number", "unit", "position"
    ).prefetch_related(Prefetch("employment__assignments", required, to_attr="required"))


def assignments_of(employments: Iterable[Employment]) -> QuerySet[Assignment]:
    """Return what is required of people, what is due first on top, with what a sentence needs."""
    return (
        Assignment.objects.open()
        .filter(employment__in=employments)
        .select_related("training__course", "requirement__position", "employment__company")
        .order_by("due_on", "training__title")
    )


def waiting(day: date) -> QuerySet[Assignment]:
    """Return what waits for people who work there: to do, overdue, or due soon.

    They have an address or, without one, a phone (ema-2.1-contact).
    """
    open_ = Assignment.objects.open().filter(employment__ended_on=None)
    never = Q(done_on=None) | Q(done_on__lt=F("since_on"))
    reached = ~Q(employment__person__email="") | ~Q(employment__person__phone="")
    found = open_.filter(reached).filter(never | Q(due_on__lte=day + SOON))
    return found.select_related("training", "employment__person", "employment__company").order_by(
        "due_on", "training__title"
    )


def progress(assignments: Iterable[Assignment]) -> dict[UUID, UnderWay]:
    """Return by assignment how far people are in the courses that they have begun, in one query.

    Nothing is known of courses that are finished or not begun. The employer sees the same as the
    employee (ema-2.1.9): lessons that are done, in percent; no lesson, no answer, no result.
    """
    asked = [one for one in assignments if one.training.course_id is not None]
    if not asked:
        return {}
    found = under_way(
        {one.training.course_id for one in asked if one.training.course_id},
        {one.employment.person_id for one in asked},
    )
    pairs = {one.pk: (one.employment.person_id, one.training.course_id) for one in asked}
    return {key: found[pair] for key, pair in pairs.items() if pair in found}


def known_people(company: Company) -> dict[str, Known]:
    """Return whom a company knows, by number or its digest, in five queries for any number."""
    numbers = StaffNumber.objects.filter(company=company).select_related("employment__person")
    posts = Post.objects.filter(employment__company=company).select_related("position")
    held_last = F("ends_on").asc(nulls_last=True)
    latest = {post.employment_id: post for post in posts.order_by(held_last, "starts_on")}
    units = {key: tuple(name.split(BETWEEN)) for key, name in unit_names(company).items()}
    people = Employment.objects.filter(company=company).values("person")
    signing_in = set(Account.objects.filter(person__in=people).values_list("person_id", flat=True))
    elsewhere = set(
        Employment.objects.filter(person__in=people)
        .exclude(company=company)
        .values_list("person_id", flat=True)
    )
    found = {}
    for number in numbers:
        if not number.key:
            continue
        one, person = number.employment, number.employment.person
        post = latest[one.pk]
        found[number.key] = Known(
            number=number.key,
            given_name=person.given_name,
            family_name=person.family_name,
            email=person.email,
            phone=person.phone,
            unit=units[post.unit_id],
            position=post.position.name,
            employed=one.ended_on is None,
            signs_in=person.pk in signing_in,
            ours=person.source == OURS and person.pk not in elsewhere,
        )
    return found


def addresses_taken(company: Company, addresses: Iterable[str]) -> dict[str, Person]:
    """Return who signs in with one of these addresses, and is known to the company by no number."""
    known = StaffNumber.objects.filter(company=company).exclude(value="", digest="")
    ours = known.values("employment__person")
    accounts = Account.objects.filter(email__in=list(addresses)).exclude(person__in=ours)
    return {one.email: one.person for one in accounts.select_related("person")}


def instructors_of(employment: Employment, *, today: date) -> list[Person]:
    """Return who may brief somebody on a day: instructors of their unit and of those above it."""
    post = Post.objects.held().select_related("unit").filter(employment=employment).first()
    if post is None:
        return []
    charges = Charge.objects.on(today).filter(
        duty=Charge.Duty.INSTRUCTOR, unit__company=employment.company_id
    )
    found = charges.select_related("person", "unit")
    return [one.person for one in found if post.unit.path.startswith(one.unit.path)]
