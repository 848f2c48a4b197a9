"""Runs, and who takes part in them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.jobs import api as jobs
from skola.ground.people.api import Account, Person
from skola.services.courses.api import Course, Enrolment, NotOpenError, enrol_all, how_far
from skola.services.runs import queries
from skola.services.runs.models import MailRule, Participant, Run, RunLink, RunList
from skola.services.runs.rules import Preview, Row, preview

SEND = "runs.send_mails"
BATCH = 1_000
CLIENT = "client"
"""Where what is known of somebody came from: the organisation that put them down."""


class OtherPreviewError(Exception):
    """What was confirmed is not what would be changed now; nothing was changed."""


class ClosedError(Exception):
    """Nobody puts themselves down by this link any more, or the password is another one."""


@transaction.atomic
def make_run(
    *, title: str, course: Course, starts_on: date, ends_on: date, site: str, by: str, now: datetime
) -> Run:
    """Make a run of a published course, with an invitation and a reminder a week before the end."""
    run = Run.objects.create(
        title=title, course=course, starts_on=starts_on, ends_on=ends_on, site=site, created_at=now
    )
    RunLink.objects.create(run=run)
    MailRule.objects.create(run=run, kind=MailRule.Kind.INVITATION, since_at=now)
    MailRule.objects.create(run=run, kind=MailRule.Kind.REMINDER, days=7, since_at=now)
    audit.record("runs.run.made", target=run, by=by, at=now)
    return run


@transaction.atomic
def change_run(
    run: Run, *, title: str, starts_on: date, ends_on: date, by: str, now: datetime
) -> None:
    """Give a run another name or other days; reminders follow the new last day."""
    Run.objects.filter(pk=run.pk).update(title=title, starts_on=starts_on, ends_on=ends_on)
    audit.record("runs.run.changed", target=run, by=by, at=now)


@transaction.atomic
def add_by_hand(run: Run, row: Row, *, language: str, by: str, now: datetime) -> Participant:
    """Put one person down; who takes part already stays as they are (learnifier-12.a)."""
    held = Run.objects.select_for_update(of=("self",)).select_related("course").get(pk=run.pk)
    there = Participant.objects.filter(run=held, person__account__email=row.email).first()
    if there is not None:
        return there
    (made,) = _add(held, [row], Participant.Way.HAND, None, language=language, by=by, now=now)
    _tell_added(made, by=by, now=now)
    return made


def _tell_added(made: Participant, *, by: str, now: datetime) -> None:
    audit.record(
        "runs.participant.added",
        target=made,
        subject=made.person_id,
        by=by,
        at=now,
        clause="learnifier-12.a",
        detail={"way": made.way},
    )


def judge(run: Run, rows: Sequence[Row]) -> Preview:
    """Return what a list would change, and change nothing."""
    known = queries.accounts_of({row.email for row in rows})
    return preview(rows, known=set(known), there=queries.addresses_in(run))


@transaction.atomic
def apply_list(
    run: Run, rows: Sequence[Row], *, fingerprint: str, language: str, by: str, now: datetime
) -> RunList:
    """Put down everybody on a list whose preview was confirmed by its ``fingerprint``.

    Raises OtherPreviewError where it would change something else by now: it was applied before, or
    somebody was put down meanwhile; NotOpenError where the course is not published any more.
    Source: learnifier-12.a.
    """
    held = Run.objects.select_for_update(of=("self",)).select_related("course").get(pk=run.pk)
    found = judge(held, rows)
    if found.fingerprint != fingerprint:
        raise OtherPreviewError("The list changes something else now.")
    applied = RunList.objects.create(run=held, applied_at=now, added=len(found.adds))
    made = _add(held, found.adds, Participant.Way.LIST, applied, language=language, by=by, now=now)
    detail = {"added": len(made), "new": sum(one.is_new for one in made)}
    detail["left_out"] = len(found.faults)
    audit.record(
        "runs.list.applied", target=applied, by=by, at=now, clause="learnifier-12.a", detail=detail
    )
    return applied


@transaction.atomic
def take_back(applied: RunList, *, by: str, now: datetime) -> int:
    """Undo a list, and return how many went again; who has opened a lesson stays.

    Who was known nowhere before it and never signed in goes altogether.
    """
    held = RunList.objects.select_for_update(of=("self",)).select_related("run").get(pk=applied.pk)
    if held.taken_back_at is not None:
        return 0
    of_list = Participant.objects.filter(list=held)
    untouched = how_far(of_list, held.run.course_id).filter(last_at=None)
    going = list(untouched.values_list("pk", "person_id", "is_new"))
    _remove(held.run, [pk for pk, _person, _new in going])
    strangers = [person for _pk, person, new in going if new]
    _forget_strangers(strangers)
    RunList.objects.filter(pk=held.pk).update(taken_back_at=now)
    detail = {"removed": len(going), "forgotten": len(strangers)}
    audit.record("runs.list.taken_back", target=held, by=by, at=now, detail=detail)
    return len(going)


@transaction.atomic
def remove(one: Participant, *, by: str, now: datetime) -> None:
    """Take somebody out of a run; what they did in the course goes with it (learnifier-3.2.f)."""
    audit.record(
        "runs.participant.removed",
        target=one,
        subject=one.person_id,
        by=by,
        at=now,
        detail={"way": one.way},
    )
    _remove(one.run, [one.pk])


def _remove(run: Run, participants: Collection[UUID]) -> None:
    """Remove participants, and their enrolments unless another run of the course has them."""
    going = Participant.objects.filter(pk__in=participants)
    people = set(going.values_list("person_id", flat=True))
    others = Participant.objects.filter(run__course=run.course_id, person__in=people)
    elsewhere = others.exclude(pk__in=participants).values_list("person_id", flat=True)
    leaving = people - set(elsewhere)
    Enrolment.objects.filter(course=run.course_id, person__in=leaving).delete()
    going.delete()


def _forget_strangers(people: Collection[UUID]) -> None:
    """Delete people who came by a list alone and were never here; the rest follows by keys."""
    gone = Person.objects.filter(
        pk__in=people, source=CLIENT, account__last_login=None, runs=None
    ).values_list("pk", flat=True)
    never = Person.objects.filter(pk__in=list(gone))
    never._raw_delete(never.db)


@transaction.atomic
def set_link(
    run: Run,
    *,
    is_open: bool,
    password: str,
    limit: int,
    ends_on: date | None,
    by: str,
    now: datetime,
) -> None:
    """Open or close the link of a run; an empty password leaves the one there is."""
    link = RunLink.objects.select_for_update().get(run=run)
    link.is_open, link.limit, link.ends_on = is_open, limit, ends_on
    if password:
        link.password = make_password(password)
    link.save()
    detail = {"open": is_open, "limit": limit, "until": ends_on.isoformat() if ends_on else ""}
    audit.record("runs.link.changed", target=run, by=by, at=now, detail=detail)


@transaction.atomic
def join(
    link: RunLink, row: Row, *, password: str, language: str, today: date, now: datetime
) -> Participant:
    """Somebody puts themselves down by the link. Raises ClosedError.

    Two who come for the last seat at once do not both get it: the link is held meanwhile.
    """
    held = (
        RunLink.objects.select_for_update(of=("self",))
        .select_related("run__course")
        .get(pk=link.pk)
    )
    came = Participant.objects.filter(run=held.run, way=Participant.Way.LINK).count()
    if not held.lets_in(came, today) or not check_password(password, held.password):
        raise ClosedError("The link is closed, or the password is another one.")
    there = Participant.objects.filter(run=held.run, person__account__email=row.email).first()
    if there is not None:
        return there
    (made,) = _add(
        held.run, [row], Participant.Way.LINK, None, language=language, by="visitor", now=now
    )
    _tell_added(made, by="visitor", now=now)
    return made


def _add(
    run: Run,
    rows: Sequence[Row],
    way: str,
    applied: RunList | None,
    *,
    language: str,
    by: str,
    now: datetime,
) -> list[Participant]:
    """Put people down: who is not known is made known, everybody is enrolled, mails are queued."""
    if run.course is None:
        raise NotOpenError(f"The course of {run.pk} was deleted.")
    known = queries.accounts_of({row.email for row in rows})
    fresh = _register([row for row in rows if row.email not in known], language=language, now=now)
    everybody = [(row.email not in known, known.get(row.email) or fresh[row.email]) for row in rows]
    made = [
        Participant(run=run, person=person, way=way, list=applied, is_new=is_new, added_at=now)
        for is_new, person in everybody
    ]
    Participant.objects.bulk_create(made, batch_size=BATCH)
    enrol_all(run.course, [person.pk for _new, person in everybody], by=by, now=now)
    jobs.enqueue(SEND, key="now")
    return made


def _register(rows: Sequence[Row], *, language: str, now: datetime) -> dict[str, Person]:
    """Make people and their accounts, which open by a code that is mailed to them."""
    people = {
        row.email: Person(
            given_name=row.given_name,
            family_name=row.family_name,
            email=row.email,
            language=language,
            source=CLIENT,
            status=Person.Status.ACTIVE,
            created_at=now,
        )
        for row in rows
    }
    Person.objects.bulk_create(people.values(), batch_size=BATCH)
    nobody_knows = make_password(None)
    accounts = [
        Account(person=one, email=one.email, password=nobody_knows, created_at=now)
        for one in people.values()
    ]
    Account.objects.bulk_create(accounts, batch_size=BATCH)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=one, email=one.email, primary=True, verified=False) for one in accounts],
        batch_size=BATCH,
    )
    return people
