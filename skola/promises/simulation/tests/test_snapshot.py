"""Everything is counted in one snapshot, and nothing is left behind."""

from datetime import datetime

import pytest
from django.db import connection

from skola.ground.people.models import Person
from skola.ground.tenants.api import Tenant
from skola.promises.retention.tests import make
from skola.promises.simulation.queries import Stage, count
from skola.promises.simulation.rules import months_from
from skola.promises.simulation.statements import FACTS


def asked(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        (answer,) = cursor.fetchone()
    return answer


@pytest.mark.django_db(transaction=True)
def test_one_snapshot_serves_all_tables(tenant: Tenant, now: datetime) -> None:
    person = make.person(now)
    rule = make.rule(
        categories=["identity", "contact"],
        at_most={"period": "1 year", "after": "record.created"},
    )
    policy = (Stage(now, make.promises(rule)),)
    zone = asked("show timezone")
    seen = set()

    def look(_done: int, _total: int, _table: str) -> None:
        seen.add(asked("show transaction_isolation"))

    found = count(policy, policy, months_from(now, 24, make.RIGA), progress=look)

    assert seen == {"repeatable read"}
    assert [(one.category, one.before, one.after) for one in found.going] == [
        ("contact", 1, 1),
        ("identity", 1, 1),
    ]
    assert asked("show transaction_isolation") == "read committed"
    assert asked("show timezone") == zone
    assert asked(f"select to_regclass('pg_temp.{FACTS}')") is None
    assert Person.objects.get().created_at == person.created_at
