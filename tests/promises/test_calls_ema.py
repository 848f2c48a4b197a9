"""EMA: who objects to being recorded is not recorded again, and what is there is decided."""

from datetime import timedelta
from pathlib import Path

import pytest

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.tenants.models import Tenant
from skola.services.desk.importing import Report, import_list
from skola.services.desk.models import Call, Recording
from skola.services.desk.tests import make as desk
from tests.promises.asking import DESK, decide, note, text
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import PASSWORD, browser, staff, working

pytestmark = [pytest.mark.tenant("ema"), pytest.mark.usefixtures("standing")]
NUMBER, OTHER, LIST = "+370 600 00000", "+370 611 11111", "/desk/calls/unrecorded/"


def imported(folder: Path, day: int) -> Report:
    """The provider's list of a day: both numbers called, and were recorded."""
    (folder / "one.wav").write_bytes(desk.sound().read())
    rows = [
        f"2026-03-{day:02d}T12:00,100,incoming,{number},60,quality,one.wav"
        for number in (NUMBER, OTHER)
    ]
    head = "began,line,direction,number,seconds,class,file"
    (folder / "calls.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    return import_list(folder / "calls.csv", by="skola calls", now=clock.now())


@keeps("ema-4.2")
def test_who_objects_is_not_recorded_again_and_what_is_there_is_decided(
    tenant: Tenant, tmp_path: Path
) -> None:
    desk.line(number="100")
    officer, reviewer = working(tenant, "officer"), working(tenant, "reviewer")
    first = imported(tmp_path, 1)
    assert (first.calls, first.recordings, first.dropped) == (2, 2, 0)
    assert "Nobody objected" in text(reviewer, LIST)

    proven = {"channel": "in-person", "proof": "document", "document": "passport"}
    purpose = "service.quality-calls"
    asked = note(officer, "objection", known_as=NUMBER, purposes=purpose, **proven)

    page = text(reviewer, LIST)
    assert "+37060000000" in page
    assert "+37061111111" not in page
    with clock.standing_at(AT + timedelta(days=2)):
        later = imported(tmp_path, 4)
    assert (later.calls, later.recordings, later.dropped) == (2, 1, 1)
    calls = Call.objects.filter(number="+37060000000").order_by("started_at")
    kept = [Recording.objects.filter(call=one).exists() for one in calls]
    assert kept == [True, False], "the line of the log stays, its sound was dropped"
    dropped = Entry.objects.get(kind="desk.recording.dropped")
    assert dropped.clause == "ema-4.2"
    assert str(calls[1].pk) in dropped.target
    assert "no sound is kept" in text(reviewer, f"/desk/calls/{calls[1].pk}/")

    listen = f"/desk/calls/{calls[0].pk}/plays/"
    assert reviewer.post(listen, {"reason": "quality"}).status_code == 409, "not until decided"
    assert str(asked.number) in text(officer, DESK)
    assert decide(officer, asked, "refused", ground="others", reasons="It is a proof.") == 302
    assert reviewer.post(listen, {"reason": "quality"}).status_code == 200
    assert "Nobody objected" in text(reviewer, LIST)

    own, agent = browser(tenant), staff("support")
    told = own.post("/account/login/", {"login": agent.email, "password": PASSWORD}, follow=True)
    assert told.redirect_chain[-1][0].startswith("/account/policy/"), "employees are told, too"
    assert "Only conversations of employees who advise" in text(own, "/privacy/?depth=full")
