"""The end of an academy: its data can be taken along, and go by the policy's clock.

The end is an event of every person in it; the policy counts from there as the agreement says
(learnifier-12.c, learnifier-11). What hangs on nobody goes when the academy closes.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from skola.ground.audit import api as audit
from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.db.walls import tenant_tables
from skola.ground.files.api import StoredFile, forget
from skola.ground.jobs import api as jobs
from skola.ground.people.api import Account, Person
from skola.ground.tenants.api import Tenant, close, current_id, inside
from skola.promises.policy.api import due, has, in_force, parse_period
from skola.promises.retention.api import record_event, record_state
from skola.services.academies.models import Academy, Agreement, Instruction
from skola.services.billing.api import last_booked
from skola.services.courses.api import Course
from skola.services.shop.api import close_shop

LOOK_AFTER = "academies.look_after"
ENDED = "client.ended"
A_DAY = timedelta(days=1)
KEPT = frozenset({"files_doomedobject"})
"""Objects that are still to be deleted from the store."""


class EndedError(Exception):
    """The academy has ended before."""


class BooksError(Exception):
    """The academy holds invoices that nobody took along since they last changed."""


def lacks_books() -> bool:
    """Whether invoices or payments are held that no copy of everything has yet.

    From the end on the client keeps them itself, as the law on accounting asks.
    """
    changed = last_booked()
    taken = Instruction.objects.filter(kind=Instruction.Kind.EXPORTED)
    return changed is not None and not taken.filter(at__gte=changed).exists()


@transaction.atomic
def end_academy(*, person: Person, by: str, now: datetime) -> datetime:
    """End the speaking academy, and return when everything in it is to be gone.

    Until then its people sign in and its administrator takes the data along. A shop sells nothing
    from here on. Raises EndedError, and BooksError while there are invoices that nobody took along.
    """
    agreement = Agreement.objects.select_for_update().get()
    if agreement.ended_at is not None:
        raise EndedError(f"It ended at {agreement.ended_at}.")
    if lacks_books():
        raise BooksError("Take everything along first.")
    if has("shop.orders", now=now):
        close_shop(by=by, now=now)
    Agreement.objects.filter(pk=agreement.pk).update(ended_at=now)
    head = in_force(now).policy.policy
    term = parse_period(f"{agreement.days} days")
    closes_at = due(now, term, ZoneInfo(head.timezone), head.calendar)
    Instruction.objects.create(person=person, kind=Instruction.Kind.ENDED, at=now)
    audit.record("academies.academy.ended", target=agreement, by=by, at=now, clause="learnifier-11")
    tenant = Tenant.objects.get(pk=current_id())
    jobs.enqueue(LOOK_AFTER, key="now")
    with inside(tenant.operator_id):
        Academy.objects.filter(client=tenant.pk).update(ended_at=now, closes_at=closes_at)
        academy = Academy.objects.get(client=tenant.pk)
        for subscription in academy.subscriptions.select_related("person"):
            others = Academy.objects.filter(subscriptions__person=subscription.person_id)
            if not others.filter(ended_at=None).exists():
                record_state(subscription.person_id, "client.active", is_open=False, at=now)
                record_event(subscription.person_id, ENDED, at=now)
        audit.record("academies.academy.ended", target=academy, by="client", at=now)
    return closes_at


def look_after(*, now: datetime) -> None:
    """Do what comes round: an academy notes its end, its operator counts and closes."""
    if has("academy.own", now=now):
        note_end(now=now)
    if has("academy.client", now=now):
        for academy in Academy.objects.filter(closed_at=None):
            _count(academy, now=now)
            if academy.closes_at is not None and academy.closes_at + A_DAY <= now:
                close_academy(academy, now=now)


@reading_for(ENGINE)
def note_end(*, now: datetime) -> None:
    """Record the end of the academy of everybody in it, also of who came afterwards."""
    ended_at = Agreement.objects.values_list("ended_at", flat=True).first()
    if ended_at is None:
        return
    for person in Person.objects.values_list("pk", flat=True).iterator():
        record_event(person, ENDED, at=ended_at)


def _count(academy: Academy, *, now: datetime) -> None:
    """An academy says how many people and courses it has; the operator learns nothing else."""
    with inside(academy.client):
        numbers = {
            "people": Account.objects.count(),
            "courses": Course.objects.count(),
            "name": in_force(now).policy.service.name,
        }
    if any(getattr(academy, name) != value for name, value in numbers.items()):
        Academy.objects.filter(pk=academy.pk).update(**numbers, counted_at=now)


@reading_for(ENGINE)
@transaction.atomic
def close_academy(academy: Academy, *, now: datetime) -> None:
    """Close an ended academy, a day after its clock: what hung on nobody goes, and the pages.

    The audit stays for its own term: it holds no names, and proves what was done.
    """
    with inside(academy.client):
        for stored in StoredFile.objects.all():
            forget(stored, by="academies", now=now)
        with connection.cursor() as cursor:
            for table in _deletable(cursor):
                cursor.execute(f'delete from "{table}"')  # noqa: S608  # a table of the catalogue
        audit.record("academies.academy.closed", by="academies", at=now, clause="learnifier-11")
    close(academy.client)
    Academy.objects.filter(pk=academy.pk).update(closed_at=now, people=0, courses=0)
    audit.record("academies.academy.closed", target=academy, by="academies", at=now)


def _deletable(cursor: Any) -> Iterator[str]:
    """The academy's tables from which the application may delete; keys are checked at the end."""
    for table in sorted(tenant_tables(cursor)):
        cursor.execute("select has_table_privilege(current_user, %s::text, 'delete')", [table])
        (may,) = cursor.fetchone()
        if may and table not in KEPT:
            yield table
