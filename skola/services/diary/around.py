"""Whom somebody has to do with at school: who may write to whom (ekool-1.1, ekool-1.4).

Pupils and their guardians have to do with who teaches them; teachers with their pupils, those
guardians and each other; who administers a school with everybody at it. Pupils among each other
and parents among each other are not told of: the school's posts are for that.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from skola.ground.people.api import MOST_NEAR as MOST
from skola.ground.people.api import Guardianship, Near, Person, Role, Sought
from skola.services.diary.queries import places_for, sees
from skola.services.school import api as school

WRITES = "message"
"""The power by which a guardian writes to those who teach the child, and they to the guardian."""


def people_around(person: Person, now: datetime, sought: Sought) -> Iterator[Near]:
    """Yield whom ``person`` has to do with at school; the database is asked as far as one reads."""
    mine = school.SchoolClass.objects
    run = mine.run_by(person, now) | mine.led_by(person, now)
    taught = mine.filter(groups__in=school.Group.objects.taught_by(person, now).values("pk"))
    classes = mine.filter(Q(pk__in=run.values("pk")) | Q(pk__in=taught.values("pk")))
    told = list(classes.values_list("pk", "year__school_id", "year__starts_on", "year__ends_on"))
    if told:
        yield from _for_staff(person, told, now, sought)
    yield from _for_family(person, now, sought)


def _for_family(person: Person, now: datetime, sought: Sought) -> Iterator[Near]:
    places = [one for one in places_for(person, now) if one.is_own or WRITES in one.powers]
    if not places:
        return
    classes = {one.pupil.school_class_id for one in places}
    groups = {
        one.pk: one
        for one in school.Group.objects.filter(school_class__in=classes).select_related("subject")
    }
    for role in _staff(Q(scope_id__in=classes) | Q(scope_id__in=groups), now, sought):
        for one in places:
            child = "" if one.is_own else one.pupil.person.name
            group = groups.get(role.scope_id) if role.scope_id else None
            if group is not None and group.school_class_id == one.pupil.school_class_id:
                yield Near(role.person, _of_child(group.subject.name, child))
            elif role.scope_id == one.pupil.school_class_id:
                yield Near(role.person, _of_child(_("form teacher"), child))


def _of_child(what: str, child: str) -> str:
    return _("%(what)s of %(child)s") % {"what": what, "child": child} if child else what


def _for_staff(
    person: Person,
    classes: Iterable[tuple[UUID, UUID, date, date]],
    now: datetime,
    sought: Sought,
) -> Iterator[Near]:
    today = school.today_here(now)
    mine = {pk for pk, _school, first, last in classes if first <= today <= last}
    schools = {there for _pk, there, _first, _last in classes}
    yield from _pupils(mine, today, sought)
    yield from _guardians(mine, today, now, sought)
    yield from _colleagues(person, schools, now, sought)


def _pupils(classes: set[UUID], today: date, sought: Sought) -> Iterator[Near]:
    found = school.Pupil.objects.filter(sought.among("person"), school_class__in=classes)
    for one in found.in_class_on(today).by_name().select_related("school_class")[:MOST]:
        yield Near(one.person, _("pupil of %(where)s") % {"where": one.school_class.name})


def _guardians(classes: set[UUID], today: date, now: datetime, sought: Sought) -> Iterator[Near]:
    theirs = school.Pupil.objects.filter(school_class__in=classes).in_class_on(today)
    running = Q(ends_at=None) | Q(ends_at__gt=now)
    links = Guardianship.objects.filter(
        running,
        sought.among("guardian"),
        child__in=theirs.values("person_id"),
        verified_at__isnull=False,
        starts_at__lte=now,
        powers__contains=["see", WRITES],
    )
    ordered = links.select_related("guardian", "child").order_by(
        "guardian__family_name", "guardian__given_name", "pk"
    )
    for link in ordered[:MOST]:
        if sees(link, now):
            yield Near(link.guardian, _("guardian of %(child)s") % {"child": link.child.name})


def _colleagues(
    person: Person, schools: set[UUID], now: datetime, sought: Sought
) -> Iterator[Near]:
    classes = school.SchoolClass.objects.filter(year__school__in=schools)
    groups = school.Group.objects.filter(school_class__year__school__in=schools)
    there = (
        Q(scope=school.SCHOOL, scope_id__in=schools)
        | Q(scope=school.CLASS, scope_id__in=classes.values("pk"))
        | Q(scope=school.GROUP, scope_id__in=groups.values("pk"))
    )
    for role in _staff(there, now, sought):
        if role.person_id != person.pk:
            runs = role.kind == Role.Kind.SCHOOL
            yield Near(role.person, _("administers the school") if runs else _("teaches here"))


def _staff(about: Q, now: datetime, sought: Sought) -> Iterable[Role]:
    kinds = (Role.Kind.TEACHER, Role.Kind.SCHOOL)
    held = Role.objects.filter(about, sought.among("person"), kind__in=kinds).held_at(now)
    ordered = held.select_related("person").order_by(
        "person__family_name", "person__given_name", "pk"
    )
    return ordered[: MOST * 4]
