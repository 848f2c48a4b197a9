"""``skola policy simulate``: text or JSON, and an exit code."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from skola.ground.people.models import SecurityEvent
from skola.ground.tenants.api import Tenant
from skola.promises.retention.tests import make
from skola.promises.simulation.commands import simulate
from skola.promises.simulation.tests.test_page import FILE, changed_file

OLD = '"1 year", after = "record.created", action = "erase", yields_to = ["claim"]'


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The policy in force with a shorter term for the security log."""
    file = tmp_path / "changed.toml"
    file.write_bytes(changed_file(OLD, OLD.replace("1 year", "2 months")))
    return file


@pytest.fixture
def seen(tenant: Tenant, now: datetime) -> None:
    SecurityEvent.objects.create(person=make.person(now), kind="signed-in", at=now)


@pytest.mark.usefixtures("seen")
def test_it_says_by_rule_and_month_what_differs(
    changed: Path, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate(changed, now=now, years=2) == 1

    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "security-log 2026-05 0 1 0 0 0 0" in lines
    assert "security-log 2027-03 1 0 1 0 0 0" in lines
    assert any("nothing further happens" in line for line in lines)
    assert any(line.startswith("1 people have data") for line in lines)
    assert SecurityEvent.objects.count() == 1


@pytest.mark.usefixtures("seen")
def test_json_has_every_number(
    changed: Path, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate(changed, now=now, years=2, as_json=True) == 1

    told = json.loads(capsys.readouterr().out)
    assert len(told["months"]) == 24
    assert [
        (one["rule"], one["month"], one["before"], one["after"], one["earlier"])
        for one in told["going"]
        if one["table"] == "people_securityevent"
    ] == [("security-log", "2026-05-01", 0, 1, 0), ("security-log", "2027-03-01", 1, 0, 1)]
    assert told["telling"]["concerned"] == 1


@pytest.mark.usefixtures("seen")
def test_the_policy_in_force_changes_nothing(
    now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate(FILE, now=now, years=2) == 0
    assert "The rules say the same." in capsys.readouterr().out


@pytest.mark.usefixtures("seen")
def test_what_cannot_be_simulated_is_refused_with_a_reason(
    changed: Path, now: datetime, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_bytes(changed_file('"3 months"', '"a while"'))

    assert simulate(wrong, now=now, years=2) == 2
    assert "a term without a number" in capsys.readouterr().out
    assert simulate(tmp_path / "none.toml", now=now, years=2) == 2
    assert "the file cannot be read" in capsys.readouterr().out
    assert simulate(changed, now=now, years=13) == 2
    assert "1 to 12 years, not 13" in capsys.readouterr().err
    assert simulate(changed, now=now, years=2, tenant="nobody") == 2
    assert "there is no tenant 'nobody'" in capsys.readouterr().err
