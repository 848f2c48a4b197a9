"""EMA: a licence is bought by card, and begins once with the event of the provider."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from skola.ground import clock
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.disclosures.tests import make as disclosures
from skola.services.billing import providers
from skola.services.billing.models import CardPayment, Invoice, Payment
from skola.services.licences.models import Entry, Licence
from skola.services.shop.models import Order, Refund
from skola.services.shop.tests import make
from skola.services.workforce.tests import make as workforce
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import working
from tests.promises.shopping import Shopper
from tests.promises.test_shop_learnifier import everything_stored

pytestmark = [pytest.mark.tenant("ema"), pytest.mark.django_db]


class Stripe:
    """What answers at the address of the provider: it knows sessions and refunds, and no cards."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], str]] = []

    def __call__(self, request: Any, timeout: int) -> Any:
        from io import BytesIO
        from urllib.parse import parse_qsl

        told = dict(parse_qsl(request.data.decode()))
        path = request.full_url.removeprefix("https://api.stripe.com")
        self.asked.append((path, told, request.headers["Idempotency-key"]))
        assert request.headers["Authorization"] == "Bearer sk_test_1"
        page = {"id": "cs_1", "url": "https://checkout.stripe.com/c/pay/cs_1"}
        return BytesIO(json.dumps(page if "sessions" in path else {"id": "re_1"}).encode())


@pytest.fixture
def stripe(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stripe]:
    settings.PAYMENTS, settings.STRIPE_KEYS = "", {"ema": ("sk_test_1", "whsec_1")}
    cache.clear()
    made = Stripe()
    monkeypatch.setattr(providers, "urlopen", made)
    with clock.standing_at(AT):
        yield made
    cache.clear()


@keeps("ema-11.2-stripe")
def test_an_event_that_is_told_twice_begins_the_licence_once_and_it_can_be_paid_back(
    tenant: Tenant, stripe: Stripe
) -> None:
    disclosures.party(
        "processor.card-payments", name="Stripe", country="IE", at=AT - timedelta(days=90)
    )
    manager = people.account(email="manager@example.org", password="a long enough one").person
    company = workforce.company(manager=manager)
    who = Client(HTTP_HOST="ema.localhost")
    who.force_login(manager.account)
    shopper = Shopper(who)
    there = shopper.ordered(
        make.product(at=AT),
        company=str(company.pk),
        seats="3",
        email="",
        given_name="",
        family_name="",
    )
    order, invoice = Order.objects.get(), Invoice.objects.get()
    for _click in range(2):
        over = who.post(f"{there}card-payments/").content.decode()
        assert 'href="https://checkout.stripe.com/c/pay/cs_1"' in over
    ((path, told, once),) = stripe.asked
    payment = CardPayment.objects.get()
    assert (path, once) == ("/v1/checkout/sessions", f"open-{payment.pk}")
    assert told["line_items[0][price_data][unit_amount]"] == str(invoice.total_cents)
    assert "manager" not in json.dumps(told)

    for wrong in ({"id": "cs_2"}, {"amount_total": 1}, {"payment_status": "unpaid"}):
        assert shopper.tell(payment, **wrong).status_code == 200
    assert shopper.tell(payment, secret="whsec_2").status_code == 400
    assert not Licence.objects.exists()
    for _delivery in range(2):
        assert shopper.tell(payment).status_code == 200
    licence = Licence.objects.get()
    assert (licence.company, licence.starts_on) == (company, AT.date())
    assert list(Entry.objects.values_list("kind", "seats")) == [("bought", 3)]
    assert Payment.objects.get().amount_cents == invoice.total_cents
    order.refresh_from_db()
    assert order.paid_at is not None

    who.post(f"{there}refunds/", {"reason": "We closed."})
    office = working(tenant, "finance")
    decide = f"/shop/office/refunds/{Refund.objects.get().pk}/decisions/"
    assert office.post(decide, {"decision": "grant", "answer": "Yes."}).status_code == 302
    path, told, _once = stripe.asked[-1]
    assert (path, told["payment_intent"]) == ("/v1/refunds", f"pi_{payment.pk.hex}")
    assert told["amount"] == str(invoice.total_cents)
    assert not [where for where, text in everything_stored() if "4242424242424242" in text]
