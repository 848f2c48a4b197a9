"""Learnifier: seats, cards whose number stays nowhere, optional questions, joint offers."""

import base64
import contextlib
import json
import re
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client

from skola.ground import clock
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.consents.models import Consent
from skola.promises.disclosures.models import Disclosure, Party
from skola.promises.disclosures.tests import make as disclosures
from skola.services.billing.models import CardPayment, Invoice
from skola.services.courses.models import Enrolment
from skola.services.shop.models import Interest, Order, Product, Seat, VatCheck
from skola.services.shop.tests import make
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import PASSWORD, browser, customer, signed_in, working
from tests.promises.shopping import CARD, TOLD, Shopper, seat_link

pytestmark = [pytest.mark.tenant("learnifier"), pytest.mark.django_db]
LONG_AGO = AT - timedelta(days=90)
REFUSED = "4000 0000 0000 0002"
"""Named, for a log may quote the lines of a test."""


@pytest.fixture(autouse=True)
def standing(settings: Any) -> Iterator[None]:
    settings.PAYMENTS = "local"
    cache.clear()
    with clock.standing_at(AT):
        yield
    cache.clear()


@pytest.fixture
def payments(tenant: Tenant) -> Party:
    return disclosures.party("processor.payments", name="Kortbolaget", country="SE", at=LONG_AGO)


@pytest.fixture
def shopper(tenant: Tenant, payments: Party) -> Shopper:
    return Shopper(browser(tenant))


@pytest.fixture
def member(tenant: Tenant, payments: Party) -> Shopper:
    """Somebody with an account, signed in."""
    who = signed_in(tenant, customer().email)
    return Shopper(who)


def everything_stored(*folders: Path) -> Iterator[tuple[str, str]]:
    """Every row of every table as text, and every file: what a backup would have."""
    for model in apps.get_models():
        with connection.cursor() as cursor:
            cursor.execute(f'select t::text from "{model._meta.db_table}" t')
            for (row,) in cursor.fetchall():
                yield model._meta.label, row
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield str(path), path.read_bytes().decode("latin-1")


