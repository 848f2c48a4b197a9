"""The policy check reports what rests on a contract that nothing on record refers to."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from skola.__main__ import main
from skola.ground.people.tests import make as people
from skola.promises.retention.api import record_state
from skola.services.billing.tests import make as billing
from skola.services.courses.tests import make as courses
from skola.web.commands import installation
from tests.promises.editing import real
from tests.promises.keeping import keeps

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def reported(
    slug: str, client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[str, str]:
    """What the check says of the records: of somebody without a contract, and once there is one."""
    monkeypatch.setattr(installation, "open_up", lambda *_told, **_more: None)
    course = courses.course()
    has_one, has_none = people.person(), people.person()
    billing.contract(has_one, at=START)
    for who in (has_one, has_none):
        courses.enrolment(course, who, started_at=START)
        record_state(who.pk, "contract.open", is_open=True, at=START)
    check = ["policy", "check", "--records", str(real(slug))]
    assert main(check) == 0
    before = capsys.readouterr().out
    billing.contract(has_none, at=START)
    assert main(check) == 0
    return before, capsys.readouterr().out


def activity(client: Client, purpose: str) -> dict[str, object]:
    """What the record of processing says of a purpose: its basis."""
    record = client.get("/privacy/record.json").json()
    assert all(one["purpose"] and one["basis"]["kind"] for one in record["activities"])
    (found,) = [one["basis"] for one in record["activities"] if one["purpose"] == purpose]
    return dict(found)


@pytest.mark.tenant("ilearn")
@keeps("ilearn-10.a")
def test_a_record_on_contract_without_a_reference_is_reported(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    basis = activity(client, "contract.perform")
    assert (basis["kind"], basis["article"]) == ("contract", "GDPR Art. 6(1)(b)")
    before, after = reported("ilearn", client, monkeypatch, capsys)
    assert 'warn R001: [[purpose]] "contract.perform", basis' in before
    assert "one person has neither" in before
    assert "1 courses.enrolment" in before
    assert '"environment.run", basis' not in before, "its basis is another"
    assert "R001" not in after
    assert "records: no findings" in after


@pytest.mark.tenant("ema")
@keeps("ema-1.5.3")
def test_a_record_of_the_service_contract_without_it_is_reported(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert activity(client, "service.contract")["kind"] == "contract"
    before, after = reported("ema", client, monkeypatch, capsys)
    assert 'warn R001: [[purpose]] "service.contract", basis' in before
    assert "1 courses.enrolment" in before
    assert "R001" not in after
