"""Entries from before the log are sealed by its migration."""

from datetime import datetime
from importlib import import_module

from django.db import connection

from skola.ground.audit.actions import record
from skola.ground.tenants.api import Tenant

MIGRATION = import_module("skola.ground.audit.migrations.0003_log_functions")


def test_entries_from_before_the_log_get_their_salt_and_commitment(
    tenant: Tenant, now: datetime
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local role none")  # the owner's
        cursor.execute("alter table audit_entry disable trigger audit_seal")
        cursor.execute("alter table audit_entry disable trigger audit_stays")
    entry = record("test.thing.done", by="staff", at=now, detail={"count": 1})

    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")  # as if it had been committed
        cursor.execute("set constraints all deferred")
        cursor.execute(MIGRATION.EXISTING)

    entry.refresh_from_db()
    assert entry.salt is not None
    assert (len(bytes(entry.salt)), len(bytes(entry.commitment))) == (32, 32)
