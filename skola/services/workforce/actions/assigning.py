"""What is required of whom follows from positions and requirements, and is put down in one go."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.retention.api import record_event
from skola.services.courses.api import Enrolment, NotOpenError, begin_again, enrol
from skola.services.workforce import queries
from skola.services.workforce.models import (
    Assignment,
    Company,
    Completion,
    Employment,
    Position,
    Post,
    Requirement,
    Training,
)
from skola.services.workforce.rules.terms import Cause, Need, due_on, since, strictest

BATCH = 2_000
FEW = 500
"""So many people are asked for by name; of more, the whole company is read and looked through.

For rows that the same transaction has made, the database knows no figures yet, and compares a long
list of names with each of them: 20,000 lines took minutes.
"""


class AlreadyRequiredError(Exception):
    """The same training is required of the same position already."""


class NotRequiredError(Exception):
    """The training is not required of this person any more."""


def need_of(requirement: Requirement) -> Need:
    """Return the rule in a requirement."""
    return Need(requirement.days, requirement.months)


@transaction.atomic
def require(
    training: Training,
    *,
    position: Position | None,
    need: Need,
    today: date,
    person: Person | None = None,
    by: str,
    now: datetime,
) -> Requirement:
    """Require a training of a position, or of everybody, from today on; tasks are assigned at once.

    ``person`` is who lays it down: it counts as their own act, not as one of those whom it
    concerns (ema-1.3, ema-2.6). Raises AlreadyRequiredError.
    """
    running = Requirement.objects.filter(training=training, ends_on=None)
    if running.filter(position=position).exists():
        raise AlreadyRequiredError(f"{training} is required of {position or 'everybody'} already.")
    made = Requirement.objects.create(
        training=training,
        position=position,
        days=need.days,
        months=need.months,
        starts_on=today,
    )
    count = assign(training.company, None, today=today, now=now)
    audit.record(
        "workforce.requirement.made", target=made, by=by, at=now, detail={"assigned": count}
    )
    if person is not None:
        record_event(person.pk, "task.assigned", at=now)
    return made


@transaction.atomic
def end_requirement(requirement: Requirement, *, today: date, by: str, now: datetime) -> None:
    """Require it no longer from today on. What was done stays on record."""
    Requirement.objects.filter(pk=requirement.pk, ends_on=None).update(ends_on=today)
    assign(requirement.training.company, None, today=today, now=now)
    audit.record("workforce.requirement.ended", target=requirement, by=by, at=now)


def effect(training_company: Company, position: Position | None) -> int:
    """Return how many people a new requirement would concern now."""
    posts = Post.objects.held().filter(employment__company=training_company)
    return posts.filter(position=position).count() if position else posts.count()


def assign(
    company: Company, employments: Iterable[Employment] | None, *, today: date, now: datetime
) -> int:
    """Bring the tasks of these people (None: of everybody) in line with what is required of them.

    Returns how many tasks are new. What is required still keeps its dates; a task that comes back
    counts what was done before. Queries do not depend on the number of people (ema-2.1-work).
    """
    chosen = None if employments is None else {one.pk for one in employments}
    if chosen is not None and not chosen:
        return 0
    posts = Post.objects.held().filter(employment__company=company)
    there = Assignment.objects.filter(employment__company=company)
    if chosen is not None and len(chosen) <= FEW:
        posts, there = posts.filter(employment__in=chosen), there.filter(employment__in=chosen)
    rules = list(
        Requirement.objects.filter(training__company=company, ends_on=None).select_related(
            "training"
        )
    )
    known = {
        (one.employment_id, one.training_id): one
        for one in there
        if chosen is None or one.employment_id in chosen
    }
    wanted: set[tuple[UUID, UUID]] = set()
    fresh, changed = [], []
    for post in posts.select_related("employment"):
        if chosen is not None and post.employment_id not in chosen:
            continue
        for training, rule in _needed(post, rules).items():
            key = (post.employment_id, training)
            wanted.add(key)
            one = known.get(key)
            if one is None:
                fresh.append(_assigned(post, rule, now))
            elif one.ended_on is not None or one.requirement_id != rule.pk:
                one.requirement, one.ended_on = rule, None
                one.due_on = due_on(need_of(rule), since_on=one.since_on, done_on=one.done_on)
                changed.append(one)
    for key, one in known.items():
        if key not in wanted and one.ended_on is None:
            one.ended_on = today
            changed.append(one)
    Assignment.objects.bulk_create(fresh, batch_size=BATCH)
    fields = ["requirement", "ended_on", "due_on"]
    Assignment.objects.bulk_update(changed, fields, batch_size=BATCH)
    return len(fresh)


def _needed(post: Post, rules: Iterable[Requirement]) -> dict[UUID, Requirement]:
    found: dict[UUID, list[tuple[Need, Requirement]]] = defaultdict(list)
    for rule in rules:
        if rule.position_id in (None, post.position_id):
            found[rule.training_id].append((need_of(rule), rule))
    return {training: strictest(needs) for training, needs in found.items()}


def _assigned(post: Post, rule: Requirement, now: datetime) -> Assignment:
    cause, day = since(
        everybody=rule.position_id is None,
        held_since=post.starts_on,
        hired_on=post.employment.started_on,
        required_since=rule.starts_on,
    )
    return Assignment(
        employment_id=post.employment_id,
        training_id=rule.training_id,
        requirement=rule,
        cause=cause,
        since_on=day,
        due_on=due_on(need_of(rule), since_on=day, done_on=None),
        assigned_at=now,
    )


@transaction.atomic
def complete(
    assignment: Assignment, *, done_on: date, evidence: str = "", by: str, now: datetime
) -> Completion:
    """Put down that a training was done; the next due date follows from it (ema-2.1.9).

    A day before an earlier one is kept as history and moves nothing. Raises NotRequiredError.
    """
    held = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if held.ended_on is not None:
        raise NotRequiredError(f"{held} ended on {held.ended_on}.")
    done, _ = Completion.objects.get_or_create(
        assignment=held, done_on=done_on, defaults={"evidence": evidence, "noted_at": now}
    )
    if held.done_on is None or done_on >= held.done_on:
        held.done_on = done_on
        held.due_on = due_on(
            need_of(held.requirement), since_on=held.since_on, done_on=held.done_on
        )
        held.save(update_fields=["done_on", "due_on"])
    audit.record(
        "workforce.training.done",
        target=held,
        subject=held.employment.person_id,
        by=by,
        at=now,
        clause="ema-2.1.9",
    )
    return done


@transaction.atomic
def ask_again(training: Training, *, today: date, by: str, now: datetime) -> int:
    """Require a training anew of everybody who did it before: its text changed. Returns how many.

    Who has it still to do, has it to do by the same day as before.
    """
    done = Assignment.objects.open().filter(training=training, done_on__isnull=False)
    asked = []
    for one in done.select_related("requirement"):
        one.cause, one.since_on = Cause.EDITION, today
        soon = due_on(need_of(one.requirement), since_on=today, done_on=None)
        one.due_on = min((day for day in (one.due_on, soon) if day is not None), default=soon)
        if one.done_on == today:
            one.done_on = None
        asked.append(one)
    fields = ["cause", "since_on", "due_on", "done_on"]
    Assignment.objects.bulk_update(asked, fields, batch_size=BATCH)
    audit.record(
        "workforce.training.asked_again",
        target=training,
        by=by,
        at=now,
        detail={"people": len(asked)},
    )
    return len(asked)


class NoSeatError(Exception):
    """A course that is taken with a seat of a licence only, and this person holds none."""


@transaction.atomic
def take_course(assignment: Assignment, *, by: str, now: datetime) -> None:
    """Let somebody begin the course that is required of them, or begin it anew.

    Raises NotRequiredError where there is no such course any more, NoSeatError where a seat is
    needed. Source: ema-2.1.9.
    """
    course, person = assignment.training.course, assignment.employment.person
    if assignment.ended_on is not None or course is None:
        raise NotRequiredError(f"{assignment} asks for no course.")
    held = Enrolment.objects.filter(course=course, person=person).first()
    if held is None or held.is_locked(now):
        try:
            held = enrol(course, person, by=by, now=now)
        except NotOpenError as closed:
            raise NoSeatError(str(closed)) from closed
    begin_again(held, by=by, now=now)


def note_course(enrolment: Enrolment, by: str, now: datetime) -> None:
    """Put down for every employer who requires it that somebody finished a course today."""
    asking = Assignment.objects.open().filter(
        training__kind=Training.Kind.COURSE,
        training__course=enrolment.course_id,
        employment__person=enrolment.person_id,
        employment__ended_on=None,
    )
    for task in asking:
        complete(task, done_on=queries.today(now), by=by, now=now)


def note_done(done: Iterable[tuple[Assignment, date, str]], *, now: datetime) -> None:
    """Put down many trainings that were done: task, day, evidence. For imports and the demo."""
    tasks, completions = [], []
    for task, day, evidence in done:
        task.done_on = day
        task.due_on = due_on(need_of(task.requirement), since_on=task.since_on, done_on=day)
        tasks.append(task)
        completions.append(
            Completion(assignment=task, done_on=day, evidence=evidence, noted_at=now)
        )
    Assignment.objects.bulk_update(tasks, ["done_on", "due_on"], batch_size=BATCH)
    Completion.objects.bulk_create(completions, batch_size=BATCH)
