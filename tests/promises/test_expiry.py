"""Somebody's data are due and no sweep has run: no page shows any of them, and none breaks."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from conftest import make_tenant
from skola.ground import clock
from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.people.models import Person, Role
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.promises.inventory.api import Declaration, Path, clocked, declarations
from skola.promises.retention.api import Hold, as_engine
from tests.architecture.test_foreign_ids import A_DAY, objects
from tests.promises.test_restriction import about, addresses, put_canaries, readers, seen_by

pytestmark = pytest.mark.usefixtures("dates_hide")
SECOND = timedelta(seconds=1)


def end_everything_of(person: Person, at: datetime) -> None:
    """Store that each part of the person ended a moment ago, as the engine does."""
    with as_engine(at), connection.cursor() as cursor:
        for one in clocked():
            if one.subject is not None and one.has_tenant:
                for part in one.parts:
                    cursor.execute(
                        f'update "{one.table}" set "{part.due}" = %s where'
                        f" {about(one.subject, person)}",
                        [at],
                    )


def goes(one: Declaration) -> bool:
    """Whether a row is gone as a whole with its own date, or with that of a row above it."""
    if one.parts:
        return not one.stays
    return one.goes_with is not None and goes(by_table()[one.goes_with.table])


def by_table() -> dict[str, Declaration]:
    return {one.table: one for one in declarations()}


def still_there(person: Person) -> set[str]:
    """The tables in which somebody who reads for no purpose finds rows about the person."""
    found = set()
    with connection.cursor() as cursor:
        for one in declarations():
            if isinstance(one.subject, Path) and one.has_tenant and goes(one):
                cursor.execute(
                    f'select exists (select 1 from "{one.table}" where'
                    f" {about(one.subject, person)})"
                )
                if cursor.fetchone()[0]:
                    found.add(one.table)
    return found


@pytest.mark.parametrize("slug", ["ilearn", "ema", "ekool"])
def test_no_page_shows_anything_that_is_due(slug: str, db: None) -> None:
    tenant = make_tenant(slug, A_DAY)
    with inside(tenant.pk):
        subject = people.account().person
        for kind in Role.Kind:
            people.role(subject, kind)
        known = objects(subject)
        put_canaries(subject)
        Hold.objects.update(reason="a claim")  # a hold stands as long as it is not released
        asking = readers(each=False)
        stored = still_there(subject)
    asked = addresses(known)
    before = seen_by(asking["everything"], tenant, asked)
    assert before.broken == set()
    assert len(before.words) > 8, "pages must show what is about the person, or this shows nothing"
    assert len(stored) > 10

    with inside(tenant.pk):
        end_everything_of(subject, clock.now() - SECOND)
        assert still_there(subject) == set()
        with reading_for(ENGINE):
            assert still_there(subject) == stored
    for role, reader in asking.items():
        found = seen_by(reader, tenant, asked if role == "visitor" else sorted(before.telling))
        assert (role, found.words, found.broken) == (role, set(), set())
