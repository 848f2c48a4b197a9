"""The audit, as iLearn's policy promises it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from skola.ground.audit.api import Entry, copy, log_of, pseudonym, sequence
from skola.ground.audit.note import PublicKey
from skola.ground.audit.tiles import Folder
from skola.ground.audit.verifying import Report, verify
from skola.ground.people.api import grant_role
from skola.ground.people.models import Person
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import sweep
from skola.promises.rights.erasing.actions import erase_person
from tests.promises.keeping import keeps

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)


def verified(tenant: Tenant, place: Path) -> Report:
    """What an auditor finds in a copy made now."""
    folder = Folder(place)
    assert copy(log_of(tenant.pk), folder.write) is not None
    return verify(folder, PublicKey.read((folder.read("key") or b"").decode()))


def try_to_delete() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from audit_entry where kind = 'people.role.granted'")


def entries() -> int:
    return Entry.objects.filter(kind="people.role.granted").count()


@keeps("ilearn-20.h")
def test_audit_records_outlive_the_person_by_their_own_term_and_the_log_verifies_throughout(
    tenant: Tenant, tmp_path: Path, settings: Any
) -> None:
    settings.DATA = tmp_path
    person = make.person(created_at=START)
    grant_role(person, "author", by="office", now=START)
    sequence(now=START)
    name = pseudonym(person.pk)
    assert Entry.objects.filter(kind="people.role.granted", subject=name).count() == 1
    before = verified(tenant, tmp_path / "before")
    assert before.ok

    erase_person(person.pk, reason="granted", by="office", now=START + A_DAY)
    almost_a_year = START + 364 * A_DAY
    sweep(now=almost_a_year)
    sequence(now=almost_a_year)

    assert not Person.objects.filter(pk=person.pk).exists()
    assert entries() == 1
    assert pseudonym(person.pk) != name, "nobody can tell any more whom the entry is about"
    with pytest.raises(ProgrammingError, match="permission denied"):
        try_to_delete()
    assert before.checkpoint is not None
    within = verified(tenant, tmp_path / "within")
    assert (within.ok, within.gone) == (True, 0)

    pruned = START + 732 * A_DAY
    sweep(now=pruned)
    sequence(now=pruned)

    assert entries() == 0
    after = verified(tenant, tmp_path / "after")
    assert after.ok, after.findings
    assert after.gone > 0
