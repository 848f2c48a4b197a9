"""Reads of posts: where somebody belongs, and what they may read there."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from skola.ground.people.api import Person, Role
from skola.services.community import rules
from skola.services.community.models import Feed, Post
from skola.services.community.rules import Belongs, Hats, Side
from skola.services.diary import api as diary
from skola.services.school import api as school


def hats_of(person: Person, now: datetime) -> Hats:
    """Return where somebody belongs as a pupil, a parent and staff, in three queries.

    A parent belongs where a child is whose diary they see: not before the school confirmed the
    link, and no longer than it runs.
    """
    places = diary.places_for(person, now)
    roles = _roles(person, now)
    return Hats(
        {
            Side.PUPILS: _learning(one for one in places if one.is_own),
            Side.PARENTS: _learning(one for one in places if not one.is_own),
            Side.STAFF: _working(roles),
        },
        runs=frozenset(roles.get(school.SCHOOL, ())),
    )


def _learning(places: Iterable[school.Place]) -> Belongs:
    classes = [one.pupil.school_class for one in places]
    return Belongs(
        schools=frozenset(one.year.school_id for one in classes),
        classes=frozenset(one.pk for one in classes),
    )


def _roles(person: Person, now: datetime) -> dict[str, set[UUID]]:
    """Return what somebody holds a role at a school for, by its scope."""
    kinds = (Role.Kind.TEACHER, Role.Kind.SCHOOL)
    held = Role.objects.filter(person=person, kind__in=kinds).held_at(now)
    roles: dict[str, set[UUID]] = {}
    for scope, about in held.values_list("scope", "scope_id"):
        if about is not None:
            roles.setdefault(scope, set()).add(about)
    return roles


def _working(roles: dict[str, set[UUID]]) -> Belongs:
    if not roles:
        return Belongs()
    runs, leads = roles.get(school.SCHOOL, set()), roles.get(school.CLASS, set())
    teaches = roles.get(school.GROUP, set())
    theirs = Q(year__school__in=runs) | Q(pk__in=leads) | Q(groups__in=teaches)
    rows = list(
        school.SchoolClass.objects.filter(theirs)
        .values_list("pk", "year__school_id", "groups")
        .distinct()
    )
    return Belongs(
        schools=frozenset(runs | {there for _class, there, _group in rows}),
        classes=frozenset(one for one, there, _group in rows if one in leads or there in runs),
        taught=frozenset(one for one, _there, group in rows if group in teaches),
        groups=frozenset(teaches),
    )


def _among(hats: Hats, field: str, of: str = "") -> Q:
    """Return the condition for being among the sides in ``field`` of a place, as ``rules.may``."""
    found = Q(pk=None)
    for side, there in hats.sides.items():
        place = Q(**{f"{of}group__in": there.groups}) | Q(
            **{f"{of}school_class__in": there.classes}
        )
        place |= Q(**{f"{of}group": None, f"{of}school_class__in": there.taught})
        place |= Q(**{f"{of}school_class": None, f"{of}school__in": there.schools})
        found |= Q(**{f"{field}__contains": [side.value]}) & place
    return found


def feeds_for(hats: Hats) -> QuerySet[Feed]:
    """Return the places in which somebody reads or writes now."""
    return _said(Feed.objects.filter(_among(hats, "readers") | _among(hats, "writers")))


def _said(feeds: QuerySet[Feed]) -> QuerySet[Feed]:
    return feeds.select_related("school", "school_class", "group__subject").order_by(
        "school__name", "school_class__name", "group__subject__name", "name"
    )


def feeds_of(where: school.School) -> QuerySet[Feed]:
    """Return the places of a school, for who sets them up."""
    return _said(Feed.objects.filter(school=where))


def posts_for(person: Person, hats: Hats) -> QuerySet[Post]:
    """Return what somebody may read, newest first: what was for them when written, and their own.

    Everything else does not exist for them (ekool-8.5-posts).
    """
    found = Post.objects.filter(_among(hats, "readers", of="feed__") | Q(author=person))
    return found.select_related(
        "author", "feed__school", "feed__school_class", "feed__group__subject"
    ).order_by("-created_at", "pk")


def writes_in(hats: Hats, feed: Feed) -> bool:
    """Whether somebody may post in a place."""
    return rules.may(hats, feed.place, feed.writers)
