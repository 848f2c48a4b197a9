"""Two years of learning, drawn by chance: who took what, how far they came, and when."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.services.courses.models import Attempt, Course, Enrolment, Lesson, Progress
from skola.services.courses.rules import LessonKind

SHARE_WHO_LEARN = 0.75
SHARE_WHO_FINISH = 0.6
BATCH = 1_000


@dataclass(frozen=True)
class Known:
    """A course of the demo with its lessons in their order."""

    course: Course
    lessons: Sequence[Lesson]


def enrol_everybody(
    courses: Sequence[Known],
    people: Sequence[Person],
    chance: Random,
    now: datetime,
    *,
    purpose: str,
) -> None:
    """Let people take courses; the first of them is in the middle of one and has finished one."""
    enrolments: list[Enrolment] = []
    progress: list[Progress] = []

    def take(known: Known, person: Person, begun: datetime, share: float) -> None:
        if any(one.course is known.course and one.person is person for one in enrolments[-6:]):
            return
        enrolment = Enrolment(
            person=person,
            course=known.course,
            course_title=known.course.title,
            purpose=purpose,
            started_at=begun,
        )
        steps = _steps(enrolment, known.lessons, share, chance, now)
        if len(steps) == len(known.lessons) and all(step.done_at for step in steps):
            enrolment.finished_at = steps[-1].done_at
        enrolments.append(enrolment)
        progress.extend(steps)

    others = [known for known in courses if known.course.author != people[0]] or courses
    take(others[0], people[0], now - timedelta(days=12), 0.5)
    take(others[-1], people[0], now - timedelta(days=90), 1.0)
    for person in people[1:]:
        if chance.random() > SHARE_WHO_LEARN:
            continue
        for known in chance.sample(list(courses), k=min(len(courses), chance.choice((1, 1, 2, 3)))):
            begun = _some_day(person, known, chance, now)
            if begun is not None and known.course.author != person:
                take(known, person, begun, _share(chance))
    Enrolment.objects.bulk_create(enrolments, batch_size=BATCH)
    Progress.objects.bulk_create(progress, batch_size=BATCH)
    Attempt.objects.bulk_create(list(_attempts(progress, chance)), batch_size=BATCH)


def _attempts(progress: Sequence[Progress], chance: Random) -> Iterator[Attempt]:
    """The exercises that were done: the last time all of it was right, before that not always."""
    for step in progress:
        if step.lesson.kind != LessonKind.EXERCISE or step.done_at is None:
            continue
        right = [one.right for one in step.lesson.asked]
        tries = [right] if chance.random() < SHARE_WHO_FINISH else [[*right[:-1], 0], right]
        for number, answers in enumerate(tries):
            yield Attempt(
                enrolment=step.enrolment,
                lesson=step.lesson,
                title=step.lesson.title,
                answers=answers,
                right=sum(one == two for one, two in zip(answers, right, strict=True)),
                total=len(right),
                at=step.done_at - timedelta(minutes=3 * (len(tries) - number - 1)),
            )


def _share(chance: Random) -> float:
    return 1.0 if chance.random() < SHARE_WHO_FINISH else chance.random() * 0.9


def _some_day(person: Person, known: Known, chance: Random, now: datetime) -> datetime | None:
    published = known.course.published_at
    assert published is not None
    begin = max(person.created_at, published)
    room = now - begin
    if room < timedelta(hours=1):
        return None
    return begin + room * math.pow(chance.random(), 1.5)


def _steps(
    enrolment: Enrolment, lessons: Sequence[Lesson], share: float, chance: Random, now: datetime
) -> list[Progress]:
    """The lessons somebody came to, in order: all but perhaps the last one are done."""
    steps = []
    at = enrolment.started_at
    reached = max(1, round(len(lessons) * share))
    for lesson in lessons[:reached]:
        at += timedelta(minutes=chance.randint(4, 40), hours=chance.choice((0, 0, 0, 20, 48)))
        if at >= now:
            break
        done = share == 1.0 or lesson is not lessons[reached - 1]
        steps.append(
            Progress(
                enrolment=enrolment,
                lesson=lesson,
                first_at=at,
                last_at=at,
                done_at=at if done else None,
            )
        )
    return steps
