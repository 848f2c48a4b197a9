"""Killed at any statement, without room, or sharing its work, a sweep does nothing by halves.

The sweep runs in a process of its own, which is really killed; the database sees a dead client.
"""

import itertools
import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from conftest import sized
from skola.ground import space
from skola.ground.audit.models import Entry
from skola.ground.people.models import Account, Person, Preferences
from skola.ground.tenants.api import Tenant
from skola.promises.retention.actions.sweeps import sweep
from skola.promises.retention.tests import make
from skola.promises.retention.tests.conftest import SetTerms
from skola.promises.retention.tests.make import at
from tests.server import SERVER

pytestmark = pytest.mark.django_db(transaction=True)

GOES = at("2026-04-02")
PEOPLE = 2
PARTS = 4 * PEOPLE
"""Identity, contact, credentials and preferences of each."""


@pytest.fixture
def doomed(terms: SetTerms, now: datetime) -> Callable[[], None]:
    """Make people all of whose parts are due."""
    every = ["identity", "contact", "credentials", "preferences"]
    month = {"period": "30 days", "after": "record.created"}
    terms(make.rule(categories=every, at_most=month))

    sweep(now=now)
    numbers = itertools.count()

    def fill() -> None:
        for number in itertools.islice(numbers, PEOPLE):
            email = f"{number}@example.org"
            person = make.person(now, email=email)
            Preferences.objects.create(person=person, created_at=now)
            Account.objects.create(person=person, email=email, created_at=now)

    return fill


def in_another_process(work: Callable[[], object]) -> int:
    """Run ``work`` in a child with a connection of its own; return its process id."""
    child = os.fork()
    if child:
        return child
    # the parent's connection is only put aside: closing it here would close it there
    aside, connection.connection = connection.connection, None
    connection.in_atomic_block = False
    vars(connections["default"]).pop("_told", None)
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0 if aside is not connection.connection else 2)


def ended(child: int) -> int:
    """Wait for a child; below zero is the number of the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Fate:
    """Counts statements, and strikes before or after one of them."""

    def __init__(self, strike: Callable[[], None], at: int, *, after: bool) -> None:
        self.strike, self.at, self.after, self.count = strike, at, after, 0

    def __call__(self, execute: Callable[..., Any], *asked: Any) -> Any:
        self.count += 1
        if self.count == self.at and not self.after:
            self.strike()
        answer = execute(*asked)
        if self.count == self.at:
            self.strike()
        return answer


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    raise OperationalError("the server went away")


def _swept(fate: Fate) -> None:
    with connection.execute_wrapper(fate):
        sweep(now=GOES, batch=2)


def audited() -> int:
    return sum(entry.detail["count"] for entry in Entry.objects.filter(kind="retention.swept"))


def parts_left() -> int:
    """Parts that are still there, each whole or not at all."""
    left = Preferences.objects.count() + Account.objects.count()
    for person in Person.objects.all():
        assert bool(person.given_name) == bool(person.family_name), "half a part was erased"
        left += bool(person.given_name) + bool(person.email)
    return left


def test_killed_at_any_statement_it_halves_nothing(doomed: Callable[[], None]) -> None:
    """Killed alternately before a statement and after it, in ever new processes.

    Every third statement in each run, every one in a whole one.
    """
    step = sized(3, 1)
    fatal, killed = 1 - step, True
    while killed:
        fatal += step
        _start_anew()
        doomed()
        fate = Fate(die, fatal, after=fatal % 2 == 0)
        end = ended(in_another_process(partial(_swept, fate)))
        assert end in (0, -signal.SIGKILL)
        killed = end != 0
        assert audited() == PARTS - parts_left(), f"killed at statement {fatal}"
        sweep(now=GOES, batch=2)
        assert parts_left() == Person.objects.count() == 0
        assert audited() == PARTS
    assert fatal > 40, "the sweep must have many statements to be killed at"


def _start_anew() -> None:
    with connection.cursor() as cursor:
        cursor.execute("truncate audit_entry, retention_sweep")


@pytest.mark.parametrize("after", [False, True])
def test_an_error_at_any_statement_halves_nothing(doomed: Callable[[], None], after: bool) -> None:
    at_statement = 1
    while True:
        _start_anew()
        doomed()
        try:
            _swept(Fate(fail, at_statement, after=after))
        except OperationalError:
            assert audited() == PARTS - parts_left(), f"failed at statement {at_statement}"
            sweep(now=GOES, batch=2)
        else:
            break
        at_statement += sized(4, 1)


@contextmanager
def no_room_for_temporary_files() -> Iterator[None]:
    """Whatever the server sets aside for this connection lands on a device that is always full."""
    with connection.cursor() as cursor:
        cursor.execute("set work_mem = '64kB'")
        cursor.execute("select n, pg_backend_pid() from generate_series(1, 20000) n order by -n")
        process = cursor.fetchone()[1]  # the server has made its folder for it
    folder = SERVER.data / "base" / "pgsql_tmp"
    links = [folder / f"pgsql_tmp{process}.{number}" for number in range(200)]
    for link in links:
        link.symlink_to("/dev/full")
    try:
        yield
    finally:
        for link in links:
            link.unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("reset work_mem")


def test_without_room_for_temporary_files_nothing_goes_and_the_next_run_finishes(
    doomed: Callable[[], None], now: datetime
) -> None:
    doomed()
    many = [make.person(now, email=f"{n}@example.net") for n in range(1500)]
    parts = PARTS + 2 * len(many)
    make.foresee("rule", parts, GOES)

    with no_room_for_temporary_files(), pytest.raises(OperationalError) as refused:
        sweep(now=GOES)

    assert space.is_full(refused.value)
    assert (parts_left(), audited()) == (parts, 0)
    sweep(now=GOES)
    assert (parts_left(), audited()) == (0, parts)


def test_two_sweeps_at_once_do_what_one_does(doomed: Callable[[], None], tenant: Tenant) -> None:
    for _ in range(8):
        doomed()
    make.foresee("rule", 8 * PARTS, GOES)
    children = [in_another_process(lambda: sweep(now=GOES, batch=3)) for _ in range(2)]
    assert [ended(child) for child in children] == [0, 0]

    sweep(now=GOES)

    assert parts_left() == Person.objects.count() == 0
    assert audited() == 8 * PARTS
