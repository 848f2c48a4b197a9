"""An installation of its own whose sweeper and database are struck while they work.

In a process of its own: ``python -m tests.journeys.sweeping DATA make|sweep|count``.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

PEOPLE = 400
GOES = datetime(2060, 1, 1, tzinfo=UTC)
"""Everything that is known of them is due by then."""


def main(data: Path, task: str) -> None:
    from skola.web.commands.installation import open_up

    open_up(data)
    from skola.ground.tenants.api import by_slug, inside

    with inside(by_slug("ilearn").pk):
        if task == "make":
            make()
        elif task == "sweep":
            sweep()
        else:
            say(json.dumps(count()))


def make() -> None:
    """People of whom two parts each are due, which somebody has let go."""
    from skola.ground.ids import uuid7
    from skola.ground.people.models import Person
    from skola.promises.retention.api import clock_missing, release_all

    made_at = datetime(2026, 3, 2, tzinfo=UTC)
    Person.objects.bulk_create(
        Person(
            id=uuid7(),
            given_name="Ilze",
            family_name="B",
            email=f"{n}@example.org",
            created_at=made_at,
        )
        for n in range(PEOPLE)
    )
    clock_missing(now=GOES)
    release_all(reason="a test", by="test", now=GOES)


def sweep() -> None:
    """Sweep in small batches, and say each one while its transaction is still open."""
    from collections.abc import Callable
    from typing import Any

    from django.db import connection

    from skola.promises.retention.actions.sweeps import sweep

    def tell(execute: Callable[..., Any], text: str, *rest: object) -> Any:
        answer = execute(text, *rest)
        if "insert into audit_entry" in str(text):
            say("batch")
        return answer

    with connection.execute_wrapper(tell):
        sweep(now=GOES, batch=5)


def count() -> dict[str, int]:
    """How many parts are there, how many rows are half erased, how many went by the audit."""
    from skola.ground.audit.models import Entry
    from skola.ground.people.models import Person

    people = list(Person.objects.values_list("given_name", "family_name", "email"))
    swept = Entry.objects.filter(kind="retention.swept", detail__table="people_person")
    return {
        "left": sum(bool(given) + bool(email) for given, _family, email in people),
        "half": sum(bool(given) != bool(family) for given, family, _email in people),
        "audited": sum(entry.detail["count"] for entry in swept),
    }


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
