"""Switching a connector, and what is sent by it: written first, sent by the queue."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction
from django.db.models import F

from skola.ground.audit import api as audit
from skola.ground.files.api import fetch_home, has_bucket
from skola.ground.jobs import api as jobs
from skola.ground.tenants.api import current_id
from skola.promises.connectors import queries
from skola.promises.connectors.models import Connection, Shipment
from skola.promises.connectors.payloads import ErrorEvent, Figure, ProblemReport, cut
from skola.promises.connectors.queries import (
    ANALYSIS,
    CONTACTS,
    ERRORS,
    OFFICE,
    PROBLEMS,
    Connector,
)
from skola.promises.connectors.sending import AwayError, NotTakenError, hand_over
from skola.promises.disclosures.api import Disclosure, Passing, RefusedError, entries, pass_on
from skola.promises.policy.api import in_force

SHIP, PASS, FOLLOW = "connectors.ship", "connectors.pass_contact", "connectors.follow"
FETCH = "connectors.fetch_home"
MOST_WAITING = 200
"""So much waits of one task at most; what comes then is counted and left out."""
GIVEN_UP = timedelta(days=14)
"""What could not leave by then, with all tries, does not leave any more."""
A_DAY = timedelta(days=1)
AGAIN = timedelta(minutes=30)
"""After the tries of the queue, it is tried once in this time."""


class NotReadyError(Exception):
    """It cannot be switched on yet; ``lacks`` says what is missing. Nothing changed."""

    def __init__(self, lacks: tuple[str, ...]) -> None:
        super().__init__(", ".join(lacks))
        self.lacks = lacks


@transaction.atomic
def switch(task: str, *, is_on: bool, by: str, now: datetime) -> Connection:
    """Switch a connector. Off, nothing leaves from this moment on, not even what waits.

    On, it may be announced still: then it begins on the day of the register. Raises NotReadyError,
    and LookupError where the policy has no processor for the task. Source: ema-2.4.
    """
    found = queries.connector(task, now)
    if found is None:
        raise LookupError(task)
    if is_on and found.lacks:
        raise NotReadyError(found.lacks)
    told: dict[str, Any] = {"is_on": is_on, "switched_at": now, "problem": "", "failed_at": None}
    if is_on:
        told["told_until"] = queries.start_of_day(now)
    told["holds"] = not is_on and task == OFFICE and has_bucket()
    made, is_new = Connection.objects.get_or_create(task=task, defaults=told)
    if not is_new:
        if made.is_on == is_on and not (found.otherwise and not is_on):
            return made
        for name, value in told.items():
            setattr(made, name, value)
        made.save(update_fields=list(told))
    dropped = 0
    if not is_on:
        dropped, _ = Shipment.objects.filter(task=task).delete()
        for way in queries.ways_of(found.processor):
            way.stop(found.processor, by, now)
    queries.forget_remembered()
    if made.holds:
        jobs.enqueue(FETCH, key="all")
    audit.record(
        "connectors.connection.switched",
        target=made,
        by=by,
        at=now,
        detail={"task": task, "on": is_on, "dropped": dropped},
    )
    return made


def bring_home(*, by: str, now: datetime) -> int:
    """Fetch the files that lie in the bucket of a tenant that uses none; return how many.

    Until it is done, people are told that something lies there. Safe to repeat; switched on again
    meanwhile, nothing is fetched.
    """
    row = Connection.objects.filter(task=OFFICE, is_on=False, holds=True).first()
    if row is None:
        return 0
    many = fetch_home(str(current_id()))
    with transaction.atomic():
        if Connection.objects.filter(pk=row.pk, is_on=False).update(holds=False):
            detail = {"files": many}
            audit.record("connectors.files.fetched", target=row, by=by, at=now, detail=detail)
    return many


# ---- what is written down to leave ----


def report_error(event: ErrorEvent, *, now: datetime) -> bool:
    """Have the service's error told to who logs errors; False where nobody does."""
    return _write(ERRORS, [event], now=now)


def report_problem(report: ProblemReport, *, by: str, now: datetime) -> bool:
    """Have told what somebody wrote of a problem, scrubbed and seen; False where it is not taken.

    The audit says that somebody did, and not who or what: the words name nobody, and stay so.
    """
    with transaction.atomic():
        if not _write(PROBLEMS, [report], now=now):
            return False
        audit.record("connectors.problem.reported", by=by, at=now)
    return True


@transaction.atomic
def _write(
    task: str, told: Sequence[ErrorEvent | ProblemReport | Figure], *, now: datetime
) -> bool:
    """Write down what leaves, cut to the policy's list, and queue it. False: nothing leaves."""
    row = Connection.objects.filter(task=task, is_on=True).first()
    one = queries.processors(in_force(now).policy).get(task)
    if row is None or one is None:
        return False
    if Shipment.objects.filter(task=task).count() >= MOST_WAITING:
        Connection.objects.filter(pk=row.pk).update(left_out=F("left_out") + 1)
        return False
    bodies = [cut(each, one.sends) for each in told]
    body: Any = {"figures": bodies} if task == ANALYSIS else bodies[0]
    made = Shipment.objects.create(task=task, body=body, created_at=now, ends_at=now + GIVEN_UP)
    jobs.enqueue(SHIP, shipment=made.pk)
    return True


