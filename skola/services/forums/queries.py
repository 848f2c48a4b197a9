"""Reads of forums: what a visitor is to them, what is there for them, and what was reported."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Max, Min, Q, QuerySet, Value
from django.urls import reverse

from skola.ground.people.api import Person
from skola.promises.policy.api import has, in_force
from skola.services.courses import api as courses
from skola.services.courses.api import Said
from skola.services.forums.models import Byline, Forum, Post, Report, WrittenQuerySet
from skola.services.forums.rules import Kind, Reads, Visitor

OPEN, OF_COURSES = "forums.open", "forums.courses"
CAPABILITIES = (OPEN, OF_COURSES)
RUNNING = ("administrator", "support")
"""Who opens and moderates every forum."""
BLOGGING = (*RUNNING, "author", "instructor")
"""Who writes in blogs."""


def is_there(now: datetime) -> bool:
    """Whether the policy in force has forums of any kind."""
    return any(has(one, now=now) for one in CAPABILITIES)


def visitor_of(person: Person | None, kinds: frozenset[str], now: datetime) -> Visitor:
    """Return what somebody is to forums; their courses are asked for in one query."""
    if not person:
        return Visitor()
    takes, makes = _courses_of(person, now) if has(OF_COURSES, now=now) else (set(), set())
    return Visitor(
        is_known=True,
        takes=frozenset(takes),
        makes=frozenset(makes),
        runs=not kinds.isdisjoint(RUNNING),
        blogs=not kinds.isdisjoint(BLOGGING),
    )


def _courses_of(person: Person, now: datetime) -> tuple[set[UUID], set[UUID]]:
    taken = courses.Enrolment.objects.open_at(now).filter(person=person, course__isnull=False)
    made = courses.Course.objects.filter(author=person)
    found = taken.values_list("course", Value(value=False)).union(
        made.values_list("pk", Value(value=True)), all=True
    )
    takes: set[UUID] = set()
    makes: set[UUID] = set()
    for course, is_own in found:
        (makes if is_own else takes).add(course)
    return takes, makes


def _offered(now: datetime) -> Q:
    """Return the condition for a forum of a kind that the policy has a purpose for."""
    found = Q(pk=None)
    if has(OPEN, now=now):
        found |= Q(course=None)
    if has(OF_COURSES, now=now):
        found |= Q(course__isnull=False)
    return found


def forums_for(visitor: Visitor, now: datetime) -> QuerySet[Forum]:
    """Return the forums that a visitor may read, as ``rules.may_read``; others do not exist."""
    reads = Q(reads=Reads.EVERYBODY)
    if visitor.is_known:
        reads |= Q(reads=Reads.SIGNED_IN)
    reads |= Q(course__isnull=False) if visitor.runs else Q(course__in=_near(visitor))
    return Forum.objects.filter(_offered(now), reads).select_related("course")


def _near(visitor: Visitor) -> frozenset[UUID]:
    return visitor.takes | visitor.makes


def beside_course(course: courses.Course, person: Person | None, now: datetime) -> list[Said]:
    """Return the forums of a course by name, for who takes or makes it (ilearn-11.b)."""
    if not person or not has(OF_COURSES, now=now):
        return []
    visitor = visitor_of(person, frozenset(), now)
    found = forums_for(visitor, now).filter(course=course).order_by("kind", "name")
    return [Said(one.name, reverse("forums:forum", args=[one.pk]), "messages") for one in found]


def forums_run_by(visitor: Visitor, now: datetime) -> QuerySet[Forum]:
    """Return the forums that a visitor sets up and moderates, as ``rules.moderates``."""
    found = Forum.objects.filter(_offered(now)).select_related("course")
    return found if visitor.runs else found.filter(course__in=visitor.makes)


def with_counts(forums: QuerySet[Forum]) -> QuerySet[Forum]:
    """Add how much stands in each, and since when nothing was added; in the order of a list."""
    shown = Q(posts__hidden_at=None)
    return forums.annotate(
        post_count=Count("posts", filter=shown), last_at=Max("posts__written_at", filter=shown)
    ).order_by(F("course__title").asc(nulls_first=True), "kind", "name")


def has_public(now: datetime) -> bool:
    """Whether anything here is meant for everybody, search engines too (learnifier-6.b)."""
    return Forum.objects.filter(_offered(now), reads=Reads.EVERYBODY).exists()


# ---- posts ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One topic in the list of its forum."""

    topic: UUID
    first: Post | None
    """None where it is gone, or hidden from this reader; the answers are there."""
    answers: int
    last_at: datetime


