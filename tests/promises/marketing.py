"""What the tests of marketing do at a service: staff write and send, people choose and refuse."""

import re
from html import unescape
from typing import Any

from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from skola.ground.people.models import Account, Mail, Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.api import Tenant, current_id
from skola.services.campaigns import tasks
from skola.services.campaigns.models import Campaign, Delivery


def browser(account: Account | None = None) -> Client:
    """A browser at the tenant's door, signed in where an account is named."""
    slug = Tenant.objects.get(pk=current_id()).slug
    made = Client(HTTP_HOST=f"{slug}.localhost")
    if account is not None:
        made.force_login(account)
    return made


def office() -> Client:
    """The browser of somebody who sends campaigns."""
    account = people.account()
    people.role(account.person, "administrator")
    return browser(account)


def written(client: Client, kind: str, **said: Any) -> Any:
    """Send the form of a campaign; the answer of the service."""
    values = {"channel": "email", "subject": "In spring", "text": "Something begins."} | said
    return client.post(reverse("campaigns:new", args=[kind]), values)


def started(client: Client, kind: str, **said: Any) -> Campaign:
    """Write a campaign and let it run; its messages wait."""
    page = written(client, kind, **said)
    assert page.status_code == 302, unescape(page.content.decode())
    made = Campaign.objects.latest("created_at")
    assert client.post(reverse("campaigns:starts", args=[made.pk])).status_code == 302
    made.refresh_from_db()
    return made


def delivered() -> list[EmailMultiAlternatives]:
    """Let the worker send what waits; the mails in the order of their addresses."""
    mail.outbox.clear()
    for one in Delivery.objects.filter(state="waiting", channel="email"):
        tasks.deliver(str(one.pk))
    found: list[Any] = sorted(mail.outbox, key=lambda one: one.to)
    return found


def sent(client: Client, kind: str, **said: Any) -> list[str]:
    """Write, start and send a campaign; the addresses that got it."""
    started(client, kind, **said)
    return [one.to[0] for one in delivered()]


def html(letter: EmailMultiAlternatives) -> str:
    """The page of a mail."""
    body, _kind = letter.alternatives[0]
    return str(body)


def path_of(link: str) -> str:
    """The part of an address that our client asks for."""
    found = re.match(r"https://[^/]+([^#\s>]*)", link)
    assert found, link
    return found[1]


def stop_header(letter: EmailMultiAlternatives) -> str:
    """The address of one click in the headers of a mail."""
    found = re.search(r"<(https://[^>]+)>", letter.extra_headers["List-Unsubscribe"])
    assert found
    return path_of(found[1])


def choice_link(text: str) -> str:
    """The address in a mail where its reader chooses."""
    found = re.search(r"(https://\S+/offers/choices/[^\s#]+)", text)
    assert found, text
    return path_of(found[1])


def set_switches(client: Client, page: str, *words: str, **more: str) -> None:
    """Leave the page of switches with these on."""
    assert client.post(page, {"on": list(words), **more}).status_code == 302


def subscribe(*kinds: str, email: str) -> None:
    """Subscribe with an address alone, and use the link that was mailed."""
    client = browser()
    told = {"email": email, "kinds": list(kinds)}
    assert client.post(reverse("campaigns:subscribe"), told).status_code == 302
    use_link(email)


def use_link(email: str) -> None:
    """Use the link that confirms a subscription."""
    letter = Mail.objects.filter(address=email).latest("created_at")
    found = re.search(r"https://\S+/offers/confirm/\S+", letter.text)
    assert found
    assert browser().post(path_of(found[0])).status_code == 302


def own_page(person: Person) -> tuple[Client, str]:
    """Somebody's browser, signed in, and their Settings > Privacy settings."""
    return browser(person.account), reverse("campaigns:settings")
