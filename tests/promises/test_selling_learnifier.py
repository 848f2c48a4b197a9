"""Learnifier: a client builds, markets and sells courses under its own name and address."""

import io
import re
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from skola.ground import clock
from skola.ground.people.models import Mail
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.promises.policy.api import has, in_force
from skola.promises.retention.api import sweep
from skola.services.academies.tests import make
from skola.services.billing.invoicing import record_payment
from skola.services.billing.models import CardKeys, Invoice
from skola.services.billing.providers import Local, Stripe, provider
from skola.services.courses.models import Enrolment
from skola.services.courses.tests import make as courses
from skola.services.shop.models import Order
from skola.services.shop.tests import make as shop
from tests.promises.keeping import keeps
from tests.promises.people import code_in
from tests.promises.shopping import CARD, order_in_mail
from tests.promises.visiting import Site

pytestmark = [pytest.mark.tenant("learnifier"), pytest.mark.django_db(transaction=True)]
A_DAY = timedelta(days=1)
PAYER = "payer@example.org"
BOOKS = ("invoices", "invoice-lines", "payments")


@pytest.fixture(autouse=True)
def policies(tenant: Tenant, tmp_path: Path, settings: Any) -> Path:
    """The operator's published policy, and beside it those of the academies of a test."""
    folder = tmp_path / "policies"
    shutil.copytree(Path(real.ROOT) / "policies" / "learnifier", folder / "learnifier")
    settings.POLICIES, settings.PAYMENTS = folder, "local"
    return folder


def build(page: Page, at: str) -> None:
    """The client builds a course of one lesson and publishes it."""
    page.goto(f"{at}/courses/making/new/")
    page.get_by_label("Title").fill("Safe at the lathe")
    page.get_by_label("Summary").fill("What to look at before you switch it on.")
    page.get_by_role("button", name="Make the course").click()
    page.get_by_label("Title of the lesson").fill("Sleeves")
    page.get_by_role("button", name="Add and write it").click()
    page.get_by_label("Text").fill("Roll them up.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Publish").click()


def put_on_offer(page: Page, at: str) -> None:
    """The client says who takes the cards, publishes its terms, and puts a price on the course."""
    page.goto(f"{at}/contracts/office/cards/")
    page.get_by_label("Who takes the cards").fill("Kortbolaget AB")
    page.get_by_label("Country").fill("SE")
    page.get_by_label("Agreement with them").fill("K-1")
    page.get_by_label("Secret key").fill("sk_live_of_bergslag")
    page.get_by_label("Signing secret of the events").fill("whsec_of_bergslag")
    page.get_by_role("button", name="Keep the keys").click()
    expect(page.get_by_text("Cards are taken")).to_be_visible()
    page.get_by_role("button", name="Forget the keys").click()  # the till of this test stands in
    for kind in ("terms", "refunds"):
        page.goto(f"{at}/shop/office/documents/")
        page.get_by_label("Document").select_option(kind)
        page.get_by_label("Text").fill(f"The {kind} of Bergslag.")
        page.locator("main form button").first.click()
    page.goto(f"{at}/shop/office/offers/")
    page.get_by_label("Price of one seat").fill("1000")
    page.get_by_label("Tax", exact=True).select_option("25.0")
    page.get_by_label("Currency").select_option("SEK")
    page.get_by_role("button", name="Put it on offer").click()


def market(page: Page, at: str) -> str:
    """The client makes a coupon and a landing page that gives it; return the page's address."""
    page.goto(f"{at}/shop/office/coupons/")
    page.get_by_label("Code").fill("spring")
    page.get_by_label("Off the price").fill("20")
    page.get_by_role("button", name="Make it").click()
    page.goto(f"{at}/shop/office/offers/")
    page.get_by_role("link", name="Write one").click()
    page.get_by_label("Headline").fill("Ten fingers, still")
    page.get_by_label("Text").fill("For everybody who **stands** at a lathe.")
    page.get_by_label("Coupon for visitors").select_option(label="SPRING (−20 %)")
    page.get_by_label("Visitors see this page").check()
    page.get_by_role("button", name="Save and look at it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ten fingers, still")
    return page.url


