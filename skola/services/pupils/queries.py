"""Reads about pupils as persons, each for whom it is for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from skola.ground.files.api import open_text
from skola.ground.people.api import Guardianship, Person, ProfileChange
from skola.ground.tenants.api import current_id
from skola.services.diary import api as diary
from skola.services.pupils import rules
from skola.services.pupils.models import ContactSight, NationalCode
from skola.services.school import api as school


@dataclass(frozen=True)
class Link:
    """Somebody whose contacts the visitor may change, and as what."""

    person: Person
    source: str
    """``subject`` for one's own, ``guardian`` for a child's."""


def changes_contacts_of(visitor: Person, pk: UUID, now: datetime) -> Link | None:
    """Return somebody whose contacts ``visitor`` may change: their own, or a child's they see."""
    if visitor.pk == pk:
        return Link(visitor, "subject")
    for one in diary.places_for(visitor, now):
        if one.pupil.person_id == pk:
            return Link(one.pupil.person, "guardian")
    return None


def history_of(person: Person) -> list[ProfileChange]:
    """Return how somebody's contacts changed, newest first, with who changed them."""
    found = ProfileChange.objects.filter(person=person).select_related("author")
    return list(found.order_by("-changed_at", "-pk")[:50])


def sources_of(person: Person, history: Sequence[ProfileChange]) -> dict[str, tuple[str, str]]:
    """Return from whom each contact is, and the ground of a third party (ekool-4.1)."""
    whole = next((one for one in history if not one.field), None)
    first = (person.source, whole.ground if whole else "")
    found = {}
    for name in rules.CONTACTS:
        latest = [one for one in history if one.field == name and one.taken_back_at is None]
        found[name] = (latest[0].source, latest[0].ground) if latest else first
    return found


def code_of(person: UUID) -> str:
    """Return somebody's national code; empty where none is held."""
    return codes_of([person]).get(person, "")


def codes_of(people: Iterable[UUID]) -> dict[UUID, str]:
    """Return the national codes of people, opened; one query."""
    tenant = current_id()
    return {
        one.person_id: open_text(bytes(one.sealed), tenant=tenant, row=one.pk)
        for one in NationalCode.objects.filter(person__in=set(people))
    }


def read_for(where: school.School, purpose: str, on: date) -> list[dict[str, str]]:
    """Return the pupils of a school on a day with the fields that a purpose needs, and no other."""
    wanted = rules.FIELDS[purpose]
    found = list(
        school.Pupil.objects.filter(school_class__year__school=where)
        .in_class_on(on)
        .filter(school_class__year__starts_on__lte=on, school_class__year__ends_on__gte=on)
        .select_related("person", "school_class")
        .order_by("school_class__grade", "school_class__name", "person__family_name", "pk")
    )
    codes = codes_of(one.person_id for one in found) if "code" in wanted else {}
    return [rules.only_needed(_values(one, codes), purpose) for one in found]


def _values(one: school.Pupil, codes: Mapping[UUID, str]) -> dict[str, str]:
    person = one.person
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "birth_on": person.birth_on.isoformat() if person.birth_on else "",
        "code": codes.get(person.pk, ""),
        "class": one.school_class.name,
        "email": person.email,
        "phone": person.phone,
        "address": person.address,
    }


@dataclass(frozen=True)
class Contact:
    """A line of a class's list: somebody, as what, with what the reader may see."""

    person: Person
    child: Person
    is_pupil: bool
    phone: str
    email: str


def contacts_in(
    school_class: UUID, on: date, now: datetime, *, is_leader: bool
) -> list[tuple[Person, list[Contact]]]:
    """Return the pupils of a class, each with guardians, in three queries.

    The form teacher sees every phone and address, the class what somebody opened to it
    (ekool-3.1.2).
    """
    pupils = [one.person for one in school.pupils_of(school_class, on)]
    running = Q(ends_at=None) | Q(ends_at__gt=now)
    links = list(
        Guardianship.objects.filter(
            running,
            child__in=pupils,
            verified_at__isnull=False,
            starts_at__lte=now,
            powers__contains=["see"],
        )
        .select_related("guardian", "child")
        .order_by("guardian__family_name", "guardian__given_name", "pk")
    )
    links = [one for one in links if diary.sees(one, now)]
    shown = {one.pk for one in pupils} | {one.guardian_id for one in links}
    sights = {one.person_id: one for one in ContactSight.objects.filter(person__in=shown)}
    found = []
    for child in pupils:
        mine = [(child, True)]
        mine += [(one.guardian, False) for one in links if one.child_id == child.pk]
        there = [
            Contact(
                who,
                child,
                is_pupil,
                *_shown(who, sights.get(who.pk), is_leader=is_leader),
            )
            for who, is_pupil in mine
        ]
        found.append((child, there))
    return found


def _shown(who: Person, sight: ContactSight | None, *, is_leader: bool) -> tuple[str, str]:
    opened = rules.Audience.CLASS
    phone = is_leader or (sight is not None and sight.phone_for == opened)
    email = is_leader or (sight is not None and sight.email_for == opened)
    return who.phone if phone else "", who.email if email else ""
