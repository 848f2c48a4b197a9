"""What becomes of enquiries and recordings as time passes, under the real policies."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from skola.__main__ import main
from skola.ground import clock
from skola.ground.files.models import ObjectKey, StoredFile
from skola.ground.people.models import Person
from skola.ground.people.tests.make import person
from skola.promises.retention.api import sweep
from skola.services.billing import api as billing
from skola.services.billing.models import Contract
from skola.services.desk import actions, calling
from skola.services.desk.models import Call, CallTask, Enquiry, Message, Recording
from skola.services.desk.tests import make
from skola.services.desk.tests.make import A_DAY

Enter = Callable[..., Person]
RIGA = ZoneInfo("Europe/Riga")
A_SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.usefixtures("tenant")


def midnight(year: int, month: int, day: int, zone: ZoneInfo = RIGA) -> datetime:
    """The first moment of a day in the zone, as UTC."""
    return datetime(year, month, day, tzinfo=zone).astimezone(UTC)


def hear(client: Client, call: Call, at: datetime) -> int:
    """The status of an attempt to listen at this moment."""
    with clock.standing_at(at):
        address = reverse("desk:plays", args=[call.pk])
        return client.post(address, {"reason": "quality"}).status_code


@pytest.mark.keeps("ilearn-21", "ilearn-11.i")
def test_a_recording_for_quality_plays_for_three_months_and_its_task_stays(
    client: Client, enter: Enter
) -> None:
    reviewer = enter("support", "reviewer")
    call = make.call(at=A_DAY)
    calling.note_task(call, text="Send the list.", author=reviewer, by="staff", now=A_DAY)
    ends = midnight(2026, 6, 3)

    sweep(now=ends - A_SECOND)
    assert hear(client, call, ends - A_SECOND) == 200

    sweep(now=ends)
    assert hear(client, call, ends) == 404
    assert (Recording.objects.count(), ObjectKey.objects.count()) == (0, 0)
    assert StoredFile.objects.count() == 0
    with clock.standing_at(ends):
        for address in (reverse("desk:call", args=[call.pk]), reverse("desk:tasks")):
            page = client.get(address).content.decode()
            assert "recording deleted on 3 June 2026" in page, address
            assert "Send the list." in page, address
    assert CallTask.objects.get().recording_deleted_at == ends


@pytest.mark.keeps("ilearn-11.j", "ilearn-20.b")
def test_a_recording_that_proves_an_agreement_lives_with_its_contract(
    client: Client, enter: Enter
) -> None:
    enter("support", "reviewer")
    customer = person()
    contract = make.contract(customer)
    call = make.call(kind="oral-agreement", contract=contract)
    ended = datetime(2026, 9, 10, 9, 0, tzinfo=UTC)

    sweep(now=ended)
    assert hear(client, call, ended) == 200

    billing.end_contract(contract, ending=Contract.Ending.STAFF, by="office", now=ended)
    gone = midnight(2026, 9, 12)
    sweep(now=gone - A_SECOND)
    assert hear(client, call, gone - A_SECOND) == 200
    sweep(now=gone)
    assert hear(client, call, gone) == 404
    assert ObjectKey.objects.count() == 0


def test_a_call_log_without_sound_goes_by_its_own_term() -> None:
    make.call()

    sweep(now=midnight(2027, 3, 3) - A_SECOND)
    assert Call.objects.count() == 1
    sweep(now=midnight(2027, 3, 3))
    assert Call.objects.count() == 0


@pytest.mark.tenant("ema")
def test_a_recording_and_its_number_go_three_years_after_the_call() -> None:
    vilnius = ZoneInfo("Europe/Vilnius")
    make.call()
    ends = midnight(2029, 3, 3, vilnius)

    sweep(now=ends - A_SECOND)
    assert (Call.objects.count(), ObjectKey.objects.count()) == (1, 1)

    sweep(now=ends)
    assert (Call.objects.count(), Recording.objects.count(), ObjectKey.objects.count()) == (0, 0, 0)


@pytest.mark.tenant("ema")
@pytest.mark.keeps("ema-5.4")
def test_a_closed_enquiry_is_gone_after_its_term_and_reopening_starts_anew() -> None:
    vilnius = ZoneInfo("Europe/Vilnius")
    enquiry = make.enquiry()
    actions.close(enquiry, ending="answered", by="staff", now=A_DAY)
    again = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)
    sweep(now=again)
    actions.reopen(enquiry, by="staff", now=again)

    sweep(now=midnight(2026, 9, 3, vilnius))
    assert Enquiry.objects.count() == 1

    closed = datetime(2026, 9, 10, 9, 0, tzinfo=UTC)
    actions.close(enquiry, ending="answered", by="staff", now=closed)
    ends = midnight(2027, 3, 3, vilnius)  # at the latest a year after the last message
    sweep(now=ends - A_SECOND)
    assert Message.objects.count() == 1
    sweep(now=ends)
    assert (Enquiry.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.tenant("ema")
@pytest.mark.keeps("ema-5.4")
def test_an_enquiry_goes_six_months_after_its_end_and_no_policy_lacks_the_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    enquiry = make.enquiry()
    actions.close(enquiry, ending="answered", by="staff", now=A_DAY)
    ends = midnight(2026, 9, 3, ZoneInfo("Europe/Vilnius"))
    sweep(now=ends - A_SECOND)
    assert Enquiry.objects.count() == 1
    sweep(now=ends)
    assert Enquiry.objects.count() == 0

    (own,) = (Path(settings.ROOT) / "policies" / "ema").glob("*.toml")
    whole = own.read_text(encoding="utf-8")
    rule = whole.index('id = "enquiries"')
    without = whole[:rule] + whole[rule:].replace(', within = "6 months"', "", 1)
    assert without != whole
    changed = tmp_path / "without.toml"
    changed.write_text(without, encoding="utf-8")
    assert main(["policy", "check", str(own)]) == 0
    assert main(["policy", "check", str(changed)]) == 2
    assert '"enquiries", then.within' in capsys.readouterr().out


def test_with_the_enquiry_goes_the_person_made_for_it() -> None:
    enquiry = make.enquiry()
    actions.close(enquiry, ending="answered", by="staff", now=A_DAY)

    sweep(now=midnight(2026, 9, 3) - A_SECOND)
    assert Enquiry.objects.get().name == "Anna Ozola"
    assert Person.objects.count() == 1

    sweep(now=midnight(2026, 9, 3))
    sweep(now=midnight(2026, 9, 4))
    assert (Enquiry.objects.count(), Person.objects.count()) == (0, 0)
