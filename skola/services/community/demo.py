"""Posts, invented: what a school, its classes and its subjects tell, over the last weeks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from skola.ground.people.api import Person, Role
from skola.promises.policy.api import has
from skola.services.community.models import Feed, Post
from skola.services.community.rules import Side
from skola.services.school import api as school

ALL, FAMILY = tuple(Side), (Side.PARENTS, Side.STAFF)
_SCHOOL = (
    ("Koolivaheaeg", "Viimasel koolipäeval lõpevad tunnid pärast neljandat tundi."),
    ("Talvekontsert", "Kontsert on aulas kell 18. Kõik on oodatud, istekohti jätkub."),
    ("Raamatukogu", "Raamatukogu on reedel suletud. Laenutatud raamatud võib tuua esmaspäeval."),
)
_CLASS = (
    ("Väljasõit muuseumisse", "Buss väljub kell 9 kooli eest. Kaasa soojad riided ja võileib."),
    ("Lastevanemate koosolek", "Koosolek on teisipäeval kell 18 klassiruumis."),
)
_STAFF = (("Õppenõukogu", "Õppenõukogu on kolmapäeval kell 15 õpetajate toas."),)
_GROUP = (("Kontrolltöö kordamine", "Kordamisülesanded on õpiku lõpus, lahendused saadan reedel."),)


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Fill the places for posts of the schools of the speaking tenant, as far as there are any."""
    if not (has("community.boards", now=now) and has("diary.school", now=now)):
        return
    today = school.today_here(now)
    classes = list(school.classes_of_today(school.SchoolClass.objects.all(), today))
    if not classes:
        return
    where = classes[0].year.school
    head = _holder(Role.Kind.SCHOOL, where.pk, now)
    began = now - timedelta(days=90)
    feeds: list[tuple[Feed, Person | None, Sequence[tuple[str, str]]]] = [
        (_feed(where, "Kooli teated", ALL, (Side.STAFF,), began), head, _SCHOOL),
        (_feed(where, "Õpetajate tuba", (Side.STAFF,), (Side.STAFF,), began), head, _STAFF),
    ]
    for one in classes:
        leader = _holder(Role.Kind.TEACHER, one.pk, now)
        told = _feed(where, "Klassi teated", ALL, (Side.STAFF, Side.PARENTS), began, one)
        feeds.append((told, leader, _CLASS))
    group = school.Group.objects.filter(school_class=classes[0]).order_by("subject__name").last()
    if group is not None:
        subject = _feed(
            where, "Kordamine", (Side.PUPILS, Side.STAFF), (Side.STAFF,), began, classes[0], group
        )
        feeds.append((subject, _holder(Role.Kind.TEACHER, group.pk, now), _GROUP))
    Feed.objects.bulk_create(feed for feed, _author, _texts in feeds)
    Post.objects.bulk_create(
        Post(
            feed=feed,
            author=author,
            title=title,
            body=body,
            readers=feed.readers,
            created_at=now - timedelta(days=2 + 9 * place + random.randint(0, 5), hours=3),
        )
        for feed, author, texts in feeds
        if author is not None
        for place, (title, body) in enumerate(texts)
    )


def _holder(kind: str, about: UUID, now: datetime) -> Person | None:
    held = Role.objects.filter(kind=kind, scope_id=about).held_at(now).select_related("person")
    found = held.order_by("starts_at", "pk").first()
    return found.person if found is not None else None


def _feed(
    where: school.School,
    name: str,
    readers: Sequence[Side],
    writers: Sequence[Side],
    began: datetime,
    school_class: school.SchoolClass | None = None,
    group: school.Group | None = None,
) -> Feed:
    return Feed(
        school=where,
        school_class=school_class,
        group=group,
        name=name,
        readers=[one.value for one in readers],
        writers=[one.value for one in writers],
        created_at=began,
    )
