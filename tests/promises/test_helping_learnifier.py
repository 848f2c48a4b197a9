"""Learnifier as a processor: requests go to the client, and clients are helped within a term."""

import re
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real
from django.core.cache import cache
from django.test import Client

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Mail, Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.promises.rights.models import RightsRequest
from skola.promises.rights.requests.actions import withdraw
from skola.services.academies.models import Assist
from skola.services.academies.tests import make
from tests.promises.keeping import keeps

pytestmark = [pytest.mark.tenant("learnifier"), pytest.mark.django_db]
AT = make.NOW
A_DAY = timedelta(days=1)
WORDS = "My marks in welding are wrong."


@pytest.fixture(autouse=True)
def policies(tenant: Tenant, tmp_path: Path, settings: Any) -> Any:
    """The operator's published policy, and beside it those of the academies of a test."""
    folder = tmp_path / "policies"
    shutil.copytree(Path(real.ROOT) / "policies" / "learnifier", folder / "learnifier")
    settings.POLICIES = folder
    cache.clear()
    with clock.standing_at(AT):
        yield


def at_operator(kind: str = "") -> Client:
    """Somebody's browser at the operator, signed in with a role there where one is named."""
    client = Client(HTTP_HOST="learnifier.localhost")
    if kind:
        account = people.account(email=f"{kind}@learnifier.example")
        people.role(account.person, kind)
        client.force_login(account)
    return client


def in_academy(founded: make.Founded, kind: str) -> Client:
    """The same in the academy."""
    client = Client(HTTP_HOST=founded.host)
    with inside(founded.academy.client):
        account = people.account(email=f"{kind or 'ola'}@bergslag.example")
        if kind:
            people.role(account.person, kind)
        client.force_login(account)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


@keeps("learnifier-12.d")
def test_a_participants_request_goes_to_the_client_and_the_operator_reads_nothing_of_it(
    tenant: Tenant,
) -> None:
    founded, other = make.founded(), make.founded(word="kusten", name="Kusten")
    known = Person.objects.count()
    told = {
        "academy": f"https://{founded.host}/courses/",
        "kind": "rectification",
        "given_name": "Ola",
        "family_name": "Nordin",
        "email": "ola@bergslag.example",
        "words": WORDS,
    }
    visitor = at_operator()
    assert "/academies/participants/" in text(visitor.get("/privacy/mine/"))
    assert visitor.post("/academies/participants/", {**told, "academy": "x"}).status_code == 422

    answer = text(visitor.post("/academies/participants/", told))

    for said in (make.TOLD.organisation, make.TOLD.address, make.TOLD.email):
        assert said in answer, "who the controller is"
    with inside(founded.academy.client):
        asked = RightsRequest.objects.get()
        assert (asked.kind, asked.words, asked.email) == ("rectification", WORDS, told["email"])
        assert asked.promised_on > AT.date(), "a clock runs"
        assert Mail.objects.filter(address=told["email"]).exists(), "a receipt"
    officer, queue = in_academy(founded, "officer"), "/office/promises/requests/"
    assert str(asked.pk) in text(officer.get(queue))
    one = text(officer.get(f"{queue}{asked.pk}/"))
    assert "Nordin" in one
    assert WORDS in one
    with inside(other.academy.client):
        assert not RightsRequest.objects.exists()

    assert Person.objects.count() == known
    assert not RightsRequest.objects.exists()
    assert not Mail.objects.filter(text__contains=WORDS).exists()
    office = at_operator("administrator")
    pages = [
        text(office.get(one)) for one in ("/academies/assists/", "/office/promises/requests/", "/")
    ]
    assert not [
        page for page in pages if "Nordin" in page or WORDS in page or told["email"] in page
    ]
    row = re.search(r"<td[^>]*>Bergslags akademi.*?</tr>", pages[0], re.DOTALL)
    assert row
    assert "with the client" in row[0]
    with inside(founded.academy.client):
        withdraw(asked, by="participant", now=AT + A_DAY)
    assert "closed" in text(office.get("/academies/assists/"))
    entry = Entry.objects.get(kind="academies.request.handed_over")
    assert "Nordin" not in str(entry.detail)


@keeps("learnifier-12.e")
def test_a_client_is_acknowledged_within_thirty_days_and_only_its_administrator_asks(
    tenant: Tenant,
) -> None:
    founded = make.founded()
    said = {"words": "Delete the logs of the old server."}
    for kind in ("", "author", "officer"):
        assert in_academy(founded, kind).post("/academies/own/assist/", said).status_code == 404
    assert Client(HTTP_HOST=founded.host).post("/academies/own/assist/", said).status_code == 302
    assert not Assist.objects.exists()
    administrator = in_academy(founded, "administrator")

    assert administrator.post("/academies/own/assist/", {"words": ""}).status_code == 422
    assert administrator.post("/academies/own/assist/", said).status_code == 302

    ticket = Assist.objects.get()
    office = at_operator("support")
    midnight = AT.replace(month=4, day=1, hour=22, minute=0)  # 30 days, then midnight in Stockholm
    with clock.standing_at(midnight - timedelta(minutes=1)):
        page = text(office.get("/academies/assists/"))
        assert "Delete the logs" in page
        assert "overdue since" not in page
    with clock.standing_at(midnight):
        assert "overdue since" in text(office.get("/academies/assists/"))
        assert "The term to acknowledge it is over." in text(office.get("/"))

    acknowledging = f"/academies/assists/{ticket.pk}/acknowledgements/"
    ending = f"/academies/assists/{ticket.pk}/endings/"
    assert office.post(ending).status_code == 409, "not before it is acknowledged"
    assert office.post(acknowledging, {"plan": ""}).status_code == 422
    assert office.post(acknowledging, {"plan": "The disk is wiped on Monday."}).status_code == 302
    assert office.post(acknowledging, {"plan": "Again."}).status_code == 409
    with clock.standing_at(midnight):
        assert "overdue since" not in text(office.get("/academies/assists/"))
    mine = text(administrator.get("/academies/own/assist/"))
    assert "acknowledged" in mine
    assert "The disk is wiped on Monday." in mine
    assert office.post(ending).status_code == 302
    assert "done" in text(administrator.get("/academies/own/assist/"))
    kinds = Entry.objects.filter(kind__startswith="academies.assist").order_by("at", "pk")
    assert {entry.kind.rpartition(".")[2] for entry in kinds} == {"asked", "acknowledged", "done"}
    assert at_operator("author").get("/academies/assists/").status_code == 404
