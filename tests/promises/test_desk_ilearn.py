"""iLearn: one queue for every channel, one history for every customer, callers found by number."""

import io
import zipfile

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from skola.ground import clock
from skola.ground.people.models import Account, Person
from skola.ground.tenants.models import Tenant
from skola.promises.rights.access.actions import write_export
from skola.promises.rights.models import Export
from skola.services.desk.models import Call, Enquiry
from skola.services.desk.tests import make as desk
from tests.promises.asking import DESK, decide, note
from tests.promises.keeping import keeps
from tests.promises.mailing import hand_over, letter
from tests.promises.marking import AT
from tests.promises.people import PASSWORD, browser, customer, log_in, working
from tests.promises.test_access import copy_of, text_of

pytestmark = [pytest.mark.tenant("ilearn"), pytest.mark.usefixtures("standing")]

QUEUE, MINE = "/desk/queue/", "/desk/mine/"


@pytest.fixture
def ilze(tenant: Tenant) -> Account:
    account = customer()
    Person.objects.filter(pk=account.person_id).update(phone="+371 2911 1111", given_name="Ilze")
    return account


@pytest.fixture
def agent(tenant: Tenant) -> Client:
    return working(tenant, "support")


def page_of(who: Client, address: str) -> str:
    answer = who.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def registered(agent: Client, body: str, **told: str) -> Enquiry:
    """Staff enter what was said by phone."""
    said = {"channel": "phone", "topic": "service", "body": body, "received_at": "2026-03-02T10:00"}
    answer = agent.post(f"{QUEUE}new/", {**said, **told})
    assert answer.status_code == 302, answer.content.decode()
    return Enquiry.objects.latest("number")


@keeps("ilearn-8.g")
def test_tickets_by_every_channel_stand_in_one_queue_and_in_the_customers_account(
    tenant: Tenant, ilze: Account, agent: Client
) -> None:
    signed_in, visitor = browser(tenant), browser(tenant)
    assert log_in(signed_in)
    with clock.standing_at(AT.replace(hour=8)):
        shown = {who: page_of(who, "/desk/") for who in (signed_in, visitor)}
    form = {"topic": "service", "email": "Ilze@example.org"}
    for who, body in ((visitor, "By the site."), (signed_in, "In the account.")):
        stamp = shown[who].partition('name="shown" value="')[2].partition('"')[0]
        assert who.post("/desk/", {**form, "body": body, "shown": stamp}).status_code == 302
    hand_over(letter("ilze@example.org", "Kurss", "By a mail."), "info@ilearn.lv")
    registered(agent, "By the phone.", phone="+37129111111")
    desk.enquiry(body="Of somebody else.", email="anna@example.org", at=AT)

    queue, mine = page_of(agent, QUEUE), page_of(signed_in, MINE)
    for words in ("By the site.", "In the account.", "By a mail.", "By the phone."):
        assert words in queue
        assert words in mine
    assert "Of somebody else." in queue
    assert "Of somebody else." not in mine
    channels = sorted(Enquiry.objects.of(ilze.person).values_list("channel", flat=True))
    assert channels == ["account", "email", "phone", "web"]
    stranger = customer("zane@example.org")
    assert not Enquiry.objects.of(stranger.person).exists()


@keeps("ilearn-11.g")
def test_a_note_on_an_application_by_phone_is_in_the_history_and_in_the_copy(
    tenant: Tenant,
    ilze: Account,
    agent: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    applied = registered(agent, "I apply for the course on bees.", email="ilze@example.org")
    there = f"/desk/people/{ilze.person_id}/"
    assert there in page_of(agent, f"{QUEUE}{applied.pk}/")
    noted = agent.post(f"{QUEUE}{applied.pk}/notes/", {"body": "She wants a seat by the window."})
    assert noted.status_code == 302
    desk.call(number="+371 29111111")
    desk.call(on=Call.objects.get().line, number="+371 29222222")

    history = page_of(agent, there)

    assert "I apply for the course on bees." in history
    assert "She wants a seat by the window." in history
    assert "note · " in history
    assert history.count('<a href="/desk/calls/') == 1, "the call of her number, not the other"
    assert "She wants a seat by the window." in text_of(copy_of(ilze.person))
    for number in range(5):
        registered(agent, f"More {number}", email="ilze@example.org")
    with django_assert_max_num_queries(10):
        agent.get(there)
    assert browser(tenant).get(there).status_code in (302, 404)


@keeps("ilearn-4.c")
def test_who_only_called_is_found_by_the_number_and_gets_a_copy(tenant: Tenant) -> None:
    officer = working(tenant, "officer")
    first = desk.call(number="+371 2933 3333", recorded=False)
    desk.call(on=first.line, number="+371 29333333", recorded=False)
    other = desk.call(on=first.line, number="+371 29444444", recorded=False)
    assert officer.post(f"{DESK}new/", {"known_as": "+371 20000000"}).status_code == 422

    proven = {"channel": "in-person", "proof": "document", "document": "passport"}
    asked = note(officer, "access", known_as="(+371) 29-333-333", **proven)

    assert set(Call.objects.filter(person=asked.person)) == set(
        Call.objects.filter(number="+37129333333")
    )
    assert Call.objects.get(pk=other.pk).person is None
    assert decide(officer, asked, "granted", reasons="Here it is.") == 302
    write_export(Export.objects.get().pk, now=clock.now())
    page = page_of(officer, f"{DESK}{asked.pk}/")
    link = f"{DESK}{asked.pk}/copies/{Export.objects.get().pk}/"
    assert link in page
    answer = officer.get(link)
    if answer.status_code == 302:
        officer.post(answer["Location"], {"password": PASSWORD})
        answer = officer.get(link)
    whole = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        text = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    assert text.count("+37129333333") >= 2
    assert "+37129444444" not in text
