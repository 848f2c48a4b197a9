"""What ``skola sweep`` says."""

from datetime import datetime

import pytest

from skola.ground.people.models import Preferences
from skola.ground.tenants.api import Tenant
from skola.promises.retention import commands
from skola.promises.retention.tests import make
from skola.promises.retention.tests.conftest import SetTerms
from skola.promises.retention.tests.make import at

GOES = at("2026-04-02")


def test_it_says_rule_clause_table_and_count(
    terms: SetTerms, now: datetime, tenant: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    terms(make.rule(at_most={"period": "30 days", "after": "record.created"}))
    Preferences.objects.create(person=make.person(now), created_at=now)

    assert commands.sweep(now=GOES, clocks=make.clocks(), dry_run=True, tenant=tenant.slug) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{tenant.slug}: 1 would go as of 2026-04-01 21:00 UTC, policy 2020-08-17"
    assert said[1].split() == ["rule", "clauses", "what", "table", "count", "due", "since"]
    assert said[2].split() == [
        "rule",
        "test-1",
        "preferences",
        "people_preferences",
        "1",
        "2026-04-01",
    ]
    assert Preferences.objects.count() == 1

    assert commands.sweep(now=GOES, clocks=make.clocks()) == 0
    assert f"{tenant.slug}: 1 went" in capsys.readouterr().out
    assert commands.sweep(now=GOES, clocks=make.clocks()) == 0
    assert f"{tenant.slug}: nothing is due" in capsys.readouterr().out


def test_an_unknown_tenant_is_refused(
    terms: SetTerms, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.sweep(now=now, clocks=make.clocks(), tenant="nobody") == 2
    assert capsys.readouterr().out == "skola: there is no tenant 'nobody'; there are ilearn.\n"


@pytest.mark.tenant("north-school")
def test_a_tenant_without_a_policy_is_named(
    tenant: Tenant, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.sweep(now=now, clocks=make.clocks()) == 1
    assert "north-school: not swept." in capsys.readouterr().out
