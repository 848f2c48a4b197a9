"""EMA: what visitors enter in forms stands in their copy, and is used for that form's purpose."""

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.consents.models import Consent
from skola.promises.policy.api import has
from skola.services.campaigns.models import Subscriber
from skola.services.campaigns.tests import make as campaigns
from skola.services.courses.tests import make as courses
from skola.services.licences.tests import make as licences
from skola.services.workforce.tests import make as workforce
from tests.promises.editing import Folder, edited
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import browser, code_in, latest_mail, log_in, sign_up
from tests.promises.test_access import copy_of

pytestmark = [pytest.mark.tenant("ema"), pytest.mark.usefixtures("standing")]
ADDRESS, PASSWORD = "new@example.org", "nobody guesses this one"
NEWS = """
[[purpose]]
id = "marketing.own"
name = { lt = "Naujienos", en = "News of our services" }
basis = { kind = "consent", art = "6(1)(a)" }
categories = ["marketing"]
alive_while = ["consent:marketing.own"]
enables = ["newsletters.send"]

[[category]]
id = "marketing"
name = { lt = "Naujienlaiškiai", en = "Newsletters" }
holds = ["subscription"]
sources = ["subject"]

[[retention]]
id = "news"
name = { lt = "Naujienlaiškiai", en = "Newsletters" }
categories = ["marketing"]
keep_while = "any purpose alive"
then = { action = "erase", within = "1 day" }

[[consent]]
purpose = ["marketing.own"]
give_by = ["account", "site-form"]
withdraw_by = ["account", "site-form", "link-in-message", "email"]

[marketing]
channels = ["email"]
opt_out_by = ["account", "email", "link-in-message"]
opt_out_promise = "at once"
opt_out_target = "1 minute"
per_channel_consent = ["email"]

[[message]]
id = "news"
name = { lt = "Naujienos", en = "News" }
kind = "offer"
ground = ["marketing.own"]
channels = ["email"]
"""
"""What a policy says that has a newsletter; EMA's has none."""
BEFORE = "# ---- why -"


def records(person: Person) -> dict[str, list[dict[str, object]]]:
    """The lines of somebody's copy, by what each is a record of."""
    found: dict[str, list[dict[str, object]]] = {}
    for name, data in copy_of(person).items():
        if name.endswith(".jsonl"):
            for line in data.decode().splitlines():
                one = json.loads(line)
                found.setdefault(one["record"], []).append(one)
    return found


def form_at(who: Client, address: str) -> str:
    """A page that has a form to send."""
    answer = who.get(address)
    assert answer.status_code == 200, address
    page = str(answer.content.decode())
    assert re.search(r'<form[^>]*method="post"', page), address
    return page


@keeps("ema-1.1.1")
def test_each_form_of_the_site_is_there_and_its_record_is_in_the_copy(tenant: Tenant) -> None:
    """Registering, confirming who one is, logging in, writing, ordering, reporting a fault."""
    who = browser(tenant)
    form_at(who, "/account/signup/")
    person = sign_up(who, born="1990-05-01")
    assert person is not None
    told = records(person)
    assert told["people.person"][0]["given_name"] == "Anna"
    assert [one["email"] for one in told["people.account"]] == [ADDRESS]
    (address,) = told["account.emailaddress"]
    assert (address["email"], address["verified"]) == (ADDRESS, True), "by the code in the mail"

    cache.clear()
    before = len(told["people.securityevent"])
    again = browser(tenant)
    form_at(again, "/account/login/")
    assert log_in(again, ADDRESS, PASSWORD)
    signed_in = records(person)["people.securityevent"][before:]
    assert {"signed-in"} <= {one["kind"] for one in signed_in}
    again.post("/account/policy/", {"next": "/"})

    teacher = people.account().person
    course = courses.course(author=teacher)
    courses.enrolment(course, person)
    write = reverse("messages:write", args=[teacher.pk])
    form_at(again, write)
    said = {"title": "Lesson 2", "body": "What is a flange?"}
    assert again.post(write, said).status_code == 302
    (message,) = records(person)["messages.message"]
    assert message["body"] == "What is a flange?"

    company = workforce.company(manager=person, at=AT)
    wanted = licences.course()
    order = reverse("licences:order", args=[company.pk])
    page = form_at(again, reverse("licences:licences", args=[company.pk]))
    assert f'action="{order}"' in page
    asked = {"course": str(wanted.pk), "seats": "3", "months": "12"}
    assert again.post(order, asked).status_code == 302
    (ordered,) = records(person)["licences.order"]
    assert ordered["seats"] == 3

    fault = form_at(again, f"/desk/?topic=fault&page=/courses/{course.slug}/")
    hidden = dict(re.findall(r'name="(shown|page)" value="([^"]*)"', fault))
    with clock.standing_at(AT + timedelta(minutes=1)):
        sent = {**hidden, "topic": "fault", "body": "The film stops."}
        assert again.post("/desk/", sent).status_code == 302
    (enquiry,) = records(person)["desk.enquiry"]
    assert (enquiry["topic"], enquiry["page"]) == ("fault", f"/courses/{course.slug}/")


@keeps("ema-1.5.1")
def test_registering_makes_no_receiver_of_news_for_there_is_none(tenant: Tenant) -> None:
    who = browser(tenant)
    assert "news" not in form_at(who, "/account/signup/").lower()

    assert sign_up(who, born="1990-05-01") is not None

    assert not Consent.objects.exists()
    assert not Subscriber.objects.exists()
    assert not has("newsletters.send", now=clock.now())
    assert who.get("/offers/subscribe/").status_code == 404


@keeps("ema-1.5.1")
def test_a_newsletter_takes_a_tick_of_its_own_and_what_was_entered_is_no_ground(
    tenant: Tenant, folder: Folder
) -> None:
    """Under a policy that has one: two register, one of them ticks its box."""
    (file,) = folder.published.glob("ema/*.toml")
    file.write_text(edited(file.read_text(), [(BEFORE, f"{NEWS}\n{BEFORE}")]))

    def register(name: str, **ticked: str) -> Person:
        cache.clear()
        email, who = f"{name}@example.org", browser(tenant)
        who.post("/account/signup/", {"birth_on": "1990-05-01"})
        page = form_at(who, "/account/signup/")
        assert re.search(r'<input type="checkbox" name="agree_marketing_own"(?![^>]*checked)', page)
        told = {
            "given_name": name,
            "family_name": "Petraitis",
            "email": email,
            "password1": PASSWORD,
        }
        who.post("/account/signup/", {**told, **ticked})
        who.post("/account/confirm-email/", {"code": code_in(latest_mail(email))})
        return Person.objects.get(email=email)

    plain = register("plain")
    agreed = register("agreed", agree_marketing_own="on")

    assert [one.person for one in Consent.objects.all()] == [agreed]
    assert campaigns.send("news", at=clock.now()) == ["agreed@example.org"]
    assert not Subscriber.objects.filter(person=plain).exists()