def buy(page: Page, landing: str, academy: Any) -> None:
    """A visitor orders from the landing page, pays, opens an account, and learns."""
    page.goto(landing)
    expect(page.locator(".header-name")).to_contain_text("Bergslags akademi")
    expect(page.get_by_role("main")).to_contain_text("Sleeves")
    page.get_by_role("link", name="Order", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("With the coupon SPRING a seat costs")
    for label, told in (
        ("First name", "Pelle"),
        ("Family name", "Betalare"),
        ("E-mail", PAYER),
        ("Name on the invoice", "Pelle Betalare"),
        ("Address on the invoice", "Gatan 1, Falun"),
    ):
        page.get_by_label(label, exact=True).fill(told)
    page.get_by_label("by card, now").check()
    page.get_by_label("I accept the terms of agreement").check()
    page.get_by_label("I accept the refund policy").check()
    page.get_by_role("button", name="Order and pay").click()
    page.get_by_role("button", name=re.compile("Pay .* by card")).click()
    page.locator('main a[href*="/payments/till/"]').click()
    page.get_by_label(re.compile("number", re.IGNORECASE)).fill(CARD)
    page.locator("main form button").first.click()
    page.locator('main a[href*="/shop/seats/"]').click()
    page.get_by_role("link", name=re.compile("account", re.IGNORECASE)).first.click()
    sign_up(page, academy)
    page.get_by_role("button", name=re.compile("seat", re.IGNORECASE)).click()
    page.get_by_role("link", name="Sleeves").first.click()
    expect(page.get_by_text("Roll them up.")).to_be_visible()
    page.get_by_role("button", name="Mark as done").click()
    expect(page.get_by_role("status").filter(has_text="Done")).to_be_visible()


def sign_up(page: Page, academy: Any) -> None:
    """The buyer opens an account in the academy, with the code out of the mail."""
    born = page.get_by_label("Date of birth")
    if born.count():
        born.fill("1990-04-05")
        page.get_by_role("button", name="Continue").click()
    page.get_by_label("Given name").fill("Pelle")
    page.get_by_label("Family name").fill("Betalare")
    page.get_by_role("textbox", name=re.compile("e-?mail", re.IGNORECASE)).fill(PAYER)
    page.get_by_label("Password").fill("violets in a tall glass")
    page.locator("main form").get_by_role("button").first.click()
    code = page.get_by_label("Code")
    expect(code).to_be_visible()
    with inside(academy.client):
        told = code_in(Mail.objects.filter(address=PAYER).latest("created_at"))
    code.fill(told)
    page.get_by_role("button", name="Confirm").click()


@keeps("learnifier-3.2.a")
@pytest.mark.browser
def test_a_client_builds_markets_and_sells_a_course_on_its_own_address(
    site: Site, browser: Browser
) -> None:
    cache.clear()
    founded = make.founded(sells=True, languages=("en", "sv"))
    academy, here = founded.academy, f"http://{founded.host}:{site.port}"
    client = browser.new_context(locale="en-GB", reduced_motion="reduce")
    page = client.new_page()
    page.goto(f"{here}{founded.arrival}")
    build(page, here)
    put_on_offer(page, here)
    landing = market(page, here)
    visitor = browser.new_context(locale="en-GB", reduced_motion="reduce")
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url))
    buy(visitor.new_page(), landing, academy)
    client.close()
    visitor.close()

    assert {re.match(r"https?://[^/]+", url)[0] for url in asked} == {here}  # type: ignore[index]
    with inside(academy.client):
        order, invoice = Order.objects.get(), Invoice.objects.get()
        assert (order.percent_off, invoice.total_cents, invoice.currency) == (20, 100_000, "SEK")
        assert order.paid_at is not None
        assert invoice.seller == make.TOLD.organisation
        assert Enrolment.objects.get().finished_at is not None
    assert not Order.objects.exists()
    assert not Invoice.objects.exists()


