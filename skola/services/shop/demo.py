"""The shop of the demo: terms, a course with a price, orders in every state, a refund to decide."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.db.models import Count

from skola.ground.clock import standing_at
from skola.ground.people.api import Person
from skola.promises.disclosures.api import Party, entries
from skola.promises.policy.api import has, in_force
from skola.services.billing.api import Buyer, note_check, open_cents, record_payment
from skola.services.courses.api import Course
from skola.services.shop import queries
from skola.services.shop.actions.marketing import Cheaper, Page, make_coupon, write_landing
from skola.services.shop.actions.ordering import Payer, Wanted, conclude, place
from skola.services.shop.actions.refunding import ask_refund
from skola.services.shop.actions.selling import Price, offer, publish_document
from skola.services.shop.demo_words import ABOUT, HEADLINES, PITCHES, REASON, REFUNDS, TERMS
from skola.services.shop.models import Document, Order, Product

BEGUN = timedelta(days=300)
BY = "skola demo"
PRICES = {"EUR": 4_900, "SEK": 49_000}
VAT = {"LV": "21.0", "LT": "21.0", "SE": "25.0"}
ORDERED = ((200, 1, True), (96, 10, True), (41, 1, True), (12, 3, True), (0, 2, False))
"""How many days ago, how many seats, and whether it is paid."""


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Put a course on offer where the policy has orders, and let some of its people buy it."""
    course = _course()
    if course is None or not has("shop.orders", now=now):
        return
    begun = now - BEGUN
    policy = in_force(now).policy
    language = policy.policy.authentic
    publish_document(Document.Kind.TERMS, TERMS[language], by=BY, now=begun)
    publish_document(Document.Kind.REFUNDS, REFUNDS[language], by=BY, now=begun)
    partners = [
        (party, "https://partner.example/privacy")
        for party in _parties(begun)
        if party.entry.endswith("joint-partners")
    ]
    country = policy.controller.country
    currency = "SEK" if country == "SE" else "EUR"
    price = Price(PRICES[currency], Decimal(VAT.get(country, "21.0")), currency, 12)
    product = offer(course, price, about=ABOUT[language], partners=partners, by=BY, now=begun)
    _market(product, language, now)
    buyers = [one for one in people if one.created_at < begun and one.email] or list(people)
    for days, seats, paid in ORDERED:
        at = now - timedelta(days=days, minutes=10)
        with standing_at(at):  # an order that waits for a check is there for some weeks
            _buy(product, random.choice(buyers), seats, at, paid=paid, language=language)
    _ask(now - timedelta(days=2), REASON[language])


def _market(product: Product, language: str, now: datetime) -> None:
    """A landing page, with a coupon that runs since last week."""
    at = now - timedelta(days=7)
    day = queries.today(at)
    told = Cheaper("START-20", 20, product, day, day + timedelta(days=60), 50)
    coupon = make_coupon(told, by=BY, now=at)
    page = Page(HEADLINES[language], PITCHES[language], coupon, is_public=True)
    write_landing(product, page, by=BY, now=at)


def _course() -> Course | None:
    """One that few people take, and where there are licences one that is sold already."""
    found = Course.objects.published().annotate(learners=Count("enrolments"))
    return found.order_by("-needs_seat", "learners", "title").first()


def _parties(begun: datetime) -> list[Party]:
    """Who takes cards and who offers jointly, active since long."""
    policy = in_force(begun).policy
    made = []
    for rule, entry in sorted(entries(policy).items()):
        if entry.task not in ("card-payments", "joint-offers"):
            continue
        name = entry.names[0] if entry.names else NAMES[entry.task]
        party = Party.objects.create(
            entry=rule,
            name=name,
            country=policy.controller.country,
            registered_at=begun,
            changed_on=begun.date(),
            activated_at=begun,
            active_from=begun,
            published_at=begun,
        )
        for kind in sorted(entry.papers | {"agreement"}):
            party.papers.create(
                kind=kind, reference=f"A-{begun:%Y}-1", valid_from=begun.date(), recorded_at=begun
            )
        made.append(party)
    return made


NAMES = {"card-payments": "Kortelis Payments", "joint-offers": "Studio Norrsken"}


def _buy(
    product: Product, who: Person, seats: int, at: datetime, *, paid: bool, language: str
) -> None:
    stranger = Payer("Inese", "Payer", f"accounts{seats}@example.org", language)
    wanted = Wanted(
        seats=seats,
        way=Order.Way.CARD,
        buyer=Buyer(who.name, ""),
        terms_version=1,
        refunds_version=1,
    )
    order = place(
        product,
        wanted,
        person=None if seats > 1 else who,
        payer=stranger if seats > 1 else None,
        here="",
        by=BY,
        now=at,
    )
    if order.invoice is None:
        note_check(order.person, method="document", outcome="verified", by=BY, now=at)
        conclude(order, by=BY, now=at)
    if paid and order.invoice is not None:
        record_payment(
            order.invoice,
            amount_cents=open_cents(order.invoice),
            paid_on=queries.today(at),
            method="card",
            reference=order.label,
            by=BY,
            now=at + timedelta(minutes=2),
        )


def _ask(at: datetime, reason: str) -> None:
    order = Order.objects.filter(paid_at__isnull=False, placed_at__lt=at).latest("placed_at")
    ask_refund(order, reason, by=BY, now=at)
