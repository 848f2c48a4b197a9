"""Two people who begin a course of one title at the same moment both get one."""

import threading
import time
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection, transaction

from skola.ground.people.api import Person
from skola.ground.people.tests.make import person
from skola.ground.tenants.api import Tenant, inside
from skola.services.courses.authoring import About, make_course
from skola.services.courses.models import Course

pytestmark = pytest.mark.django_db(transaction=True)


def wait_until_somebody_waits() -> None:
    """Return when a session of this database waits for a lock, at the latest after 10 seconds."""
    end = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute(
                "select count(*) from pg_locks where not granted and pid <> pg_backend_pid()"
            )
            if cursor.fetchone() != (0,):
                return
            time.sleep(0.01)
    raise AssertionError("nobody waited")


def test_the_second_waits_for_the_first_and_gets_another_address(
    tenant: Tenant, now: datetime
) -> None:
    authors = [person(given_name="Anna"), person(given_name="Berta")]
    first_is_there = threading.Event()
    failed: list[BaseException] = []

    def begin(author: Person) -> None:
        about = About("First aid", "What to do until help is there.", "en")
        make_course(author, about, by="test", now=now)

    def first() -> None:
        with transaction.atomic():
            begin(authors[0])
            first_is_there.set()
            wait_until_somebody_waits()

    def second() -> None:
        first_is_there.wait(10)
        begin(authors[1])

    def alone(work: Callable[[], None]) -> None:
        try:
            with inside(tenant.pk):
                work()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=alone, args=[work]) for work in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert failed == []
    made = Course.objects.values_list("author_id", "slug")
    assert dict(made) == {authors[0].pk: "first-aid", authors[1].pk: "first-aid-2"}