@keeps("learnifier-3.2.a")
def test_an_academy_that_did_not_sell_begins_with_notice_and_its_people_can_be_written_to() -> None:
    founded = make.founded()
    administrator = Client(HTTP_HOST=founded.host)
    administrator.get(founded.arrival)
    assert administrator.get("/shop/").status_code == 404
    assert administrator.post("/academies/own/selling/").status_code == 302
    assert administrator.get("/shop/").status_code == 404
    page = administrator.get("/academies/own/").content.decode()
    assert "takes effect on" in page
    with inside(founded.academy.client):
        later = clock.now() + 40 * A_DAY
        sold = ("shop.orders", "newsletters.send", "billing.invoices", "courses.catalogue")
        assert [has(one, now=later) for one in sold] == [True] * 4
        policy = in_force(later).policy
        assert policy.policy.classification == "material"
        assert [one.id for one in policy.message] == ["news"]
        account = people.account(email="ola@example.org")
    with clock.standing_at(later):
        cache.clear()
        visitor = Client(HTTP_HOST=founded.host)
        assert visitor.get("/shop/").status_code == 200
        told = {"email": "news@example.org", "kinds": ["news"], "news": ["news"]}
        assert visitor.get("/offers/subscribe/").status_code == 200
        assert visitor.post("/offers/subscribe/", told).status_code in (200, 302)
        ordinary = Client(HTTP_HOST=founded.host)
        with inside(founded.academy.client):
            ordinary.force_login(account)
        for path in ("/shop/office/", "/shop/office/coupons/", "/contracts/office/cards/"):
            assert ordinary.get(path).status_code in (403, 404), path


@keeps("learnifier-3.2.a")
def test_each_academy_takes_cards_with_keys_of_its_own(settings: Any) -> None:
    one, other = make.founded(sells=True), make.founded(sells=True, word="annat")
    client = Client(HTTP_HOST=one.host)
    client.get(one.arrival)
    told = {
        "name": "Kortbolaget AB",
        "country": "se",
        "agreement": "K-1",
        "key": "sk_live_of_bergslag",
        "secret": "whsec_of_bergslag",
    }
    assert client.post("/contracts/office/cards/", {**told, "country": "US"}).status_code == 422
    assert client.post("/contracts/office/cards/", told).status_code == 302

    with inside(one.academy.client):
        own = provider()
        assert isinstance(own, Stripe)
        assert (own.key, own.secret) == ("sk_live_of_bergslag", "whsec_of_bergslag")
        assert b"sk_live" not in bytes(CardKeys.objects.get().key_sealed)
    with inside(other.academy.client):
        assert isinstance(provider(), Local)
    settings.PAYMENTS = ""
    with inside(other.academy.client):
        assert provider() is None
    taken = client.get("/academies/own/copies/")
    assert b"billing_cardkeys" not in b"".join(taken)
    assert client.post("/contracts/office/cards/endings/").status_code == 302
    with inside(one.academy.client):
        assert provider() is None


@keeps("learnifier-3.2.a")
def test_lessons_of_the_library_are_copied_and_a_coupon_is_used_so_often_and_no_more() -> None:
    founded = make.founded(sells=True)
    client = Client(HTTP_HOST=founded.host)
    client.get(founded.arrival)
    with inside(founded.academy.client):
        colleague = people.account().person
        shared = courses.course(title="Shared", author=colleague)
        shared.is_shared = True
        shared.save()
        hidden = courses.course(title="Hidden", author=colleague)
        lesson, secret = courses.lessons_of(shared)[0], courses.lessons_of(hidden)[0]
    assert (
        client.post("/courses/making/new/", {"title": "Mine", "language": "en"}).status_code == 302
    )
    listed = client.get("/courses/making/library/").content.decode()
    assert "Shared" in listed
    assert "Hidden" not in listed
    there = f"/courses/making/library/{lesson.pk}/"
    section = re.search(r'<option value="([0-9a-f-]{36})"', client.get(there).content.decode())
    assert section
    copied = client.post(there, {"section": section[1]})
    assert copied.status_code == 302
    assert lesson.text[:20] in client.get(copied["Location"]).content.decode()
    foreign = f"/courses/making/library/{secret.pk}/"
    assert client.post(foreign, {"section": section[1]}).status_code == 404

    with inside(founded.academy.client):
        product = shop.product(shared, at=clock.now())
        coupon = shop.coupon("ONCE", most=1, at=clock.now())
    told = {
        **{"given_name": "A", "family_name": "B", "email": PAYER, "seats": "2", "way": "invoice"},
        **{"buyer": "A B", "address": "Falun", "terms": "on", "refunds": "on"},
        **{"terms_version": "1", "refunds_version": "1", "coupon": "once"},
    }
    visitor = Client(HTTP_HOST=founded.host)
    assert visitor.post(f"/shop/offers/{product.pk}/orders/", told).status_code == 302
    again = visitor.post(f"/shop/offers/{product.pk}/orders/", told)
    assert again.status_code == 422
    assert "This coupon cannot be used here now" in again.content.decode()
    with inside(founded.academy.client):
        assert Invoice.objects.get().total_cents == 2 * 8_000 * 121 // 100
        assert order_in_mail(PAYER)
    page = client.get("/shop/office/coupons/").content.decode()
    assert "1 / 1" in page
    assert client.post(f"/shop/office/coupons/{coupon.pk}/endings/").status_code == 302


