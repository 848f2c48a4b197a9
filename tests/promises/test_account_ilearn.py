"""ilearn: the customer account has its parts, and each shows the customer's own data only."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from skola.ground import clock
from skola.ground.people.models import Account, Person
from skola.promises.policy.api import in_force
from skola.promises.rights.api import Asked, Asker, receive_request
from skola.services.billing.contracting import accept_contract, offer_contract
from skola.services.billing.tests import make as billing
from skola.services.courses.models import Enrolment
from skola.services.courses.tests import make as courses
from skola.services.desk.tests import make as desk
from tests.promises.keeping import keeps
from tests.promises.people import customer
from tests.promises.visiting import Site, log_in

pytestmark = [
    pytest.mark.tenant("ilearn"),
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


def with_everything(person: Person, mark: str) -> None:
    """A contract, an invoice, a course, an enquiry and a request that carry a word of their own."""
    now = clock.now() - timedelta(days=1)
    billing.known(person, at=now)
    offered = offer_contract(
        person,
        title=f"{mark} contract",
        text="We teach.",
        starts_on=now.date(),
        ends_on=None,
        by="office",
        now=now,
    )
    accept_contract(offered, by="customer", now=now)
    billing.invoice(person, billing.line(f"{mark} lessons"), at=now)
    courses.enrolment(courses.course(title=f"{mark} course"), person)
    desk.enquiry(person=person, body=f"{mark} question", at=now)
    asked = Asked("rectification", "account", "account", f"{mark} request")
    receive_request(asked, Asker(), person=person, received_at=now, by="person", now=now)
    Person.objects.filter(pk=person.pk).update(address=f"{mark} street 1")


PARTS = {
    "profile": ("/account/contact/", "street 1"),
    "services and orders": ("/contracts/", "contract"),
    "invoices and payments": ("/contracts/invoices/", ""),
    "courses and results": ("/courses/mine/", "course"),
    "messages": ("/desk/mine/", "question"),
    "notification settings": ("/offers/settings/", ""),
    "consents": ("/account/privacy/", ""),
    "rights requests": ("/account/requests/", ""),
    "policy": ("/privacy/", ""),
}


@keeps("ilearn-6.b")
def test_each_part_of_the_customer_account_is_there_and_shows_nobody_elses_data(
    page: Page, site: Site, account: Account
) -> None:
    cache.clear()
    with_everything(account.person, "Linden")
    with_everything(customer("other@example.org").person, "Rowan")
    log_in(page, site)
    page.goto(site.url("/account/"))
    links = {link.get_attribute("href") for link in page.locator("main a").all()}

    for part, (path, said) in PARTS.items():
        assert path in links, part
        page.goto(site.url(path))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        main = page.locator("main")
        expect(main).not_to_contain_text("Rowan")
        if said:
            told = main.inner_text() + " ".join(
                box.input_value() for box in main.locator("input[type=text]").all()
            )
            assert f"Linden {said}" in told, part
    page.goto(site.url("/contracts/invoices/"))
    expect(page.locator("main tbody tr")).to_have_count(1)
    page.goto(site.url("/account/requests/"))
    expect(page.locator("main")).to_contain_text("R-0000")
    version = in_force(clock.now()).policy.policy.version
    page.goto(site.url("/privacy/"))
    expect(page.locator("main")).to_contain_text(re.compile(re.escape(version) + "|17 August 2020"))
    assert Enrolment.objects.count() == 2
