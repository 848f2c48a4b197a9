"""EMA's promises about its support chat, each as its check says."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from skola.ground import clock
from skola.ground.people.models import Account, Mail, Person
from skola.ground.tenants.models import Tenant
from skola.services.chat import actions, tasks
from skola.services.chat.models import Chat
from skola.services.chat.tests import make
from skola.services.desk.models import Enquiry
from tests.promises.keeping import keeps
from tests.promises.mailing import hand_over, letter
from tests.promises.marking import AT
from tests.promises.people import browser, customer, signed_in, working
from tests.promises.test_access import copy_of, text_of

pytestmark = [pytest.mark.tenant("ema")]
OPEN = AT.replace(hour=9)
NIGHT = AT.replace(hour=21)


@pytest.fixture(autouse=True)
def standing(db: None) -> Iterator[None]:
    cache.clear()
    with clock.standing_at(OPEN):
        yield
    cache.clear()


@pytest.fixture
def agent(tenant: Tenant) -> Client:
    make.hours()
    return working(tenant, "support")


def page_of(who: Client, address: str = "/chat/") -> str:
    answer = who.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200, address
    return answer.content.decode()


def start(who: Client, body: str = "Does the licence end?", **told: str) -> str:
    """Fill the form in that the page shows, and send it ten seconds later; the next page."""
    with clock.standing_at(clock.now() - timedelta(seconds=10)):
        shown = re.search(r'name="shown" value="([^"]+)"', page_of(who))
    assert shown is not None
    answer = who.post("/chat/", {"body": body, "shown": shown[1], **told}, follow=True)
    return answer.content.decode()


def test_without_a_script_a_chat_goes_on_by_reloading(tenant: Tenant, agent: Client) -> None:
    visitor, other = browser(tenant), browser(tenant)
    assert "csrftoken" not in visitor.get("/chat/").cookies
    assert "Does the licence end?" in start(visitor)
    chat = Chat.objects.get()
    there = f"/chat/desk/{chat.pk}/"
    assert there in page_of(agent, "/chat/desk/")
    assert agent.post(f"{there}answers/", {"body": "In summer."}).status_code == 302

    assert visitor.get("/chat/news/").json()["new"] == 1
    assert "In summer." in page_of(visitor)
    assert visitor.get("/chat/news/").json()["new"] == 0
    assert "In summer." not in page_of(other)
    visitor.post("/chat/messages/", {"body": "Thank you."})
    assert "Thank you." in page_of(agent, there)
    assert other.post("/chat/messages/", {"body": "Mine?"}).status_code == 302
    assert chat.enquiry.messages.count() == 3
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert visitor.post("/chat/endings/", headers=elsewhere).status_code == 403


def test_outside_of_the_hours_a_message_is_left_for_the_desk(tenant: Tenant, agent: Client) -> None:
    with clock.standing_at(NIGHT):
        visitor = browser(tenant)
        assert "We are here again from" in page_of(visitor)
        assert 'aria-invalid="true"' in start(visitor), "without an address nobody can answer"
        left = start(visitor, email="ruta@example.org")
    assert "ruta@example.org" in left
    assert not Chat.objects.exists()
    kept = Enquiry.objects.get()
    assert (kept.channel, kept.email) == ("chat", "ruta@example.org")
    assert kept.label in page_of(agent, "/desk/queue/")


def test_an_unanswered_silent_chat_stays_open_and_an_answered_one_is_closed(
    tenant: Tenant, agent: Client
) -> None:
    asked_at = OPEN - timedelta(seconds=1)
    waits = make.chat(at=asked_at)
    answered = make.chat(at=asked_at, email="ruta@example.org")
    helper = Person.objects.get(account__email="support@example.org")
    actions.answer(answered, body="In summer.", agent=helper, by="system", now=OPEN)
    with clock.standing_at(OPEN + timedelta(minutes=29)):
        tasks.end_silent()
    assert Chat.objects.live().count() == 2
    with clock.standing_at(OPEN + timedelta(minutes=30)):
        tasks.end_silent()
        tasks.mail_transcript(str(waits.pk))
        for _twice in range(2):
            tasks.mail_transcript(str(answered.pk))

    assert not Chat.objects.live().exists()
    assert Enquiry.objects.get(pk=waits.enquiry_id).closed_at is None
    assert Enquiry.objects.get(pk=answered.enquiry_id).closed_at is not None
    sent = Mail.objects.get()
    assert sent.address == "ruta@example.org"
    assert "Does the licence end with the school year?" in sent.text
    assert "In summer." in sent.text


@keeps("ema-1.1.2")
def test_chat_and_mail_of_a_person_stand_in_one_history_and_in_the_copy(
    tenant: Tenant, agent: Client
) -> None:
    ilze: Account = customer()
    own = signed_in(tenant)
    start(own, "Said in the chat.")
    hand_over(letter("ilze@example.org", "Licence", "Written in a mail."), "help@ema.example")
    stranger = make.chat(body="Of somebody else.", email="ruta@example.org", at=OPEN)
    hand_over(letter("ruta@example.org", "Again", "Mail of that one."), "help@ema.example")

    there = f"/desk/people/{ilze.person_id}/"
    history = page_of(agent, there)
    assert "Said in the chat." in history
    assert "Written in a mail." in history
    assert "somebody else" not in history
    found = page_of(agent, f"{there}?words=IN%20A%20MAIL")
    assert "Written in a mail." in found
    assert "Said in the chat." not in found
    theirs = page_of(agent, f"/desk/people/{stranger.enquiry.person_id}/")
    assert "Of somebody else." in theirs
    assert "Mail of that one." in theirs
    queue = page_of(agent, "/desk/queue/?words=said%20in%20the")
    assert queue.count('href="/desk/queue/0') == 1
    copy = text_of(copy_of(ilze.person))
    assert "Said in the chat." in copy
    assert "Written in a mail." in copy
    assert "Of somebody else." not in copy
