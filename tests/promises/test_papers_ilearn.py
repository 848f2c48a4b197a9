"""ilearn: what is kept on paper is a record, too, and its destruction a task."""

from datetime import timedelta

import pytest

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.tenants.models import Tenant
from skola.promises.gate.api import Restriction, restrict
from skola.promises.retention.api import sweep
from skola.services.billing.tests import make as billing
from skola.services.papers.models import Paper, Sheet
from skola.services.papers.tests import make
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import customer, log_in, working
from tests.promises.test_access import copy_of, text_of

pytestmark = [
    pytest.mark.tenant("ilearn"),
    pytest.mark.django_db,
    pytest.mark.usefixtures("standing"),
]
PLACE, SHELF = "/papers/", "Office 2, cabinet 3, folder A"


@keeps("ilearn-6.a")
def test_a_paper_is_in_the_copy_with_its_place_and_its_destruction_is_a_task_when_it_is_due(
    tenant: Tenant,
) -> None:
    """Not a second earlier, not for one that is kept, and not because somebody is restricted."""
    ilze, anna = customer().person, customer("anna@example.org").person
    billing.contract(anna, at=AT)
    kept = make.paper(anna)
    office = working(tenant, "officer")
    told = {
        "email": ilze.email,
        "what": "Application form for the course on bees",
        "channel": "in-person",
        "received_on": f"{AT:%Y-%m-%d}",
        "place": SHELF,
    }
    tomorrow = {"received_on": f"{AT + timedelta(days=1):%Y-%m-%d}"}
    assert office.post(f"{PLACE}new/", told | tomorrow).status_code == 422
    assert office.post(f"{PLACE}new/", told).status_code == 302
    paper = Paper.objects.get(person=ilze)
    assert paper.mark in office.get(f"{PLACE}{paper.pk}/").content.decode()

    copy = text_of(copy_of(ilze))
    assert "Application form for the course on bees" in copy
    assert SHELF in copy
    assert kept.mark not in copy
    assert paper.mark in copy

    sweep(now=AT)
    due_at = Paper.objects.get(pk=paper.pk).due_at
    assert due_at is not None
    sheet = Sheet.objects.get(mark=paper.mark)
    restrict(
        ilze.pk,
        reason="R-1",
        ground=Restriction.Ground.ACCURACY,
        asked_by=Restriction.Asked.PERSON,
        asked_on=AT.date(),
        by="officer",
        now=AT,
    )
    with clock.standing_at(due_at - timedelta(seconds=5)):
        assert log_in(office, "officer@example.org")
        assert "To be destroyed" not in office.get(PLACE).content.decode()
        early = office.post(f"{PLACE}sheets/{sheet.pk}/endings/")
        assert early.status_code == 409
    with clock.standing_at(due_at + timedelta(seconds=1)):
        sweep(now=clock.now())
        office = working(tenant, "administrator")
        assert not Paper.objects.filter(pk=paper.pk).exists()
        assert "1 paper is to be destroyed" in office.get("/").content.decode()
        task = office.get(PLACE).content.decode().partition("To be destroyed")[2]
        task = task.partition("</section>")[0]
        assert paper.mark in task
        assert SHELF in task
        assert kept.mark not in task
        assert "Ilze" not in task
        for _twice in range(2):
            assert office.post(f"{PLACE}sheets/{sheet.pk}/endings/").status_code == 302
        assert "to be destroyed" not in office.get("/").content.decode()
        assert Entry.objects.filter(kind="papers.sheet.destroyed").count() == 1
