"""KIC: how somebody gave data of themselves is noted by the form or ticket that they used."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Mail, Person
from skola.ground.tenants.models import Tenant
from skola.promises.origins.models import Origin
from skola.services.groups.tests import make as groups
from skola.services.surveys.links import address_of
from skola.services.surveys.tests import make as surveys
from tests.promises.asking import text
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import browser, customer, signed_in, working
from tests.promises.test_access import copy_of

pytestmark = pytest.mark.usefixtures("standing")


def asks(who: Client) -> None:
    """Somebody uses the contact form, as long after they opened it as people need."""
    page = who.get("/desk/").content.decode()
    shown = re.search(r'name="shown" value="([^"]+)"', page)
    assert shown
    told = {"topic": "service", "email": "anna@example.org", "body": "When does it begin?"}
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        assert who.post("/desk/", {**told, "shown": shown[1]}).status_code == 302


@pytest.mark.tenant("kic")
@keeps("kic-source-self")
def test_a_service_request_a_survey_answer_and_a_conversation_each_leave_their_own_tag(
    tenant: Tenant,
) -> None:
    """With the thing and the day, on the person's page and in the copy of their data."""
    me = customer("anna@example.org")
    run = groups.run(starts_on=AT.date() + timedelta(days=30))
    over = groups.run(starts_on=AT.date() - timedelta(days=5), days=2)
    asked = surveys.invitation(me.person, run=over, at=AT)
    who = signed_in(tenant, me.email)

    def tags() -> set[str]:
        return set(Origin.objects.filter(person=me.person).values_list("kind", flat=True))

    assert who.post(reverse("groups:apply", args=[run.pk]), {"words": "Hm."}).status_code == 302
    assert tags() == {"service-request"}
    answered = who.post(address_of(asked), {"score": "5", "trainer_score": "4"})
    assert answered.status_code == 302
    assert tags() == {"service-request", "survey-answer"}
    asks(who)
    assert tags() == {"service-request", "survey-answer", "conversation"}

    noted = {one.kind: one for one in Origin.objects.filter(person=me.person)}
    assert noted["service-request"].name == run.programme.title
    assert noted["conversation"].name.startswith("E-")
    local = clock.now().astimezone(groups.RIGA)
    assert noted["survey-answer"].at == local.replace(hour=0, minute=0, second=0, microsecond=0), (
        "the day, no moment"
    )
    told = copy_of(me.person)["data/contact.jsonl"].decode()
    assert all(f'"kind": "{kind}"' in told or f'"kind":"{kind}"' in told for kind in tags())
    office = working(tenant)
    page = text(office, f"/people/{me.person_id}/")
    words = ("service request", "survey answer", "conversation")
    assert [word for word in words if word in page] == list(words)
    assert page.count("2 March 2026") >= 3


@pytest.mark.tenant("ema")
def test_where_the_policy_promises_no_tag_none_is_kept(tenant: Tenant) -> None:
    asks(browser(tenant))
    assert Person.objects.filter(source="enquiry").exists()
    assert not Origin.objects.exists()


@pytest.mark.tenant("kic")
@keeps("kic-source-public")
def test_who_was_found_in_a_register_is_a_task_until_the_first_message_names_the_source(
    tenant: Tenant,
) -> None:
    """Due in a month; closed by the message, which says where the data are from and when found."""
    office = working(tenant, "coordinator")
    told = {
        "company": "SIA Koks",
        "number": "40000000001",
        "given_name": "Dace",
        "family_name": "Vītola",
        "position": "Head of staff",
        "email": "dace@example.org",
        "source": "register",
        "found_at": "Register of Enterprises",
        "found_on": "2026-03-01",
    }
    answer = office.post(reverse("companies:new"), told)
    assert answer.status_code == 302
    here, person = answer["Location"], Person.objects.get(email="dace@example.org")

    task = "1 representative is to be told from where we have their data"
    assert task in text(office, "/")
    assert "The first by 2 April 2026." in text(office, "/"), "a month, and its whole last day"
    with clock.standing_at(AT + timedelta(days=32)):
        late = working(tenant, "administrator")
        assert "should have been told" in text(late, reverse("companies:register"))

    for subject in ("Courses for your people", "And another thing"):
        sent = {"subject": subject, "text": "Would a course be of use?"}
        assert office.post(here, sent).status_code == 302

    sent_to = Mail.objects.filter(address=person.email)
    first = sent_to.get(subject="Courses for your people")
    second = sent_to.get(subject="And another thing")
    source = "Register of Enterprises, 2026. gada 1. marts"
    assert (source in first.text, source in second.text) == (True, False)
    words = "Jūsu kontaktinformāciju kā uzņēmuma pārstāvim ieguvām no publiski pieejama avota."
    assert (words in first.text, words in second.text) == (True, False)
    assert "/privacy/" in first.text
    assert task not in text(office, "/")
    assert "has been told" in text(office, here)
    noted = copy_of(person)
    assert '"found_on":"2026-03-01"' in noted["data/employment.jsonl"].decode()
    assert '"kind":"public"' in noted["data/contact.jsonl"].decode()
    assert "Register of Enterprises, 1 March 2026" in text(late, f"/people/{person.pk}/")