@keeps("learnifier-7.h")
def test_the_number_of_a_card_is_nowhere_after_a_payment(
    shopper: Shopper, caplog: pytest.LogCaptureFixture, capfd: Any, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    caplog.set_level(0)
    there = shopper.ordered(make.product(at=AT))
    shopper.pay(there)
    payment = CardPayment.objects.get()
    assert payment.paid_at is not None
    assert shopper.who.post(payment.url, {"number": REFUSED}).status_code == 422

    (entry,) = Disclosure.objects.filter(recipient="Kortbolaget")
    assert set(entry.fields) == {
        "billing.invoice.number",
        "billing.invoice.total_cents",
        "billing.invoice.currency",
    }
    told = f"{caplog.text}{''.join(capfd.readouterr())}"
    found = [*everything_stored(tmp_path, Path(settings.JOURNAL)), ("log", told)]
    assert any(payment.session in text for _where, text in found), "it looked where things are"
    cards = (CARD, REFUSED)
    numbers = [*cards, *(card.replace(" ", "") for card in cards)]
    leaks = [(where, text.find(one)) for where, text in found for one in numbers if one in text]
    around = [(where, dict(found)[where][max(0, at - 300) : at]) for where, at in leaks]
    assert around == []


def readings(value: str) -> list[str]:
    """All that can be made of the value of a cookie without a key of the server."""
    found = [value, unquote(value)]
    for alphabet in (base64.b64decode, base64.urlsafe_b64decode):
        for part in (value, *re.split(r"[.:]", value)):
            with contextlib.suppress(ValueError):
                found.append(alphabet(part + "=" * (-len(part) % 4)).decode("latin-1"))
    return found


@keeps("learnifier-5.cookie-required")
def test_a_cart_and_a_login_need_required_cookies_alone_and_nobody_reads_them(
    shopper: Shopper, tenant: Tenant
) -> None:
    account = customer()
    required = {"sessionid", "csrftoken", "cookie_choice"}
    strict = Client(HTTP_HOST=f"{tenant.slug}.localhost", enforce_csrf_checks=True)
    strict.get("/account/login/")
    token = strict.cookies["csrftoken"].value
    strict.post("/cookies/choices/", {"choice": "none", "next": "/", "csrfmiddlewaretoken": token})
    told = {"login": account.email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert strict.post("/account/login/", told).status_code == 302
    assert strict.get("/account/").status_code == 200
    assert set(strict.cookies) == required
    assert "display" not in strict.get("/display/").cookies, "it was not chosen"

    product = make.product(at=AT)
    order = {**TOLD, "csrfmiddlewaretoken": strict.cookies["csrftoken"].value}
    answer = strict.post(f"/shop/offers/{product.pk}/orders/", order)
    assert answer.status_code == 302
    assert product.title in strict.get(answer["Location"]).content.decode()
    assert set(strict.cookies) == required

    words = {
        account.email,
        account.person.family_name,
        str(account.pk),
        account.pk.hex,
        str(account.person_id),
        f"{AT:%Y%m%d}",
        TOLD["email"],
        '{"',
    }
    for name in required:
        for reading in readings(strict.cookies[name].value):
            assert not any(word in reading for word in words), (name, reading)


@keeps("learnifier-2.c")
def test_ten_seats_let_ten_people_in_and_refuse_the_eleventh(
    tenant: Tenant, shopper: Shopper
) -> None:
    product = make.product(at=AT)
    there = shopper.ordered(product, seats="10")
    invoice = Invoice.objects.get()
    assert invoice.total_cents == 10 * 12_100
    assert (invoice.buyer, invoice.buyer_address) == ("SIA Maksātājs", "Brīvības iela 1, Rīga")
    assert "/shop/seats/" not in shopper.page(there), "not before it is paid"
    shopper.pay(there)
    link = seat_link(shopper.page(there))

    users = [people.account(email=f"user{number}@example.org") for number in range(11)]
    answers = []
    for user in users:
        who = Client(HTTP_HOST=f"{tenant.slug}.localhost")
        who.force_login(user)
        answers.append(who.post(link).status_code)
        assert who.post(link).status_code == answers[-1], "a double click is one seat"
    assert answers == [302] * 10 + [409]
    seated = set(Seat.objects.values_list("person", flat=True))
    assert seated == {user.person_id for user in users[:10]}
    assert set(Enrolment.objects.values_list("person", flat=True)) == seated
    for _where, text in everything_stored():
        assert CARD.replace(" ", "") not in text


@keeps("learnifier-2.d")
def test_what_is_optional_may_stay_empty_and_is_kept_where_it_is_told(
    tenant: Tenant, shopper: Shopper
) -> None:
    product = make.product(at=AT)
    form = shopper.page(f"/shop/offers/{product.pk}/orders/")
    optional = form.partition("<fieldset")[2].partition("</fieldset>")[0]
    assert "Only if you like to tell us" in optional
    assert [
        name for name in ("revenue", "employees", "industry") if f'name="{name}"' not in optional
    ] == []
    assert "required" not in optional.replace("required-", "")

    assert shopper.order(product).status_code == 302
    told = {"revenue": "10 MSEK", "employees": "40", "industry": "Mining"}
    assert shopper.order(product, **told).status_code == 302
    assert shopper.order(product, employees="many").status_code == 422
    rows = Order.objects.order_by("number").values_list("revenue", "employees", "industry")
    assert list(rows) == [("", None, ""), ("10 MSEK", 40, "Mining")]


@pytest.fixture
def joint(tenant: Tenant) -> Product:
    partners = [
        disclosures.party(
            "recipient.joint-partners", name=f"Partner{name} AB", country="SE", at=LONG_AGO
        )
        for name in "AB"
    ]
    return make.product(None, *partners, title="Joint", at=AT)


def told_to() -> list[str]:
    found = Disclosure.objects.filter(party__entry="recipient.joint-partners")
    return sorted(found.values_list("recipient", flat=True))


@keeps("learnifier-7.e")
def test_an_order_of_a_joint_offer_is_told_to_each_named_partner_and_another_to_nobody(
    shopper: Shopper, joint: Product
) -> None:
    shopper.ordered(make.product(title="Alone", at=AT))
    assert told_to() == []

    shopper.ordered(joint, email="other@example.org", revenue="10 MSEK")
    assert told_to() == ["PartnerA AB", "PartnerB AB"]
    entry = Disclosure.objects.filter(recipient="PartnerA AB").get()
    assert entry.person.email == "other@example.org"
    assert entry.records == 2
    assert set(entry.fields) == {
        "people.person.given_name",
        "people.person.family_name",
        "people.person.email",
        "shop.order.number",
        "shop.order.title",
        "shop.order.seats",
        "shop.order.placed_at",
    }
    scopes = Consent.objects.filter(purpose="joint.offers").values_list("scope", "channel")
    assert set(scopes) == {(str(one.party_id), "order") for one in joint.partners.all()}


@keeps("learnifier-7.f")
def test_the_policies_of_the_partners_are_linked_before_the_order_button(
    site: Any, page: Any, joint: Product, payments: Party
) -> None:
    page.goto(site.url(f"/shop/offers/{joint.pk}/"))
    links = [page.get_by_role("link", name=f"privacy policy of Partner{name} AB") for name in "AB"]
    for button in (
        page.get_by_role("link", name="Order", exact=True),
        page.get_by_role("button", name="Order and pay"),
    ):
        end = button.bounding_box()["y"]
        assert all(link.bounding_box()["y"] < end for link in links)
        assert [link.get_attribute("href") for link in links] == [
            "https://partner.example/Partner",
            "https://partner.example/Partner",
        ]
        if "orders" not in page.url:
            button.click()


@keeps("learnifier-7.g")
def test_ten_looks_tell_nobody_and_the_button_tells_once(member: Shopper, joint: Product) -> None:
    there = f"/shop/offers/{joint.pk}/"
    for _look in range(10):
        text = member.page(there)
    assert not Disclosure.objects.exists()
    before, _button, _after = text.partition("I am interested: tell PartnerA AB, PartnerB AB")
    assert "we tell the partners named here who you are" in before

    for _press in range(2):
        assert member.who.post(f"{there}interests/").status_code == 302
    assert Interest.objects.count() == 1
    assert told_to() == ["PartnerA AB", "PartnerB AB"]
    fields = Disclosure.objects.filter(recipient="PartnerA AB").get().fields
    assert {"shop.interest.title", "people.person.email"} <= set(fields)
    assert not any(name.startswith("shop.order.") for name in fields)
    said = member.page(there)
    assert "You told PartnerA AB, PartnerB AB that you are interested." in said, said


@keeps("learnifier-7.b")
def test_a_vat_number_is_checked_outside_with_provider_time_and_an_entry(
    tenant: Tenant, shopper: Shopper, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAT_URL = "https://vat.example"
    disclosures.party("processor.data-quality", name="VAT register", country="SE", at=LONG_AGO)
    asked: list[tuple[str, Any]] = []

    def register(request: Any, timeout: int) -> Any:
        asked.append((request.full_url, json.loads(request.data)))
        said = request.data and json.dumps({"valid": len(asked) == 1})
        return nullcontext(type("Answer", (), {"read": lambda _self: said.encode()})())

    monkeypatch.setattr("skola.services.shop.actions.checking.urlopen", register)
    product = make.product(at=AT)
    assert shopper.order(product, vat_number="nonsense").status_code == 422
    there = shopper.ordered(product, vat_number="SE 5560000001-01")
    order = Order.objects.get()
    office = working(tenant, "finance")
    here = f"/shop/office/orders/{order.pk}/"
    assert office.post(f"{here}vat-checks/").status_code == 302

    assert asked == [
        ("https://vat.example/check-vat-number", {"countryCode": "SE", "vatNumber": "556000000101"})
    ]
    text = office.get(here).content.decode()
    assert "VAT number is valid" in text

    assert "VAT register, 2 Mar 2026, 10:00" in text
    entry = Disclosure.objects.get(recipient="VAT register")
    assert (entry.at, entry.fields) == (
        VatCheck.objects.get().checked_at,
        ["shop.order.vat_number"],
    )
    assert "VAT register" in shopper.page(there)