@keeps("learnifier-3.2.a")
def test_an_academy_stops_selling_and_what_was_ordered_goes_on() -> None:
    founded = make.founded(sells=True)
    client = Client(HTTP_HOST=founded.host)
    client.get(founded.arrival)
    with inside(founded.academy.client):
        product = shop.product(courses.course(title="Lathes"), at=clock.now())
        shop.coupon("ONCE", most=9, at=clock.now())
    told = {
        **{"given_name": "A", "family_name": "B", "email": PAYER, "seats": "2", "way": "invoice"},
        **{"buyer": "=A B", "address": "Falun", "terms": "on", "refunds": "on"},
        **{"terms_version": "1", "refunds_version": "1"},
    }
    visitor = Client(HTTP_HOST=founded.host)
    checkout = f"/shop/offers/{product.pk}/orders/"
    placed = visitor.post(checkout, told)
    assert placed.status_code == 302
    ordinary = Client(HTTP_HOST=founded.host)
    with inside(founded.academy.client):
        ordinary.force_login(people.account())
        before = Mail.objects.count()
    assert ordinary.post("/academies/own/selling/endings/").status_code == 404

    assert client.post("/academies/own/selling/endings/").status_code == 302
    assert client.post("/academies/own/selling/endings/").status_code == 302

    page = client.get("/academies/own/").content.decode()
    assert "Selling was stopped on" in page
    shut = visitor.get("/shop/").content.decode()
    assert "nothing new is sold here" in shut
    assert "before you order" not in shut, "there is nothing to order"
    assert visitor.post(checkout, told)["Location"] == "/shop/"
    assert "nothing can be put on offer" in client.get("/shop/office/offers/").content.decode()
    order = visitor.get(placed["Location"]).content.decode()
    assert "Your order goes on as it was" in order
    with inside(founded.academy.client):
        held, invoice = Order.objects.get(), Invoice.objects.get()
        assert held.ended_at is None
        assert Mail.objects.count() == before + 1, "each customer is told once"
        assert "sells no more courses" in Mail.objects.latest("created_at").subject
        assert has("billing.invoices", now=clock.now() + 400 * A_DAY)
        record_payment(
            invoice,
            amount_cents=invoice.total_cents,
            paid_on=clock.now().date(),
            method="transfer",
            by="office",
            now=clock.now(),
        )
        assert Order.objects.get().paid_at is not None, "it is paid as ever"

    ending = {"sure": "on"}
    refused = client.post("/academies/own/ending/", ending)
    assert refused.status_code == 422
    assert "Take everything along first" in refused.content.decode()
    with zipfile.ZipFile(io.BytesIO(b"".join(client.get("/academies/own/copies/")))) as taken:
        books = {name: taken.read(f"books/{name}.csv").decode() for name in BOOKS}
        assert "tables/billing_invoice.jsonl" in taken.namelist()
    assert "'=A B" in books["invoices"]
    assert f"{invoice.total_cents / 100:.2f},EUR,,242.00," in books["invoices"]
    assert len(books["payments"].splitlines()) == 2
    assert client.post("/academies/own/selling/").status_code == 302
    assert "Nothing is on offer" in visitor.get("/shop/").content.decode()
    assert client.post("/academies/own/ending/", ending).status_code == 302
    assert "nothing new is sold here" in visitor.get("/shop/").content.decode()


@keeps("learnifier-3.2.a")
def test_invoices_of_an_academy_that_sells_no_more_stay_as_long_as_its_law_asks() -> None:
    founded = make.founded(sells=True)
    client = Client(HTTP_HOST=founded.host)
    client.get(founded.arrival)
    with inside(founded.academy.client):
        offered = shop.product(courses.course(), at=clock.now())
        shop.order(people.account().person, offered, way="invoice", at=clock.now())
        invoice = Invoice.objects.get()
    client.post("/academies/own/selling/endings/")
    ends = invoice.fiscal_year_end
    with inside(founded.academy.client):
        last = ends.replace(year=ends.year + 7)
        sweep(now=last - 2 * A_DAY)
        assert Invoice.objects.filter(pk=invoice.pk).exists()
        sweep(now=last + 3 * A_DAY)
        assert not Invoice.objects.filter(pk=invoice.pk).exists()