def topics_in(
    forum: Forum, person: UUID | None, *, moderates: bool, skip: int, most: int
) -> list[Line]:
    """Return topics with what is shown of them, the latest first, in two queries.

    A blog lists what it tells, in the order in which it was told; a comment moves nothing.
    """
    shown = Post.objects.filter(forum=forum).for_reader(person, moderates=moderates)
    grouped = shown.values("topic").annotate(
        count=Count("pk"), last=Max("written_at"), first=Min("written_at")
    )
    if forum.kind == Kind.BLOG:
        grouped = grouped.filter(topic__in=shown.filter(pk=F("topic")).values("topic"))
    order = "-first" if forum.kind == Kind.BLOG else "-last"
    rows = list(grouped.order_by(order, "topic")[skip : skip + most])
    firsts = {one.pk: one for one in shown.filter(pk__in=[each["topic"] for each in rows]).named()}
    return [
        Line(
            topic=each["topic"],
            first=firsts.get(each["topic"]),
            answers=each["count"] - (each["topic"] in firsts),
            last_at=each["last"],
        )
        for each in rows
    ]


def posts_of(
    topic: UUID, person: UUID | None, *, moderates: bool, skip: int, most: int
) -> list[Post]:
    """Return what is shown of a topic, in order, with names and what this reader reported."""
    shown = Post.objects.filter(topic=topic).for_reader(person, moderates=moderates)
    found = shown.named().reported_by(person).order_by("written_at", "pk")
    return list(found[skip : skip + most])


def latest_in(forum: Forum, person: UUID | None, *, moderates: bool, most: int) -> list[Post]:
    """Return the latest lines of a chat room, oldest on top."""
    shown = Post.objects.filter(forum=forum).for_reader(person, moderates=moderates)
    found = shown.named().reported_by(person).order_by("-written_at", "-pk")[:most]
    return list(reversed(found))


def posts_by(person: Person) -> QuerySet[Post]:
    """Return what somebody wrote, the latest first, hidden or not."""
    found = Post.objects.filter(author=person).select_related("forum")
    return found.order_by("-written_at", "-pk")


def byline_of(person: Person) -> str:
    """Return the name that somebody chose, empty before they have."""
    return Byline.objects.filter(person=person).values_list("name", flat=True).first() or ""


# ---- moderation ----------------------------------------------------------------------------------


def waiting_for(visitor: Visitor, person: Person, now: datetime) -> WrittenQuerySet:
    """Return posts with reports to decide on; nobody decides on their own."""
    mine = Post.objects.filter(forum__in=forums_run_by(visitor, now)).exclude(author=person)
    undecided = Report.objects.filter(decided_at=None, post__isnull=False)
    return mine.filter(pk__in=undecided.values("post"), hidden_at=None)


def hidden_for(visitor: Visitor, now: datetime) -> WrittenQuerySet:
    """Return the posts that were hidden in the forums somebody moderates, the latest first."""
    mine = Post.objects.filter(forum__in=forums_run_by(visitor, now), hidden_at__isnull=False)
    return mine.named().select_related("forum").order_by("-hidden_at", "-pk")


def support_address(now: datetime) -> str:
    """Return where to write about a post that was hidden."""
    policy = in_force(now).policy
    kinds = {one.kind: one.email for one in policy.contact if one.email}
    return kinds.get("support") or policy.controller.email
