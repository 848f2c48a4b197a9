"""What may be wrong with the data of pupils: each a task of their school (ekool-7.2)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from skola.ground.people.api import Guardianship
from skola.promises.policy.api import has, in_force
from skola.promises.quality.api import Check, Found, check, placed_by
from skola.services.pupils import queries, rules
from skola.services.school import api as school

GROWN_UP = 18


def _here(now: datetime) -> bool:
    return has("diary.school", now=now)


def _pupils(now: datetime) -> "QuerySet[school.Pupil]":
    """Those who are in a class today, with person and school."""
    today = school.today_here(now)
    running = Q(school_class__year__starts_on__lte=today, school_class__year__ends_on__gte=today)
    found = school.Pupil.objects.in_class_on(today).filter(running)
    return found.select_related("person", "school_class__year")


@placed_by
def schools_of(people: Iterable[UUID], now: datetime) -> dict[UUID, UUID]:
    """Return the school of each pupil, and of each guardian of one."""
    if not _here(now):
        return {}
    wanted = set(people)
    place = "school_class__year__school"
    found = dict(
        Guardianship.objects.filter(guardian__in=wanted, child__in=_pupils(now).values("person"))
        .order_by("pk")
        .values_list("guardian", "child")
    )
    at = dict(
        _pupils(now).filter(person__in=wanted | set(found.values())).values_list("person", place)
    )
    homes = {one: at[child] for one, child in found.items() if child in at}
    return homes | {key: where for key, where in at.items() if key in wanted}


def without_guardian(now: datetime) -> Iterator[Found]:
    """Return minors in a class for whom nobody proven stands."""
    today = school.today_here(now)
    limit = _years_before(today, GROWN_UP)
    standing = Guardianship.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now),
        child=OuterRef("person"),
        verified_at__isnull=False,
        starts_at__lte=now,
    )
    minors = Q(person__birth_on=None) | Q(person__birth_on__gt=limit)
    for one in _pupils(now).filter(minors).exclude(Exists(standing)):
        yield Found(one.person_id, place=one.school_class.year.school_id)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def invalid_codes(now: datetime) -> Iterator[Found]:
    """Return pupils whose national code cannot be one, by its length or check digit."""
    places = {one.person_id: one.school_class.year.school_id for one in _pupils(now)}
    country = in_force(now).policy.controller.country
    for person, code in queries.codes_of(places).items():
        if not rules.is_code(code, country):
            yield Found(person, said=rules.masked(code), place=places[person])


def without_contact(now: datetime) -> Iterator[Found]:
    """Return guardians of pupils whom nobody can reach."""
    links = Guardianship.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now),
        child__in=_pupils(now).values("person"),
        guardian__email="",
        guardian__phone="",
        guardian__account=None,
    )
    return (Found(key) for key in links.values_list("guardian", flat=True).distinct())


check(
    Check(
        "pupils.guardian",
        _("Pupil without a parent"),
        _("Ask the family who stands for the pupil, and link them in the register."),
        find=without_guardian,
        applies=_here,
    )
)
check(
    Check(
        "pupils.code",
        _("Invalid national code"),
        _("Look at the pupil's document, and enter the code anew in the register."),
        find=invalid_codes,
        applies=_here,
    )
)
check(
    Check(
        "pupils.contact",
        _("Parent without a contact"),
        _("Ask the parent for an address or phone, and enter it here."),
        find=without_contact,
        by_contact=True,
        applies=_here,
    )
)
