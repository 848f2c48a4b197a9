"""What is promised against loss, alteration and theft, seen from outside: the whole at once."""

import json
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from conftest import make_tenant
from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.audit.tiles import Folder
from skola.ground.audit.verifying import Report, verify
from skola.ground.backup import api as backup
from skola.ground.people.api import grant_role
from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.promises.policy.api import in_force
from skola.promises.retention.models import Sweep
from skola.web.commands import doctor, installation
from tests.promises.keeping import keeps
from tests.promises.restore.copies import START, restored

pytestmark = pytest.mark.django_db(transaction=True)


def verified(tenant: Tenant, place: Path) -> Report:
    """What an auditor finds in a copy of the log that is made now."""
    folder = Folder(place)
    assert audit.copy(audit.log_of(tenant.pk), folder.write) is not None
    return verify(folder, audit.PublicKey.read((folder.read("key") or b"").decode()))


def rows(tenants: Sequence[Tenant]) -> dict[str, dict[str, Any]]:
    """Everything that people and the audit have, row by row, tenant by tenant."""
    found = {}
    for one in tenants:
        with inside(one.pk):
            found[one.slug] = {
                "people": list(Person.objects.order_by("pk").values()),
                "audit": list(audit.Entry.objects.order_by("pk").values()),
            }
    return found


def on_the_list(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> dict[str, dict[str, Any]]:
    """What ``skola doctor --json`` says, measure by measure."""
    monkeypatch.setattr(installation, "open_up", lambda *_args, **_kwargs: None)
    capsys.readouterr()
    doctor.run(Namespace(json=True, scan=False, data=Path()))
    return {row["measure"]: row for row in json.loads(capsys.readouterr().out)}


@keeps("learnifier-13.a", "ema-6.2-measures", "ekool-2.2-security")
@pytest.mark.tenant("ema")
def test_a_backup_is_restored_tampering_is_found_and_every_measure_is_on(
    tenant: Tenant,
    tmp_path: Path,
    settings: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tenants = [tenant, make_tenant("learnifier", START), make_tenant("ekool", START)]
    for one in tenants:
        with inside(one.pk):
            grant_role(people.person(given_name=one.slug), "author", by="office", now=START)
            audit.sequence(now=START)
    made = backup.back_up(now=START)
    before = rows(tenants)
    assert all(found["people"] and found["audit"] for found in before.values())

    with restored(made, keys=True, now=START):
        assert rows(tenants) == before, "into an empty installation, and nothing is missing"
        assert verified(tenant, tmp_path / "whole").ok
        tamper()
        assert not verified(tenant, tmp_path / "changed").ok, "a row of the audit was changed"

    for one in tenants:
        with inside(one.pk):
            Sweep.objects.create(swept_at=clock.now(), policy="")
    with clock.standing_at(START):
        findings = on_the_list(capsys, monkeypatch)
        assert {name: row for name, row in findings.items() if not row["ok"]} == {}
        for one in tenants:
            with inside(one.pk):
                declared = [each.id for each in in_force(START).policy.security if each.check]
            assert {f"{one.slug}: security.{name}" for name in declared} <= set(findings)
        (Path(settings.DATA) / "keys").chmod(0o755)
        findings = on_the_list(capsys, monkeypatch)
    assert not findings["ema: security.protection"]["ok"], "what is off is said"
    assert not findings["learnifier: security.technical"]["ok"]


def tamper() -> None:
    """Change a row of the audit, as only the owner of the database could."""
    with connection.cursor() as cursor:
        cursor.execute("reset role")
        cursor.execute("alter table audit_entry disable trigger user")
        cursor.execute("update audit_entry set kind = 'people.role.ended'")
