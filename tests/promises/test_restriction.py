"""Somebody's data are restricted, or due and not swept: no page shows any, to whoever asks.

What is sealed for one purpose is in no table for another.
"""

import json
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection

from conftest import make_tenant
from skola.ground import clock
from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.people.models import Account, Person, Role
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.promises.gate.api import lift_restriction, record_telling, restrict
from skola.promises.inventory.api import Declaration, Path, clocked, declarations
from skola.promises.retention.api import Hold, as_engine
from skola.promises.rights.access.archive import write_archive
from skola.promises.rights.erasing.actions import erase_person
from tests.architecture.test_foreign_ids import A_DAY, objects
from tests.promises.crawling import AN_ID, about, addresses, put_canaries, readers, seen_by

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


def seal_everything_of(person: Person, at: datetime, purpose: str) -> None:
    """Store that each part of the person is sealed since a moment, for one purpose."""
    a_year_on = at + timedelta(days=365)
    kept = json.dumps({purpose: a_year_on.isoformat()})
    with as_engine(at), connection.cursor() as cursor:
        for one in clocked():
            if one.subject is not None and one.has_tenant:
                for part in one.parts:
                    if not part.expires:
                        cursor.execute(
                            f'update "{one.table}" set "{part.due}" = %s, "{part.seal}" = %s,'
                            f' "{part.kept}" = %s where {about(one.subject, person)}',
                            [a_year_on, at, kept],
                        )


def goes(one: Declaration) -> bool:
    """Whether a row is gone as a whole with its own date, or with that of a row above it."""
    if one.parts:
        return not one.stays
    return one.goes_with is not None and goes(by_table()[one.goes_with.table])


def ends_by_itself(table: str) -> bool:
    """Whether a row's end stands in the row, or in that of a row above it: nothing seals it."""
    one = by_table()[table]
    if one.parts:
        return one.ends_by_itself
    return one.goes_with is not None and ends_by_itself(one.goes_with.table)


def by_table() -> dict[str, Declaration]:
    return {one.table: one for one in declarations()}


def still_there(person: Person) -> set[str]:
    """The tables in which a reader finds rows about the person; for no purpose, unless told."""
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


@pytest.mark.parametrize(
    ("slug", "each_role"), [("ilearn", True), ("ema", False), ("ekool", False)]
)
def test_no_page_shows_what_is_restricted_or_due(
    slug: str, each_role: bool, db: None, dates_hide: None
) -> None:
    tenant = make_tenant(slug, A_DAY)
    now = clock.now()
    with inside(tenant.pk):
        account = people.account()
        subject = account.person
        for kind in Role.Kind:
            people.role(subject, kind)
        known = objects(subject)
        put = put_canaries(subject)
        asking = readers(each=each_role)
    asked = addresses(known)
    assert len(asked) > 60
    assert {"people_person.given_name", "people_account.email"} <= put
    assert len(put) > 20

    before = seen_by(asking["everything"], tenant, asked)
    assert before.broken == set()
    assert len(before.words) > 8, "pages must show what is about the person, or this shows nothing"
    # what is not there for whoever holds every role is there for nobody
    pages = [address for address in asked if address not in before.none]
    telling = sorted(before.telling)
    # whoever holds one role alone is asked about the person, not for what is the same to everybody
    narrow = [one for one in pages if one in before.telling or AN_ID.search(one)]

    with inside(tenant.pk):
        restriction = restrict(subject.pk, reason="accuracy contested", by="system", now=now)
    for role, reader in asking.items():
        found = seen_by(reader, tenant, pages if role in ("everything", "visitor") else narrow)
        assert (role, found.words, found.broken) == (role, set(), set())

    own = seen_by(account, tenant, ["/account/", "/account/contact/", "/privacy/"])
    assert own.words
    assert own.broken == set()
    with inside(tenant.pk):
        record_telling(restriction, how="letter", by="system", now=now)
        lift_restriction(restriction, by="system", now=now)
    again = seen_by(asking["everything"], tenant, telling)
    assert again.words == before.words

    with inside(tenant.pk):
        Hold.objects.update(reason="a claim")  # a hold stands as long as it is not released
        stored = still_there(subject)
        assert len(stored) > 10
        seal_everything_of(subject, clock.now() - SECOND, "accounting")
        assert still_there(subject) == {one for one in stored if ends_by_itself(one)}
        with reading_for("accounting"):
            assert still_there(subject) == stored
        end_everything_of(subject, clock.now() - SECOND)
        assert still_there(subject) == set()
        with reading_for(ENGINE):
            assert still_there(subject) == stored
    for role in ("everything", "visitor"):
        found = seen_by(asking[role], tenant, telling)
        assert (role, found.words, found.broken) == (role, set(), set())


@pytest.mark.tenant("ilearn")
def test_who_is_restricted_gets_a_copy_and_is_erased(tenant: Tenant) -> None:
    now = clock.now()
    person = people.account(created_at=now).person
    restrict(person.pk, reason="unlawful", by="system", now=now)
    copy = BytesIO()

    written = write_archive(person.pk, copy, language="en", now=now)
    erase_person(person.pk, reason="asked for", by="system", now=now)

    assert written.records > 0
    with reading_for(ENGINE):
        assert not Account.objects.exists()
