"""Decisions about money and contracts. Money is whole cents; days are days of the tenant's zone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

PAY_WITHIN = timedelta(days=14)
"""How long a customer has, when nothing else was agreed."""


@dataclass(frozen=True)
class Line:
    """One line of an invoice: so many at this price, without tax. Credit notes count backwards."""

    text: str
    quantity: Decimal
    unit_cents: int
    vat_percent: Decimal

    @property
    def net_cents(self) -> int:
        """The price of the line without tax, rounded half up."""
        return rounded(self.quantity * self.unit_cents)


@dataclass(frozen=True)
class VatShare:
    """All lines of one rate together."""

    percent: Decimal
    net_cents: int
    vat_cents: int


@dataclass(frozen=True)
class Totals:
    """What an invoice comes to. Tax is counted per rate, not per line (EN 16931, BR-CO-17)."""

    shares: tuple[VatShare, ...]

    @property
    def net_cents(self) -> int:
        """The sum without tax."""
        return sum(share.net_cents for share in self.shares)

    @property
    def vat_cents(self) -> int:
        """The tax."""
        return sum(share.vat_cents for share in self.shares)

    @property
    def total_cents(self) -> int:
        """What is to be paid."""
        return self.net_cents + self.vat_cents


def rounded(cents: Decimal) -> int:
    """Return whole cents, half a cent away from zero; so that a credit note mirrors its invoice."""
    return int(cents.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def totals(lines: Iterable[Line]) -> Totals:
    """Add lines up, by rate of tax, lowest rate first."""
    nets: dict[Decimal, int] = {}
    for line in lines:
        nets[line.vat_percent] = nets.get(line.vat_percent, 0) + line.net_cents
    shares = (
        VatShare(percent, net, rounded(net * percent / 100))
        for percent, net in sorted(nets.items())
    )
    return Totals(tuple(shares))


def reversed_lines(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines of a credit note that takes the whole of an invoice back."""
    return tuple(
        Line(line.text, -line.quantity, line.unit_cents, line.vat_percent) for line in lines
    )


class Standing(StrEnum):
    """How an invoice stands with its customer."""

    OPEN = "open"
    PART_PAID = "part-paid"
    OVERDUE = "overdue"
    PAID = "paid"
    CREDITED = "credited"
    OWED_BACK = "owed-back"


def standing(
    *, total_cents: int, credited_cents: int, paid_cents: int, due_on: date, today: date
) -> Standing:
    """Say how an invoice stands. ``credited_cents`` is what credit notes took back, not below zero.

    The last day on which it may be paid is ``due_on``; from the next day it is overdue.
    """
    open_cents = total_cents - credited_cents - paid_cents
    if open_cents < 0:
        return Standing.OWED_BACK
    if open_cents == 0:
        return Standing.CREDITED if credited_cents and not paid_cents else Standing.PAID
    if today > due_on:
        return Standing.OVERDUE
    return Standing.PART_PAID if paid_cents else Standing.OPEN


def fiscal_year_end(issued_at: datetime, zone: ZoneInfo) -> datetime:
    """Return the last second of the financial year of ``issued_at``: the calendar year of the zone.

    The moment lies within 31 December, so that a term counted from that day begins on 1 January.
    Source: the Estonian Accounting Act, § 12 (documents are kept from the end of the year).
    """
    year = issued_at.astimezone(zone).year
    return datetime.combine(date(year, 12, 31), time(23, 59, 59), zone).astimezone(UTC)


class Stage(StrEnum):
    """Where a contract stands."""

    OFFERED = "offered"
    DECLINED = "declined"
    COMING = "coming"
    RUNNING = "running"
    ENDED = "ended"


def stage(
    *, accepted_at: datetime | None, closed_at: datetime | None, starts_on: date, today: date
) -> Stage:
    """Say where a contract stands today. One closed before it was accepted was declined."""
    if closed_at is not None:
        return Stage.ENDED if accepted_at else Stage.DECLINED
    if accepted_at is None:
        return Stage.OFFERED
    return Stage.RUNNING if starts_on <= today else Stage.COMING


def over_on(ends_on: date | None, today: date) -> bool:
    """Whether a contract with this last day is over; it runs through its last day."""
    return ends_on is not None and today > ends_on


@dataclass(frozen=True)
class Posting:
    """One line of an account: an invoice raises what is owed, a payment lowers it."""

    on: date
    what: str
    """``invoice``, ``credit-note`` or ``payment``."""
    label: str
    cents: int


@dataclass(frozen=True)
class StatementLine:
    """A posting, and what was owed after it."""

    posting: Posting
    balance_cents: int


def statement(postings: Iterable[Posting]) -> tuple[StatementLine, ...]:
    """Return the postings in the order of their days with the balance after each (ilearn-11.q).

    On one day what raises the debt stands before what lowers it.
    """
    lines, balance = [], 0
    for posting in sorted(postings, key=lambda one: (one.on, one.cents < 0, one.label)):
        balance += posting.cents
        lines.append(StatementLine(posting, balance))
    return tuple(lines)


@dataclass(frozen=True)
class Seller:
    """Who issues, as it is printed."""

    name: str
    zone: ZoneInfo
    """Where its financial year is counted."""
    address: str = ""
    number: str = ""


@dataclass(frozen=True)
class Buyer:
    """Who is to pay, as it is printed; a later change of the person changes nothing."""

    name: str
    address: str = ""


class Credit(StrEnum):
    """How a customer may pay."""

    LATER = "later"
    ADVANCE = "advance"
    STOP = "stop"


STOP_AFTER = 60
"""Days for which an invoice is overdue before nothing more is sold on it."""


def credit(*, overdue: int, longest: int) -> Credit:
    """Return how a customer may pay, by what they owe: nothing overdue, pay later.

    ``longest`` is for how many days the oldest of the ``overdue`` invoices is late; from
    ``STOP_AFTER`` on nothing more is sold until it is paid. Source: ilearn-8.k, ilearn-11.f.
    """
    if overdue and longest >= STOP_AFTER:
        return Credit.STOP
    return Credit.ADVANCE if overdue else Credit.LATER


def may_remind(ladder: Sequence[datetime], sent: Sequence[datetime], now: datetime) -> bool:
    """Whether the next reminder is due: its moment has come, as long after the last as it should.

    ``ladder`` are the moments of all reminders, ``sent`` those at which some went, both in order.
    """
    step = len(sent)
    if step >= len(ladder) or now < ladder[step]:
        return False
    return not sent or now >= sent[-1] + (ladder[step] - ladder[step - 1])


def may_hand_over(
    ladder: Sequence[datetime], end: datetime, sent: Sequence[datetime], now: datetime
) -> bool:
    """Whether a debt may be handed over: every reminder went, and the time after the last ran."""
    if len(sent) < len(ladder) or now < end:
        return False
    return now >= sent[-1] + (end - ladder[-1])
