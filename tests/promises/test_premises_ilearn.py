"""ilearn: areas under cameras have a sign, footage a term, and people ask for it by time."""

from datetime import timedelta

import pytest

from skola.ground.tenants.models import Tenant
from skola.promises.policy.api import in_force
from skola.promises.retention.api import sweep
from skola.promises.rights.models import RightsRequest
from skola.services.premises.models import Area, Footage
from skola.services.premises.tests import make
from tests.promises.asking import DESK, text
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import browser, customer, log_in, staff

pytestmark = [
    pytest.mark.tenant("ilearn"),
    pytest.mark.django_db,
    pytest.mark.usefixtures("standing"),
]
PLACE = "/premises/"
LOBBY = {"site": "Office in Riga", "name": "Lobby", "cameras": "2", "viewers": "officer"}


@keeps("ilearn-4.b")
def test_a_camera_area_has_its_sign_footage_is_asked_for_by_time_and_goes_after_its_term(
    tenant: Tenant,
) -> None:
    """The sign names controller, purpose, term and notice; the request date, time and place."""
    customer()
    office, mine = browser(tenant), browser(tenant)
    assert log_in(office, staff("officer").email)
    assert log_in(mine)

    assert mine.get(PLACE).status_code == 404
    assert office.post(PLACE, LOBBY).status_code == 302
    assert office.post(PLACE, LOBBY).status_code == 422
    area = Area.objects.get()
    sign = text(office, f"{PLACE}{area.pk}/sign/")
    controller = in_force(AT).policy.controller
    for said in (controller.name, controller.address, "Office in Riga, Lobby", "/privacy/"):
        assert said in sign
    assert "to protect people and property. Footage is kept for 30 days." in sign

    day = AT - timedelta(days=2)
    held = {
        "starts_at": f"{day:%Y-%m-%d}T08:00",
        "ends_at": f"{day:%Y-%m-%d}T20:00",
        "medium": "Recorder 2, disk A",
    }
    later = held | {"ends_at": f"{AT + timedelta(days=1):%Y-%m-%d}T20:00"}
    assert office.post(f"{PLACE}{area.pk}/", later).status_code == 422
    assert office.post(f"{PLACE}{area.pk}/", held).status_code == 302
    make.footage(area, at=AT)

    told = {"area": str(area.pk), "at": f"{day:%Y-%m-%d}T12:30", "words": "A red coat."}
    answer = mine.post(f"{PLACE}footage/", told)
    asked = RightsRequest.objects.get()
    assert answer["Location"] == f"/account/requests/{asked.pk}/"
    assert asked.kind == "access"
    assert asked.promised_on is not None
    shown = text(office, f"{DESK}{asked.pk}/")
    for said in ("Office in Riga, Lobby", "28 February 2026", "12:30", "A red coat."):
        assert said in asked.words
        assert said in shown
    there = text(office, f"{PLACE}?area={area.pk}&at={day:%Y-%m-%d}T12:30")
    assert "Recorder 2, disk A" in there
    missed = text(office, f"{PLACE}?area={area.pk}&at={day:%Y-%m-%d}T21:30")
    assert "No footage of this is stored." in missed

    ended = Footage.objects.get(medium="Recorder 2, disk A").ends_at
    for days, left in ((29, 2), (31, 1), (34, 0)):
        sweep(now=ended + timedelta(days=days))
        assert Footage.objects.count() == left, days
