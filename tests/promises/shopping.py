"""What the tests of the shop do from outside: order, pay at the till, open what was mailed."""

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.test import Client

from skola.ground import clock
from skola.ground.people.models import Mail
from skola.services.billing import events
from skola.services.billing.models import CardPayment
from skola.services.billing.providers import provider
from skola.services.shop.models import Product

CARD = "4242 4242 4242 4242"
TOLD = {
    "given_name": "Pēteris",
    "family_name": "Maksātājs",
    "email": "payer@example.org",
    "buyer": "SIA Maksātājs",
    "address": "Brīvības iela 1, Rīga",
    "seats": "1",
    "way": "card",
    "terms": "on",
    "refunds": "on",
    "terms_version": "1",
    "refunds_version": "1",
}


@dataclass
class Shopper:
    """A browser that buys."""

    who: Client

    def page(self, place: str, status: int = 200) -> str:
        answer = self.who.get(place)
        assert answer.status_code == status, answer.content.decode()
        return unescape(answer.content.decode())

    def order(self, product: Product, **said: str) -> Any:
        """Send the order form; what is said as an empty text is left out."""
        told = {name: value for name, value in {**TOLD, **said}.items() if value}
        return self.who.post(f"/shop/offers/{product.pk}/orders/", told)

    def ordered(self, product: Product, **said: str) -> str:
        """Order, and return the page of the order."""
        answer = self.order(product, **said)
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"])

    def pay(self, order: str) -> None:
        """Pay an order at the till, as a person does: the step over, the card, and back."""
        over = self.who.post(f"{order}card-payments/").content.decode()
        found = re.search(r'href="(/contracts/payments/till/[^"]+)"', over)
        assert found, over
        paid = self.who.post(unescape(found[1]), {"number": CARD})
        assert (paid.status_code, paid["Location"]) == (302, order), paid.content.decode()

    def tell(self, payment: CardPayment, *, secret: str = "", **other: Any) -> Any:
        """Tell the event of a payment, as the provider does; or as who has another secret does."""
        who = provider()
        assert who is not None
        about = {
            "id": payment.session,
            "payment_status": "paid",
            "payment_intent": f"pi_{payment.pk.hex}",
            "amount_total": payment.amount_cents,
            "currency": payment.invoice.currency.lower(),
            **other,
        }
        event = {"type": "checkout.session.completed", "data": {"object": about}}
        body = json.dumps(event).encode()
        return self.who.post(
            "/contracts/payments/events/",
            body,
            content_type="application/json",
            headers={"Stripe-Signature": events.signature(body, secret or who.secret, clock.now())},
        )


def order_in_mail(address: str) -> str:
    """The page of an order whose link was mailed to somebody."""
    mail = Mail.objects.filter(address=address).latest("created_at")
    found = re.search(r"(/shop/orders/\S+/)", mail.text)
    assert found, mail.text
    return found[1]


def seat_link(page: str) -> str:
    """The link by which seats are taken, out of the page of an order."""
    found = re.search(r"(/shop/seats/[^\"<\s]+/)", page)
    assert found, page
    return found[1]
