"""Makers of the shop for tests: plain functions with honest defaults."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from skola.ground.people.models import Person
from skola.promises.disclosures.models import Party
from skola.services.billing.identity import lacks_identity, note_check
from skola.services.billing.rules import Buyer
from skola.services.courses.models import Course
from skola.services.courses.tests import make as courses
from skola.services.shop.actions import marketing, ordering, selling
from skola.services.shop.models import Coupon, Document, Landing, Order, Product

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PRICE = selling.Price(10_000, Decimal("21.0"), "EUR", 12)


def documents(*, at: datetime = A_DAY) -> None:
    """Terms and refund policy, each in a first version."""
    for kind in Document.Kind.values:
        selling.publish_document(kind, f"The {kind} of the school.", by="office", now=at)


def product(
    of: Course | None = None, *partners: Party, title: str = "Bees", at: datetime = A_DAY
) -> Product:
    """A course for 100.00 EUR a seat and a year, which can be ordered."""
    documents(at=at)
    told = [(one, f"https://partner.example/{one.name[:7].strip()}") for one in partners]
    made = of or courses.course(title=title)
    return selling.offer(made, PRICE, partners=told, by="office", now=at)


def order(
    whose: Person,
    of: Product | None = None,
    *,
    seats: int = 1,
    way: str = "card",
    at: datetime = A_DAY,
) -> Order:
    """An order of somebody, by card and not paid unless said otherwise."""
    if lacks_identity(whose.pk, now=at):
        note_check(whose, method="document", outcome="verified", by="office", now=at)
    wanted = ordering.Wanted(seats, way, Buyer("Anna Ozola", "Riga"), 1, 1)
    return ordering.place(
        of or product(at=at), wanted, person=whose, here="http://school", by="customer", now=at
    )


def coupon(code: str = "SPRING", *, most: int = 100, at: datetime = A_DAY) -> Coupon:
    """A fifth off everything, for a month."""
    day = at.date()
    told = marketing.Cheaper(code, 20, None, day, day + timedelta(days=30), most)
    return marketing.make_coupon(told, by="office", now=at)


def landing(of: Product, *, is_public: bool = True, at: datetime = A_DAY) -> Landing:
    """The landing page of an offer, which gives a coupon to its visitors."""
    page = marketing.Page(f"Learn {of.title}", "Who **keeps** them.", coupon(at=at), is_public)
    return marketing.write_landing(of, page, by="office", now=at)
