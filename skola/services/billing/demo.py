"""Two years of contracts and invoices, invented, and older ones that are due tonight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from skola.ground.people.api import Person, Role
from skola.promises.policy.api import has
from skola.promises.retention.api import record_history
from skola.services.billing import queries
from skola.services.billing.identity import CAPABILITY
from skola.services.billing.models import (
    Contract,
    IdentityCheck,
    Invoice,
    InvoiceLine,
    Numbers,
    Payment,
)
from skola.services.billing.rules import PAY_WITHIN, Line, Seller, fiscal_year_end, totals

YEARS_KEPT = {"ilearn": 5, "kic": 5, "learnifier": 8, "ekool": 8}
"""After so many years an invoice is past its term under the bundled policies."""
IMPORTED = 6
_RATES = {"ekool": ("24.0", "EUR"), "learnifier": ("25.0", "SEK")}
_COURSES = {
    "lv": ("Biškopība", "Lietvedība", "Valoda"),
    "lt": ("Bitininkystė", "Raštvedyba", "Kalba"),
    "et": ("Mesindus", "Asjaajamine", "Keel"),
    "sv": ("Biodling", "Bokföring", "Språk"),
}
_TEXT = (
    "We give the course named above. You pay the price agreed on.\n\n"
    "Both of us can end this contract with a month's notice."
)


@dataclass(frozen=True)
class _Sale:
    """One invoice to be: when, to whom, for what."""

    at: datetime
    person: Person | None
    contract: Contract | None
    buyer: str
    line: Line


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Fill the books of the speaking tenant, as far as its policy switches billing on."""
    working = set(Role.objects.held_at(now).values_list("person_id", flat=True))
    customers = [person for person in people if person.pk not in working]
    if not customers:
        return
    contracts = []
    if has("billing.contracts", now=now):
        contracts = _contracts(customers, random, now)
    if has("billing.invoices", now=now):
        rate, currency = _RATES.get(tenant_slug, ("21.0", "EUR"))
        sales = _sales(contracts, customers, Decimal(rate), random, now)
        sales += _imported(YEARS_KEPT.get(tenant_slug, 10), customers, Decimal(rate), random, now)
        _book(sorted(sales, key=lambda sale: sale.at), currency, random, now)


def _contracts(customers: Sequence[Person], random: Random, now: datetime) -> list[Contract]:
    """One in three has a contract, the first two for certain; the second has one to answer, too."""
    made, events, states = [], [], []
    for place, person in enumerate(customers):
        if place > 1 and random.random() > 0.33:
            continue
        begun = max(person.created_at, now - timedelta(days=700)) + timedelta(hours=1)
        over = place > 1 and random.random() < 0.4
        lasted = timedelta(days=random.randint(20, 300))
        ended = begun + lasted if over and begun + lasted < now else None
        made.append(_contract(person, begun, ended, random))
        states.append((person.pk, "contract.open", begun, ended))
        events.append((person.pk, "contract.opened", begun, begun))
        if ended:
            events.append((person.pk, "contract.closed", ended, ended))
    offers = [
        Contract(
            person=person,
            title=_course(person, random),
            text=_TEXT,
            offered_at=now - timedelta(days=2, hours=place),
            starts_on=(now + timedelta(days=14)).date(),
        )
        for place, person in enumerate(customers[1:4])
    ]
    if has(CAPABILITY, now=now):
        _identify(made)
    Contract.objects.bulk_create([*made, *offers], batch_size=1_000)
    record_history(events, states)
    return made


def _identify(contracts: Sequence[Contract]) -> None:
    """Before each contract somebody looked at who it is with (ilearn-8.a)."""
    IdentityCheck.objects.bulk_create(
        [
            IdentityCheck(
                person=one.person,
                method=IdentityCheck.Method.DOCUMENT,
                outcome=IdentityCheck.Outcome.VERIFIED,
                checked_at=one.offered_at,
            )
            for one in contracts
        ],
        batch_size=1_000,
    )


