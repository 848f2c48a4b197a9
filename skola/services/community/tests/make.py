"""Makers of posts for tests."""

from collections.abc import Iterable
from datetime import datetime

from skola.ground.people.models import Person
from skola.services.community import actions
from skola.services.community.models import Feed, Post
from skola.services.school.models import Group, School, SchoolClass
from skola.services.school.tests.make import A_DAY


def feed(
    where: School,
    *,
    school_class: SchoolClass | None = None,
    group: Group | None = None,
    name: str = "News",
    readers: Iterable[str] = ("pupils", "parents", "staff"),
    writers: Iterable[str] = ("staff",),
    at: datetime = A_DAY,
) -> Feed:
    """A place for posts; of the whole school unless it is said otherwise."""
    return actions.open_feed(
        where,
        school_class=school_class,
        group=group,
        name=name,
        readers=readers,
        writers=writers,
        by="school",
        now=at,
    )


def post(where: Feed, author: Person, title: str = "A trip", *, at: datetime = A_DAY) -> Post:
    """A post."""
    return actions.write_post(
        where, author=author, title=title, body="We meet at nine.", by="teacher", now=at
    )