@transaction.atomic
def note_contact(person_id: UUID, records: Iterable[models.Model], *, now: datetime) -> bool:
    """Have a contact of a business passed on to who keeps the register; False where nobody does.

    The queue carries ids. What goes is read, and whether it may go is asked, when it leaves.
    """
    if not Connection.objects.filter(task=CONTACTS, is_on=True).exists():
        return False
    if not queries.is_named(CONTACTS, now):
        return False
    named = [f"{one._meta.label_lower}:{one.pk}" for one in records]
    return jobs.enqueue(PASS, person=person_id, records=named)


# ---- what leaves ----


def ship(shipment: UUID, *, now: datetime) -> bool:
    """Send one that waits, once. Raises AwayError where it is to be tried again.

    False where it is gone, switched off, not to begin yet, or not taken at all.
    """
    made = Shipment.objects.filter(pk=shipment, ends_at__gt=now).first()
    to = queries.connector(made.task, now) if made else None
    if made is None or to is None or not to.sends:
        return False
    if not _try(to, lambda: _hand_over(to, made.body, made.pk, now), now=now):
        return False
    made.delete()
    return True


def pass_contact(person_id: UUID, records: Sequence[str], *, by: str, now: datetime) -> bool:
    """Pass one contact through the gate to who keeps the register, and write it in the ledger.

    False where it is switched off, or the gate refuses. Raises AwayError.
    """
    to = queries.connector(CONTACTS, now)
    if to is None or not to.sends or to.found is None:
        return False
    entry = entries(in_force(now).policy)[f"processor.{to.processor.id}"]
    found = [one for one in map(_record, records) if one is not None]
    if not found:
        return False
    about = found[-1]
    if Disclosure.objects.filter(once=about.pk, party=to.found.party).exists():
        return True  # it arrived already: only then is it in the ledger
    passing = Passing(to.found.party, ground=str(entry.ground), reference=str(about), once=about.pk)

    def tell() -> None:
        with transaction.atomic():  # what did not arrive is not in the ledger
            try:
                passed = pass_on(passing, [person_id], records=found, by=by, now=now)
            except RefusedError as error:
                refused.append(error)
            else:
                _hand_over(to, passed.content, about.pk, now)

    refused: list[RefusedError] = []
    return _try(to, tell, now=now) and not refused


def _record(named: str) -> models.Model | None:
    label, _, pk = named.partition(":")
    table: Any = apps.get_model(label)
    found: models.Model | None = table._default_manager.filter(pk=pk).first()
    return found


def _hand_over(to: Connector, body: Any, name: UUID, now: datetime) -> None:
    assert to.address is not None
    hand_over(to.address, body, name=name, now=now)


def _try(to: Connector, send: Callable[[], None], *, now: datetime) -> bool:
    """Try once, and keep how it went where the officer sees it; False where it is not taken."""
    rows = Connection.objects.filter(task=to.task)
    try:
        send()
    except NotTakenError as error:
        rows.update(failed_at=now, problem=error.problem)
        return False
    except AwayError as error:
        rows.update(failed_at=now, problem=error.problem)
        raise
    rows.update(sent=F("sent") + 1, sent_at=now, problem="")
    return True


# ---- by the clock ----

Source = Callable[[date, datetime], list[Figure]]
_sources: list[Source] = []


def figures_from(source: Source) -> Source:
    """Have a room tell the numbers of a day, small ones left out, for who analyses the use."""
    _sources.append(source)
    return source


def follow(*, now: datetime) -> int:
    """Try again what waits, and tell the numbers of the day before; return how many wait.

    Safe to repeat: a day is told once.
    """
    tell_figures(now=now)
    old = Shipment.objects.filter(created_at__lte=now - AGAIN)
    return sum(
        jobs.enqueue(SHIP, key=str(pk), shipment=pk) for pk in old.values_list("pk", flat=True)
    )


@transaction.atomic
def tell_figures(*, now: datetime) -> int:
    """Have the numbers of the days until yesterday told, each day once; return how many days.

    Only days since it was switched on, and none of those on which it was announced or suspended;
    of a worker that stood still, the last two weeks.
    """
    row = Connection.objects.select_for_update().filter(task=ANALYSIS, is_on=True).first()
    today = queries.start_of_day(now)
    if row is None or row.told_until is None or row.told_until >= today:
        return 0
    to = queries.connector(ANALYSIS, now)
    first = max(row.told_until, today - GIVEN_UP).astimezone(today.tzinfo).date()
    row.told_until = today
    row.save(update_fields=["told_until"])
    if to is None or not to.sends:
        return 0
    days = [first + number * A_DAY for number in range((today.date() - first).days)]
    told = [[one for source in _sources for one in source(day, now)] for day in days]
    return sum(_write(ANALYSIS, found, now=now) for found in told if found)


@transaction.atomic
def try_again(task: str, *, by: str, now: datetime) -> int:
    """Queue everything that waits of a task; return how many. The officer asked for it."""
    waiting = Shipment.objects.filter(task=task).values_list("pk", flat=True)
    many = sum(jobs.enqueue(SHIP, key=str(pk), shipment=pk) for pk in waiting)
    row = Connection.objects.filter(task=task).first()
    audit.record(
        "connectors.connection.tried",
        target=row,
        by=by,
        at=now,
        detail={"task": task, "many": many},
    )
    return many