def _contract(person: Person, begun: datetime, ended: datetime | None, random: Random) -> Contract:
    return Contract(
        person=person,
        title=_course(person, random),
        text=_TEXT,
        offered_at=begun - timedelta(hours=1),
        accepted_at=begun,
        evidence=random.choice([Contract.Evidence.CLICK, Contract.Evidence.PAPER]),
        starts_on=begun.date(),
        closed_at=ended,
        ending=Contract.Ending.STAFF if ended else "",
    )


def _course(person: Person, random: Random) -> str:
    return random.choice(_COURSES.get(person.language, ("Beekeeping", "Bookkeeping", "Language")))


def _sales(
    contracts: Sequence[Contract],
    customers: Sequence[Person],
    rate: Decimal,
    random: Random,
    now: datetime,
) -> list[_Sale]:
    """An invoice every quarter of a contract, one at least."""
    found = []
    for contract in contracts:
        at, person = contract.offered_at + timedelta(hours=2), contract.person
        end = contract.closed_at or now
        cents = random.randrange(3_000, 40_000, 500)
        while at < end:
            line = Line(contract.title, Decimal(1), cents, rate)
            found.append(_Sale(at, person, contract, person.name, line))
            at += timedelta(days=91)
    return found


def _imported(
    years: int, customers: Sequence[Person], rate: Decimal, random: Random, now: datetime
) -> list[_Sale]:
    """Invoices from an older system, of buyers nobody knows here; from last night on they go."""
    return [
        _Sale(
            now.replace(year=now.year - years, day=min(now.day, 28)) - timedelta(days=1 - place),
            None,
            None,
            random.choice(customers).name,
            Line(_course(customers[0], random), Decimal(1), random.randrange(3_000, 9_000), rate),
        )
        for place in range(IMPORTED)
    ]


def _book(sales: Sequence[_Sale], currency: str, random: Random, now: datetime) -> None:
    seller, today = queries.seller(now), queries.today(now)
    invoices = [
        _invoice(number, sale, seller, currency) for number, sale in enumerate(sales, start=1)
    ]
    lines = [
        InvoiceLine(
            invoice=invoice,
            position=1,
            text=sale.line.text,
            quantity=sale.line.quantity,
            unit_cents=sale.line.unit_cents,
            vat_percent=sale.line.vat_percent,
            net_cents=sale.line.net_cents,
        )
        for sale, invoice in zip(sales, invoices, strict=True)
    ]
    payments = [paid for one in invoices if (paid := _payment(one, today, random, now))]
    Invoice.objects.bulk_create(invoices, batch_size=1_000)
    InvoiceLine.objects.bulk_create(lines, batch_size=1_000)
    Payment.objects.bulk_create(payments, batch_size=1_000)
    Numbers.objects.create(last=len(invoices))


def _invoice(number: int, sale: _Sale, seller: Seller, currency: str) -> Invoice:
    sums = totals([sale.line])
    return Invoice(
        person=sale.person,
        contract=sale.contract,
        kind=Invoice.Kind.INVOICE,
        number=number,
        issued_at=sale.at,
        due_on=(sale.at + PAY_WITHIN).date(),
        fiscal_year_end=fiscal_year_end(sale.at, seller.zone),
        currency=currency,
        seller=seller.name,
        seller_address=seller.address,
        seller_number=seller.number,
        buyer=sale.buyer,
        net_cents=sums.net_cents,
        vat_cents=sums.vat_cents,
        total_cents=sums.total_cents,
    )


def _payment(invoice: Invoice, today: date, random: Random, now: datetime) -> Payment | None:
    """Nine in ten are paid in time, some in part; the youngest wait."""
    paid_on = (invoice.issued_at + timedelta(days=random.randint(1, 13))).date()
    luck = random.random()
    if paid_on > today or luck > 0.95:
        return None
    return Payment(
        invoice=invoice,
        paid_on=paid_on,
        amount_cents=invoice.total_cents if luck < 0.9 else invoice.total_cents // 2,
        method=random.choice([Payment.Method.TRANSFER, Payment.Method.CARD]),
        reference=invoice.label,
        recorded_at=min(now, invoice.issued_at + timedelta(days=13)),
    )
